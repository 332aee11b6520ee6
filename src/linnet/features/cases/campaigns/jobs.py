"""Later work about campaigns: taking back what was decided because of one that was none."""

from collections.abc import Sequence
from typing import Final

import msgspec

from linnet.features.accounts.models import Role, Viewer
from linnet.features.accounts.permissions import OPERATOR, Actor
from linnet.features.cases.appeals.reviewing import review
from linnet.features.cases.campaigns.events import CampaignLifted
from linnet.features.moderation.alike import campaigns
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Forbidden, NotFound
from linnet.platform.jobs import Job

SLICE: Final = 50


async def _take_back(engines: Engines, works: Sequence[CampaignLifted]) -> None:
    for work in works:
        actor = OPERATOR if work.by_account_id is None else Actor(Viewer(work.by_account_id, Role(work.role)))
        ids = await campaigns.decided_because_of(engines.db, work.campaign_id, work.after_id, SLICE)
        for decision_id in ids:
            try:
                await review(engines, actor, decision_id, upheld=False)
            except (NotFound, Conflict, Forbidden):  # gone, appealed or reviewed; or of who is not outranked: it stays
                continue
        if len(ids) == SLICE:
            async with engines.transaction() as tx:
                await tx.enqueue(TAKE_BACK, [msgspec.structs.replace(work, after_id=ids[-1])])


TAKE_BACK = Job("campaigns.take_back", CampaignLifted, _take_back, queue="maintenance", batch_max=1)
