"""Rows of statuses: written whole, reblogged, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import msgspec

from linnet.features.accounts.models import Preferences
from linnet.features.statuses.models import Visibility
from linnet.platform.jobs.new import ENQUEUE, NewJobs
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Blank:
    """What there is of a status before its words: a fresh id, and what its author has chosen."""

    id: int
    earlier_id: int | None
    """The status that this idempotency key stands for already."""
    announced: bool
    """Whether any follower asked to hear of each post of the author."""
    defaults: Preferences


@dataclass(frozen=True, slots=True)
class Beginning:
    """Who begins to write when, and the idempotency key that came along."""

    account_id: int
    key: str | None
    at: datetime


class Row(msgspec.Struct, frozen=True):
    """A status about to be written, with whom it mentions and its hashtags; the names are those of the columns."""

    id: int
    account_id: int
    visibility: str
    text: str
    html: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    quote_of_id: int | None
    thread_id: int
    mention_ids: Sequence[int]
    tags: Sequence[str]
    quote_policy: str
    application_name: str | None
    application_website: str | None
    created_at: datetime
    key: str | None
    """The idempotency key."""
    poll_id: int | msgspec.UnsetType = msgspec.UNSET
    """Like what follows, of those with a poll only."""
    poll_options: Sequence[str] | msgspec.UnsetType = msgspec.UNSET
    poll_multiple: bool | msgspec.UnsetType = msgspec.UNSET
    poll_hides_totals: bool | msgspec.UnsetType = msgspec.UNSET
    poll_expires_at: datetime | msgspec.UnsetType = msgspec.UNSET


async def begin(db: Queries, beginnings: Sequence[Beginning], kept_s: int) -> list[Blank]:
    """A blank status for each. Keys older than `kept_s` seconds stand for nothing. One statement.

    Uses users_pkey, idempotency_keys_pkey and follows_notified.
    """
    rows = await db.rows(
        """
        select snowflake(one.at),
            (select k.status_id from idempotency_keys k
             where k.account_id = one.account_id and k.key = one.key
                and k.created_at >= one.at - make_interval(secs => $4)),
            exists (select from follows where target_id = one.account_id and notifies),
            u.default_visibility::text, u.default_sensitive, u.default_language, u.default_quote_policy::text, u.locale
        from unnest($1::bigint[], $2::text[], $3::timestamptz[]) with ordinality as one (account_id, key, at, place)
        left join users u on u.account_id = one.account_id
        order by one.place
        """,
        [one.account_id for one in beginnings],
        [one.key for one in beginnings],
        [one.at for one in beginnings],
        kept_s,
    )
    return [
        Blank(status_id, earlier_id, announced, Preferences(visibility, *others) if visibility else Preferences())
        for status_id, earlier_id, announced, visibility, *others in rows
    ]


_encode = msgspec.json.Encoder().encode

_ASKED: LiteralString = """, asked as (
            insert into polls (id, status_id, account_id, options, multiple, hides_totals, expires_at)
            select poll_id, id, account_id, poll_options, poll_multiple, poll_hides_totals, poll_expires_at
            from fact where poll_id is not null
        )
"""


async def insert(db: Queries, jobs: NewJobs, rows: Sequence[Row], key_kept_s: int) -> set[int]:
    """Write statuses, their mentions, known tags, counter changes and jobs in one statement, a transaction by itself.

    The ids of those written: nothing is of one whose idempotency key is another status's; a request with the same key
    that runs at the same time is waited for. No two rows may have the same key of the same account. Jobs follow from
    the rows by their places. Only with polls among them it says anything of polls.
    Uses idempotency_keys_pkey and tags_name_key.
    """
    made = await db.rows(
        """
        with draft as (
            select *, (row_number() over () - 1)::int as place from json_to_recordset($5::json) as row (
                id bigint, account_id bigint, visibility visibility, text text, html text, spoiler_text text,
                sensitive boolean, language text, in_reply_to_id bigint, in_reply_to_account_id bigint,
                quote_of_id bigint, thread_id bigint, mention_ids bigint[], tags text[], quote_policy text,
                application_name text, application_website text, created_at timestamptz, key text, poll_id bigint,
                poll_options text[], poll_multiple boolean, poll_hides_totals boolean, poll_expires_at timestamptz)
        ), claimed as (
            insert into idempotency_keys as k (account_id, key, status_id, created_at)
            select account_id, key, id, created_at from draft where key is not null order by account_id, key
            on conflict (account_id, key) do update set status_id = excluded.status_id, created_at = excluded.created_at
                where k.created_at < excluded.created_at - make_interval(secs => $6)
            returning status_id
        ), allowed as materialized (
            select * from draft where key is null or id in (select status_id from claimed)
        ), written as (
            insert into statuses (id, account_id, visibility, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, quote_of_id, thread_id, mention_ids, tags, quote_policy,
                application_name, application_website, created_at, poll_id)
            select id, account_id, visibility, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, quote_of_id, thread_id, mention_ids, tags, quote_policy,
                application_name, application_website, created_at, poll_id from allowed
            returning id
        ), fact as (
            select allowed.* from written join allowed using (id)
        ), enqueued as ("""
        + ENQUEUE
        + """), mentioned as (
            insert into mentions (status_id, account_id) select id, unnest(mention_ids) from fact
        ), tagged as (
            insert into status_tags (tag_id, status_id) select t.id, fact.id from fact join tags t on t.name = any(tags)
        ), author as (
            insert into account_counter_changes (account_id, statuses) select account_id, 1 from fact
        ), counted as (
            insert into status_counter_changes (status_id, replies, quotes)
            select in_reply_to_id, 1, 0 from fact where in_reply_to_id is not null
            union all select quote_of_id, 0, 1 from fact where quote_of_id is not null
        )"""
        + (_ASKED if any(row.poll_id is not msgspec.UNSET for row in rows) else "")
        + " select id from fact",
        jobs.names,
        jobs.queues,
        jobs.works,
        jobs.places,
        _encode(rows).decode(),
        key_kept_s,
    )
    return {row[0] for row in made}


async def id_of_key(db: Queries, account_id: int, key: str) -> int:
    """The status id of an idempotency key that is taken. Uses idempotency_keys_pkey."""
    return await db.value("select status_id from idempotency_keys where account_id = $1 and key = $2", account_id, key)


async def learn_tags(db: Queries, names: Sequence[str], display_names: Sequence[str]) -> None:
    """Add the hashtags that are new; as first written they are shown. Uses tags_name_key."""
    await db.execute(
        """
        insert into tags (name, display_name) select * from unnest($1::text[], $2::text[]) order by 1
        on conflict (name) do nothing
        """,
        names,
        display_names,
    )


async def tag(db: Queries, status_id: int, names: Sequence[str], display_names: Sequence[str]) -> None:
    """Connect an edited status with its hashtags, adding those that are new."""
    await learn_tags(db, names, display_names)
    await db.execute(
        """
        insert into status_tags (tag_id, status_id) select id, $1 from tags where name = any($2) on conflict do nothing
        """,
        status_id,
        names,
    )


async def numbers(db: Queries, many: int) -> list[int]:
    """Numbers for ids that are made here and now (`platform.ids.snowflake`)."""
    rows = await db.rows("select nextval('snowflake_sequence') from generate_series(1, $1::int)", many)
    return [row[0] for row in rows]


async def new_id(db: Queries, at: datetime) -> int:
    """A fresh snowflake for the moment `at`."""
    return await db.value("select snowflake($1)", at)


async def drop_old_keys(db: Queries, before: datetime, limit: int) -> int:
    """Forget idempotency keys older than `before`; how many. Uses idempotency_keys_age."""
    return await db.execute(
        """
        delete from idempotency_keys where ctid in (
            select ctid from idempotency_keys where created_at < $1 order by created_at limit $2)
        """,
        before,
        limit,
    )


async def insert_reblog(
    db: Queries, reblog_id: int, account_id: int, target_id: int, thread_id: int, visibility: Visibility, at: datetime
) -> bool:
    """Write a reblog and its counter changes; False when this account has one already. Uses statuses_reblog_once."""
    made = await db.value(
        """
        with reblog as (
            insert into statuses (id, account_id, visibility, reblog_of_id, thread_id, created_at)
            values ($1, $2, $3::text::visibility, $4, $5, $6)
            on conflict (account_id, reblog_of_id) where reblog_of_id is not null and deleted_at is null do nothing
            returning id
        ), author as (
            insert into account_counter_changes (account_id, statuses) select $2, 1 from reblog
        ), counted as (
            insert into status_counter_changes (status_id, reblogs) select $4, 1 from reblog
        )
        select id from reblog
        """,
        reblog_id,
        account_id,
        visibility,
        target_id,
        thread_id,
        at,
    )
    return made is not None


async def reblog_id_of(db: Queries, account_id: int, target_id: int) -> int | None:
    """The id of this account's live reblog of a status. Uses statuses_reblog_once."""
    return await db.value(
        "select id from statuses where account_id = $1 and reblog_of_id = $2 and deleted_at is null",
        account_id,
        target_id,
    )


async def hold(db: Queries, status_id: int) -> None:
    """Keep a status from being taken back until the transaction ends; whoever is just taking it back comes first.

    Any number may hold a status at once, and none of them writes to its row: a viral post is no hot row. Read the
    status after this, not before.
    """
    await db.execute("select pg_advisory_xact_lock_shared($1)", status_id)


async def retract(db: Queries, account_id: int, status_id: int, at: datetime) -> list[int] | None:
    """Mark an account's status deleted and take its counts back; None when it is not theirs or already gone.

    Else the ids of those it answered, reblogged or quoted, whose counts are others now.

    Run it in a transaction: it waits for all who `hold` the status, so that no mark is made on a deleted one.
    """
    await db.execute("select pg_advisory_xact_lock($1)", status_id)
    gone = await db.row(
        """
        with gone as (
            update statuses set deleted_at = $3 where id = $2 and account_id = $1 and deleted_at is null
            returning id, in_reply_to_id, reblog_of_id, quote_of_id
        ), author as (
            insert into account_counter_changes (account_id, statuses) select $1, -1 from gone
        ), counted as (
            insert into status_counter_changes (status_id, replies, reblogs, quotes)
            select in_reply_to_id, -1, 0, 0 from gone where in_reply_to_id is not null
            union all select reblog_of_id, 0, -1, 0 from gone where reblog_of_id is not null
            union all select quote_of_id, 0, 0, -1 from gone where quote_of_id is not null
        ), unpinned as (
            delete from pins where account_id = $1 and status_id in (select id from gone)
        )
        select in_reply_to_id, reblog_of_id, quote_of_id from gone
        """,
        account_id,
        status_id,
        at,
    )
    return None if gone is None else [status_id for status_id in gone if status_id is not None]
