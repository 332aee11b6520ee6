"""New wordings of statuses, and the history of the old ones."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import asyncpg

from linnet.features.media.statements import KEPT, kept_of
from linnet.features.statuses.models import QuotePolicy, ReplyPolicy, Status, Version
from linnet.platform.postgres import Queries


async def revise(
    db: Queries,
    before: Status,
    *,
    text: str,
    html: str,
    spoiler_text: str,
    sensitive: bool,
    language: str | None,
    mention_ids: Sequence[int],
    tags: Sequence[str],
    poll_id: int | None,
    media_count: int,
    at: datetime,
) -> None:
    """Give a status a new wording and keep the old one in its history. Those once mentioned may go on seeing it."""
    await db.execute(
        """
        with kept as (
            insert into status_edits (status_id, text, html, spoiler_text, sensitive, created_at, poll_options,
                media_ids, media_descriptions)
            select id, text, html, spoiler_text, sensitive, coalesce(edited_at, created_at), $11, $13, $14
            from statuses where id = $1
        ), mentioned as (
            insert into mentions (status_id, account_id) select $1, unnest($7::bigint[]) on conflict do nothing
        ), untagged as (
            delete from status_tags where status_id = $1 and tag_id not in (select id from tags where name = any($8))
        ), searched as (
            insert into search_changes (status_id) values ($1)
        )
        update statuses set text = $2, html = $3, spoiler_text = $4, sensitive = $5, language = $6, mention_ids = $7,
            tags = $8, edited_at = $9, poll_id = $10, media_count = $12
        where id = $1
        """,
        before.id,
        text,
        html,
        spoiler_text,
        sensitive,
        language,
        mention_ids,
        tags,
        at,
        poll_id,
        before.poll.options if before.poll else None,
        media_count,
        [one.id for one in before.media] or None,
        [one.description for one in before.media] or None,
    )


async def set_policies(db: Queries, status_id: int, quote_policy: QuotePolicy, reply_policy: ReplyPolicy) -> None:
    """Let others quote and answer a status, which is no new wording of it."""
    await db.execute(
        "update statuses set quote_policy = $2, reply_policy = $3 where id = $1", status_id, quote_policy, reply_policy
    )


async def versions(db: Queries, status_id: int, limit: int) -> list[Version]:
    """The former wordings of a status, oldest first. Uses status_edits_status."""
    rows = await db.rows(
        "select e.text, e.html, e.spoiler_text, e.sensitive, e.created_at, e.poll_options, "
        + KEPT
        + " from status_edits e where e.status_id = $1 order by e.id limit $2",
        status_id,
        limit,
    )
    return [_version(row) for row in rows]


async def versions_of_many(db: Queries, status_ids: Sequence[int], limit_each: int) -> dict[int, list[Version]]:
    """The former wordings of each of several statuses, oldest first. Uses status_edits_status."""
    rows = await db.rows(
        "select e.text, e.html, e.spoiler_text, e.sensitive, e.created_at, e.poll_options, "
        + KEPT
        + """, x.id as status_id
        from unnest($1::bigint[]) as x (id)
        cross join lateral (select * from status_edits where status_id = x.id order by id limit $2) e
        order by x.id, e.id
        """,
        list(status_ids),
        limit_each,
    )
    return {status_id: [_version(row) for row in group] for status_id, group in groupby(rows, itemgetter("status_id"))}


def _version(row: asyncpg.Record) -> Version:
    text, html, spoiler_text, sensitive, created_at, options, media, *_ = row
    return Version(text, html, spoiler_text, sensitive, created_at, tuple(options) if options else None, kept_of(media))


async def lock(db: Queries, status_id: int) -> None:
    """Keep a status from being edited, taken back or marked until the transaction ends: the other side of `posts.hold`.

    So two edits of it follow one another, and nobody votes in a poll while it becomes another one.
    """
    await db.execute("select pg_advisory_xact_lock($1)", status_id)


async def set_sensitive(db: Queries, account_id: int, status_ids: Collection[int], *, sensitive: bool) -> list[int]:
    """Put an account's statuses behind a warning, or take them out; which were not so before. Uses statuses_pkey."""
    rows = await db.rows(
        """
        with changed as (
            update statuses set sensitive = $3
            where id = any($2) and account_id = $1 and deleted_at is null and sensitive <> $3 returning id
        ), searched as (
            insert into search_changes (status_id) select id from changed
        )
        select id from changed order by id
        """,
        account_id,
        list(status_ids),
        sensitive,
    )
    return [row["id"] for row in rows]
