"""`/api/v1/featured_tags`: hashtags one shows on one's profile, which cannot be chosen yet."""

from linnet.api.endpoint import Call, endpoint
from linnet.mastodon.entities.tag import Tag


@endpoint("GET", "/api/v1/featured_tags", scope="read:accounts")
async def list_featured_tags(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List hashtags one features: none, so far."""
    return []


@endpoint("GET", "/api/v1/featured_tags/suggestions", scope="read:accounts")
async def suggest_featured_tags(call: Call) -> list[Tag]:  # noqa: ARG001
    """List hashtags one might feature: none, so far."""
    return []
