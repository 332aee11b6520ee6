"""Whom somebody might want to follow: whom those they follow follow, then who is followed most."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.relationships.store import suggestions as store
from linnet.platform.engines import Engines

FRIENDS_LOOKED_AT: Final = 100
"""The latest follows of the viewer, and as many of each of theirs: 10,000 rows at most."""

ACTIVE_LOOKED_AT: Final = 500
"""Accounts that posted last, among which the most followed are looked for."""


class Source(StrEnum):
    """Why an account is suggested, in Mastodon's words."""

    FRIENDS = "friends_of_friends"
    FOLLOWED = "most_followed"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An account, and all that speaks for it."""

    account_id: int
    sources: tuple[Source, ...]


async def suggested(engines: Engines, viewer: Viewer, *, limit: int) -> list[Suggestion]:
    """Up to `limit` accounts that agreed to be found, those for whom friends speak first. Two statements."""
    by_friends = await store.friends_of_friends(
        engines.db, viewer.account_id, friends=FRIENDS_LOOKED_AT, each=FRIENDS_LOOKED_AT, limit=limit
    )
    most_followed = await store.most_followed(engines.db, viewer.account_id, active=ACTIVE_LOOKED_AT, limit=limit)
    sources = ((Source.FRIENDS, frozenset(by_friends)), (Source.FOLLOWED, frozenset(most_followed)))
    found = dict.fromkeys((*by_friends, *most_followed))
    return [Suggestion(one, tuple(source for source, ids in sources if one in ids)) for one in [*found][:limit]]


async def dismiss(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Never suggest an account again; `NotFound` when there is none."""
    await accounts.show(engines.db, target_id)
    await store.dismiss(engines.db, viewer.account_id, target_id, engines.clock.now())
