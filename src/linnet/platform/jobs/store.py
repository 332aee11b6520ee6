"""The queue's SQL: enqueue with the fact, claim, finish, and what becomes of work whose worker failed or died.

Statements that only move a job along are committed without waiting for the disk: lost in a power cut, the job runs
again, which every job must bear. `_relaxed` in them is that choice; it cannot touch the transaction of a fact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from linnet.platform.jobs import Job, Work
from linnet.platform.jobs.new import new_jobs
from linnet.platform.postgres import Queries

CHANNEL = "jobs"
"""The bus channel that carries the names of queues which have new work, with a blank between them."""

CRASHES_MAX = 3
"""A job that was in hand at this many deaths of its worker, alone at all but the first, is dead."""

DIED = "The worker died while running this job"

_FOREVER = timedelta(days=36500)
_NOW = timedelta(0)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Claim:
    """One job in hand. `work` is still JSON; it was due at `run_at`, and `lag_s` seconds later it was taken.

    `kinds_due` is of how many kinds jobs were due then.
    """

    id: int
    name: str
    work: str
    attempts: int
    crashes: int
    run_at: datetime
    lag_s: float
    kinds_due: int = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed job is to become: due again after `delay_s` seconds, or dead when that is None."""

    id: int
    error: str
    delay_s: float | None


async def enqueue(db: Queries, pairs: Sequence[tuple[Job[Any], Work]], *, delay_s: float = 0.0) -> None:
    """Add one job for each pair, due after `delay_s` seconds, in the caller's transaction. One statement."""
    if not pairs:
        return
    new = new_jobs(pairs)
    await db.execute(
        """
        insert into jobs (name, queue, work, run_at)
        select name, queue, work, now() + $4::interval
        from unnest($1::text[], $2::text[], $3::json[]) as new (name, queue, work)
        """,
        new.names,
        new.queues,
        new.works,
        timedelta(seconds=delay_s),
    )


async def claim(
    db: Queries,
    worker: int,
    kinds: Sequence[Job[Any]],
    *,
    ahead: bool = False,
    floors: Mapping[str, datetime] | None = None,
) -> list[Claim]:
    """The next batch, oldest first: jobs of one kind, of the highest priority that has any due, then the longest due.

    What is due at the same moment goes in the order of being enqueued. At most that kind's `batch_max`; empty when
    nothing is due. `ahead` takes jobs that are not due yet as well.
    One range scan of index jobs_ready for each kind, from that kind's floor on if it has one: what was taken before
    stays in the index for as long as any transaction is open that could still see it, and is costly to step over.
    """
    floors = floors or {}
    rows = await db.rows(
        """
        with relaxed as materialized (select set_config('synchronous_commit', 'off', true)),
        heads as materialized (
            select kind.name, kind.batch_max, kind.floor, kind.priority, oldest.run_at
            from unnest($2::text[], $3::int[], $4::int[], $6::timestamptz[]) as kind (name, batch_max, priority, floor)
            cross join lateral (
                select run_at from jobs
                where jobs.name = kind.name and state = 'ready'
                    and run_at >= kind.floor and run_at <= now() + $5::interval
                order by run_at limit 1
            ) as oldest
        ),
        head as materialized (
            select name, batch_max, floor from heads order by priority desc, run_at limit 1
        ),
        batch as materialized (
            select id from jobs
            where name = (select name from head) and state = 'ready'
                and run_at >= (select floor from head) and run_at <= now() + $5::interval
            order by run_at, id limit (select batch_max from head)
            for update skip locked
        )
        update jobs set state = 'claimed', claimed_by = $1
        where id = any (array(select id from batch)) and exists (select from relaxed)
        returning id, name, work, attempts, crashes, run_at,
            greatest(extract(epoch from clock_timestamp() - run_at), 0)::float8 as lag_s,
            (select count(*) from heads) as kinds_due
        """,
        worker,
        [job.name for job in kinds],
        [job.batch_max for job in kinds],
        [job.priority for job in kinds],
        _FOREVER if ahead else _NOW,
        [floors.get(job.name, _EVER) for job in kinds],
    )
    return sorted((Claim(*row) for row in rows), key=lambda claim: claim.id)


async def claim_suspect(db: Queries, worker: int, kinds: Sequence[Job[Any]], *, ahead: bool = False) -> list[Claim]:
    """One job that was in hand when a worker died, longest due first, or none. Index jobs_held."""
    rows = await db.rows(
        """
        with relaxed as materialized (select set_config('synchronous_commit', 'off', true)),
        suspect as materialized (
            select id from jobs
            where state = 'suspect' and run_at <= now() + $3::interval and name = any ($2::text[])
            order by run_at limit 1
            for update skip locked
        )
        update jobs set state = 'claimed', claimed_by = $1
        where id = (select id from suspect) and exists (select from relaxed)
        returning id, name, work, attempts, crashes, run_at,
            greatest(extract(epoch from clock_timestamp() - run_at), 0)::float8 as lag_s
        """,
        worker,
        [job.name for job in kinds],
        _FOREVER if ahead else _NOW,
    )
    return [Claim(*row) for row in rows]


async def finish(db: Queries, ids: Sequence[int]) -> None:
    """Forget jobs that are done, whoever holds them by now. Primary key."""
    await db.execute(
        """
        with relaxed as materialized (select set_config('synchronous_commit', 'off', true))
        delete from jobs where id = any ($1::bigint[]) and exists (select from relaxed)
        """,
        ids,
    )


async def fail(db: Queries, worker: int, failures: Sequence[Failure]) -> None:
    """Count one attempt for each job this worker holds; put it back for later or hold it as dead. Primary key."""
    await db.execute(
        """
        update jobs set
            attempts = attempts + 1,
            state = case
                when failed.delay is null then 'dead' when crashes > 0 then 'suspect' else 'ready'
            end::job_state,
            run_at = now() + coalesce(failed.delay, interval '0'),
            last_error = failed.error,
            claimed_by = null
        from unnest($2::bigint[], $3::interval[], $4::text[]) as failed (id, delay, error)
        where jobs.id = failed.id and state = 'claimed' and claimed_by = $1
        """,
        worker,
        [failure.id for failure in failures],
        [None if failure.delay_s is None else timedelta(seconds=failure.delay_s) for failure in failures],
        [failure.error for failure in failures],
    )


async def release(db: Queries, worker: int, ids: Sequence[int], *, delay_s: float = 0.0) -> None:
    """Put back jobs this worker holds, due after `delay_s` seconds, without counting an attempt. Primary key."""
    await db.execute(
        """
        update jobs set
            state = case when crashes > 0 then 'suspect' else 'ready' end::job_state,
            run_at = case when $3::interval > interval '0' then now() + $3::interval else run_at end,
            claimed_by = null
        where id = any ($2::bigint[]) and state = 'claimed' and claimed_by = $1
        """,
        worker,
        ids,
        timedelta(seconds=delay_s),
    )


async def held_by(db: Queries, worker: int) -> set[int]:
    """Ids of the jobs that are in this worker's name; at most 10,000. Index jobs_claimed."""
    rows = await db.rows("select id from jobs where state = 'claimed' and claimed_by = $1 limit 10000", worker)
    return {row["id"] for row in rows}


async def register(db: Queries, host: str, pid: int) -> int:
    """A new worker's number, under which it claims jobs for as long as it keeps calling `check_in`."""
    return await db.value("insert into job_workers (host, pid) values ($1, $2) returning id", host, pid)


async def check_in(db: Queries, worker: int) -> bool:
    """Note that the worker lives; False when it was given up for dead and must register again."""
    return bool(
        await db.execute(
            """
            with relaxed as materialized (select set_config('synchronous_commit', 'off', true))
            update job_workers set seen_at = clock_timestamp() where id = $1 and exists (select from relaxed)
            """,
            worker,
        )
    )


async def sign_off(db: Queries, worker: int) -> int:
    """Put back every job the worker still holds and forget it; how many there were. Index jobs_claimed."""
    return await db.value(
        """
        with gone as (delete from job_workers where id = $1),
        released as (
            update jobs set
                state = case when crashes > 0 then 'suspect' else 'ready' end::job_state,
                claimed_by = null
            where claimed_by = $1 and state = 'claimed'
            returning id
        )
        select count(*) from released
        """,
        worker,
    )


async def pids_on(db: Queries, host: str) -> dict[int, int]:
    """Worker → process id of every worker registered on `host`; at most 1000."""
    rows = await db.rows("select id, pid from job_workers where host = $1 order by id limit 1000", host)
    return {row["id"]: row["pid"] for row in rows}


async def forget(db: Queries, workers: Sequence[int], *, silent_s: float | None) -> int:
    """Forget these workers, and those silent for `silent_s` seconds or more; how many there were. Primary key."""
    return await db.execute(
        """
        delete from job_workers where id = any (array(
            select id from job_workers
            where id = any ($1::bigint[]) or seen_at < clock_timestamp() - $2::interval
            for update skip locked
        ))
        """,
        workers,
        None if silent_s is None else timedelta(seconds=silent_s),
    )


async def take_orphans(db: Queries) -> dict[str, int]:
    """Take back every job that is in the hands of a forgotten worker; new state → how many.

    They become suspects, to be run one at a time, for one of them may be what killed the worker; a job that was
    there at `CRASHES_MAX` deaths is dead. Index jobs_claimed, over jobs in hand only.
    """
    rows = await db.rows(
        """
        with taken as (
            update jobs set
                state = case when crashes + 1 >= $1 then 'dead' else 'suspect' end::job_state,
                crashes = crashes + 1,
                run_at = case when crashes + 1 >= $1 then now() else run_at end,
                last_error = $2,
                claimed_by = null
            where id = any (array(
                select id from jobs
                where state = 'claimed' and not exists (select from job_workers where job_workers.id = claimed_by)
                for update of jobs skip locked
            ))
            returning state
        )
        select state::text, count(*) as jobs from taken group by state
        """,
        CRASHES_MAX,
        DIED,
    )
    return {row["state"]: row["jobs"] for row in rows}
