"""Later work about statuses that may be a campaign's: look at all of them together, and hold or limit those that are.

Nothing comes here of statuses that are like no others: `moderation/alike/watch.py` says who does.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.moderation import counted, decisions, policies, policy, standings
from linnet.features.moderation.alike import campaigns, choruses
from linnet.features.moderation.alike.campaigns import Post
from linnet.features.moderation.alike.memory import Campaign, implicated
from linnet.features.moderation.alike.models import Chorus
from linnet.features.moderation.alike.watch import leads_to_unknown
from linnet.features.moderation.events import AlikeNoticed
from linnet.features.moderation.measures import About, Measure, Ruling, Source
from linnet.features.moderation.models import Finding, Reason, Span
from linnet.features.moderation.policy import Policy
from linnet.features.moderation.standing import What
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
    """Do what the policy says about a campaign's posts, with a decision each; whom it only copied is left alone."""
    held = await policies.held(engines)
    stand = await standings.standings_of(engines, {status.account_id for status in statuses})
    done: list[Ruling] = []
    async with engines.transaction() as tx:
        now = engines.clock.now()
        for status in statuses:
            ruling = _ruling(held, campaign, status, stand[status.account_id].reputation)
            verb = _VERBS.get(ruling.measure)
            if verb is not None and await verb(tx, status.id):
                await decisions.record(tx, ruling, now)
                await campaigns.add_post(tx, campaign, status.id, status.account_id)
                done.append(ruling)
        counts = Counter((one.account_id, _NOTED[one.measure]) for one in done)
        await standings.note_all(tx, [(account_id, what, times) for (account_id, what), times in counts.items()], now)
    for ruling in done:
        counted.decided(ruling)


_VERBS: Final = {Measure.HOLD: withholding.withhold, Measure.LIMIT_REACH: withholding.limit}
_NOTED: Final = {Measure.HOLD: What.HELD, Measure.LIMIT_REACH: What.LIMITED}


def _ruling(held: Policy, campaign: Campaign, status: Published, reputation: float) -> Ruling:
    """What follows for one post of a campaign: what would be refused in its request waits for somebody to look."""
    age = made_at(status.id) - made_at(status.account_id)
    unknown = leads_to_unknown(status.words)
    score = implicated(campaign, age.total_seconds() / 86_400, links_to_unknown=unknown)
    findings = (Finding(Span(0, len(status.words)), Reason.CAMPAIGN, score, campaigns.version_of(campaign.id)),)
    outcome = policy.decide(
        held, findings, surface=status.surface, reputation=reputation, aimed=status.mentions or status.answers_other
    )
    refused = outcome.measure in {Measure.REJECT, Measure.LIMIT_ACCOUNT}
    return Ruling(
        status.account_id,
        About.STATUS,
        status.surface,
        Measure.HOLD if refused else outcome.measure,
        findings,
        because=outcome.because,
        subject_id=status.id,
        reputation=reputation,
        policy_version=held.version,
        model_version=campaigns.VERSION,
        language=status.language,
        source=Source.AFTER,
    )


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        await campaigns.erase(engines.db, work.account_id)


LOOK_AT_ALIKE = Job("statuses.look_at_alike", AlikeNoticed, _look, batch_max=4)
ERASE = Job("statuses.erase_campaign_posts", AccountDeleted, _erase, queue="maintenance")
