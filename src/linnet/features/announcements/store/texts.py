"""Rows of the server's texts."""

from datetime import date, datetime
from typing import LiteralString

import asyncpg

from linnet.features.announcements.models import SiteText, SiteTextName
from linnet.platform.postgres import Queries

_WORDING: LiteralString = """
    select t.name, t.text, t.effective_on, t.published_at,
        (select min(n.effective_on) from site_texts n where n.name = t.name and n.effective_on > t.effective_on)
            as succeeded_on
    from site_texts t
"""


async def in_force(db: Queries, name: SiteTextName, on: date) -> SiteText | None:
    """The wording of a text that holds on a day. Uses site_texts_pkey."""
    row = await db.row(
        _WORDING + " where t.name = $1 and t.effective_on <= $2 order by t.effective_on desc limit 1", name, on
    )
    return _text(row) if row else None


async def wording_of(db: Queries, name: SiteTextName, effective_on: date) -> SiteText | None:
    """The wording of a text that holds from a day on. Uses site_texts_pkey."""
    row = await db.row(_WORDING + " where t.name = $1 and t.effective_on = $2", name, effective_on)
    return _text(row) if row else None


async def newest(db: Queries, limit: int) -> list[SiteText]:
    """The latest `limit` wordings of all texts, the last that comes into force first."""
    rows = await db.rows(_WORDING + " order by t.effective_on desc, t.name limit $1", limit)
    return [_text(row) for row in rows]


async def put(db: Queries, name: SiteTextName, text: str, effective_on: date, at: datetime) -> None:
    """Write a wording of a text, in place of another one for the same day."""
    await db.execute(
        """
        insert into site_texts (name, effective_on, text, published_at) values ($1, $2, $3, $4)
        on conflict (name, effective_on) do update set text = excluded.text, published_at = excluded.published_at
        """,
        name,
        effective_on,
        text,
        at,
    )


async def remove(db: Queries, name: SiteTextName, effective_on: date) -> bool:
    """Remove a wording; whether there was one."""
    return bool(await db.execute("delete from site_texts where name = $1 and effective_on = $2", name, effective_on))


def _text(row: asyncpg.Record) -> SiteText:
    return SiteText(
        SiteTextName(row["name"]), row["text"], row["effective_on"], row["published_at"], row["succeeded_on"]
    )
