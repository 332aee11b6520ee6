"""`/api/v1/tags`: hashtags, and following and featuring them."""

from linnet.api.endpoint import Call, endpoint
from linnet.features.statuses import hashtags
from linnet.features.statuses.tags import actions
from linnet.mastodon.entities.tag import Tag
from linnet.mastodon.presenters.tags import present_tags


@endpoint("GET", "/api/v1/tags/{name}", scope="read", viewer="optional")
async def show_tag(call: Call, name: str) -> Tag:
    """Show a hashtag and how much it was used in the last days; one that nobody has used is shown unused."""
    found = await hashtags.show(call.engines, call.viewer, name.removeprefix("#"))
    (presented,) = await present_tags(call.engines, call.viewer, [found])
    return presented


@endpoint("POST", "/api/v1/tags/{name}/follow", scope="write:follows")
async def follow_tag(call: Call, name: str) -> Tag:
    """Have public posts under a hashtag in one's home."""
    await actions.follow(call.engines, call.me, name)
    return await _shown(call, name)


@endpoint("POST", "/api/v1/tags/{name}/unfollow", scope="write:follows")
async def unfollow_tag(call: Call, name: str) -> Tag:
    """Have posts under a hashtag in one's home no more."""
    await actions.unfollow(call.engines, call.me, name)
    return await _shown(call, name)


@endpoint("POST", "/api/v1/tags/{name}/feature", scope="write:accounts")
async def feature_tag(call: Call, name: str) -> Tag:
    """Show a hashtag on one's profile."""
    await actions.feature(call.engines, call.me, name)
    return await _shown(call, name)


@endpoint("POST", "/api/v1/tags/{name}/unfeature", scope="write:accounts")
async def unfeature_tag(call: Call, name: str) -> Tag:
    """Show a hashtag on one's profile no more."""
    await actions.unfeature_named(call.engines, call.me, name)
    return await _shown(call, name)


async def _shown(call: Call, name: str) -> Tag:
    """The hashtag as it is now, which a replica may not know yet."""
    found = await hashtags.show(call.engines, call.viewer, name.removeprefix("#"), at_once=True)
    (presented,) = await present_tags(call.engines, call.viewer, [found])
    return presented
