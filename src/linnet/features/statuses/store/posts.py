"""Rows of statuses: begun, reblogged, taken back. `writing.py` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linnet.features.accounts.models import Preferences
from linnet.features.media.statements import DETACH
from linnet.features.statuses.gone import Gone
from linnet.features.statuses.models import Visibility
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


async def id_of_key(db: Queries, account_id: int, key: str) -> int | None:
    """The status id of an idempotency key, if it is taken. Uses idempotency_keys_pkey."""
    return await db.value("select status_id from idempotency_keys where account_id = $1 and key = $2", account_id, key)


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
        ), trending as (
            insert into trend_changes (kind, status_id, account_id, made_at)
            select 'reblogged', $4, $2, $6 from reblog where $3 <> 'private'
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


async def retract(db: Queries, account_id: int, status_id: int, at: datetime) -> tuple[Gone, list[int]] | None:
    """Mark an account's status deleted and take its counts back; None when it is not theirs or already gone.

    Else what it was, and the ids of those it answered, reblogged or quoted, whose counts are others now.

    Its media may be shown by others again. Run it in a transaction: it waits for all who `hold` the status, so that no
    mark is made on a deleted one.
    """
    await db.execute("select pg_advisory_xact_lock($1)", status_id)
    gone = await db.row(
        """
        with gone as (
            update statuses set deleted_at = $3 where id = $2 and account_id = $1 and deleted_at is null
            returning id, in_reply_to_id, reblog_of_id, quote_of_id, quote_revoked_at, visibility, mention_ids,
                withheld_at is not null as withheld
        ), author as (
            insert into account_counter_changes (account_id, statuses) select $1, -1 from gone
        ), counted as (
            insert into status_counter_changes (status_id, replies, reblogs, quotes)
            select in_reply_to_id, -1, 0, 0 from gone where in_reply_to_id is not null and not withheld
            union all select reblog_of_id, 0, -1, 0 from gone where reblog_of_id is not null
            union all select quote_of_id, 0, 0, -1 from gone
                where quote_of_id is not null and quote_revoked_at is null and not withheld
        ), searched as (
            insert into search_changes (status_id) select id from gone where reblog_of_id is null
        ), unpinned as (
            delete from pins where account_id = $1 and status_id in (select id from gone)
        )"""
        + DETACH
        + """
        select withheld, visibility, mention_ids, (select account_id from statuses where id = gone.reblog_of_id),
            in_reply_to_id, reblog_of_id, quote_of_id
        from gone
        """,
        account_id,
        status_id,
        at,
    )
    if gone is None:
        return None
    withheld, visibility, mention_ids, reblogged_id, *related_ids = gone
    if withheld:  # which nobody but its author saw
        visibility, mention_ids = Visibility.DIRECT, ()
    was = Gone(status_id, account_id, Visibility(visibility), reblogged_id or 0, tuple(mention_ids))
    return was, [one for one in related_ids if one is not None]
