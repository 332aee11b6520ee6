"""`/api/v1/trends`: what many talk about, which is not looked for yet."""

from linnet.api.endpoint import Call, endpoint
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.tag import Tag


@endpoint("GET", "/api/v1/trends/tags", viewer="none")
async def list_tags(call: Call) -> list[Tag]:  # noqa: ARG001 -- a handler's shape
    """List hashtags that many use now: none are looked for, so far."""
    return []


@endpoint("GET", "/api/v1/trends", viewer="none")
async def list_trends(call: Call) -> list[Tag]:  # noqa: ARG001
    """List the same, as older clients ask for it."""
    return []


@endpoint("GET", "/api/v1/trends/statuses", viewer="none")
async def list_statuses(call: Call) -> list[Status]:  # noqa: ARG001
    """List posts that many pass on now: none are looked for, so far."""
    return []


@endpoint("GET", "/api/v1/trends/links", viewer="none")
async def list_links(call: Call) -> list[dict[str, str]]:  # noqa: ARG001
    """List links that many share now: none are looked for, so far."""
    return []
