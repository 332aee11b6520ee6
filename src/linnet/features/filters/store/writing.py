"""Filters as they are written. What is somebody else's is never touched: each statement names the account."""

from collections.abc import Sequence
from datetime import datetime

from linnet.features.filters.models import Action, Context
from linnet.platform.postgres import Queries


async def count(db: Queries, account_id: int) -> tuple[int, int, int]:
    """How many filters, keywords and posts an account has, none of which can be added meanwhile.

    Run it in a transaction: the account's row is locked until its end. Uses filters_by_account, filter_keywords_account
    and filter_statuses_account.
    """
    await db.execute("select from accounts where id = $1 for no key update", account_id)
    row = await db.row(
        """
        select (select count(*) from filters where account_id = $1),
            (select count(*) from filter_keywords where account_id = $1),
            (select count(*) from filter_statuses where account_id = $1)
        """,
        account_id,
    )
    assert row is not None, "counts of nothing are 0"
    return row[0], row[1], row[2]


async def add(
    db: Queries,
    account_id: int,
    *,
    title: str,
    contexts: Sequence[Context],
    action: Action,
    expires_at: datetime | None,
    at: datetime,
) -> int:
    """A new filter without keywords; its id."""
    return await db.value(
        """
        insert into filters (id, account_id, title, contexts, action, expires_at, created_at)
        values (snowflake($6), $1, $2, $3, $4, $5, $6) returning id
        """,
        account_id,
        title,
        contexts,
        action,
        expires_at,
        at,
    )


async def revise(
    db: Queries,
    account_id: int,
    filter_id: int,
    *,
    title: str,
    contexts: Sequence[Context],
    action: Action,
    expires_at: datetime | None,
) -> None:
    """Give a filter another title, contexts, action and end."""
    await db.execute(
        "update filters set title = $3, contexts = $4, action = $5, expires_at = $6 where id = $2 and account_id = $1",
        account_id,
        filter_id,
        title,
        contexts,
        action,
        expires_at,
    )


async def remove(db: Queries, account_id: int, filter_id: int) -> bool:
    """Remove a filter and what is in it; False when it is not there."""
    return await db.execute("delete from filters where id = $2 and account_id = $1", account_id, filter_id) > 0


async def add_keyword(db: Queries, account_id: int, filter_id: int, text: str, *, whole_word: bool) -> int:
    """Add a keyword to a filter of the account; its id."""
    return await db.value(
        """
        insert into filter_keywords (filter_id, account_id, keyword, whole_word) values ($2, $1, $3, $4) returning id
        """,
        account_id,
        filter_id,
        text,
        whole_word,
    )


async def revise_keyword(db: Queries, account_id: int, keyword_id: int, text: str, *, whole_word: bool) -> None:
    """Give a keyword other words."""
    await db.execute(
        "update filter_keywords set keyword = $3, whole_word = $4 where id = $2 and account_id = $1",
        account_id,
        keyword_id,
        text,
        whole_word,
    )


async def remove_keyword(db: Queries, account_id: int, keyword_id: int) -> None:
    """Remove a keyword."""
    await db.execute("delete from filter_keywords where id = $2 and account_id = $1", account_id, keyword_id)


async def add_status(db: Queries, account_id: int, filter_id: int, status_id: int) -> int:
    """Add a post to a filter of the account; the row's id, also when it was there."""
    return await db.value(
        """
        insert into filter_statuses (filter_id, account_id, status_id) values ($2, $1, $3)
        on conflict (filter_id, status_id) do update set status_id = excluded.status_id returning id
        """,
        account_id,
        filter_id,
        status_id,
    )


async def remove_status(db: Queries, account_id: int, row_id: int) -> None:
    """Take a post out of a filter."""
    await db.execute("delete from filter_statuses where id = $2 and account_id = $1", account_id, row_id)


async def erase_of(db: Queries, account_id: int, limit: int) -> int:
    """Remove up to `limit` filters of an account, and what is in them; how many. Uses filters_by_account."""
    return await db.execute(
        "delete from filters where id in (select id from filters where account_id = $1 order by id limit $2)",
        account_id,
        limit,
    )


async def forget_statuses(db: Queries, status_ids: Sequence[int], limit: int) -> list[int]:
    """Take up to `limit` rows of deleted posts out of filters; whose they were. Uses filter_statuses_status."""
    rows = await db.rows(
        """
        delete from filter_statuses where id in (
            select id from filter_statuses where status_id = any($1) limit $2)
        returning account_id
        """,
        list(status_ids),
        limit,
    )
    return [row["account_id"] for row in rows]
