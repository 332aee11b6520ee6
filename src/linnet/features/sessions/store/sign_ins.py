"""Rows of an account's living sign-ins, be they sessions or tokens of apps, as their owner sees and ends them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from linnet.platform.postgres import Queries


async def living(db: Queries, account_id: int, at: datetime, limit: int) -> Sequence[asyncpg.Record]:
    """Up to `limit` of each kind, newest first: `id, kind, app_name, address, agent, created_at, used_at`.

    Uses `sessions_account` and `oauth_tokens_account`.
    """
    return await db.rows(
        """
        (select id, kind, null::text as app_name, address, agent, created_at, used_at from sessions
         where account_id = $1 and revoked_at is null and expires_at > $2 order by id desc limit $3)
        union all
        (select tokens.id, 'app', apps.name, tokens.address, tokens.agent, tokens.created_at, tokens.used_at
         from oauth_tokens as tokens left join oauth_apps as apps on apps.id = tokens.app_id
         where tokens.account_id = $1 and tokens.revoked_at is null order by tokens.id desc limit $3)
        order by id desc
        """,
        account_id,
        at,
        limit,
    )


async def end_session(db: Queries, account_id: int, session_id: int, at: datetime) -> bool:
    """End a session of an account, at whose device nobody is known any more; whether there was one (primary key)."""
    ended = await db.value(
        """
        with ended as (
            update sessions set revoked_at = $3
            where id = $2 and account_id = $1 and revoked_at is null and expires_at > $3
            returning device_hash
        ), strange as (
            delete from known_devices using ended
            where known_devices.account_id = $1 and known_devices.hash = ended.device_hash
        )
        select count(*) from ended
        """,
        account_id,
        session_id,
        at,
    )
    return ended > 0


async def end_token(db: Queries, account_id: int, token_id: int, at: datetime) -> bool:
    """End a token of an account; whether there was one (primary key)."""
    return (
        await db.execute(
            "update oauth_tokens set revoked_at = $3 where id = $2 and account_id = $1 and revoked_at is null",
            account_id,
            token_id,
            at,
        )
        > 0
    )


async def end_others(db: Queries, account_id: int, kept_id: int, at: datetime) -> None:
    """End every session and token of an account but one, and every code that waits; forget all other devices.

    Uses `sessions_account`, `oauth_tokens_account`, `oauth_codes_account` and the primary key of known devices.
    """
    await db.execute(
        """
        with sessions_ended as (
            update sessions set revoked_at = $3 where account_id = $1 and id <> $2 and revoked_at is null
        ), codes_spent as (
            update oauth_codes set spent_at = $3 where account_id = $1 and spent_at is null
        ), strange as (
            delete from known_devices where account_id = $1
                and hash <> coalesce((select device_hash from sessions where id = $2 and account_id = $1), '')
        )
        update oauth_tokens set revoked_at = $3 where account_id = $1 and id <> $2 and revoked_at is null
        """,
        account_id,
        kept_id,
        at,
    )


async def apps(db: Queries, account_id: int, limit: int) -> Sequence[asyncpg.Record]:
    """Up to `limit` apps that have a token of an account, the one let in last first.

    `id, name, website, scopes, created_at, used_at`: when it was first let in, and when last used
    (`oauth_tokens_account`).
    """
    return await db.rows(
        """
        select apps.id, apps.name, apps.website, min(tokens.created_at) as created_at, max(tokens.used_at) as used_at,
            array(select distinct scope from oauth_tokens as granted, unnest(granted.scopes) as scope
                where granted.account_id = $1 and granted.app_id = apps.id and granted.revoked_at is null
                order by scope) as scopes
        from oauth_tokens as tokens join oauth_apps as apps on apps.id = tokens.app_id
        where tokens.account_id = $1 and tokens.revoked_at is null
        group by apps.id order by max(tokens.id) desc limit $2
        """,
        account_id,
        limit,
    )


async def end_app(db: Queries, account_id: int, app_id: int, at: datetime) -> Sequence[int]:
    """End an app's tokens of an account, and its codes that wait; the ids of the tokens (`oauth_tokens_account`)."""
    rows = await db.rows(
        """
        with codes as (
            update oauth_codes set spent_at = $3 where account_id = $1 and app_id = $2 and spent_at is null
        )
        update oauth_tokens set revoked_at = $3 where account_id = $1 and app_id = $2 and revoked_at is null
        returning id
        """,
        account_id,
        app_id,
        at,
    )
    return [row["id"] for row in rows]


async def see(
    db: Queries,
    ids: Sequence[int],
    at: Sequence[datetime],
    addresses: Sequence[str],
    agents: Sequence[str],
    *,
    idle: timedelta,
    lifetime: timedelta,
) -> None:
    """Note when and from where sessions and tokens were last used, by id; it moves a session's end (primary keys)."""
    await db.execute(
        """
        with seen as (
            select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[])
                as seen (id, at, address, agent)
        ), tokens as (
            update oauth_tokens set used_at = seen.at, address = seen.address, agent = seen.agent from seen
            where oauth_tokens.id = seen.id
        )
        update sessions set used_at = seen.at, address = seen.address, agent = seen.agent,
            expires_at = greatest(expires_at, least(seen.at + $5::interval, sessions.created_at + $6::interval))
        from seen
        where sessions.id = seen.id and sessions.revoked_at is null and sessions.expires_at > seen.at
            and sessions.used_at < seen.at
        """,
        ids,
        at,
        addresses,
        agents,
        idle,
        lifetime,
    )
