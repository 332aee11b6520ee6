"""Questions about who follows, blocks and mutes whom. Each takes the viewer, except those that jobs ask."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.models import (
    FAMILIAR_MAX,
    FOLLOWS_MAX,
    SEARCH_CANDIDATES_MAX,
    Keyed,
    Muted,
    Relationship,
)
from linnet.features.relationships.store import endorsements, findable, pages, relations, search
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

REQUESTS_COUNTED_MAX: Final = 1_000
"""Waiting requests are counted up to here; beyond it the number says no more."""

PIECE_LENGTH_MIN: Final = 3
"""Letters from which on a search looks into the middle of words."""

QUERY_LENGTH_MAX: Final = 100


async def load(db: Queries, viewer: Viewer, target_ids: Iterable[int]) -> dict[int, Relationship]:
    """What is between the viewer and each of `target_ids`, by id, also for ids nobody has. One statement."""
    wanted = set(target_ids)
    return await relations.load(db, viewer.account_id, wanted) if wanted else {}


async def silenced_by(db: Queries, viewer: Viewer, account_ids: Iterable[int]) -> set[int]:
    """Those of `account_ids` whom the viewer does not want, or must not, hear: blocked either way, or muted now."""
    wanted = set(account_ids)
    return await relations.silenced(db, viewer.account_id, wanted) if wanted else set()


async def strangers_among(db: Queries, viewer: Viewer, account_ids: Iterable[int]) -> set[int]:
    """Those of `account_ids` who do not follow the viewer, oneself left out. One statement, none for nobody."""
    others = set(account_ids) - {viewer.account_id}
    return others - await relations.followers_among(db, viewer.account_id, others) if others else set()


async def followers(db: Queries, viewer: Viewer | None, account_id: int, window: Window) -> Keyed:
    """A page of who follows an account; empty when it hides that, or has blocked the viewer."""
    return await pages.followers(db, _id(viewer), account_id, window)


async def following(db: Queries, viewer: Viewer | None, account_id: int, window: Window) -> Keyed:
    """A page of whom an account follows; empty when it hides that, or has blocked the viewer."""
    return await pages.following(db, _id(viewer), account_id, window)


async def endorsed_by(db: Queries, viewer: Viewer | None, account_id: int, window: Window) -> Keyed:
    """A page of whom an account recommends, as far as the viewer may see."""
    return await endorsements.page(db, _id(viewer), account_id, window)


async def follow_requests(db: Queries, viewer: Viewer, window: Window) -> Keyed:
    """A page of who asks to follow the viewer."""
    return await pages.requests(db, viewer.account_id, window)


async def follow_requests_count(db: Queries, viewer: Viewer) -> int:
    """How many ask to follow the viewer, up to `REQUESTS_COUNTED_MAX`."""
    return await relations.requests_count(db, viewer.account_id, REQUESTS_COUNTED_MAX)


async def blocks(db: Queries, viewer: Viewer, window: Window) -> Keyed:
    """A page of whom the viewer blocks."""
    return await pages.blocks(db, viewer.account_id, window)


async def mutes(db: Queries, viewer: Viewer, window: Window) -> list[Muted]:
    """A page of whom the viewer mutes now."""
    return await pages.mutes(db, viewer.account_id, window)


async def familiar_followers(db: Queries, viewer: Viewer, target_ids: Sequence[int]) -> dict[int, list[int]]:
    """For each target, up to `FAMILIAR_MAX` of its followers whom the viewer follows, latest first. One statement."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    if target_ids:
        for target_id, account_id in await relations.familiar(db, viewer.account_id, target_ids, FAMILIAR_MAX):
            found[target_id].append(account_id)
    return {target_id: found[target_id] for target_id in target_ids}


async def search_accounts(
    engines: Engines, viewer: Viewer | None, query: str, *, limit: int, offset: int = 0, following_only: bool = False
) -> list[int]:
    """Ids of accounts with names like `query`: the very name first, then by prefix; among equals whom one follows.

    `query` is a piece of a user or display name without `@`; see `accounts.handles`. A blank one finds nobody.
    """
    wanted = " ".join(query[:QUERY_LENGTH_MAX].lower().split())
    if not wanted or (following_only and viewer is None):
        return []
    db = await engines.replica_for(_id(viewer))
    found = await search.account_ids(
        db,
        _id(viewer),
        wanted,
        limit=limit,
        offset=offset,
        following_only=following_only,
        candidates_max=SEARCH_CANDIDATES_MAX,
        piece_length_min=PIECE_LENGTH_MIN,
    )
    return found if db is engines.db else await findable.still(engines.db, _id(viewer), found)


async def follower_ids_page(db: Queries, author_id: int, after_id: int, limit: int) -> list[int]:
    """Up to `limit` followers of an author with ids above `after_id`, in the order of their ids. For jobs."""
    return await relations.follower_ids(db, author_id, after_id, limit)


async def following_ids(db: Queries, account_id: int) -> list[int]:
    """Whom an account follows, at most twice `FOLLOWS_MAX`, in the order of their ids. For jobs."""
    return await relations.following_ids(db, account_id, 2 * FOLLOWS_MAX)


def _id(viewer: Viewer | None) -> int:
    """The viewer's account id; 0, which no account has, for the public."""
    return viewer.account_id if viewer else 0
