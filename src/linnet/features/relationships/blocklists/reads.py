"""Questions about blocklists. Each takes the viewer; what the viewer may not see does not exist."""

from collections.abc import Sequence

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.relationships.blocklists.models import Blocklist
from linnet.features.relationships.blocklists.store import rows as store
from linnet.features.relationships.models import Keyed
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def show(db: Queries, viewer: Viewer | None, blocklist_id: int) -> Blocklist:
    """One list, or `NotFound`."""
    found = await store.find(db, viewer.account_id if viewer else 0, blocklist_id)
    if found is None:
        raise NotFound
    return found


async def of_viewer(db: Queries, viewer: Viewer) -> Sequence[Blocklist]:
    """The viewer's own lists and those they subscribe to, the latest first."""
    return await store.of_viewer(db, viewer.account_id)


async def of_account(db: Queries, viewer: Viewer | None, account_id: int) -> Sequence[Blocklist]:
    """The lists of an account that the viewer may see, the latest first; `NotFound` when there is no such account."""
    await accounts.show(db, account_id)
    return await store.of_account(db, viewer.account_id if viewer else 0, account_id)


async def entries(db: Queries, viewer: Viewer | None, blocklist_id: int, window: Window) -> Keyed:
    """A page of the accounts of a list, the latest first, or `NotFound`."""
    await show(db, viewer, blocklist_id)
    return await store.entries(db, blocklist_id, window)
