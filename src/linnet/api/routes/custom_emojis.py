"""`/api/v1/custom_emojis`: the server's own emoji, of which there are none."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/v1/custom_emojis", viewer="none")
async def list_custom_emojis(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List the server's own emoji: none."""
    return []
