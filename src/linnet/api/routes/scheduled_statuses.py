"""`/api/v1/scheduled_statuses`: posts for later, which cannot be written yet."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/v1/scheduled_statuses", scope="read:statuses")
async def list_scheduled_statuses(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List posts for later: none, so far."""
    return []
