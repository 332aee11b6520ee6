"""Uploads as those see them who look after the server: everybody's."""

from datetime import datetime
from typing import LiteralString

from linnet.features.media.models import State, Upload, UsageOfAccount, UsageOfKind
from linnet.features.media.store.uploads import UPLOAD, upload_of
from linnet.platform.postgres import Queries

_BY_KIND: LiteralString = """
    select coalesce(kind, 'unknown'), count(*),
        coalesce(sum(case state when 'ready' then stored_bytes when 'failed' then 0 else source_bytes end), 0)::bigint
    from media
"""


async def page(db: Queries, account_id: int | None, state: State | None, limit: int) -> list[Upload]:
    """The newest uploads, of an account or in a state if that is asked for. Uses media_account or media_pkey."""
    of_one: LiteralString = " where m.account_id = $1"
    of_all: LiteralString = " where $1::bigint is null"
    sql: LiteralString = "select " + UPLOAD + " from media m" + (of_all if account_id is None else of_one)
    rows = await db.rows(
        sql + " and ($2::text is null or m.state = $2) order by m.id desc limit $3", account_id, state, limit
    )
    return [upload_of(row) for row in rows]


async def usage_by_kind(db: Queries, account_id: int) -> list[UsageOfKind]:
    """What an account has, by kind, the most first. Uses media_account."""
    rows = await db.rows(_BY_KIND + " where account_id = $1 group by 1 order by 3 desc, 1", account_id)
    return [UsageOfKind(*row) for row in rows]


async def total_by_kind(db: Queries) -> list[UsageOfKind]:
    """What everybody has together, by kind; reads the whole table, so for operators alone."""
    return [UsageOfKind(*row) for row in await db.rows(_BY_KIND + " group by 1 order by 3 desc, 1")]


async def largest(db: Queries, limit: int) -> list[UsageOfAccount]:
    """Who has most; reads the whole table, so for operators alone."""
    rows = await db.rows(
        """
        select m.account_id, coalesce(a.username, ''), m.uploads, m.bytes from (
            select account_id, count(*) as uploads, coalesce(sum(case state when 'ready' then stored_bytes
                when 'failed' then 0 else source_bytes end), 0)::bigint as bytes
            from media group by account_id order by 3 desc limit $1) m
        left join accounts a on a.id = m.account_id order by m.bytes desc, m.account_id
        """,
        limit,
    )
    return [UsageOfAccount(*row) for row in rows]


async def begin_anew(db: Queries, media_id: int, at: datetime) -> bool:
    """Let an upload that is not ready be processed as if it had just come; False for any other. Uses media_pkey."""
    touched = await db.execute(
        """
        update media set state = 'uploaded', progress = 0, attempts = 0, error = null, changed_at = $2
        where id = $1 and state <> 'ready'
        """,
        media_id,
        at,
    )
    return touched == 1
