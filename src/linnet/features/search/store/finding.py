"""Finding posts: ids of what matches and may be found by a viewer, newest or most relevant first.

Arguments $1 to $9 are always the viewer, the tsquery, that of each period with the bounds of it, the number wanted, the
matches looked at in each period, how many of one's own marks are looked through, and the tsquery that ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from linnet.features.search.models import MATCHES_MAX, RANKED_MAX, WALKED_MAX, Order
from linnet.features.search.models import Where as Scope
from linnet.features.search.periods import Period
from linnet.features.search.plan import Plan
from linnet.features.search.store.conditions import Where
from linnet.features.statuses.conditions import UNSILENCED, VISIBLE
from linnet.platform.engines import Engines


@dataclass(frozen=True, slots=True)
class Asked:
    """A planned search by somebody."""

    viewer_id: int
    plan: Plan
    scope: Scope
    periods: Sequence[Period]
    forward: bool
    order: Order
    limit: int
    marks_max: int


_ARGUMENTS: LiteralString = """
    with arguments as (
        select $1::bigint, $2::text, $3::text[], $4::bigint[], $5::bigint[], $6::bigint, $7::bigint, $8::bigint,
            $9::text
    )
"""
"""Gives each its type, whether the rest of the statement needs it or not."""

_BY_INDEX: LiteralString = """
    select d.status_id + 0 as id from search_documents d
    where d.words @@ ($3::text[])[$n]::tsquery
        and d.status_id + 0 > ($4::bigint[])[$n] and d.status_id + 0 < ($5::bigint[])[$n]
    order by d.status_id + 0 $direction limit $7
"""
"""Matches of a period. `+ 0` keeps to the inverted index: by the primary key a rare word would read the whole table."""

_BY_WALKING: LiteralString = """
    select w.status_id as id from (
        select status_id, words from search_documents
        where status_id > ($4::bigint[])[$n] and status_id < ($5::bigint[])[$n]
        order by status_id $direction limit $7
    ) w where ($3::text[])[$n] = '' or w.words @@ nullif(($3::text[])[$n], '')::tsquery
    order by w.status_id $direction
"""

_PERIOD: LiteralString = """
    , period$n as materialized (
        select s.match_id as id from (
            select m.id as match_id, s.* from ($matches) m
            cross join lateral (select * from statuses where id = m.id limit 1) s
            where $gate and ($scope)
            order by m.id $direction offset 0
        ) s
        where $rules
        order by s.match_id $direction limit $6
    )
"""
"""Those of a period that the viewer may find, unless the periods before it have given enough.

`offset 0` keeps the planner from asking the rules of what is not the viewer's to find at all.
"""

_KEPT: LiteralString = """
    , kept as materialized (
        select s.match_id as id from (
            select m.id as match_id, s.* from (
                select k.status_id as id
                from (select status_id from ($marks) marks order by status_id $direction) k
                cross join lateral (select words from search_documents where status_id = k.status_id limit 1) d
                where $2::text = '' or d.words @@ nullif($2::text, '')::tsquery
                order by k.status_id $direction
            ) m
            cross join lateral (select * from statuses where id = m.id limit 1) s
            order by m.id $direction offset 0
        ) s
        where $rules
        order by s.match_id $direction limit $6 * 4
    )
"""
"""Those that the viewer has marked, of which each may come once for each mark: in the order of the posts' ids, so that
common words are found in the first few."""

_BOOKMARKED: LiteralString = """
    (select status_id from bookmarks where account_id = $1 and status_id > $lowest and status_id < $highest
    order by status_id $direction limit $8)
"""
_MARKED: LiteralString = (
    _BOOKMARKED
    + """
    union all (select status_id from favourites where account_id = $1 and status_id > $lowest and status_id < $highest
    order by status_id $direction limit $8)
    union all (select reblog_of_id from statuses
    where account_id = $1 and reblog_of_id > $lowest and reblog_of_id < $highest and deleted_at is null
    order by reblog_of_id $direction limit $8)
    union all (select status_id from poll_votes where account_id = $1 and status_id > $lowest and status_id < $highest
    order by status_id $direction limit $8)
"""
)
_LOWEST: LiteralString = "(select min(one) from unnest($4::bigint[]) one)"
_HIGHEST: LiteralString = "(select max(one) from unnest($5::bigint[]) one)"

_ANYBODYS: LiteralString = """
    s.visibility = 'public' and s.limited_at is null
    and (select a.indexable and a.silenced_at is null from accounts a where a.id = s.account_id)
"""
_OWN: LiteralString = """
    s.account_id = $1 or (select true from mentions x where x.status_id = s.id and x.account_id = $1 limit 1)
"""
_MARKS: LiteralString = """
    or (select true from favourites x where x.account_id = $1 and x.status_id = s.id limit 1)
    or (select true from bookmarks x where x.account_id = $1 and x.status_id = s.id limit 1)
    or (select true from statuses x where x.account_id = $1 and x.reblog_of_id = s.id and x.deleted_at is null limit 1)
    or s.poll_id is not null and (select true from poll_votes x where x.account_id = $1 and x.status_id = s.id limit 1)
"""
_FOLLOWED: LiteralString = """
    (s.account_id = $1 or (select true from follows x where x.account_id = $1 and x.target_id = s.account_id limit 1))
    and
"""
_RULES: LiteralString = (
    " s.visibility <> 'direct' and s.reblog_of_id is null and " + UNSILENCED + " and " + VISIBLE + " $conditions "
)

_NEWEST: LiteralString = " select id from found order by id $direction limit $6"

_RELEVANCE: LiteralString = """
    select f.id from (select id from found order by id desc limit $6) f
    cross join lateral (select words from search_documents where status_id = f.id limit 1) d
    order by ts_rank(d.words, nullif($9::text, '')::tsquery, 1)
        / (1 + greatest(extract(epoch from now()) * 1000 - (f.id >> 16), 0) / 2592000000.0) desc, f.id desc
"""
"""How often and how closely the words stand there for the length of the text (`ts_rank`, normalisation 1: divided by
1 + its logarithm); what is 30 days old counts half, and so on hyperbolically."""


PLANNER: LiteralString = """
    set local enable_seqscan = off;
    set local max_parallel_workers_per_gather = 0;
    set local statement_timeout = '3s'
"""
"""No guess about how common a word is shall lead to reading every document, one search has one core, and what takes
longer than anything that people ask for is given up."""


async def find(engines: Engines, asked: Asked) -> list[int]:
    """Ids of up to `limit` posts in the order asked for. One statement besides those of its transaction.

    Uses search_documents_words, or the primary key for a query that names nothing a match has; and for what the viewer
    has marked the primary keys of favourites and bookmarks, and statuses_reblog_once.
    """
    sql, args = statement(asked)
    async with engines.db.transaction() as db:
        await db.execute(PLANNER)
        rows = await db.rows(sql, *args)
    return [row["id"] for row in rows][: asked.limit]


def statement(asked: Asked) -> tuple[LiteralString, list[object]]:
    """The whole search as one statement, and its arguments."""
    where = Where(asked.plan.conditions)
    return _sql(asked, where.sql), [
        asked.viewer_id,
        asked.plan.tsquery,
        [period.tsquery for period in asked.periods],
        [period.after_id for period in asked.periods],
        [period.before_id for period in asked.periods],
        max(asked.limit, RANKED_MAX) if asked.order is Order.RELEVANCE else asked.limit,
        MATCHES_MAX if asked.plan.anchored else WALKED_MAX,
        asked.marks_max,
        asked.plan.ranking,
        *where.args,
    ]


def _sql(asked: Asked, conditions: LiteralString) -> LiteralString:
    rules = _RULES.replace("$conditions", conditions)
    parts: list[LiteralString] = []
    sql = _ARGUMENTS
    if asked.scope is not Scope.BOOKMARKS:
        matches = _BY_INDEX if asked.plan.anchored else _BY_WALKING
        period = _PERIOD.replace("$matches", matches).replace("$scope", _findable(asked.scope)).replace("$rules", rules)
        gate: LiteralString = "true"
        for number in _PERIODS[: len(asked.periods)]:
            sql += period.replace("$gate", gate).replace("$n", number)
            parts.append("select id from period" + number)
            gate = "(select count(*) from (" + " union all ".join(parts) + ") sofar) < $6"
    if asked.scope in {Scope.BOOKMARKS, Scope.LIBRARY}:
        marks = _BOOKMARKED if asked.scope is Scope.BOOKMARKS else _MARKED
        marks = marks.replace("$lowest", _LOWEST).replace("$highest", _HIGHEST)
        sql += _KEPT.replace("$rules", rules).replace("$marks", marks)
        parts.append("select id from kept")
    sql += ", found as (" + " union ".join(parts) + ")"
    sql += _RELEVANCE if asked.order is Order.RELEVANCE else _NEWEST
    return sql.replace("$direction", "asc" if asked.forward else "desc")


_PERIODS: tuple[LiteralString, ...] = ("1", "2", "3", "4")


def _findable(scope: Scope) -> LiteralString:
    """Why a post is the viewer's to find."""
    match scope:
        case Scope.PUBLIC:
            return _ANYBODYS
        case Scope.LIBRARY:
            return _OWN
        case Scope.HOME:
            return _FOLLOWED + "((" + _ANYBODYS + ") or " + _OWN + _MARKS + ")"
        case _:
            return "(" + _ANYBODYS + ") or " + _OWN + _MARKS
