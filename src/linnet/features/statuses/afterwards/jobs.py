"""Later work about statuses that may be a campaign's: look at all of them together, and hold or limit those that are.

Nothing comes here of statuses that are like no others: `moderation/alike/watch.py` says who does.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.moderation import decisions
from linnet.features.moderation.alike import campaigns, choruses
from linnet.features.moderation.alike.campaigns import Post
from linnet.features.moderation.alike.memory import Campaign, implicated
from linnet.features.moderation.alike.models import Chorus
from linnet.features.moderation.alike.watch import VERSION, leads_to_unknown
from linnet.features.moderation.events import AlikeNoticed
from linnet.features.moderation.measures import About, Measure, Ruling, Source
from linnet.features.moderation.models import Finding, Reason, Span
from linnet.features.statuses import withholding
from linnet.features.statuses.afterwards import store
from linnet.features.statuses.afterwards.store import Published
from linnet.platform.engines import Engines
from linnet.platform.ids import made_at
from linnet.platform.jobs import Job

SLICE: Final = 20
"""Statuses that are held in one transaction."""

LOOKED_BACK_MAX: Final = 5_000
"""The latest statuses that are compared with a campaign once it is recognised: those that came first, of which each was
too little like the one before, are among them. A quarter of a second of CPU for each campaign."""

LOOKED_BACK_SLICE: Final = 200
LOOKED_BACK_IDS: Final = 600_000 << 16
"""Ten minutes before the first that is known of it."""

HELD: Final = 0.8

AGAIN_S: Final = 5.0
"""When to look for those who came while a campaign was recognised, and before every process knew of it."""


async def _look(engines: Engines, works: Sequence[AlikeNoticed]) -> None:
    for work in works:
        await _look_at(engines, work)


async def _look_at(engines: Engines, work: AlikeNoticed) -> None:
    seen = await choruses.read(engines.valkey, Chorus(work.place, work.chorus_id))
    statuses = await store.published(engines.db, {*work.status_ids, *(one.post_id for one in seen)})
    posts = [Post(one.id, one.account_id, one.words) for one in statuses]
    if not any(one.post_id == post.id for one in seen for post in posts):
        return
    recognised = await campaigns.recognise(engines, work.chorus_id, seen, posts, work.newcomers_usual)
    if recognised is None:
        return
    campaign, is_new = recognised
    if is_new or work.again:
        statuses += await _passed_by(engines, campaign, statuses)
    undecided = [one for one in statuses if not one.decided]
    for start in range(0, len(undecided), SLICE):
        await _act(engines, campaign, undecided[start : start + SLICE])
    if is_new:
        async with engines.transaction() as tx:
            again = AlikeNoticed(work.place, work.chorus_id, work.newcomers_usual, again=True)
            await tx.enqueue(LOOK_AT_ALIKE, [again], delay_s=AGAIN_S)


async def _passed_by(engines: Engines, campaign: Campaign, statuses: Sequence[Published]) -> list[Published]:
    """Of the latest statuses those that are of a campaign, too, by what is known of its words by now."""
    first_id = min(one.id for one in statuses) - LOOKED_BACK_IDS
    latest = await store.latest(engines.db, first_id, LOOKED_BACK_MAX)
    there = {one.id for one in statuses}
    found: list[Published] = []
    for start in range(0, len(latest), LOOKED_BACK_SLICE):
        some = [one for one in latest[start : start + LOOKED_BACK_SLICE] if one.id not in there]
        are_of_it = campaigns.of_it(campaign, [one.words for one in some])
        found += [one for one, is_of_it in zip(some, are_of_it, strict=True) if is_of_it]
        await asyncio.sleep(0)
    return found


async def _act(engines: Engines, campaign: Campaign, statuses: Sequence[Published]) -> None:
    """Do what is to be done about a campaign's posts, each with a decision; leave alone those it only copied."""
    async with engines.transaction() as tx:
        for status in statuses:
            finding = _finding(campaign, status)
            measure = _measure(finding.score)
            if measure is Measure.HOLD:
                done = await withholding.withhold(tx, status.id)
            elif measure is Measure.LIMIT_REACH:
                done = await withholding.limit(tx, status.id)
            else:
                continue
            if done:
                ruling = Ruling(
                    status.account_id,
                    About.STATUS,
                    status.surface,
                    measure,
                    (finding,),
                    subject_id=status.id,
                    language=status.language,
                    source=Source.AFTER,
                )
                await decisions.record(tx, ruling, engines.clock.now())
                await campaigns.add_posts(tx, campaign, [Post(status.id, status.account_id, "")])


def _finding(campaign: Campaign, status: Published) -> Finding:
    age = made_at(status.id) - made_at(status.account_id)
    unknown = leads_to_unknown(status.words)
    score = implicated(campaign, age.total_seconds() / 86_400, links_to_unknown=unknown)
    return Finding(Span(0, len(status.words)), Reason.CAMPAIGN, score, f"{VERSION} {campaign.id}")


def _measure(score: float) -> Measure:
    return Measure.HOLD if score >= HELD else Measure.LIMIT_REACH if score >= campaigns.RECOGNISED else Measure.ALLOW


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        await campaigns.erase(engines.db, work.account_id)


LOOK_AT_ALIKE = Job("statuses.look_at_alike", AlikeNoticed, _look, batch_max=4)
ERASE = Job("statuses.erase_campaign_posts", AccountDeleted, _erase, queue="maintenance")
