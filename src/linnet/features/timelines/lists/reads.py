"""Questions about lists. Each takes the viewer, whose lists alone there are for them."""

from collections.abc import Collection, Sequence

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.relationships.models import Keyed
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines.gathering import Candidates, gather
from linnet.features.timelines.lists import rules
from linnet.features.timelines.lists.models import LISTS_MAX, TAGS_MAX, ListedTag, Opened, UserList
from linnet.features.timelines.lists.store import rows as store
from linnet.features.timelines.lists.store import timelines
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def all_of(db: Queries, viewer: Viewer) -> list[UserList]:
    """The viewer's lists, the oldest first."""
    return await store.all_of(db, viewer.account_id, LISTS_MAX)


async def show(db: Queries, viewer: Viewer, list_id: int) -> UserList:
    """One of the viewer's lists, or `NotFound`."""
    found = await store.find(db, viewer.account_id, list_id)
    if found is None:
        raise NotFound
    return found


async def containing(db: Queries, viewer: Viewer, account_id: int) -> list[UserList]:
    """The viewer's lists that an account is on, the oldest first; `NotFound` when there is no such account."""
    await accounts.show(db, account_id)
    return await store.containing(db, viewer.account_id, account_id, LISTS_MAX)


async def accounts_on(db: Queries, viewer: Viewer, list_id: int, window: Window) -> Keyed:
    """A page of who is on one of the viewer's lists, whoever was put there last first."""
    await show(db, viewer, list_id)
    return await store.accounts(db, viewer.account_id, list_id, window)


async def tags_on(db: Queries, viewer: Viewer, list_id: int) -> list[ListedTag]:
    """The hashtags of one of the viewer's lists, the one put there last first."""
    await show(db, viewer, list_id)
    return await store.tags(db, list_id, TAGS_MAX)


async def timeline(
    engines: Engines, viewer: Viewer, list_id: int, window: Window, others: Candidates | None = None
) -> Hydrated:
    """A page of the statuses on one of the viewer's lists, newest first. Who may see what is as everywhere else.

    `others` gives what features above have put on the list besides people and hashtags.
    """
    opened = await _opened(engines.db, viewer, list_id)
    find = timelines.ids_forward if window.forward else timelines.ids
    found: set[int] = set()

    async def candidates(above: int, below: int, wanted: int) -> list[int]:
        ids = await find(engines.db, opened, above, below, wanted)
        if others is None:
            return ids
        more = await others(above, below, wanted)
        found.update(more)
        both = sorted({*ids, *more}, reverse=True)
        return both[-wanted:] if window.forward else both[:wanted]

    async def permitted(ids: Sequence[int]) -> Hydrated:
        return await _permitted(engines, viewer, opened, ids, found)

    return await gather(window, candidates, permitted)


async def opened_with(
    db: Queries, list_ids: Collection[int], author_ids: Collection[int], tag_names: Collection[str]
) -> list[Opened]:
    """Those of the lists, whosever they are, that any of these authors or hashtags (normalised names) is on.

    For streams, which ask for all that is listened to at once; `rules.belongs` then decides for each status.
    """
    return await store.open_with(db, list_ids, author_ids, tag_names) if list_ids else []


async def among(engines: Engines, viewer: Viewer, list_id: int, status_ids: Sequence[int]) -> Hydrated:
    """Those of the statuses that belong on one of the viewer's lists."""
    opened = await _opened(engines.db, viewer, list_id)
    return await _permitted(engines, viewer, opened, status_ids, ())


async def _opened(db: Queries, viewer: Viewer, list_id: int) -> Opened:
    opened = await store.open_list(db, viewer.account_id, list_id)
    if opened is None:
        raise NotFound
    return opened


async def _permitted(
    engines: Engines, viewer: Viewer, opened: Opened, ids: Sequence[int], found: Collection[int]
) -> Hydrated:
    page = await statuses.hydrate(engines, viewer, ids)
    return await without_hidden(engines, viewer, page.only(rules.allowed(page, opened, found)), Context.HOME)
