"""Questions about accounts by themselves. What depends on who follows or blocks whom is asked of relationships."""

from collections.abc import Collection, Iterable, Mapping

from linnet.features.accounts.models import Account, AccountVersion, Preferences, Viewer
from linnet.features.accounts.store import profiles
from linnet.platform.errors import NotFound
from linnet.platform.postgres import Database, Queries


async def load(db: Queries, ids: Iterable[int]) -> dict[int, Account]:
    """The accounts among `ids` (a page's worth) that are not deleted, by id. One statement, none for no ids.

    Suspended ones are there with `suspended` set. Counts are exact, changes not yet folded included.
    """
    wanted = set(ids)
    return await profiles.load(db, wanted) if wanted else {}


async def recall(db: Database, wanted: Mapping[int, AccountVersion]) -> dict[int, Account]:
    """Accounts of known versions, by id; no statement when this process has seen them all. Counters as given."""
    return await profiles.recall(db, wanted)


async def usernames(db: Queries, ids: Iterable[int]) -> dict[int, str]:
    """User names by id; no statement when this process has seen them all."""
    return await profiles.usernames(db, ids)


async def indexable_among(db: Queries, ids: Collection[int]) -> set[int]:
    """Those of the accounts that let their posts be found. One statement, none for nobody."""
    return await profiles.indexable_among(db, ids) if ids else set()


async def show(db: Queries, account_id: int) -> Account:
    """One account; `NotFound` when there is none, or it was deleted."""
    account = (await load(db, [account_id])).get(account_id)
    if account is None:
        raise NotFound
    return account


async def by_username(db: Queries, name: str) -> Account:
    """The account with this name in any case; `NotFound` when there is none, or it was deleted."""
    found = await profiles.by_usernames(db, [name])
    if not found:
        raise NotFound
    return next(iter(found.values()))


async def by_usernames(db: Queries, names: Iterable[str]) -> dict[str, Account]:
    """Accounts by lower-case name, in the order of `names`; unknown, deleted and suspended ones are left out."""
    wanted = list(dict.fromkeys(name.lower() for name in names))
    found = await profiles.by_usernames(db, wanted) if wanted else {}
    return {name: found[name] for name in wanted if name in found and not found[name].suspended}


async def ids_by_usernames(db: Queries, names: Iterable[str]) -> dict[str, int]:
    """Ids by lower-case name; unknown, deleted and suspended accounts are left out."""
    wanted = {name.lower() for name in names}
    return await profiles.ids_by_usernames(db, wanted) if wanted else {}


async def preferences(db: Queries, viewer: Viewer) -> Preferences:
    """What the viewer has chosen for their posts and their screen."""
    return await profiles.preferences(db, viewer.account_id)
