"""Statuses as everybody may share them, and what one viewer has done with them, loaded apart from one another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from linnet.features.accounts.models import AccountVersion
from linnet.features.statuses.models import UNMARKED, Marks, Status
from linnet.features.statuses.polls.store import VOTE, vote_of
from linnet.features.statuses.store.loading import (
    AUTHOR,
    COLUMNS,
    COLUMNS_NUMBER,
    JOINS,
    OPTIONAL,
    OPTIONAL_NUMBER,
    WANTED,
    status_of,
)
from linnet.features.statuses.visibility import OPEN
from linnet.platform.postgres import Queries


@dataclass(slots=True)
class Shared:
    """A status, whoever looks at it."""

    status: Status | None
    """None when it was deleted, which is worth to be known as well."""
    mentioned: tuple[int, ...]
    """Whom any of its wordings mentioned, of statuses that not everyone may see."""
    plain: bool = False
    """For everyone, and about nobody: it answers, reblogs and quotes nothing, so only its author's standing counts."""
    shown: object = field(default=None, compare=False, repr=False)
    """What a presenter has made of it, which so lasts as long as it does."""

    @classmethod
    def of(cls, status: Status, mentioned: Iterable[int]) -> "Shared":
        """A status that is not deleted; `mentioned` is looked at only where not everyone may see it."""
        is_open = status.visibility in OPEN
        leads_on = status.in_reply_to_account_id or status.reblog_of_id or status.quoted_id
        return cls(status, () if is_open else tuple(mentioned), is_open and not leads_on and not status.withheld)


@dataclass(slots=True)
class Author:
    """Who wrote it."""

    version: AccountVersion
    gone: bool
    """Deleted or suspended."""
    restricted: bool = False
    """Staff have limited what becomes of its statuses, or put them behind a warning: they are not as it wrote them."""
    shown: object = field(default=None, compare=False, repr=False)
    """As of a status."""


async def load(db: Queries, ids: Iterable[int]) -> tuple[dict[int, Shared], dict[int, Author]]:
    """Those of `ids` that are not deleted, with the reblogged and quoted ones they lead to; and their authors by id.

    Everything of `statuses.store.loading.load` that is the same for every viewer, by the same indexes and plan.
    """
    rows = await db.rows(
        WANTED.replace("$ids", "$1")
        + COLUMNS
        + """
            case when s.visibility in ('private', 'direct')
                then array(select m.account_id from mentions m where m.status_id = s.id) end,
            """
        + AUTHOR
        + """,
            author.silenced_at is not null or author.sensitized_at is not null,
            author.deleted_at is not null or author.suspended_at is not null,
            """
        + OPTIONAL
        + """
        from wanted
        cross join lateral (select * from statuses where id = wanted.id limit 1) s
        """
        + JOINS
        + """
        where s.deleted_at is null
        """,
        list(ids),
    )
    return (
        {row[0]: Shared.of(status_of(row), row[COLUMNS_NUMBER] or ()) for row in rows},
        {row[1]: Author(AccountVersion(*row[_VERSION]), gone=row[_GONE], restricted=row[_GONE - 1]) for row in rows},
    )


_VERSION: Final = slice(COLUMNS_NUMBER + 1, COLUMNS_NUMBER + 5)
_GONE: Final = -OPTIONAL_NUMBER - 1
"""Where the column is that says whether the author is gone; before it, whether they are restricted."""


async def marks(db: Queries, viewer_id: int, ids: Collection[int]) -> dict[int, Marks]:
    """What the viewer has done with each of `ids`, mutes of threads left out. Uses the primary key of every mark."""
    rows = await db.rows(
        """
        select s.id,
            (select true from favourites where account_id = $1 and status_id = s.id limit 1) is not null,
            (select true from statuses where account_id = $1 and reblog_of_id = s.id and deleted_at is null
                limit 1) is not null,
            (select true from bookmarks where account_id = $1 and status_id = s.id limit 1) is not null,
            (select true from pins where account_id = $1 and status_id = s.id limit 1) is not null,
            """
        + VOTE
        + """
        from unnest($2::bigint[]) s (id)
        """,
        viewer_id,
        list(ids),
    )
    return {row[0]: Marks(*row[1:5], vote=vote_of(row[5])) if True in row[1:5] or row[5] else UNMARKED for row in rows}


async def markers(db: Queries, threads: Mapping[int, int], limit: int) -> list[asyncpg.Record]:
    """Who has marked a few statuses: `kind, account_id, status_id, ballot`, up to `limit` of each kind and status.

    `threads`: by status its thread. Kinds are 0 favourite, 1 reblog, 2 bookmark, 3 pin, 4 mute of the thread, 5 a vote,
    which alone has a ballot. One statement; uses favourites_by_status, statuses_reblogs, bookmarks_by_status,
    pins_by_status, thread_mutes_by_thread and poll_votes_poll.
    """
    return await db.rows(
        """
        select mark.kind, mark.account_id, w.id, mark.ballot
        from unnest((select $1::bigint[])::bigint[], (select $2::bigint[])::bigint[]) as w (id, thread_id)
        cross join lateral (
            (select 0 as kind, account_id, null::bigint[] as ballot from favourites where status_id = w.id
                order by id desc limit $3)
            union all
            (select 1, account_id, null from statuses where reblog_of_id = w.id and deleted_at is null
                order by id desc limit $3)
            union all
            (select 2, account_id, null from bookmarks where status_id = w.id limit $3)
            union all
            (select 3, account_id, null from pins where status_id = w.id limit $3)
            union all
            (select 4, account_id, null from thread_mutes where thread_id = w.thread_id limit $3)
            union all
            (select 5, account_id, array[poll_id, choices] from poll_votes
                where poll_id = (select poll_id from statuses where id = w.id) limit $3)
        ) mark
        """,
        list(threads.keys()),
        list(threads.values()),
        limit,
    )


async def marks_of_many(
    db: Queries, viewer_ids: Collection[int], threads: Mapping[int, int]
) -> dict[tuple[int, int], Marks]:
    """What each of many viewers has done with each of a few statuses, by viewer and status, where it is anything.

    `threads`: by status its thread. One statement; uses the primary key of every mark and statuses_reblog_once.
    """
    rows = await db.rows(
        """
        select viewer.id, w.id, done.favourited, done.reblogged, done.bookmarked, done.pinned, done.muted,
            done.ballot
        from unnest((select $1::bigint[])::bigint[]) as viewer (id)
        cross join unnest((select $2::bigint[])::bigint[], (select $3::bigint[])::bigint[]) as w (id, thread_id)
        cross join lateral (
            select
                (select true from favourites where account_id = viewer.id and status_id = w.id limit 1) is not null
                    as favourited,
                (select true from statuses where account_id = viewer.id and reblog_of_id = w.id and deleted_at is null
                    limit 1) is not null as reblogged,
                (select true from bookmarks where account_id = viewer.id and status_id = w.id limit 1) is not null
                    as bookmarked,
                (select true from pins where account_id = viewer.id and status_id = w.id limit 1) is not null
                    as pinned,
                (select true from thread_mutes where account_id = viewer.id and thread_id = w.thread_id limit 1)
                    is not null as muted,
                (select array[poll_id, choices] from poll_votes where account_id = viewer.id and status_id = w.id
                    limit 1) as ballot
        ) done
        where done.favourited or done.reblogged or done.bookmarked or done.pinned or done.muted
            or done.ballot is not null
        """,
        list(viewer_ids),
        list(threads.keys()),
        list(threads.values()),
    )
    return {(row[0], row[1]): Marks(*row[2:7], vote=vote_of(row[7])) for row in rows}
