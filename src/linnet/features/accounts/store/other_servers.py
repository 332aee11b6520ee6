"""Rows of what was decided about other servers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, LiteralString

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

if TYPE_CHECKING:
    from linnet.features.accounts.other_servers import OtherServer


async def insert(db: Queries, server: "OtherServer", *, allowed: bool) -> tuple[bool, asyncpg.Record]:
    """Put a server on a list: whether it was not there, and its row (other_servers_allowed_domain_key)."""
    row = await db.row(
        """
        insert into other_servers (id, domain, allowed, severity, reject_media, reject_reports, obfuscate,
            private_comment, public_comment, made_at)
        values (snowflake($9), $1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (allowed, domain) do nothing
        returning id, domain, severity, reject_media, reject_reports, obfuscate, private_comment, public_comment,
            made_at
        """,
        server.domain,
        allowed,
        server.severity,
        server.reject_media,
        server.reject_reports,
        server.obfuscate,
        server.private_comment,
        server.public_comment,
        server.made_at,
    )
    if row is not None:
        return True, row
    row = await db.row(
        """
        select id, domain, severity, reject_media, reject_reports, obfuscate, private_comment, public_comment, made_at
        from other_servers where allowed = $1 and domain = $2
        """,
        allowed,
        server.domain,
    )
    assert row is not None, "a server that cannot be inserted is there"
    return False, row


async def update(db: Queries, server: "OtherServer") -> None:
    """Write anew how a server is blocked (primary key)."""
    await db.execute(
        """
        update other_servers set severity = $2, reject_media = $3, reject_reports = $4, obfuscate = $5,
            private_comment = $6, public_comment = $7 where id = $1
        """,
        server.id,
        server.severity,
        server.reject_media,
        server.reject_reports,
        server.obfuscate,
        server.private_comment,
        server.public_comment,
    )


async def delete(db: Queries, server_id: int, *, allowed: bool) -> str | None:
    """Take a server off a list; its domain, if it was there (primary key)."""
    return await db.value(
        "delete from other_servers where id = $1 and allowed = $2 returning domain", server_id, allowed
    )


async def load(db: Queries, server_id: int, *, allowed: bool) -> asyncpg.Record | None:
    """The row of one (primary key)."""
    return await db.row(
        """
        select id, domain, severity, reject_media, reject_reports, obfuscate, private_comment, public_comment, made_at
        from other_servers where id = $1 and allowed = $2
        """,
        server_id,
        allowed,
    )


async def page(db: Queries, window: Window, *, allowed: bool) -> Sequence[asyncpg.Record]:
    """The rows of a page of a list, newest first (other_servers_page)."""
    asked: LiteralString = """
        select id, domain, severity, reject_media, reject_reports, obfuscate, private_comment, public_comment, made_at
        from other_servers where allowed = $4 and id > $1 and id < $2
        """
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(asked + order, window.floor, window.ceiling, window.limit, allowed)
    return rows[::-1] if window.forward else rows
