"""Rows of subscriptions, and which of them a notification is due to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.notifications.models import OF_CASEWORK
from linnet.features.notifications.store.rows import WELCOME
from linnet.features.notifications.subscriptions.models import (
    APPS_MAX,
    Channel,
    Due,
    Policy,
    Push,
    Subscription,
    Target,
    Wish,
)
from linnet.platform.postgres import Queries

_LIVES: LiteralString = """
    (select u.disabled_at is null and a.suspended_at is null and a.deleted_at is null
     from users u join accounts a on a.id = u.account_id where u.account_id = p.account_id)
    and coalesce((select t.revoked_at is null from oauth_tokens t where t.id = p.token_id),
                 (select s.revoked_at is null and s.expires_at > now() from sessions s where s.id = p.session_id))
"""
"""Whether subscription `p` still has a token or session that gives access (primary keys)."""

_COLUMNS: LiteralString = """
    p.id, p.channel, p.address, p.public_key, p.secret, p.standard, p.previews, p.alerts, p.policy
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose subscription: an account's token of an app, or its session; one of the two."""

    account_id: int
    token_id: int | None
    session_id: int | None

    @property
    def id(self) -> int:
        """Of the token or the session: snowflakes, so no two are the same."""
        found = self.token_id or self.session_id
        assert found, "an access is a token's or a session's"
        return found


async def lock(db: Queries, account_id: int) -> None:
    """Let an account's apps subscribe one after the other, until the transaction ends: each may take others' place."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('push subscriptions', $1))", account_id)


async def put(db: Queries, holder: Holder, target: Target, wish: Wish, box: bytes, at: datetime) -> int:
    """Keep a subscription in place of the holder's former one, and of the account's others to that address; its id.

    Uses the unique holder_id, and push_subscriptions_account.
    """
    return await db.value(
        """
        with others as (
            delete from push_subscriptions
            where account_id = $1 and channel = $4 and address = $5 and holder_id <> coalesce($2::bigint, $3::bigint)
        )
        insert into push_subscriptions (id, account_id, token_id, session_id, channel, address, public_key, secret,
            standard, previews, token_box, alerts, policy, created_at)
        values (snowflake($13), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (holder_id) do update set id = excluded.id, channel = excluded.channel, address = excluded.address,
            public_key = excluded.public_key, secret = excluded.secret, standard = excluded.standard,
            previews = excluded.previews, token_box = excluded.token_box,
            alerts = excluded.alerts, policy = excluded.policy, created_at = excluded.created_at, failing_since = null
        returning id
        """,
        holder.account_id,
        holder.token_id,
        holder.session_id,
        target.channel,
        target.address,
        target.public_key,
        target.secret,
        target.standard,
        target.previews,
        box,
        sorted(wish.alerts),
        wish.policy,
        at,
    )


async def load(db: Queries, holder: Holder, *, web: bool) -> Subscription | None:
    """The holder's subscription, to Web Push or else of a device. Uses the unique holder_id."""
    row = await db.row(
        "select" + _COLUMNS + "from push_subscriptions p where p.holder_id = $1 and (p.channel = 'web') = $2",
        holder.id,
        web,
    )
    return _subscription(row) if row else None


async def change(db: Queries, holder: Holder, wish: Wish, *, web: bool) -> Subscription | None:
    """Have the holder's subscription be for something else; None when there is none. Uses the same."""
    row = await db.row(
        "update push_subscriptions p set alerts = $3, policy = $4 "
        "where p.holder_id = $1 and (p.channel = 'web') = $2 returning" + _COLUMNS,
        holder.id,
        web,
        sorted(wish.alerts),
        wish.policy,
    )
    return _subscription(row) if row else None


async def remove(db: Queries, holder: Holder, *, web: bool) -> None:
    """Forget the holder's subscription. Uses the same."""
    await db.execute("delete from push_subscriptions where holder_id = $1 and (channel = 'web') = $2", holder.id, web)


async def due(db: Queries, told: Sequence[tuple[int, int]]) -> list[Due]:
    """Of pairs (account id, notification id) what is to be pushed to which subscription. One statement.

    Nothing about people that a subscription's policy leaves out; one's own poll is one's own. What staff did about one
    is pushed to whoever lets anything be: apps know of no switch for it. Up to `APPS_MAX` for each
    account. Uses push_subscriptions_account and primary keys, and looks no further for accounts that have none.
    """
    rows = await db.rows(
        """
        select p.id as subscription_id, n.id as notification_id
        from unnest($1::bigint[], $2::bigint[]) as told (account_id, id)
        cross join lateral (
            select * from push_subscriptions where account_id = told.account_id order by id desc limit $3
        ) p
        cross join lateral (
            select id, kind, from_account_id from notifications
            where id = told.id and account_id = told.account_id limit 1
        ) n
        where (n.kind = any (p.alerts) or n.kind = 'moderation_warning') and p.policy <> 'none'
            and (p.policy = 'all' or n.from_account_id = p.account_id
                or (p.policy = 'followed' and (select true from follows f
                    where f.account_id = p.account_id and f.target_id = n.from_account_id limit 1))
                or (p.policy = 'follower' and (select true from follows f
                    where f.account_id = n.from_account_id and f.target_id = p.account_id limit 1)))
            and """
        + _LIVES
        + "order by n.id, p.id",
        [account_id for account_id, _ in told],
        [notification_id for _, notification_id in told],
        APPS_MAX,
    )
    return [Due(row["subscription_id"], row["notification_id"]) for row in rows]


async def pushes(db: Queries, dues: Collection[Due]) -> list[Push]:
    """What is due, as it is now: without subscriptions that ended, notifications put away, and unwelcome senders.

    Whether the recipient may see the status is for the caller to ask. Uses primary keys, and those of WELCOME.
    """
    rows = await db.rows(
        """
        select p.id as subscription_id, n.id as notification_id, p.account_id, p.channel, p.address, p.public_key,
            p.secret, p.standard, p.previews, p.token_box, p.created_at as subscribed_at, p.failing_since,
            u.locale, n.kind, n.from_account_id, n.status_id, n.created_at as notified_at
        from unnest($1::bigint[], $2::bigint[]) as due (subscription_id, notification_id)
        join push_subscriptions p on p.id = due.subscription_id
        join users u on u.account_id = p.account_id
        join notifications n on n.id = due.notification_id and n.account_id = p.account_id
        where """
        + _LIVES
        + " and "
        + WELCOME,
        [due.subscription_id for due in dues],
        [due.notification_id for due in dues],
    )
    return [_push(row) for row in rows]


async def forget(db: Queries, ids: Collection[int]) -> None:
    """Forget subscriptions (primary key)."""
    await db.execute("delete from push_subscriptions where id = any ($1::bigint[])", list(ids))


async def note_failing(db: Queries, ids: Collection[int], at: datetime) -> None:
    """Note since when nothing gets through to subscriptions, unless that is known (primary key)."""
    await db.execute(
        "update push_subscriptions set failing_since = $2 where id = any ($1::bigint[]) and failing_since is null",
        list(ids),
        at,
    )


async def note_working(db: Queries, ids: Collection[int]) -> None:
    """Note that something got through to subscriptions again (primary key)."""
    await db.execute(
        "update push_subscriptions set failing_since = null "
        "where id = any ($1::bigint[]) and failing_since is not null",
        list(ids),
    )


async def forget_ended(db: Queries, after_id: int, failing_before: datetime, limit: int) -> tuple[int, bool]:
    """Of the `limit` subscriptions after an id forget those without access, and those that have failed since before.

    The last id looked at, and whether there may be more (primary key).
    """
    row = await db.row(
        """
        with slice as materialized (
            select p.id, p.failing_since < $2 as failed, coalesce("""
        + _LIVES
        + """, false) as lives
            from push_subscriptions p where p.id > $1 order by p.id limit $3
        ), gone as (
            delete from push_subscriptions where id in (select id from slice where failed or not lives)
        )
        select coalesce(max(id), $1) as last_id, count(*) = $3 as more from slice
        """,
        after_id,
        failing_before,
        limit,
    )
    assert row is not None
    return row["last_id"], row["more"]


async def forget_account(db: Queries, account_id: int) -> None:
    """Forget an account's subscriptions; they are few. Uses push_subscriptions_account."""
    await db.execute("delete from push_subscriptions where account_id = $1", account_id)


def _subscription(row: asyncpg.Record) -> Subscription:
    return Subscription(row["id"], _target(row), Wish(frozenset(row["alerts"]), Policy(row["policy"])))


def _target(row: asyncpg.Record) -> Target:
    return Target(
        Channel(row["channel"]),
        row["address"],
        row["public_key"],
        row["secret"],
        row["standard"],
        row["previews"],
    )


def _push(row: asyncpg.Record) -> Push:
    return Push(
        due=Due(row["subscription_id"], row["notification_id"]),
        account_id=row["account_id"],
        target=_target(row),
        box=row["token_box"],
        subscribed_at=row["subscribed_at"],
        failing_since=row["failing_since"],
        locale=row["locale"],
        kind=row["kind"],
        from_account_id=row["from_account_id"],
        status_id=None if row["kind"] in OF_CASEWORK else row["status_id"],
        notified_at=row["notified_at"],
    )
