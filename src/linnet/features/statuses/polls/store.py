"""Rows of polls: asked with a status, answered, counted, closed, erased."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.statuses.polls.models import Poll, PollDraft, Vote, choices_of, counted
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

POLL: LiteralString = """
    case when s.poll_id is not null then (
        select row(p.id, p.options, p.multiple, p.hides_totals, p.expires_at, p.closed_at is not null, array(
            select array[x.choices::bigint, sum(x.ballots)::bigint] from (
                select choices, ballots from poll_tallies where poll_id = p.id
                union all select choices, ballots from poll_tally_changes where poll_id = p.id
            ) x group by x.choices))
        from polls p where p.id = s.poll_id) end
"""
"""Of `statuses s`, what `poll_of` takes; a status without a poll costs no look. Counts include what is not folded yet.

Uses polls_pkey, poll_tallies_pkey and poll_tally_changes_poll.
"""

VOTE: LiteralString = """
    (select array[v.poll_id, v.choices] from poll_votes v where v.account_id = $1 and v.status_id = s.id limit 1)
"""
"""What `vote_of` takes: the vote of the viewer `$1` on `s`. Uses poll_votes_pkey."""


def poll_of(row: asyncpg.Record | None) -> Poll | None:
    """The poll that `POLL` gives of a status."""
    if row is None:
        return None
    poll_id, options, multiple, hides_totals, expires_at, is_closed, ballots = row
    votes, voters = counted(ballots, len(options))
    return Poll(poll_id, tuple(options), multiple, hides_totals, expires_at, is_closed, votes, voters)


def vote_of(pair: Sequence[int] | None) -> Vote | None:
    """The vote that `VOTE` gives."""
    return Vote(pair[0], choices_of(pair[1])) if pair else None


async def ask(
    db: Queries, status_id: int, account_id: int, draft: PollDraft, expires_at: datetime, at: datetime
) -> int:
    """Write another poll for a status that is already there; its id."""
    return await db.value(
        """
        insert into polls (id, status_id, account_id, options, multiple, hides_totals, expires_at)
        values (snowflake($1), $2, $3, $4, $5, $6, $7) returning id
        """,
        at,
        status_id,
        account_id,
        draft.options,
        draft.multiple,
        draft.hides_totals,
        expires_at,
    )


async def prolong(db: Queries, poll_id: int, *, hides_totals: bool, expires_at: datetime) -> None:
    """Let a poll end at another moment, which opens it again if it was over."""
    await db.execute(
        "update polls set hides_totals = $2, expires_at = $3, closed_at = null where id = $1",
        poll_id,
        hides_totals,
        expires_at,
    )


async def vote(db: Queries, account_id: int, status_id: int, poll_id: int, choices: int, at: datetime) -> bool:
    """Cast a ballot and count it; False when this account has voted in this poll, or it is over by `at`.

    A vote in a poll that the status had before is replaced: it counts for nothing any more.
    """
    made = await db.value(
        """
        with cast_ballot as (
            insert into poll_votes as v (account_id, status_id, poll_id, choices)
            select $1, $2, $3, $4 where exists (select from polls where id = $3 and expires_at > $5)
            on conflict (account_id, status_id) do update set poll_id = excluded.poll_id, choices = excluded.choices
                where v.poll_id <> excluded.poll_id
            returning poll_id, choices
        ), counted as (
            insert into poll_tally_changes (poll_id, choices, ballots) select poll_id, choices, 1 from cast_ballot
        )
        select poll_id from cast_ballot
        """,
        account_id,
        status_id,
        poll_id,
        choices,
        at,
    )
    return made is not None


async def fold(db: Queries, limit: int) -> int:
    """Move up to `limit` pending changes into the tallies, exactly once; how many. Run it in a transaction."""
    return await db.value(
        """
        with taken as (
            delete from poll_tally_changes where id in (
                select id from poll_tally_changes order by id limit $1 for update skip locked)
            returning poll_id, choices, ballots
        ), folded as (
            insert into poll_tallies as t (poll_id, choices, ballots)
            select poll_id, choices, sum(ballots) from taken group by poll_id, choices order by poll_id, choices
            on conflict (poll_id, choices) do update set ballots = t.ballots + excluded.ballots
        )
        select count(*) from taken
        """,
        limit,
    )


async def close_due(db: Queries, at: datetime, limit: int) -> list[tuple[int, int, int]]:
    """Note the end of up to `limit` polls that are over by `at`: their ids, statuses and authors. Uses polls_ending.

    Whoever is just making one longer comes first, and it is passed over.
    """
    rows = await db.rows(
        """
        update polls set closed_at = $1 where id in (
            select id from polls where closed_at is null and expires_at <= $1
            order by expires_at limit $2 for update skip locked)
        returning id, status_id, account_id
        """,
        at,
        limit,
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def status_id_of(db: Queries, poll_id: int) -> int | None:
    """The status a poll is or was asked in. Uses polls_pkey."""
    return await db.value("select status_id from polls where id = $1", poll_id)


async def cast_by(db: Queries, account_id: int, window: Window) -> list[tuple[int, Vote]]:
    """A page of an account's votes, the one for the latest status first. Uses poll_votes_pkey."""
    rows = await db.rows(
        """
        select status_id, poll_id, choices from poll_votes where account_id = $1 and status_id > $2 and status_id < $3
        order by status_id desc limit $4
        """,
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    return [(row[0], Vote(row[1], choices_of(row[2]))) for row in rows]


async def voter_ids(db: Queries, poll_id: int, after_id: int, limit: int) -> list[int]:
    """A slice of those who voted in a poll, by account id after `after_id`. Uses poll_votes_poll."""
    rows = await db.rows(
        "select account_id from poll_votes where poll_id = $1 and account_id > $2 order by account_id limit $3",
        poll_id,
        after_id,
        limit,
    )
    return [row[0] for row in rows]


async def poll_ids_of(db: Queries, status_ids: Sequence[int]) -> list[int]:
    """Every poll that these statuses have, or have had. Uses polls_status."""
    rows = await db.rows("select id from polls where status_id = any($1)", list(status_ids))
    return [row[0] for row in rows]


async def erase_votes(db: Queries, poll_ids: Sequence[int], limit: int) -> int:
    """Remove up to `limit` votes of polls that are no more; how many. Uses poll_votes_poll."""
    return await db.execute(
        """
        delete from poll_votes where (account_id, status_id) in (
            select account_id, status_id from poll_votes where poll_id = any($1) limit $2)
        """,
        list(poll_ids),
        limit,
    )


async def erase(db: Queries, poll_ids: Sequence[int]) -> None:
    """Remove polls whose votes are gone, with what was counted of them."""
    await db.execute(
        """
        with changes as (delete from poll_tally_changes where poll_id = any($1)),
            tallies as (delete from poll_tallies where poll_id = any($1))
        delete from polls where id = any($1)
        """,
        list(poll_ids),
    )


async def take_back_votes_of(db: Queries, account_id: int, limit: int) -> list[int]:
    """Remove up to `limit` votes of an account and what they count for; the statuses whose polls they were in.

    Uses poll_votes_pkey.
    """
    rows = await db.rows(
        """
        with gone as (
            delete from poll_votes where account_id = $1 and status_id in (
                select status_id from poll_votes where account_id = $1 limit $2)
            returning status_id, poll_id, choices
        ), counted as (
            insert into poll_tally_changes (poll_id, choices, ballots)
            select poll_id, choices, -1 from gone
        )
        select status_id from gone
        """,
        account_id,
        limit,
    )
    return [row[0] for row in rows]
