"""Kept searches as standing questions: asked of each new post by who listens, in memory. Not for requests."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.search import facets, parsing, reads
from linnet.features.search.describing import Described, Said, describe
from linnet.features.search.matching import Question
from linnet.features.search.models import QueryInvalid, Standing
from linnet.features.search.store import saved as store
from linnet.features.statuses.models import Status
from linnet.platform.changes import KEPT_MAX_S
from linnet.platform.engines import Engines
from linnet.platform.site import Site

UNDERSTOOD_MAX: Final = 5_000
"""Questions that are remembered as they were read."""

_understood: OrderedDict[tuple[int, str, int], Question] = OrderedDict()
"""By owner, query and stretch of `KEPT_MAX_S`: then `today` may be another day, and whom a name names somebody."""


async def of_accounts(engines: Engines, account_ids: Collection[int]) -> list[Standing]:
    """All that these accounts keep, with the lists each is on. One statement, none for nobody."""
    return await store.standing(engines.db, account_ids) if account_ids else []


async def understood(engines: Engines, asked: Iterable[Standing]) -> dict[int, Question]:
    """What each search asks, by its id; without those that cannot be read any more. Statements only for new ones."""
    now = engines.clock.now()
    stretch = int(now.timestamp() / KEPT_MAX_S)
    found: dict[int, Question] = {}
    for one in asked:
        key = (one.owner_id, one.query, stretch)
        if key not in _understood:
            try:
                query = parsing.parse(one.query, now)
            except QueryInvalid:  # the grammar has changed since
                continue
            stems, account_ids = await reads.terms(engines, Viewer(one.owner_id), query)
            _understood[key] = Question(one.owner_id, query, stems, account_ids)
            if len(_understood) > UNDERSTOOD_MAX:
                _understood.popitem(last=False)
        found[one.id] = _understood[key]
    return found


async def described(engines: Engines, statuses: Sequence[Status]) -> tuple[dict[int, Described], set[int]]:
    """Each status as the index would have it, by id, and which of their authors let their posts be found.

    Two statements at most.
    """
    otherwise = "".join(engines.config(Site).languages[:1])
    posts = await describe(engines.db, [_said(one) for one in statuses], otherwise)
    indexable = await accounts.indexable_among(engines.db, {one.account_id for one in statuses})
    return {one.said.id: one for one in posts}, indexable


def _said(status: Status) -> Said:
    states = {
        "reply": status.in_reply_to_id is not None,
        "quote": status.quoted_id is not None,
        "sensitive": status.sensitive,
    }
    return Said(
        id=status.id,
        account_id=status.account_id,
        text=status.text,
        spoiler_text=status.spoiler_text,
        poll_options=status.poll.options if status.poll else (),
        language=status.language,
        answered_id=status.in_reply_to_account_id,
        states=frozenset(state for state in facets.STATES if states[state]),
        media_kinds=tuple(one.kind.value for one in status.media if one.kind is not None),
        descriptions=tuple(one.description for one in status.media if one.description),
        mention_ids=status.mention_ids,
        tags=status.tags,
        favourites=status.favourites,
    )
