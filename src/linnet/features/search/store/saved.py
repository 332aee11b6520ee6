"""Searches that people keep."""

from collections.abc import Collection, Sequence
from datetime import datetime

from linnet.features.search.models import SavedSearch, Standing
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
    """Keep a search no longer, also on lists; False when it is not the account's. Uses list_searches_search."""
    gone = await db.value(
        """
        with gone as (
            delete from saved_searches where id = $2 and account_id = $1 returning id
        ), taken as (
            delete from list_searches where search_id in (select id from gone)
        )
        select id from gone
        """,
        account_id,
        search_id,
    )
    return gone is not None


async def put_on_list(db: Queries, account_id: int, list_id: int, ids: Collection[int], at: datetime) -> int:
    """Put those of the searches that are the account's on its list; how many of `ids` are.

    What is on lists that are gone is forgotten by the way. Uses list_searches_pkey and list_searches_account.
    """
    return await db.value(
        """
        with own as (
            select s.id from unnest($3::bigint[]) with ordinality as x (id, place)
            join saved_searches s on s.id = x.id and s.account_id = $1 order by x.place
        ), left_behind as (
            delete from list_searches x where x.account_id = $1
                and not exists (select from lists l where l.id = x.list_id)
        ), put as (
            insert into list_searches (list_id, search_id, account_id, id)
            select $2, id, $1, snowflake($4) from own on conflict do nothing
        )
        select count(*) from own
        """,
        account_id,
        list_id,
        list(ids),
        at,
    )


async def take_off_list(db: Queries, list_id: int, ids: Collection[int]) -> None:
    """Take searches off a list. Uses list_searches_pkey."""
    await db.execute("delete from list_searches where list_id = $1 and search_id = any($2)", list_id, list(ids))


async def on_list(db: Queries, account_id: int, list_id: int, limit: int) -> list[SavedSearch]:
    """The searches of an account's list, the one put there last first. Uses list_searches_pkey, saved_searches_pkey."""
    rows = await db.rows(
        """
        select s.id, s.title, s.query, s.created_at from list_searches x join saved_searches s on s.id = x.search_id
        where x.list_id = $2 and x.account_id = $1 order by x.id desc, s.id desc limit $3
        """,
        account_id,
        list_id,
        limit,
    )
    return [SavedSearch(*row) for row in rows]


async def standing(db: Queries, account_ids: Collection[int]) -> list[Standing]:
    """All that accounts keep, with the lists each is on. Uses saved_searches_account and list_searches_search."""
    rows = await db.rows(
        """
        select s.id, s.account_id, s.query, on_lists.ids, on_lists.quiet
        from saved_searches s
        cross join lateral (
            select coalesce(array_agg(l.id order by l.id), '{}') as ids,
                coalesce(array_agg(l.id) filter (where l.replies_policy = 'none'), '{}') as quiet
            from list_searches x join lists l on l.id = x.list_id where x.search_id = s.id
        ) on_lists
        where s.account_id = any($1)
        """,
        list(account_ids),
    )
    return [Standing(row[0], row[1], row[2], tuple(row[3]), frozenset(row[4])) for row in rows]


async def erase(db: Queries, account_ids: Sequence[int]) -> None:
    """Forget all that accounts keep, which is bounded. Uses saved_searches_account and list_searches_account."""
    await db.execute(
        """
        with listed as (delete from list_searches where account_id = any($1))
        delete from saved_searches where account_id = any($1)
        """,
        list(account_ids),
    )
