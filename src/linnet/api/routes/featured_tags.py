"""`/api/v1/featured_tags`: hashtags one shows on one's profile."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.statuses.tags import actions, reads
from linnet.mastodon.entities.tag import FeaturedTag, Tag
from linnet.mastodon.presenters.tags import present_featured, present_tags
from linnet.platform.site import Site


class FeatureForm(Form):
    """A hashtag, as it is to be spelt on the profile."""

    name: str = ""


@endpoint("GET", "/api/v1/featured_tags", scope="read:accounts")
async def list_featured_tags(call: Call) -> list[FeaturedTag]:
    """The hashtags one features, the most used first."""
    return present_featured(call.engines.config(Site), await reads.featured(call.engines.db, call.me.account_id))


@endpoint("POST", "/api/v1/featured_tags", scope="write:accounts")
async def feature_tag(call: Call, form: FeatureForm) -> FeaturedTag:
    """Show a hashtag on one's profile."""
    row_id = await actions.feature(call.engines, call.me, form.name)
    found = await reads.featured(call.engines.db, call.me.account_id)
    (presented,) = present_featured(call.engines.config(Site), [one for one in found if one.id == row_id])
    return presented


@endpoint("DELETE", "/api/v1/featured_tags/{featured_id}", scope="write:accounts")
async def unfeature_tag(call: Call, featured_id: int) -> dict[str, str]:
    """Show a hashtag on one's profile no more."""
    await actions.unfeature(call.engines, call.me, featured_id)
    return {}


@endpoint("GET", "/api/v1/featured_tags/suggestions", scope="read:accounts")
async def suggest_featured_tags(call: Call) -> list[Tag]:
    """The hashtags one has used most of late, without those one features."""
    return await present_tags(call.engines, call.me, await reads.suggested(call.engines, call.me))


@endpoint("GET", "/api/v1/accounts/{account_id}/featured_tags", scope="read:accounts", viewer="optional")
async def list_featured_tags_of_account(call: Call, account_id: int) -> list[FeaturedTag]:
    """The hashtags that an account features, the most used first."""
    return present_featured(call.engines.config(Site), await reads.featured(call.engines.db, account_id))
