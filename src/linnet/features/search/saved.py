"""Searches that people keep: made, changed and dropped by their owner, whom alone they are there for."""

from linnet.features.accounts.models import Viewer
from linnet.features.search import reads
from linnet.features.search.models import SAVED_MAX, TITLE_LENGTH_MAX, SavedSearch
from linnet.features.search.store import saved as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.paging import Window


async def mine(engines: Engines, viewer: Viewer) -> list[SavedSearch]:
    """All that the viewer keeps, newest first."""
    return await store.of_account(engines.db, viewer.account_id, SAVED_MAX)


async def show(engines: Engines, viewer: Viewer, search_id: int) -> SavedSearch:
    """One of them, or `NotFound`."""
    found = await store.load(engines.db, viewer.account_id, [search_id])
    if not found:
        raise NotFound
    return found[0]


async def keep(engines: Engines, viewer: Viewer, query: str, title: str | None = None) -> SavedSearch:
    """Keep a query, by default under itself. Raises `QueryInvalid`, and `Invalid` when there are too many."""
    title = _checked(engines, query, title)
    async with engines.transaction() as tx:
        made = await store.insert(tx, viewer.account_id, title, query.strip(), engines.clock.now(), SAVED_MAX)
        tx.changed(Kind.SEARCHES, viewer.account_id)
    if made is None:
        raise Invalid(f"You already keep the {SAVED_MAX} searches that can be kept")
    return made


async def revise(
    engines: Engines, viewer: Viewer, search_id: int, query: str | None = None, title: str | None = None
) -> SavedSearch:
    """Give a kept search another query or title. Raises as `keep`, and `NotFound`."""
    before = await show(engines, viewer, search_id)
    query = before.query if query is None else query
    title = _checked(engines, query, before.title if title is None else title)
    async with engines.transaction() as tx:
        revised = await store.revise(tx, viewer.account_id, search_id, title, query.strip())
        if revised is None:
            raise NotFound
        tx.changed(Kind.SEARCHES, viewer.account_id)
    return revised


async def drop(engines: Engines, viewer: Viewer, search_id: int) -> None:
    """Keep a search no longer; `NotFound` when it is not the viewer's."""
    async with engines.transaction() as tx:
        if not await store.delete(tx, viewer.account_id, search_id):
            raise NotFound
        tx.changed(Kind.SEARCHES, viewer.account_id)


async def timeline(engines: Engines, viewer: Viewer, search_id: int, window: Window) -> list[int]:
    """Ids of what a kept search finds now, newest first; `NotFound` when it is not the viewer's."""
    search = await show(engines, viewer, search_id)
    return await reads.posts(engines, viewer, search.query, window)


def _checked(engines: Engines, query: str, title: str | None) -> str:
    """The title to keep a query under, both of which keep the rules."""
    reads.check(engines, query)
    title = " ".join((title or query).split())
    if len(title) > TITLE_LENGTH_MAX:
        if title != " ".join(query.split()):
            raise Invalid.of({"title": [Problem("ERR_TOO_LONG", f"can be at most {TITLE_LENGTH_MAX} characters")]})
        title = title[: TITLE_LENGTH_MAX - 1] + "…"
    return title
