"""`/api/v1/conversations`: direct messages by thread, which are not gathered yet."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/v1/conversations", scope="read:statuses")
async def list_conversations(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List one's conversations: none are gathered, so far."""
    return []
