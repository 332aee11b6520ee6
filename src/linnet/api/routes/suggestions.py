"""`/api/v2/suggestions`: whom one might follow, which is not looked for yet."""

from linnet.api.endpoint import Call, endpoint
from linnet.mastodon.entities.account import Account


@endpoint("GET", "/api/v2/suggestions", scope="read")
async def list_suggestions(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List whom one might follow: nobody is looked for, so far."""
    return []


@endpoint("GET", "/api/v1/suggestions", scope="read")
async def list_v1_suggestions(call: Call) -> list[Account]:  # noqa: ARG001
    """List the same, as older clients ask for it."""
    return []
