"""Filters as they are read: whole, with all their keywords and posts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.filters.models import (
    FILTERS_MAX,
    Action,
    Context,
    Filter,
    FilteredStatus,
    Keyword,
)
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = """
    select f.account_id, f.id, f.title, f.contexts, f.action, f.expires_at,
        (select jsonb_agg(jsonb_build_array(k.id, k.keyword, k.whole_word) order by k.id)
         from filter_keywords k where k.filter_id = f.id),
        (select jsonb_agg(jsonb_build_array(s.id, s.status_id) order by s.id)
         from filter_statuses s where s.filter_id = f.id)
    from filters f
"""
"""What `_filter` takes. Uses filter_keywords_filter and filter_statuses_filter_id_status_id_key."""


async def active(db: Queries, account_ids: Collection[int], at: datetime) -> dict[int, list[Filter]]:
    """The filters of each account that have not run out, in the order they were made. Uses filters_by_account."""
    rows = await db.rows(
        _COLUMNS
        + """
        where f.account_id = any((select $1::bigint[])::bigint[]) and (f.expires_at is null or f.expires_at > $2)
        order by f.account_id, f.id limit $3
        """,
        list(account_ids),
        at,
        FILTERS_MAX * len(account_ids),
    )
    found = defaultdict[int, list[Filter]](list)
    for row in rows:
        found[row[0]].append(_filter(row))
    return found


async def all_of(db: Queries, account_id: int) -> list[Filter]:
    """All filters of an account, also those that have run out, in the order they were made. Uses filters_by_account."""
    rows = await db.rows(
        _COLUMNS + " where f.account_id = $1 order by f.id limit $2",
        account_id,
        FILTERS_MAX,
    )
    return [_filter(row) for row in rows]


async def one_of(db: Queries, account_id: int, filter_id: int) -> Filter | None:
    """One filter of an account. Uses filters_pkey."""
    row = await db.row(_COLUMNS + " where f.account_id = $1 and f.id = $2", account_id, filter_id)
    return None if row is None else _filter(row)


async def with_keyword(db: Queries, account_id: int, keyword_id: int) -> Filter | None:
    """The filter of an account that has this keyword. Uses filter_keywords_pkey and filters_pkey."""
    row = await db.row(
        _COLUMNS
        + """
        where f.account_id = $1
            and f.id = (select filter_id from filter_keywords where id = $2 and account_id = $1)
        """,
        account_id,
        keyword_id,
    )
    return None if row is None else _filter(row)


async def with_status(db: Queries, account_id: int, row_id: int) -> Filter | None:
    """The filter of an account that has this row for a post. Uses filter_statuses_pkey and filters_pkey."""
    row = await db.row(
        _COLUMNS
        + """
        where f.account_id = $1
            and f.id = (select filter_id from filter_statuses where id = $2 and account_id = $1)
        """,
        account_id,
        row_id,
    )
    return None if row is None else _filter(row)


def _filter(row: asyncpg.Record) -> Filter:
    _, filter_id, title, contexts, action, expires_at, keywords, statuses = row
    return Filter(
        filter_id,
        title,
        tuple(Context(one) for one in contexts),
        Action(action),
        expires_at,
        tuple(Keyword(*one) for one in keywords or ()),
        tuple(FilteredStatus(*one) for one in statuses or ()),
    )
