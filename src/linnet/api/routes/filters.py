"""`/api/v2/filters`: words one does not want to read, which cannot be named yet."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/v2/filters", scope="read:filters")
async def list_filters(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List one's filters: none, so far."""
    return []


@endpoint("GET", "/api/v1/filters", scope="read:filters")
async def list_v1_filters(call: Call) -> list[dict[str, str]]:  # noqa: ARG001
    """List one's filters, as older clients ask for them: none, so far."""
    return []
