"""All SQL about lists. In every read a membership counts while its follow is there, and shows while it is asked for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.relationships.models import Keyed
from linnet.features.timelines.lists.models import ListedTag, Opened, RepliesPolicy, UserList
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = "l.id, l.account_id, l.title, l.replies_policy, l.exclusive"

_STANDS: LiteralString = """
    (m.account_id = m.owner_id or (
        select m.follow_id in (f.id, f.request_id) from follows f
        where f.account_id = m.owner_id and f.target_id = m.account_id limit 1))
"""
"""Whether a membership `m` stands on its follow, or on the request that this has been. Uses follows_pkey."""

_SHOWN: LiteralString = (
    " ("
    + _STANDS
    + """ or (
        select q.id = m.follow_id from follow_requests q
        where q.account_id = m.owner_id and q.target_id = m.account_id limit 1))
"""
)
"""The same, or on a request to follow that waits. Uses follow_requests_pkey."""


_OPENED: LiteralString = (
    "select "
    + _COLUMNS
    + """,
        array(select m.account_id from list_accounts m where m.list_id = l.id and """
    + _STANDS
    + """),
        array(select t.name from list_tags x join tags t on t.id = x.tag_id where x.list_id = l.id order by t.id),
        array(select t.id from list_tags x join tags t on t.id = x.tag_id where x.list_id = l.id order by t.id)
    from lists l"""
)
"""Lists with all that is on them: see `_opened`."""


def _list(row: asyncpg.Record) -> UserList:
    return UserList(row[0], row[1], row[2], RepliesPolicy(row[3]), row[4])


def _opened(row: asyncpg.Record) -> Opened:
    return Opened(_list(row), frozenset(row[5]), dict(zip(row[6], row[7], strict=True)))


async def lock(db: Queries, owner_id: int) -> None:
    """Wait until nobody else changes anything about this owner's lists, until the end of the transaction."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('lists', $1))", owner_id)


async def all_of(db: Queries, owner_id: int, limit: int) -> list[UserList]:
    """An owner's lists, the oldest first. Uses lists_account."""
    rows = await db.rows(
        "select " + _COLUMNS + " from lists l where l.account_id = $1 order by l.id limit $2", owner_id, limit
    )
    return [_list(row) for row in rows]


async def find(db: Queries, owner_id: int, list_id: int) -> UserList | None:
    """One list, if it is this owner's. Uses lists_pkey."""
    row = await db.row("select " + _COLUMNS + " from lists l where l.id = $2 and l.account_id = $1", owner_id, list_id)
    return None if row is None else _list(row)


async def open_list(db: Queries, owner_id: int, list_id: int) -> Opened | None:
    """One list with all that is on it, if it is this owner's. Uses list_accounts_by_list and list_tags_pkey."""
    row = await db.row(_OPENED + " where l.id = $2 and l.account_id = $1", owner_id, list_id)
    return None if row is None else _opened(row)


async def open_with(
    db: Queries, list_ids: Collection[int], author_ids: Collection[int], tag_names: Collection[str]
) -> list[Opened]:
    """Those of the lists that one of the authors or of the hashtags (normalised names) is on, with all that is.

    Uses list_accounts_pkey, list_tags_pkey and tags_name_key besides.
    """
    rows = await db.rows(
        _OPENED
        + """
        where l.id in (
            select list_id from list_accounts where list_id = any($1) and account_id = any($2)
            union
            select x.list_id from tags t join list_tags x on x.tag_id = t.id and x.list_id = any($1)
            where t.name = any($3))
        """,
        list(list_ids),
        list(author_ids),
        list(tag_names),
    )
    return [_opened(row) for row in rows]


async def containing(db: Queries, owner_id: int, account_id: int, limit: int) -> list[UserList]:
    """An owner's lists that an account is on, the oldest first. Uses list_accounts_member."""
    rows = await db.rows(
        "select "
        + _COLUMNS
        + " from list_accounts m join lists l on l.id = m.list_id where m.owner_id = $1 and m.account_id = $2 and "
        + _SHOWN
        + " order by l.id limit $3",
        owner_id,
        account_id,
        limit,
    )
    return [_list(row) for row in rows]


async def make(
    db: Queries, owner_id: int, title: str, policy: RepliesPolicy, *, exclusive: bool, at: datetime, lists_max: int
) -> UserList | None:
    """A new list; None when the owner has `lists_max` already. Run it under the owner's lock. Uses lists_account."""
    row = await db.row(
        """
        insert into lists as l (id, account_id, title, replies_policy, exclusive, created_at)
        select snowflake($5), $1, $2, $3, $4, $5
        where (select count(*) from (select from lists where account_id = $1 limit $6) own) < $6
        returning """
        + _COLUMNS,
        owner_id,
        title,
        policy.value,
        exclusive,
        at,
        lists_max,
    )
    return None if row is None else _list(row)


async def change(db: Queries, changed: UserList) -> None:
    """Give a list another title, policy and exclusiveness. Uses lists_pkey."""
    await db.execute(
        "update lists set title = $3, replies_policy = $4, exclusive = $5 where id = $2 and account_id = $1",
        changed.owner_id,
        changed.id,
        changed.title,
        changed.replies_policy.value,
        changed.exclusive,
    )


async def drop(db: Queries, list_ids: Sequence[int]) -> None:
    """Remove lists and all that is on them. Uses the primary keys."""
    await db.execute(
        """
        with people as (delete from list_accounts where list_id = any($1)),
            tagged as (delete from list_tags where list_id = any($1))
        delete from lists where id = any($1)
        """,
        list(list_ids),
    )


async def accounts(db: Queries, viewer_id: int, list_id: int, window: Window) -> Keyed:
    """A page of who is on a list, whoever was put there last first. Uses list_accounts_by_list and accounts_pkey."""
    sql: LiteralString = (
        """
        select m.id, m.account_id from list_accounts m
        join accounts a on a.id = m.account_id and a.deleted_at is null and a.suspended_at is null
        where m.owner_id = $1 and m.list_id = $2 and m.id > $3 and m.id < $4 and """
        + _SHOWN
    )
    order: LiteralString = " order by m.id limit $5" if window.forward else " order by m.id desc limit $5"
    rows = await db.rows(sql + order, viewer_id, list_id, window.floor, window.ceiling, window.limit)
    found = [(row[0], row[1]) for row in rows]
    return found[::-1] if window.forward else found


async def put(db: Queries, owned: UserList, account_ids: Sequence[int], at: datetime) -> int:
    """Put accounts on a list whom its owner follows or asks to, and the owner; how many of them now stand there.

    A membership whose follow is over begins anew. Uses follows_pkey, follow_requests_pkey and list_accounts_pkey.
    """
    return await db.value(
        """
        with wanted as (
            select x.id as account_id, coalesce(f.request_id, f.id, q.id) as follow_id
            from unnest($3::bigint[]) with ordinality as x (id, place)
            left join follows f on f.account_id = $1 and f.target_id = x.id
            left join follow_requests q on q.account_id = $1 and q.target_id = x.id
            where f.id is not null or q.id is not null or x.id = $1
            order by x.place
        ), written as (
            insert into list_accounts as m (list_id, account_id, owner_id, follow_id, id)
            select $2, account_id, $1, follow_id, snowflake($4) from wanted
            on conflict (list_id, account_id) do update set follow_id = excluded.follow_id, id = excluded.id
                where m.follow_id is distinct from excluded.follow_id
        )
        select count(*) from wanted
        """,
        owned.owner_id,
        owned.id,
        list(account_ids),
        at,
    )


async def member_ids(db: Queries, list_id: int) -> set[int]:
    """Everybody on a list whose follow there is, or waits. Uses list_accounts_by_list."""
    rows = await db.rows("select m.account_id from list_accounts m where m.list_id = $1 and " + _SHOWN, list_id)
    return {row[0] for row in rows}


async def take(db: Queries, list_id: int, account_ids: Sequence[int]) -> None:
    """Take accounts off a list. Uses list_accounts_pkey."""
    await db.execute("delete from list_accounts where list_id = $1 and account_id = any($2)", list_id, account_ids)


async def count_accounts(db: Queries, list_id: int, limit: int) -> int:
    """How many memberships a list has, counted up to `limit`. Uses list_accounts_by_list."""
    return await db.value(
        "select count(*) from (select from list_accounts where list_id = $1 limit $2) m", list_id, limit
    )


async def tags(db: Queries, list_id: int, limit: int) -> list[ListedTag]:
    """The hashtags of a list, the one put there last first. Uses list_tags_pkey and tags_pkey."""
    rows = await db.rows(
        """
        select t.id, t.name from list_tags x join tags t on t.id = x.tag_id
        where x.list_id = $1 order by x.id desc limit $2
        """,
        list_id,
        limit,
    )
    return [ListedTag(*row) for row in rows]


async def put_tags(db: Queries, list_id: int, tag_ids: Collection[int], at: datetime) -> int:
    """Put hashtags on a list; how many it has then. Uses list_tags_pkey."""
    await db.execute(
        """
        insert into list_tags (list_id, tag_id, id)
        select $1, x.id, snowflake($3) from unnest($2::bigint[]) with ordinality as x (id, place) order by x.place
        on conflict do nothing
        """,
        list_id,
        list(tag_ids),
        at,
    )
    return await db.value("select count(*) from list_tags where list_id = $1", list_id)


async def take_tags(db: Queries, list_id: int, names: Sequence[str]) -> None:
    """Take hashtags (normalised names) off a list. Uses list_tags_pkey and tags_name_key."""
    await db.execute(
        "delete from list_tags where list_id = $1 and tag_id in (select id from tags where name = any($2))",
        list_id,
        names,
    )


async def kept_away(db: Queries, owner_id: int, account_ids: Collection[int]) -> set[int]:
    """Those of the accounts who are on an exclusive list of this owner. Uses list_accounts_member."""
    rows = await db.rows(
        """
        select distinct m.account_id from list_accounts m join lists l on l.id = m.list_id and l.exclusive
        where m.owner_id = $1 and m.account_id = any($2) and m.account_id <> $1 and """
        + _SHOWN,
        owner_id,
        list(account_ids),
    )
    return {row[0] for row in rows}


async def forget_ended(db: Queries, owner_ids: Sequence[int], account_ids: Sequence[int]) -> None:
    """Remove memberships, by owner and member, whose follow is over. Uses list_accounts_member."""
    await db.execute(
        """
        delete from list_accounts m using unnest($1::bigint[], $2::bigint[]) as ended (owner_id, account_id)
        where m.owner_id = ended.owner_id and m.account_id = ended.account_id and not coalesce("""
        + _SHOWN
        + ", false)",
        list(owner_ids),
        list(account_ids),
    )


async def erase_memberships(db: Queries, account_id: int, limit: int) -> int:
    """Take a deleted account off up to `limit` lists; how many. Uses list_accounts_member."""
    return await db.execute(
        """
        delete from list_accounts where (list_id, account_id) in (
            select list_id, account_id from list_accounts where account_id = $1 limit $2)
        """,
        account_id,
        limit,
    )
