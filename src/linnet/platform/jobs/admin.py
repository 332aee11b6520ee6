"""What an operator does with the queue: look at it, list what is held, retry it or drop it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linnet.platform.postgres import Queries

COUNT_MAX = 100_000
"""Counting stops here: a queue that long is in trouble whatever the number."""

LIST_MAX = 1_000
SLICE = 5_000
STATES = ("ready", "claimed", "suspect", "dead")


@dataclass(frozen=True, slots=True)
class Depth:
    """How many jobs of one kind are in one state, as far as was counted, and how long the oldest has been due."""

    queue: str
    name: str
    state: str
    jobs: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class HeldJob:
    """One job in the queue, with the ids and small values it is about as JSON."""

    id: int
    name: str
    queue: str
    work: str
    state: str
    attempts: int
    crashes: int
    made_at: datetime
    run_at: datetime
    last_error: str | None


async def depths(db: Queries, *, counted_max: int = COUNT_MAX) -> list[Depth]:
    """The queue in numbers, by kind and state; kinds with no jobs are absent. Indexes jobs_ready, _claimed, _held."""
    rows = await db.rows(
        """
        with recursive kinds as (
            (select name from jobs where state = 'ready' order by name limit 1)
            union all
            select (select name from jobs where state = 'ready' and jobs.name > kinds.name order by name limit 1)
            from kinds where kinds.name is not null
        ),
        ready as (
            select first.queue, kinds.name, 'ready' as state, counted.jobs, first.run_at as oldest_at
            from kinds
            cross join lateral (
                select queue, run_at from jobs
                where jobs.name = kinds.name and state = 'ready' order by run_at limit 1
            ) as first
            cross join lateral (
                select count(*) as jobs
                from (select from jobs where jobs.name = kinds.name and state = 'ready' limit $1) as counted_rows
            ) as counted
        ),
        others as (
            select max(queue) as queue, name, state::text, count(*) as jobs, min(run_at) as oldest_at
            from (
                (select queue, name, state, run_at from jobs where state = 'claimed' limit $1)
                union all
                (select queue, name, state, run_at from jobs where state in ('suspect', 'dead') limit $1)
            ) as counted_rows
            group by name, state
        )
        select queue, name, state, jobs,
            greatest(extract(epoch from now() - oldest_at), 0)::float8 as oldest_s
        from (select * from ready union all select * from others) as counted
        order by queue, name, state
        """,
        counted_max,
    )
    return [Depth(*row) for row in rows]


async def list_jobs(
    db: Queries, *, state: str | None = None, queue: str | None = None, name: str | None = None, limit: int = 50
) -> list[HeldJob]:
    """Jobs that fit every filter given, newest first; up to `limit`, at most `LIST_MAX`. Primary key, backwards."""
    rows = await db.rows(
        """
        select id, name, queue, work, state::text, attempts, crashes, made_at, run_at, last_error
        from jobs
        where ($1::text is null or state = $1::job_state)
            and ($2::text is null or queue = $2)
            and ($3::text is null or name = $3)
        order by id desc limit $4
        """,
        state,
        queue,
        name,
        min(limit, LIST_MAX),
    )
    return [HeldJob(*row) for row in rows]


async def retry(db: Queries, ids: Sequence[int] | None = None) -> int:
    """Put dead jobs (these, or all) back in the queue as if they were new; how many. Index jobs_held."""
    total = 0
    while True:
        moved = await db.execute(
            """
            update jobs set state = 'ready', attempts = 0, crashes = 0, run_at = now()
            where id = any (array(
                select id from jobs
                where state = 'dead' and ($1::bigint[] is null or id = any ($1::bigint[]))
                order by run_at limit $2
            ))
            """,
            ids,
            SLICE,
        )
        total += moved
        if moved < SLICE:
            return total


async def drop(db: Queries, ids: Sequence[int] | None = None) -> int:
    """Forget dead jobs (these, or all); how many. Index jobs_held."""
    total = 0
    while True:
        dropped = await db.execute(
            """
            delete from jobs
            where id = any (array(
                select id from jobs
                where state = 'dead' and ($1::bigint[] is null or id = any ($1::bigint[]))
                order by run_at limit $2
            ))
            """,
            ids,
            SLICE,
        )
        total += dropped
        if dropped < SLICE:
            return total
