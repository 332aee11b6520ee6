"""Names that can be taken for a moderator's or admin's: nobody passes for the people who run this server."""

from typing import Final

from linnet.features.accounts.skeletons import skeleton
from linnet.features.accounts.store import likenesses as store
from linnet.platform.errors import Problem
from linnet.platform.postgres import Queries

IMPOSTOR: Final = Problem("ERR_RESERVED", "looks like the name of somebody who runs this server; please choose another")


async def check_username_likeness(db: Queries, username: str) -> list[Problem]:
    """A problem when a new user name can be taken for the user name of a moderator or admin."""
    ours = skeleton(username)
    staff = await store.staff_names(db)
    return [IMPOSTOR] if any(ours == skeleton(one.username) for one in staff) else []


async def check_display_name_likeness(db: Queries, account_id: int, display_name: str) -> list[Problem]:
    """A problem when somebody who is not staff shows a name that can be taken for one of a moderator or admin."""
    ours = skeleton(display_name)
    if not ours:
        return []
    staff = await store.staff_names(db)
    if any(one.account_id == account_id for one in staff):
        return []
    theirs = {skeleton(name) for one in staff for name in (one.username, one.display_name)}
    return [IMPOSTOR] if ours in theirs else []
