"""`/api/v1/admin/campaigns`: many accounts that say nearly the same; endpoints of our own."""

from typing import ClassVar, Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.features.accounts.permissions import Actor
from linnet.features.cases.campaigns import actions
from linnet.mastodon.entities.campaign import Campaign
from linnet.mastodon.presenters.campaigns import present_campaigns

READ: Final = "admin:read"
WRITE: Final = "admin:write"


class CampaignsForm(PageForm):
    """How many campaigns to list."""

    limit_max: ClassVar[int] = 100


@endpoint("GET", "/api/v1/admin/campaigns", scope=READ)
async def list_campaigns(call: Call, form: CampaignsForm) -> Page[Campaign]:
    """List campaigns that were recognised, newest first."""
    found = await actions.page(call.engines, _actor(call), form.window)
    return Page.of(present_campaigns(found), [one.id for one in found], form.window)


@endpoint("GET", "/api/v1/admin/campaigns/{campaign_id}", scope=READ)
async def show_campaign(call: Call, campaign_id: int) -> Campaign:
    """Show one campaign."""
    return present_campaigns([await actions.show(call.engines, _actor(call), campaign_id)])[0]


@endpoint("POST", "/api/v1/admin/campaigns/{campaign_id}/lift", scope=WRITE)
async def lift_campaign(call: Call, campaign_id: int) -> Campaign:
    """Say that a campaign is none: its posts are published, and who says the same is let through."""
    await actions.lift(call.engines, _actor(call), campaign_id)
    return present_campaigns([await actions.show(call.engines, _actor(call), campaign_id)])[0]


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)
