"""Rows of policies. The columns of a version are in the order of `policies.Version`."""

from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def active(db: Queries) -> asyncpg.Record | None:
    """The version that was activated last, of version 0 without a source; None when none ever was. Primary keys."""
    return await db.row(
        """
        select held.version, p.source, coalesce(p.note, '') as note, p.made_by, p.made_at
        from (select version from policy_activations order by id desc limit 1) held
        left join policies p on p.version = held.version
        """
    )


async def version(db: Queries, number: int) -> asyncpg.Record | None:
    """One version. Primary key."""
    return await db.row("select version, source, note, made_by, made_at from policies where version = $1", number)


async def versions(db: Queries, limit: int) -> list[asyncpg.Record]:
    """Versions, the latest first. Primary key."""
    return await db.rows(
        "select version, source, note, made_by, made_at from policies order by version desc limit $1", limit
    )


async def activations(db: Queries, limit: int) -> list[asyncpg.Record]:
    """Activations, the latest first. Primary key."""
    return await db.rows(
        "select version, activated_by, activated_at from policy_activations order by id desc limit $1", limit
    )


async def add(db: Queries, source: str, note: str, made_by: int | None, at: datetime) -> int:
    """Keep a version; its number."""
    return await db.value(
        "insert into policies (source, note, made_by, made_at) values ($1, $2, $3, $4) returning version",
        source,
        note,
        made_by,
        at,
    )


async def activate(db: Queries, number: int, activated_by: int | None, at: datetime) -> None:
    """Note that a version holds from now on."""
    await db.execute(
        """
        insert into policy_activations (id, version, activated_by, activated_at)
        values (snowflake(clock_timestamp()), $1, $2, $3)
        """,
        number,
        activated_by,
        at,
    )
