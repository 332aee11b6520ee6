"""Later work about cards: looking at what statuses link to, and forgetting it. Every job here may run twice."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from linnet.features.statuses import text as texts
from linnet.features.statuses.cards import fetching, store, wording
from linnet.features.statuses.cards.models import BARE_FOR, FRESH_FOR, RETRIES, Found, Previews
from linnet.features.statuses.cards.store import Linking
from linnet.features.statuses.events import StatusDeleted, StatusEdited, StatusPosted, StatusReleased
from linnet.platform.addresses import BadAddress
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.http import Outgoing, TooBig, Unreachable
from linnet.platform.jobs import Job, Periodic, Work
from linnet.platform.live import Live
from linnet.platform.site import Site

BATCH_MAX: Final = 8
"""Statuses whose links are looked at together, at the same time."""

HELD_S: Final = 60.0
"""How long an address is left to whoever looks at it just now, should they die."""

BUSY_S: Final = 3.0
"""When to ask again what somebody else is looking at."""

SLICE: Final = 500
FORGOTTEN_AFTER: Final = timedelta(days=30)
FORGET_EVERY_S: Final = 3_600.0


class LookAgain(Work, frozen=True):
    """What `status_id` links to could not be seen at first."""

    status_id: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The card that an address has; and when to ask anew, where nobody knows yet."""

    card_id: int | None
    again_s: float | None = None


async def _look_at(engines: Engines, works: Sequence[StatusPosted | StatusEdited | StatusReleased | LookAgain]) -> None:
    if not engines.config(Previews).are_made:
        return
    by_url: dict[str, list[Linking]] = defaultdict(list)
    for one in await store.linking(engines.db, [work.status_id for work in works]):
        by_url[_first_link(one.text, engines.config(Site).domain)].append(one)
    await engines.db.let_go()
    outcomes = await asyncio.gather(*(_card_at(engines, url) for url in by_url))
    for statuses, outcome in zip(by_url.values(), outcomes, strict=True):
        await _show(engines, statuses, outcome)


def _first_link(text: str, own_domain: str) -> str:
    """The first address in a text that leads to another site; empty when there is none."""
    for url in texts.urls(text):
        there = wording.address(url, url)
        if there and urlsplit(there).netloc != own_domain:
            return there
    return ""


async def _card_at(engines: Engines, url: str) -> _Outcome:
    """The card of an address: as it is known, or looked up now by one of all who ask."""
    if not url:
        return _Outcome(None)
    now = engines.clock.now()
    known = await store.looked_up(engines.db, url)
    if known is not None and known.next_at > now:
        return _Outcome(known.card_id)
    if not await store.hold(engines.db, url, now, now + timedelta(seconds=HELD_S)):
        return _Outcome(known.card_id if known else None, BUSY_S)
    failures, earlier_id = (known.failures, known.card_id) if known else (0, None)
    outgoing = engines.config(Outgoing)
    try:
        found = await fetching.look_up(outgoing, url)
    except Unreachable:
        wait = RETRIES[min(failures, len(RETRIES) - 1)]
        await store.note(
            engines.db, url, earlier_id, failures=failures + 1, next_at=now + wait, looked_at=engines.clock.now()
        )
        last = failures + 1 >= len(RETRIES)
        return _Outcome(earlier_id, None if last else wait.total_seconds())
    except (BadAddress, TooBig):
        found = None
    card_id = await _kept(engines, found, earlier_id) if found is not None else None
    next_at = now + (FRESH_FOR if found is not None else BARE_FOR)
    await store.note(engines.db, url, card_id, failures=0, next_at=next_at, looked_at=engines.clock.now())
    return _Outcome(card_id)


async def _kept(engines: Engines, found: Found, earlier_id: int | None) -> int:
    """The card for what was found: the one that was there, if it says the same."""
    earlier = await store.load(engines.db, earlier_id) if earlier_id is not None else None
    if earlier is not None and store.is_same(earlier, found):
        return earlier.id
    await engines.db.let_go()
    picture = await fetching.picture(engines.config(Outgoing), found.image_url) if found.image_url else None
    return await store.insert(engines.db, found, picture, engines.clock.now())


async def _show(engines: Engines, statuses: Sequence[Linking], outcome: _Outcome) -> None:
    async with engines.transaction() as tx:
        changed, unshown = await store.attach(tx, outcome.card_id, statuses)
        for status_id in changed:
            tx.changed(Kind.STATUS, status_id)
            tx.live(Live.TOUCHED, status_id)
        if outcome.again_s is not None:
            works = [LookAgain(status_id=one.status_id) for one in statuses]
            await tx.enqueue(LOOK_AGAIN, works, delay_s=outcome.again_s)
    await _drop(engines, unshown)


async def _drop(engines: Engines, card_ids: Sequence[int]) -> None:
    if card_ids:
        async with engines.transaction() as tx:
            await store.drop_unshown(tx, card_ids)


async def _forget(engines: Engines, works: Sequence[StatusDeleted]) -> None:
    await _drop(engines, await store.detach(engines.db, [work.status_id for work in works]))


async def forget_bare(engines: Engines) -> None:
    """Forget addresses that had nothing to show, a month after they were last asked about."""
    before = engines.clock.now() - FORGOTTEN_AFTER
    while await store.drop_forgotten(engines.db, before, SLICE) == SLICE:
        pass


_QUEUE = "links"

LOOK_AT_POSTED = Job(
    "cards.look_at_posted",
    StatusPosted,
    _look_at,
    queue=_QUEUE,
    batch_max=BATCH_MAX,
    concerns=lambda posted: posted.links,
)
LOOK_AT_EDITED = Job(
    "cards.look_at_edited",
    StatusEdited,
    _look_at,
    queue=_QUEUE,
    batch_max=BATCH_MAX,
    concerns=lambda edited: edited.links,
)
LOOK_AT_RELEASED = Job(
    "cards.look_at_released",
    StatusReleased,
    _look_at,
    queue=_QUEUE,
    batch_max=BATCH_MAX,
    concerns=lambda released: released.links,
)
LOOK_AGAIN = Job("cards.look_again", LookAgain, _look_at, queue=_QUEUE, batch_max=BATCH_MAX)
FORGET = Job("cards.forget", StatusDeleted, _forget, queue="maintenance")

PERIODICS = (Periodic("cards.forget_bare", FORGET_EVERY_S, forget_bare),)
