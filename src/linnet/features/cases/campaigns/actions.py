"""What staff do with campaigns, and what they see of them."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.cases.campaigns.events import CampaignLifted
from linnet.features.moderation.alike import campaigns
from linnet.features.moderation.alike.campaigns import Recognised
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window

LIFT: Final = "campaign.lift"


async def page(engines: Engines, actor: Actor | Operator, window: Window) -> Sequence[Recognised]:
    """A page of campaigns, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    return await campaigns.page(engines.db, window)


async def show(engines: Engines, actor: Actor | Operator, campaign_id: int) -> Recognised:
    """One campaign. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    found = await campaigns.by_id(engines.db, campaign_id)
    if found is None:
        raise NotFound
    return found


async def lift(engines: Engines, actor: Actor | Operator, campaign_id: int) -> None:
    """Say that a campaign is none: what was decided because of it is taken back, and who says the same is let through.

    The same again makes no difference. Raises `NotFound`, `Forbidden`.
    """
    require(actor, Permission.MANAGE_APPEALS)
    await show(engines, actor, campaign_id)
    async with engines.transaction() as tx:
        if not await campaigns.lift(tx, campaign_id, actor.account_id, engines.clock.now()):
            return
        await note_act(tx, engines.clock, actor, LIFT, None, {"campaign": str(campaign_id)})
        role = actor.viewer.role.value if isinstance(actor, Actor) else ""
        await tx.record(CampaignLifted(campaign_id, actor.account_id, role))
