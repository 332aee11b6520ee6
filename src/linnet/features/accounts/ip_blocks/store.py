"""Rows of IP blocks."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.accounts.ip_blocks.models import IpBlock, Severity
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries
from linnet.platform.requests import Network


async def everything(db: Queries, limit: int) -> list[IpBlock]:
    """All of them, at most `limit`, newest first (ip_blocks_pkey)."""
    rows = await db.rows(
        """
        select id, network, severity, comment, created_at, expires_at from ip_blocks order by id desc limit $1
        """,
        limit,
    )
    return [_block(row) for row in rows]


async def is_full(db: Queries, limit: int) -> bool:
    """Whether there are `limit` already."""
    return await db.value("select count(*) >= $1 from (select from ip_blocks limit $1) b", limit)


async def insert(
    db: Queries, network: Network, severity: Severity, comment: str, at: datetime, expires_at: datetime | None
) -> IpBlock | None:
    """Block a network; None where it is blocked already, and that has not expired (ip_blocks_network_key)."""
    row = await db.row(
        """
        insert into ip_blocks as b (id, network, severity, comment, created_at, expires_at)
        values (snowflake($4), $1, $2, $3, $4, $5)
        on conflict (network) do update set id = excluded.id, severity = $2, comment = $3, created_at = $4,
            expires_at = $5
            where b.expires_at <= $4
        returning id, network, severity, comment, created_at, expires_at
        """,
        network,
        severity,
        comment,
        at,
        expires_at,
    )
    return _block(row) if row else None


async def update(db: Queries, block: IpBlock) -> None:
    """Write a block anew; raises `UniqueViolationError` where another has its network (ip_blocks_pkey)."""
    await db.execute(
        "update ip_blocks set network = $2, severity = $3, comment = $4, expires_at = $5 where id = $1",
        block.id,
        block.network,
        block.severity,
        block.comment,
        block.expires_at,
    )


async def load_for_update(db: Queries, block_id: int) -> IpBlock | None:
    """One of them, locked (ip_blocks_pkey)."""
    row = await db.row(
        """
        select id, network, severity, comment, created_at, expires_at from ip_blocks where id = $1 for update
        """,
        block_id,
    )
    return _block(row) if row else None


async def load(db: Queries, block_id: int) -> IpBlock | None:
    """One of them (ip_blocks_pkey)."""
    row = await db.row(
        "select id, network, severity, comment, created_at, expires_at from ip_blocks where id = $1", block_id
    )
    return _block(row) if row else None


async def by_network(db: Queries, network: Network) -> IpBlock | None:
    """The one of exactly this network (ip_blocks_network_key)."""
    row = await db.row(
        "select id, network, severity, comment, created_at, expires_at from ip_blocks where network = $1", network
    )
    return _block(row) if row else None


async def delete(db: Queries, block_id: int) -> IpBlock | None:
    """End one; what it was (ip_blocks_pkey)."""
    row = await db.row(
        "delete from ip_blocks where id = $1 returning id, network, severity, comment, created_at, expires_at", block_id
    )
    return _block(row) if row else None


async def delete_expired(db: Queries, at: datetime, limit: int) -> int:
    """Forget up to `limit` that have expired (ip_blocks_expiry)."""
    return await db.execute(
        """
        delete from ip_blocks where id in (
            select id from ip_blocks where expires_at <= $1 order by expires_at limit $2)
        """,
        at,
        limit,
    )


async def page(db: Queries, window: Window) -> Sequence[IpBlock]:
    """A page of them, newest first (ip_blocks_pkey)."""
    asked: LiteralString = """
        select id, network, severity, comment, created_at, expires_at from ip_blocks where id > $1 and id < $2
        """
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(asked + order, window.floor, window.ceiling, window.limit)
    found = [_block(row) for row in rows]
    return found[::-1] if window.forward else found


def _block(row: asyncpg.Record) -> IpBlock:
    return IpBlock(row[0], row[1], Severity(row[2]), row[3], row[4], row[5])
