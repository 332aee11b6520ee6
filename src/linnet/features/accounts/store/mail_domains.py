"""Rows of mail domains that staff refuse."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def any_refused(db: Queries, domains: Sequence[str]) -> bool:
    """Whether one of these domains is refused (refused_mail_domains_domain)."""
    return await db.value("select exists (select from refused_mail_domains where domain = any($1))", list(domains))


async def insert(db: Queries, domain: str, at: datetime) -> tuple[bool, asyncpg.Record]:
    """Refuse a domain: whether it was not refused before, and its `id, domain, made_at`."""
    row = await db.row(
        """
        insert into refused_mail_domains (id, domain, made_at) values (snowflake($2), $1, $2)
        on conflict (domain) do nothing returning id, domain, made_at
        """,
        domain,
        at,
    )
    if row is not None:
        return True, row
    row = await db.row("select id, domain, made_at from refused_mail_domains where domain = $1", domain)
    assert row is not None, "a domain that cannot be inserted is there"
    return False, row


async def delete(db: Queries, domain: str) -> bool:
    """Take a domain again; whether it was refused (refused_mail_domains_domain)."""
    return await db.execute("delete from refused_mail_domains where domain = $1", domain) == 1


async def load(db: Queries, domain_id: int) -> asyncpg.Record | None:
    """`id, domain, made_at` of one (primary key)."""
    return await db.row("select id, domain, made_at from refused_mail_domains where id = $1", domain_id)


async def page(db: Queries, window: Window) -> Sequence[asyncpg.Record]:
    """`id, domain, made_at` of a page of them, newest first (primary key)."""
    asked: LiteralString = "select id, domain, made_at from refused_mail_domains where id > $1 and id < $2"
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(asked + order, window.floor, window.ceiling, window.limit)
    return rows[::-1] if window.forward else rows
