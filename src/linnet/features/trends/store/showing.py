"""What trends, what waits to be looked at, and what staff have said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, LiteralString

import asyncpg

from linnet.features.statuses.conditions import UNSILENCED, VISIBLE
from linnet.features.trends.models import Day, Kind, LinkTrend, TagTrend, Trend
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which trends of a kind: by what staff have said of them, and a part of the list, what rises most first."""

    reviewed: Literal["approved", "not rejected", "whatever"]
    languages: Sequence[str] = ()
    """Only those in one of these, or in none that is known; empty for all."""
    preferred: Sequence[str] = ()
    """Languages whose trends come first."""
    limit: int = 10
    offset: int = 0


_TREND: LiteralString = " t.subject_id, t.score, t.language, t.trendable "

_RISING: LiteralString = """
    t.score > 0
    and case $2::text when 'approved' then t.trendable is true when 'not rejected' then t.trendable is not false
        else true end
    and ($3::text[] = '{}' or t.language is null or t.language = any($3))
"""
_FIRST: LiteralString = """
    order by (t.language = any($4::text[])) is true desc, t.score desc, t.subject_id limit $5 offset $6
"""

_DAYS: LiteralString = """
    left join lateral (
        select array_agg(d.day order by d.day desc) as days, array_agg(d.uses order by d.day desc) as uses,
            array_agg(d.accounts order by d.day desc) as accounts
        from trend_days d where d.kind = t.kind and d.subject_id = t.subject_id and d.day >= $1
    ) past on true
"""

_TAGS: LiteralString = (
    "select g.name, g.display_name, past.days, past.uses, past.accounts, "
    + _TREND
    + " from trend_subjects t join tags g on g.id = t.subject_id "
    + _DAYS
    + " where t.kind = 'tag' and "
)
_LINKS: LiteralString = (
    "select l.url, past.days, past.uses, past.accounts, "
    + _TREND
    + " from trend_subjects t join trend_links l on l.id = t.subject_id "
    + _DAYS
    + " where t.kind = 'link' and "
)
_THIS: LiteralString = " t.subject_id = $2"


def _args(wanted: Wanted) -> tuple[object, ...]:
    return (wanted.reviewed, list(wanted.languages), list(wanted.preferred), wanted.limit, wanted.offset)


async def tags(db: Queries, since: date, wanted: Wanted) -> list[TagTrend]:
    """Hashtags that trend, with their days from `since` on. Uses trend_subjects_score and primary keys."""
    return [_tag(row) for row in await db.rows(_TAGS + _RISING + _FIRST, since, *_args(wanted))]


async def links(db: Queries, since: date, wanted: Wanted) -> list[LinkTrend]:
    """Links that trend, with their days from `since` on. Uses trend_subjects_score and primary keys."""
    return [_link(row) for row in await db.rows(_LINKS + _RISING + _FIRST, since, *_args(wanted))]


async def tag(db: Queries, since: date, tag_id: int) -> TagTrend | None:
    """One hashtag that somebody has spoken of or staff have reviewed. Primary keys."""
    row = await db.row(_TAGS + _THIS, since, tag_id)
    return None if row is None else _tag(row)


async def link(db: Queries, since: date, link_id: int) -> LinkTrend | None:
    """One link, in the same way."""
    row = await db.row(_LINKS + _THIS, since, link_id)
    return None if row is None else _link(row)


async def statuses(db: Queries, viewer_id: int, wanted: Wanted) -> list[Trend]:
    """Posts that trend, which the viewer may see and whose authors they have not silenced.

    Uses trend_subjects_score and statuses_pkey.
    """
    rows = await db.rows(
        "select "
        + _TREND
        + """
        from trend_subjects t
        cross join lateral (select * from statuses where id = t.subject_id limit 1) s
        where t.kind = 'status' and s.visibility = 'public' and not s.sensitive and s.labels = '{}'
            and s.withheld_at is null and s.limited_at is null
            and (select discoverable and silenced_at is null and sensitized_at is null
                from accounts where id = s.account_id) and """
        + _RISING
        + " and "
        + UNSILENCED
        + " and "
        + VISIBLE
        + _FIRST,
        viewer_id,
        *_args(wanted),
    )
    return [_trend(row) for row in rows]


async def review(
    db: Queries, kind: Kind, subject_id: int, actor_id: int | None, at: datetime, *, trendable: bool
) -> bool:
    """Keep what staff have said of a subject; False when nobody has spoken of it. Primary key."""
    return bool(
        await db.execute(
            """
            update trend_subjects set trendable = $3, reviewed_at = $4, reviewed_by = $5
            where kind = $1 and subject_id = $2
            """,
            kind,
            subject_id,
            trendable,
            at,
            actor_id,
        )
    )


async def reviewed_tags(db: Queries, names: Sequence[str]) -> set[str]:
    """Those of the hashtags (normalised names) that staff have looked at. Primary keys."""
    rows = await db.rows(
        """
        select g.name from tags g join trend_subjects t on t.kind = 'tag' and t.subject_id = g.id
        where g.name = any($1) and t.reviewed_at is not null
        """,
        list(names),
    )
    return {row["name"] for row in rows}


def _tag(row: asyncpg.Record) -> TagTrend:
    return TagTrend(_trend(row), row["name"], row["display_name"], _days(row))


def _link(row: asyncpg.Record) -> LinkTrend:
    return LinkTrend(_trend(row), row["url"], _days(row))


def _trend(row: asyncpg.Record) -> Trend:
    return Trend(row["subject_id"], row["score"], row["language"], row["trendable"])


def _days(row: asyncpg.Record) -> list[Day]:
    """The days there were uses on, the last first."""
    return [Day(*one) for one in zip(row["days"] or (), row["uses"] or (), row["accounts"] or (), strict=True)]
