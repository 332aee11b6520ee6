"""`/api/v1/lists`: one's own lists of people, which cannot be made yet."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/v1/lists", scope="read:lists")
async def list_lists(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List one's lists: none, so far."""
    return []
