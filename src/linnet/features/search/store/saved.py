"""Searches that people keep."""

from collections.abc import Sequence
from datetime import datetime

from linnet.features.search.models import SavedSearch
from linnet.platform.postgres import Queries


async def of_account(db: Queries, account_id: int, limit: int) -> list[SavedSearch]:
    """What an account keeps, newest first. Uses saved_searches_account."""
    rows = await db.rows(
        """
        select id, title, query, created_at from saved_searches where account_id = $1 order by id desc limit $2
        """,
        account_id,
        limit,
    )
    return [SavedSearch(*row) for row in rows]


async def load(db: Queries, account_id: int, ids: Sequence[int]) -> list[SavedSearch]:
    """Those of `ids` that are the account's, newest first. Primary key."""
    rows = await db.rows(
        """
        select id, title, query, created_at from saved_searches where id = any($2) and account_id = $1 order by id desc
        """,
        account_id,
        list(ids),
    )
    return [SavedSearch(*row) for row in rows]


async def insert(db: Queries, account_id: int, title: str, query: str, at: datetime, limit: int) -> SavedSearch | None:
    """Keep a search; None when the account keeps `limit` others. Run it in a transaction: the account is locked."""
    await db.execute("select from accounts where id = $1 for no key update", account_id)
    row = await db.row(
        """
        insert into saved_searches (id, account_id, title, query, created_at)
        select snowflake($4), $1, $2, $3, $4
        where (select count(*) from saved_searches where account_id = $1) < $5
        returning id, title, query, created_at
        """,
        account_id,
        title,
        query,
        at,
        limit,
    )
    return None if row is None else SavedSearch(*row)


async def revise(db: Queries, account_id: int, search_id: int, title: str, query: str) -> SavedSearch | None:
    """Give a kept search another title and query; None when it is not the account's. Primary key."""
    row = await db.row(
        """
        update saved_searches set title = $3, query = $4 where id = $2 and account_id = $1
        returning id, title, query, created_at
        """,
        account_id,
        search_id,
        title,
        query,
    )
    return None if row is None else SavedSearch(*row)


async def delete(db: Queries, account_id: int, search_id: int) -> bool:
    """Keep a search no longer; False when it is not the account's. Primary key."""
    return bool(await db.execute("delete from saved_searches where id = $2 and account_id = $1", account_id, search_id))


async def erase(db: Queries, account_ids: Sequence[int]) -> None:
    """Forget all that accounts keep, which is bounded. Uses saved_searches_account."""
    await db.execute("delete from saved_searches where account_id = any($1)", list(account_ids))
