"""`/api/v1/tags`: hashtags."""

from linnet.api.endpoint import Call, endpoint
from linnet.features.statuses import hashtags
from linnet.mastodon.entities.tag import Tag
from linnet.mastodon.presenters.tags import present_tags
from linnet.platform.site import Site


@endpoint("GET", "/api/v1/tags/{name}", scope="read", viewer="optional")
async def show_tag(call: Call, name: str) -> Tag:
    """Show a hashtag and how much it was used in the last days; one that nobody has used is shown unused."""
    found = await hashtags.show(call.engines, call.viewer, name.removeprefix("#"))
    return present_tags(call.engines.config(Site), call.viewer, [found])[0]
