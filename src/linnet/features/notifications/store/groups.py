"""Reading notifications in groups, and putting a group away."""

from collections.abc import Collection
from dataclasses import replace
from typing import LiteralString

from linnet.features.notifications.models import (
    GROUP_COUNTED_MAX,
    GROUPED_KINDS,
    SAMPLE_MAX,
    UNGROUPED,
    Choice,
    Group,
    Notification,
)
from linnet.features.notifications.store.rows import COLUMNS, WELCOME, notification
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

Entry = tuple[int, Notification]
"""A place in the list of groups, by which it is paged, and what is there: the newest of a group, or one by itself."""

_ENTRIES: LiteralString = (
    """
    (select n.id as place, """
    + COLUMNS
    + """ from notifications n
     where n.account_id = $1 and n.group_key is null and n.id > $2 and n.id < $3
         and n.kind = any($5) and ($7::bigint is null or n.from_account_id = $7) and ($8 or not n.filtered) and """
    + WELCOME
    + """ order by n.id{order} limit $4)
    union all
    (select g.newest_id, n.* from notification_groups g
     cross join lateral (
         select """
    + COLUMNS
    + """ from notifications n
         where n.account_id = g.account_id and n.group_key = g.group_key
             and ($7::bigint is null or n.from_account_id = $7) and """
    + WELCOME
    + """ order by n.id desc limit 1) n
     where g.account_id = $1 and g.newest_id > $2 and g.newest_id < $3 and g.kind = any($6)
     order by g.newest_id{order} limit $4)
    union all
    (select n.id, """
    + COLUMNS
    + """ from notifications n
     where cardinality($9::text[]) > 0 and n.account_id = $1 and n.group_key is not null and n.id > $2 and n.id < $3
         and n.kind = any($9) and ($7::bigint is null or n.from_account_id = $7) and """
    + WELCOME
    + """ order by n.id{order} limit $4)
    order by place{order} limit $4
"""
)
_NEWEST: LiteralString = _ENTRIES.replace("{order}", " desc")
_NEAREST: LiteralString = _ENTRIES.replace("{order}", " asc")


async def page(db: Queries, account_id: int, window: Window, choice: Choice) -> list[Entry]:
    """A page of an account's groups and of what is in none, newest first, a group where its newest one is.

    Of kinds that come in groups but are not asked for as such, each by itself. Uses notifications_ungrouped,
    notification_groups_newest, notifications_grouped, and for the last notifications_by_account.
    """
    rows = await db.rows(
        _NEAREST if window.forward else _NEWEST,
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
        [*choice.wanted],
        [*choice.in_groups],
        choice.from_account_id,
        choice.includes_filtered,
        [*(choice.wanted & GROUPED_KINDS - choice.in_groups)],
    )
    found = [(row["place"], _as_chosen(notification(row), choice)) for row in rows]
    return found[::-1] if window.forward else found


async def newest(db: Queries, account_id: int, group_key: str) -> Notification | None:
    """The newest of a group that its account wants to hear of. Uses notifications_grouped."""
    row = await db.row(
        "select "
        + COLUMNS
        + " from notifications n where n.account_id = $1 and n.group_key = $2 and "
        + WELCOME
        + " order by n.id desc limit 1",
        account_id,
        group_key,
    )
    return notification(row) if row else None


async def describe(
    db: Queries, account_id: int, newest_ones: Collection[Notification], page_floor: int | None
) -> list[Group]:
    """The groups that these notifications are the newest of, in their order. One statement; none without groups.

    With `page_floor`, the lowest place on a page, each names its oldest one there. Uses notifications_grouped.
    """
    keys = [one.group_key for one in newest_ones if not one.group_key.startswith(UNGROUPED)]
    rows = await db.rows(_DESCRIBED, account_id, keys, SAMPLE_MAX, GROUP_COUNTED_MAX, page_floor) if keys else []
    told = {row["group_key"]: row for row in rows}
    return [
        Group(
            one.group_key,
            one,
            count=row["number"],
            sample_ids=tuple(row["sample_ids"] or ()),
            page_oldest_id=None if page_floor is None else row["oldest_id"] or one.id,
        )
        if (row := told.get(one.group_key)) is not None
        else Group(one.group_key, one, 1, (one.from_account_id,), None if page_floor is None else one.id)
        for one in newest_ones
    ]


_DESCRIBED: LiteralString = (
    """
    select x.group_key,
        (select array_agg(m.from_account_id order by m.id desc) from (
            select n.id, n.from_account_id from notifications n
            where n.account_id = $1 and n.group_key = x.group_key and """
    + WELCOME
    + """ order by n.id desc limit $3) m) as sample_ids,
        case when counted.number < $4 then counted.number
             else (select count(*) from notifications n where n.account_id = $1 and n.group_key = x.group_key)
        end as number,
        (select n.id from notifications n
         where n.account_id = $1 and n.group_key = x.group_key and n.id >= $5 and """
    + WELCOME
    + """ order by n.id asc limit 1) as oldest_id
    from unnest($2::text[]) as x (group_key)
    cross join lateral (
        select count(*) as number from (
            select from notifications n where n.account_id = $1 and n.group_key = x.group_key and """
    + WELCOME
    + """ limit $4) m) counted
    """
)


async def members(db: Queries, account_id: int, group_key: str, window: Window) -> list[tuple[int, int]]:
    """A page of (notification id, sender) of a group, newest first. Uses notifications_grouped."""
    asked: LiteralString = (
        """
        select n.id, n.from_account_id from notifications n
        where n.account_id = $1 and n.group_key = $2 and n.id > $3 and n.id < $4 and """
        + WELCOME
    )
    order: LiteralString = " order by n.id asc limit $5" if window.forward else " order by n.id desc limit $5"
    rows = await db.rows(asked + order, account_id, group_key, window.floor, window.ceiling, window.limit)
    found = [(row["id"], row["from_account_id"]) for row in rows]
    return found[::-1] if window.forward else found


async def dismiss(db: Queries, account_id: int, group_key: str, up_to_id: int, limit: int) -> int:
    """Remove up to `limit` of a group, none newer than an id; how many. Uses notifications_grouped."""
    return await db.execute(
        """
        delete from notifications where id in (
            select id from notifications where account_id = $1 and group_key = $2 and id <= $3
            order by id desc limit $4)
        """,
        account_id,
        group_key,
        up_to_id,
        limit,
    )


def _as_chosen(one: Notification, choice: Choice) -> Notification:
    """By itself, when its kind is not to be told in groups."""
    return one if one.kind in choice.in_groups else replace(one, group_key=f"{UNGROUPED}{one.id}")
