"""`/api/v1/endorsements`: accounts one recommends."""

from linnet.api.endpoint import Call, endpoint
from linnet.mastodon.entities.account import Account


@endpoint("GET", "/api/v1/endorsements", scope="read:accounts")
async def list_endorsements(call: Call) -> list[Account]:  # noqa: ARG001 -- every handler takes the call
    """Accounts one recommends on one's profile: none, so far."""
    return []
