"""Statuses as everybody may share them, and what one viewer has done with them, loaded apart from one another."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from linnet.features.accounts.models import AccountVersion
from linnet.features.statuses.models import Marks, Status
from linnet.features.statuses.store.loading import status_of
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Shared:
    """A status, whoever looks at it."""

    status: Status | None
    """None when it was deleted, which is worth to be known as well."""
    mentioned: tuple[int, ...]
    """Whom any of its wordings mentioned, of statuses that not everyone may see."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it."""

    version: AccountVersion
    gone: bool
    """Deleted or suspended."""


async def load(db: Queries, ids: Iterable[int]) -> tuple[dict[int, Shared], dict[int, Author]]:
    """Those of `ids` that are not deleted, with the reblogged and quoted ones they lead to; and their authors by id.

    Everything of `statuses.store.loading.load` that is the same for every viewer, by the same indexes and plan.
    """
    rows = await db.rows(
        """
        with page as materialized (
            select id, reblog_of_id, quote_of_id from statuses where id = any((select $1::bigint[])::bigint[])
        ), shown as materialized (
            select id, quote_of_id from page
            union all select r.id, r.quote_of_id from page
                cross join lateral (select id, quote_of_id from statuses where id = page.reblog_of_id limit 1) r
        ), quoted as materialized (
            select q.id, q.quote_of_id from shown
                cross join lateral (select id, quote_of_id from statuses where id = shown.quote_of_id limit 1) q
        ), wanted as materialized (
            select id from shown union select id from quoted
            union select quote_of_id from quoted where quote_of_id is not null
        )
        select s.id, s.account_id, s.visibility, s.text, s.html, s.spoiler_text, s.sensitive, s.language,
            s.in_reply_to_id, s.in_reply_to_account_id, s.reblog_of_id, s.quote_of_id, s.thread_id, s.mention_ids,
            s.tags, s.quote_policy, s.application_name, s.application_website, s.created_at, s.edited_at,
            coalesce(c.replies, 0) + coalesce(p.replies, 0) as replies,
            coalesce(c.reblogs, 0) + coalesce(p.reblogs, 0) as reblogs,
            coalesce(c.favourites, 0) + coalesce(p.favourites, 0) as favourites,
            coalesce(c.quotes, 0) + coalesce(p.quotes, 0) as quotes,
            case when s.visibility in ('private', 'direct')
                then array(select m.account_id from mentions m where m.status_id = s.id) end,
            author.xmin::text || '.' || coalesce(u.xmin::text, '') as version,
            coalesce(n.followers, 0), coalesce(n.following, 0), coalesce(n.statuses, 0),
            author.deleted_at is not null or author.suspended_at is not null
        from wanted
        cross join lateral (select * from statuses where id = wanted.id limit 1) s
        join accounts author on author.id = s.account_id
        left join users u on u.account_id = s.account_id
        left join account_counters n on n.account_id = s.account_id
        left join status_counters c on c.status_id = s.id
        left join (
            select x.status_id, sum(x.replies) as replies, sum(x.reblogs) as reblogs, sum(x.favourites) as favourites,
                sum(x.quotes) as quotes
            from status_counter_changes x where x.status_id in (select id from wanted) group by x.status_id
        ) p on p.status_id = s.id
        where s.deleted_at is null
        """,
        list(ids),
    )
    return (
        {row[0]: Shared(status_of(row), tuple(row[24] or ())) for row in rows},
        {row[1]: Author(AccountVersion(*row[25:29]), row[29]) for row in rows},
    )


async def marks(db: Queries, viewer_id: int, ids: Collection[int]) -> dict[int, Marks]:
    """What the viewer has done with each of `ids`, mutes of threads left out. Uses the primary key of every mark."""
    rows = await db.rows(
        """
        select w.id,
            (select true from favourites where account_id = $1 and status_id = w.id limit 1) is not null,
            (select true from statuses where account_id = $1 and reblog_of_id = w.id and deleted_at is null
                limit 1) is not null,
            (select true from bookmarks where account_id = $1 and status_id = w.id limit 1) is not null,
            (select true from pins where account_id = $1 and status_id = w.id limit 1) is not null
        from unnest($2::bigint[]) w (id)
        """,
        viewer_id,
        list(ids),
    )
    return {row[0]: Marks(*row[1:5]) for row in rows}


async def muted_threads(db: Queries, viewer_id: int, limit: int) -> list[int]:
    """Up to `limit` threads that the viewer has muted. Uses thread_mutes_pkey."""
    rows = await db.rows("select thread_id from thread_mutes where account_id = $1 limit $2", viewer_id, limit)
    return [row["thread_id"] for row in rows]
