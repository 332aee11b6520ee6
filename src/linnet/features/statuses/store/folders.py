"""Folders of bookmarks."""

from datetime import datetime

from linnet.features.statuses.models import FOLDERS_MAX, Folder
from linnet.platform.postgres import Queries


async def all_of(db: Queries, account_id: int) -> list[Folder]:
    """An account's folders, in the order they were made. Uses bookmark_folders_by_account."""
    rows = await db.rows(
        "select id, title from bookmark_folders where account_id = $1 order by id limit $2", account_id, FOLDERS_MAX
    )
    return [Folder(*row) for row in rows]


async def one_of(db: Queries, account_id: int, folder_id: int) -> Folder | None:
    """One of an account's folders. Uses bookmark_folders_pkey."""
    row = await db.row(
        "select id, title from bookmark_folders where id = $2 and account_id = $1", account_id, folder_id
    )
    return None if row is None else Folder(*row)


async def hold(db: Queries, account_id: int, folder_id: int) -> bool:
    """Keep a folder from being removed until the transaction ends; False when it is not there."""
    held = await db.value(
        "select id from bookmark_folders where id = $2 and account_id = $1 for key share", account_id, folder_id
    )
    return held is not None


async def add(db: Queries, account_id: int, title: str, at: datetime, limit: int) -> Folder | None:
    """A new folder; None when there are `limit` others.

    The account's row is locked meanwhile, so that two requests cannot both take the last place.
    """
    await db.execute("select from accounts where id = $1 for no key update", account_id)
    row = await db.row(
        """
        insert into bookmark_folders (id, account_id, title, created_at) select snowflake($3), $1, $2, $3
        where (select count(*) from bookmark_folders where account_id = $1) < $4
        returning id, title
        """,
        account_id,
        title,
        at,
        limit,
    )
    return None if row is None else Folder(*row)


async def rename(db: Queries, account_id: int, folder_id: int, title: str) -> Folder | None:
    """Give a folder another title; None when it is not there."""
    row = await db.row(
        "update bookmark_folders set title = $3 where id = $2 and account_id = $1 returning id, title",
        account_id,
        folder_id,
        title,
    )
    return None if row is None else Folder(*row)


async def remove(db: Queries, account_id: int, folder_id: int) -> bool:
    """Remove a folder; False when it is not there."""
    return await db.execute("delete from bookmark_folders where id = $2 and account_id = $1", account_id, folder_id) > 0


async def empty(db: Queries, folder_id: int, limit: int) -> int:
    """Take up to `limit` bookmarks out of a folder; how many. Uses bookmarks_by_folder."""
    return await db.execute(
        """
        update bookmarks set folder_id = null where (account_id, status_id) in (
            select account_id, status_id from bookmarks where folder_id = $1 limit $2)
        """,
        folder_id,
        limit,
    )
