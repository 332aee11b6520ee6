"""Rows of OAuth: apps, authorization codes, tokens."""

from collections.abc import Collection, Sequence
from datetime import datetime

import asyncpg

from linnet.features.sessions.models import App, Code
from linnet.platform.postgres import Queries


async def insert_app(
    db: Queries,
    *,
    client_id: str,
    secret_hash: bytes,
    name: str,
    website: str | None,
    redirect_uris: Sequence[str],
    scopes: Sequence[str],
    at: datetime,
) -> int:
    """Register an app; its id."""
    return await db.value(
        """
        insert into oauth_apps (id, client_id, secret_hash, name, website, redirect_uris, scopes, created_at)
        values (snowflake($7), $1, $2, $3, $4, $5, $6, $7) returning id
        """,
        client_id,
        secret_hash,
        name,
        website,
        redirect_uris,
        scopes,
        at,
    )


async def app_with_client_id(db: Queries, client_id: str) -> App | None:
    """The app with this client id (`oauth_apps_client_id_key`)."""
    row = await db.row(
        """
        select id, client_id, secret_hash, name, website, redirect_uris, scopes from oauth_apps where client_id = $1
        """,
        client_id,
    )
    return _app(row)


async def app(db: Queries, app_id: int) -> App | None:
    """The app with this id (primary key)."""
    row = await db.row(
        "select id, client_id, secret_hash, name, website, redirect_uris, scopes from oauth_apps where id = $1",
        app_id,
    )
    return _app(row)


def _app(row: asyncpg.Record | None) -> App | None:
    if row is None:
        return None
    return App(
        id=row["id"],
        client_id=row["client_id"],
        secret_hash=row["secret_hash"],
        name=row["name"],
        website=row["website"],
        redirect_uris=tuple(row["redirect_uris"]),
        scopes=tuple(row["scopes"]),
    )


async def insert_code(db: Queries, code: Code) -> None:
    """Keep an authorization code that was just given out."""
    await db.execute(
        """
        insert into oauth_codes (hash, app_id, account_id, redirect_uri, scopes, challenge, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        code.hash,
        code.app_id,
        code.account_id,
        code.redirect_uri,
        code.scopes,
        code.challenge,
        code.expires_at,
    )


async def code(db: Queries, hash_: bytes) -> Code | None:
    """The authorization code with this hash, used or not, expired or not (primary key)."""
    row = await db.row(
        """
        select hash, app_id, account_id, redirect_uri, scopes, challenge, expires_at, spent_at from oauth_codes
        where hash = $1
        """,
        hash_,
    )
    if row is None:
        return None
    return Code(
        hash=row["hash"],
        app_id=row["app_id"],
        account_id=row["account_id"],
        redirect_uri=row["redirect_uri"],
        scopes=tuple(row["scopes"]),
        challenge=row["challenge"],
        expires_at=row["expires_at"],
        spent=row["spent_at"] is not None,
    )


async def redeem(db: Queries, code_hash: bytes, token_hash: bytes, at: datetime) -> int | None:
    """Turn an unspent, unexpired code into a token; its id, or None. Of two at the same moment one gets it."""
    return await db.value(
        """
        with token as materialized (
            select snowflake($3) as id
        ), spent as (
            update oauth_codes set spent_at = $3, token_id = token.id from token
            where hash = $1 and spent_at is null and expires_at > $3
            returning oauth_codes.app_id, oauth_codes.account_id, oauth_codes.scopes, token.id
        )
        insert into oauth_tokens (id, hash, app_id, account_id, scopes, created_at)
        select id, $2, app_id, account_id, scopes, $3 from spent
        returning id
        """,
        code_hash,
        token_hash,
        at,
    )


async def revoke_redeemed(db: Queries, code_hash: bytes, at: datetime) -> int | None:
    """End the token that a code was turned into; its id, or None when there is none or it had ended (primary keys)."""
    return await db.value(
        """
        update oauth_tokens set revoked_at = $2 from oauth_codes
        where oauth_codes.hash = $1 and oauth_tokens.id = oauth_codes.token_id and oauth_tokens.revoked_at is null
        returning oauth_tokens.id
        """,
        code_hash,
        at,
    )


async def insert_token(
    db: Queries, hash_: bytes, *, app_id: int | None, account_id: int | None, scopes: Sequence[str], at: datetime
) -> int:
    """Keep a new token; its id."""
    return await db.value(
        """
        insert into oauth_tokens (id, hash, app_id, account_id, scopes, created_at)
        values (snowflake($5), $1, $2, $3, $4, $5) returning id
        """,
        hash_,
        app_id,
        account_id,
        scopes,
        at,
    )


async def token_app(db: Queries, hash_: bytes) -> int | None:
    """The app that a token, ended or not, was given to (`oauth_tokens_hash_key`)."""
    return await db.value("select app_id from oauth_tokens where hash = $1", hash_)


async def revoke_token(db: Queries, hash_: bytes, at: datetime) -> int | None:
    """End a token; its id, or None when there is none or it had ended (`oauth_tokens_hash_key`)."""
    return await db.value(
        "update oauth_tokens set revoked_at = $2 where hash = $1 and revoked_at is null returning id", hash_, at
    )


async def revoke_all(db: Queries, account_id: int, at: datetime) -> None:
    """End every token of an account, and every code that waits (`oauth_tokens_account`, `oauth_codes_account`)."""
    await db.execute(
        """
        with codes as (
            update oauth_codes set spent_at = $2 where account_id = $1 and spent_at is null
        )
        update oauth_tokens set revoked_at = $2 where account_id = $1 and revoked_at is null
        """,
        account_id,
        at,
    )


async def access(db: Queries, hashes: Collection[bytes]) -> dict[bytes, asyncpg.Record]:
    """What living tokens give, by their hashes.

    `token_id, app_id, app_name, app_website, scopes, account_id, role, approved, confirmed, frozen`; the account is
    null for an app's own token (`oauth_tokens_hash_key`, then primary keys).
    """
    rows = await db.rows(
        """
        select tokens.id as token_id, tokens.app_id, apps.name as app_name, apps.website as app_website,
            tokens.scopes, tokens.account_id, users.role::text as role,
            users.approved_at is not null as approved, users.confirmed_at is not null as confirmed,
            accounts.frozen_at is not null as frozen, tokens.hash
        from unnest((select $1::bytea[])::bytea[]) as asked (hash)
        join oauth_tokens as tokens on tokens.hash = asked.hash and tokens.revoked_at is null
        left join oauth_apps as apps on apps.id = tokens.app_id
        left join users on users.account_id = tokens.account_id and users.disabled_at is null
        left join accounts on accounts.id = users.account_id
            and accounts.suspended_at is null and accounts.deleted_at is null
        where tokens.account_id is null or accounts.id is not null
        """,
        list(hashes),
    )
    return {row["hash"]: row for row in rows}


async def forget_codes(db: Queries, before: datetime, rows_max: int) -> int:
    """Delete codes that expired before that moment; how many (`oauth_codes_expiry`)."""
    return await db.execute(
        """
        delete from oauth_codes where hash in (
            select hash from oauth_codes where expires_at < $1 order by expires_at limit $2 for update skip locked
        )
        """,
        before,
        rows_max,
    )


async def forget_account(db: Queries, account_id: int, rows_max: int) -> int:
    """Delete an account's tokens and waiting codes; how many (`oauth_tokens_account`, `oauth_codes_account`)."""
    return await db.execute(
        """
        with codes as (
            delete from oauth_codes where hash in (select hash from oauth_codes where account_id = $1 limit $2)
        )
        delete from oauth_tokens where id in (
            select id from oauth_tokens where account_id = $1 order by id desc limit $2
        )
        """,
        account_id,
        rows_max,
    )
