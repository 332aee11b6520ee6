"""`/api/v1/followed_tags`: hashtags one follows, which cannot be done yet."""

from linnet.api.endpoint import Call, endpoint
from linnet.mastodon.entities.tag import Tag


@endpoint("GET", "/api/v1/followed_tags", scope="read:follows")
async def list_followed_tags(call: Call) -> list[Tag]:  # noqa: ARG001 -- a handler's shape
    """List hashtags one follows: none, so far."""
    return []
