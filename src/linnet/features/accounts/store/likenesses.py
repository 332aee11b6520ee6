"""The names of those who run this server."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from linnet.platform.postgres import Queries

STAFF_MAX: Final = 1_000


class StaffName(NamedTuple):
    """How a moderator or admin is called."""

    account_id: int
    username: str
    display_name: str


async def staff_names(db: Queries) -> Sequence[StaffName]:
    """How moderators and admins are called (users_staff)."""
    rows = await db.rows(
        """
        select users.account_id, accounts.username, accounts.display_name
        from users join accounts on accounts.id = users.account_id
        where users.role <> 'user' and accounts.deleted_at is null order by users.account_id limit $1
        """,
        STAFF_MAX,
    )
    return [StaffName(*row) for row in rows]
