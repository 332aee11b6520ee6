"""`/api/v1/announcements`: what the operators tell everybody, so far nothing."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/v1/announcements")
async def list_announcements(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List what the operators tell everybody: nothing, so far."""
    return []
