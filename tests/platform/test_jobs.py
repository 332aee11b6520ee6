"""The queue keeps what was enqueued with a fact, runs it in batches, and tries again what failed."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs
from trial_jobs import NOTE, Note, until

from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import Event, Job, Work, admin, registration, store, worker
from linnet.platform.jobs.batches import BACKOFF_MAX_S, backoff_s
from linnet.platform.jobs.inline import run_pending
from linnet.platform.jobs.new import ENQUEUE
from linnet.platform.jobs.worker import Worker


class NoteWritten(Event, frozen=True):
    text: str


def job_writing_to(calls: list[list[str]], **properties: Any) -> Job[Note]:
    """A job that keeps what it is called with, and fails for works that say so."""

    async def run(_: Engines, works: Sequence[Note]) -> None:
        calls.append([work.text for work in works])
        if any(work.text == "bad" for work in works):
            raise ValueError("this one is bad")
        if any(work.text == "no engine" for work in works):
            raise EngineDown("valkey")

    return Job("trial.call", Note, run, **properties)


async def enqueue(engines: Engines, job: Job[Any], *texts: str) -> None:
    async with engines.transaction() as transaction:
        await transaction.enqueue(job, [Note(text) for text in texts])


async def notes(engines: Engines) -> list[str]:
    return [row["note"] for row in await engines.db.rows("select note from notes order by id limit 10000")]


@asynccontextmanager
async def working(engines: Engines, *jobs: Job[Any], **properties: Any) -> AsyncGenerator[Worker]:
    """A worker that runs beside the block and stops at its end."""
    runs = Worker(engines, jobs, **properties)
    running = asyncio.create_task(runs.run())
    try:
        yield runs
    finally:
        runs.stop()
        await running


async def emptied(engines: Engines, within_s: float = 10.0) -> None:
    """Wait until no job is left."""

    async def empty() -> bool:
        return not await admin.list_jobs(engines.db)

    await until(empty, within_s)


async def noted(engines: Engines, text: str, within_s: float = 10.0) -> None:
    """Wait until a job has written `text` down."""

    async def written() -> bool:
        return text in await notes(engines)

    await until(written, within_s)


async def test_an_event_enqueues_its_jobs_with_the_transaction_that_caused_it(
    engines: Engines, calls: list[list[str]]
) -> None:
    job = replace(job_writing_to(calls), work=NoteWritten)
    reacting = replace(engines, reactions={NoteWritten: [job]})
    async with reacting.transaction() as transaction:
        await transaction.record(NoteWritten("hello"))
        assert await run_pending(engines, [job]) == 0, "not before the commit"
    assert await run_pending(engines, [job]) == 1
    assert calls == [["hello"]]


@pytest.mark.parametrize("happens", [True, False])
async def test_a_statement_writes_its_fact_with_the_jobs_of_its_event_or_neither(
    engines: Engines, calls: list[list[str]], *, happens: bool
) -> None:
    job = replace(job_writing_to(calls), work=NoteWritten)
    reacting = replace(engines, reactions={NoteWritten: [job]})
    async with reacting.statement(NoteWritten("hello")) as jobs:
        await reacting.db.execute(
            """
            with fact as (insert into notes (note) select 'hello' where $5::bool returning 0 as place), enqueued as ("""
            + ENQUEUE
            + ") select from fact",
            jobs.names,
            jobs.queues,
            jobs.works,
            jobs.places,
            happens,
        )
    assert await run_pending(engines, [job]) == happens
    assert await notes(engines) == [text for batch in calls for text in batch] == ["hello"] * happens


async def test_an_event_leaves_no_job_that_it_does_not_concern(engines: Engines, calls: list[list[str]]) -> None:
    def is_loud(event: NoteWritten) -> bool:
        return event.text.isupper()

    loud = replace(job_writing_to(calls), work=NoteWritten, concerns=is_loud)
    reacting = replace(engines, reactions={NoteWritten: [loud]})
    async with reacting.transaction() as transaction:
        await transaction.record(NoteWritten("hello"))
        await transaction.record(NoteWritten("HELLO"))
    assert await run_pending(engines, [loud]) == 1
    assert calls == [["HELLO"]]


async def test_what_is_rolled_back_leaves_no_job(engines: Engines) -> None:
    async def write_and_regret(transaction: Transaction) -> None:
        await transaction.enqueue(NOTE, [Note("hello")])
        raise ValueError("regret")

    with pytest.raises(ValueError, match="regret"):
        async with engines.transaction() as transaction:
            await write_and_regret(transaction)
    assert await admin.list_jobs(engines.db) == []


async def test_a_job_is_called_with_batches_no_larger_than_it_takes(engines: Engines, calls: list[list[str]]) -> None:
    job = job_writing_to(calls, batch_max=7)
    await enqueue(engines, job, *map(str, range(30)))
    assert await run_pending(engines, [job]) == 30
    assert [len(batch) for batch in calls] == [7, 7, 7, 7, 2]
    assert [text for batch in calls for text in batch] == [str(number) for number in range(30)]


async def test_what_is_due_at_the_same_moment_runs_in_the_order_in_which_it_came(
    engines: Engines, calls: list[list[str]]
) -> None:
    job = job_writing_to(calls, batch_max=1)
    await enqueue(engines, job, "a", "b", "c")
    for state in ("dead", "ready"):  # now the row of the first lies behind the others
        await engines.db.execute(f"update jobs set state = '{state}' where work::text like '%\"a\"%'")  # pyright: ignore[reportArgumentType] -- one of two words
    assert await run_pending(engines, [job]) == 3
    assert calls == [["a"], ["b"], ["c"]]


async def test_one_bad_work_does_not_hold_up_its_batch(engines: Engines, calls: list[list[str]]) -> None:
    job = job_writing_to(calls)
    await enqueue(engines, job, "a", "bad", "b")
    with pytest.raises(ValueError, match="this one is bad"):
        await run_pending(engines, [job])
    assert calls == [["a", "bad", "b"], ["a"], ["bad"], ["b"]]
    [held] = await admin.list_jobs(engines.db)
    assert (held.state, held.attempts, held.last_error) == ("ready", 1, "ValueError: this one is bad")
    assert held.run_at > held.made_at, "it waits before it is tried again"
    assert await run_pending(engines, [job]) == 0


async def test_a_job_that_keeps_failing_is_held_as_dead_until_someone_retries_or_drops_it(
    engines: Engines, calls: list[list[str]]
) -> None:
    job = job_writing_to(calls, attempts_max=3)
    await enqueue(engines, job, "bad")
    for _ in range(3):
        with pytest.raises(ValueError, match="this one is bad"):
            await run_pending(engines, [job], ahead=True)
    assert await run_pending(engines, [job], ahead=True) == 0
    [dead] = await admin.list_jobs(engines.db, state="dead", queue="default", name="trial.call")
    assert (dead.attempts, dead.work) == (3, '{"text":"bad"}')
    assert await admin.list_jobs(engines.db, state="ready") == []
    assert await admin.retry(engines.db, [dead.id + 1]) == 0
    assert await admin.retry(engines.db, [dead.id]) == 1
    with pytest.raises(ValueError, match="this one is bad"):
        await run_pending(engines, [job])
    assert (await admin.list_jobs(engines.db))[0].attempts == 1
    assert await admin.drop(engines.db) == 0, "it is not dead"
    await engines.db.execute("update jobs set state = 'dead'")
    assert await admin.drop(engines.db) == 1
    assert await admin.list_jobs(engines.db) == []


async def test_an_engine_that_is_down_is_not_counted_against_a_job(engines: Engines, calls: list[list[str]]) -> None:
    job = job_writing_to(calls, attempts_max=1)
    await enqueue(engines, job, "a", "no engine")
    for _ in range(5):
        with pytest.raises(EngineDown):
            await run_pending(engines, [job], ahead=True)
    assert [held.attempts for held in await admin.list_jobs(engines.db, state="ready")] == [0, 0]


async def test_a_job_that_takes_too_long_is_stopped_and_counted(engines: Engines) -> None:
    async def hang(_: Engines, __: Sequence[Note]) -> None:
        await asyncio.sleep(3600)

    job = Job("trial.hang", Note, hang, timeout_s=0.05)
    await enqueue(engines, job, "a", "b")
    with pytest.raises(TimeoutError):
        await run_pending(engines, [job])
    held = await admin.list_jobs(engines.db)
    assert sorted(one.attempts for one in held) == [0, 1], "the second was not made to wait as long again"


async def test_work_that_cannot_be_read_fails_alone_and_its_text_stays_out_of_the_log(
    engines: Engines, calls: list[list[str]]
) -> None:
    job = job_writing_to(calls)
    await enqueue(engines, job, "a", "secret", "b")
    await engines.db.execute("""update jobs set work = '{"text":["secret"]}' where work::text like '%secret%'""")
    with capture_logs() as logs, pytest.raises(Exception, match="Expected `str`"):
        await run_pending(engines, [job])
    assert calls == [["a", "b"]]
    [line] = [line for line in logs if line["event"] == "job"]
    assert (line["job"], line["done"], line["retried"], line["error"]) == ("trial.call", 2, 1, "ValidationError")
    assert "secret" not in str(logs)


async def test_an_error_whose_message_no_text_column_takes_is_kept_all_the_same(engines: Engines) -> None:
    async def fail(_: Engines, __: Sequence[Note]) -> None:
        raise ValueError("nul \0 and half a pair \ud800" + "x" * 10_000)

    job = Job("trial.fail", Note, fail)
    await enqueue(engines, job, "a")
    with pytest.raises(ValueError, match="nul"):
        await run_pending(engines, [job])
    [held] = await admin.list_jobs(engines.db)
    assert held.last_error is not None
    assert held.last_error.startswith("ValueError: nul  and half a pair \\ud800xxx")


@pytest.mark.parametrize(("attempts", "whole_s"), [(1, 1), (2, 2), (5, 16), (12, 2048), (13, 3600), (400, 3600)])
def test_the_wait_doubles_up_to_an_hour_less_up_to_half(attempts: int, whole_s: float) -> None:
    assert backoff_s(attempts, 0.0) == whole_s
    assert backoff_s(attempts, 1.0) == whole_s / 2
    assert whole_s <= BACKOFF_MAX_S


async def test_the_highest_priority_goes_first_and_then_the_oldest(engines: Engines, calls: list[list[str]]) -> None:
    plain = job_writing_to(calls, batch_max=1)
    urgent = replace(plain, name="trial.urgent", priority=5)
    await enqueue(engines, plain, "1", "2")
    await enqueue(engines, urgent, "urgent")
    await enqueue(engines, plain, "3")
    assert await run_pending(engines, [plain, urgent]) == 4
    assert calls == [["urgent"], ["1"], ["2"], ["3"]]


async def test_a_job_can_wait_for_its_time(engines: Engines, calls: list[list[str]]) -> None:
    job = job_writing_to(calls)
    async with engines.transaction() as transaction:
        await transaction.enqueue(job, [Note("later")], delay_s=60)
    assert await run_pending(engines, [job]) == 0
    assert await run_pending(engines, [job], ahead=True) == 1


async def test_an_idle_worker_is_told_of_new_work(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    async def listening() -> bool:
        return await engines.valkey.wire.call("PUBSUB", "NUMSUB", store.CHANNEL) == [store.CHANNEL.encode(), 1]

    monkeypatch.setattr(worker, "POLL_S", 3600.0)
    async with working(engines, NOTE):
        await until(listening)
        await enqueue(engines, NOTE, "a")
        await emptied(engines)
    assert await notes(engines) == ["a"]


async def test_work_that_comes_soon_after_other_work_is_taken_together(
    engines: Engines, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ran() -> bool:
        return bool(calls)

    monkeypatch.setattr(worker, "GATHER_S", 0.4)
    job = job_writing_to(calls)
    await enqueue(engines, job, "at once")
    async with working(engines, job):
        await until(ran)
        for text in ("b", "c", "d"):
            await enqueue(engines, job, text)
        await emptied(engines)
    assert calls == [["at once"], ["b", "c", "d"]]


async def test_kinds_of_one_queue_that_are_due_together_do_not_wait_to_be_looked_for(
    engines: Engines, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_S", 3600.0)
    kinds = [replace(job_writing_to(calls), name=f"trial.{number}") for number in range(3)]
    for job in kinds:
        await enqueue(engines, job, job.name)
    async with working(engines, *kinds):
        await emptied(engines)
    assert sorted(calls) == [["trial.0"], ["trial.1"], ["trial.2"]]


async def test_a_worker_finds_work_that_nobody_told_it_of(engines: Engines) -> None:
    async with working(engines, NOTE):
        await store.enqueue(engines.db, [(NOTE, Note("a"))])
        await emptied(engines)
    assert await notes(engines) == ["a"]


async def test_work_that_was_committed_late_is_found_behind_what_is_done(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK_BACK_EVERY_S", 0.4)
    monkeypatch.setattr(worker, "POLL_S", 0.1)
    async with working(engines, NOTE):
        await store.enqueue(engines.db, [(NOTE, Note("first"))])
        await noted(engines, "first")
        await store.enqueue(engines.db, [(NOTE, Note("late"))], delay_s=-3600)
        await emptied(engines)
    assert await notes(engines) == ["first", "late"]


async def test_a_flood_in_one_queue_does_not_hold_up_another(engines: Engines) -> None:
    async def dawdle(_: Engines, __: Sequence[Note]) -> None:
        await asyncio.sleep(0.2)

    flood = Job("trial.flood", Note, dawdle, queue="flood", batch_max=1)
    await enqueue(engines, flood, *["x"] * 300)
    async with working(engines, flood, NOTE, drain_timeout_s=0.1):
        await asyncio.sleep(0.5)
        await enqueue(engines, NOTE, "a")
        await noted(engines, "a", within_s=3)
    left = await admin.depths(engines.db)
    assert [(depth.queue, depth.name, depth.state) for depth in left] == [("flood", "trial.flood", "ready")]
    assert left[0].jobs > 200


async def test_a_worker_serves_only_the_queues_it_is_given(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL_S", 0.1)
    other = replace(NOTE, name="trial.other", queue="other")
    await enqueue(engines, other, "other")
    await enqueue(engines, NOTE, "a")
    async with working(engines, NOTE, other, queues=["default"]):
        await noted(engines, "a")
        await asyncio.sleep(3 * worker.POLL_S)
    assert await notes(engines) == ["a"]


async def test_jobs_of_an_unknown_kind_are_left_alone(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL_S", 0.1)
    await enqueue(engines, Job("trial.of_a_newer_version", Work, NOTE.run), "a")
    with capture_logs() as logs:
        async with working(engines, NOTE):
            await asyncio.sleep(3 * worker.POLL_S)
    assert [line["job"] for line in logs if "unknown" in line["event"]] == ["trial.of_a_newer_version"]
    assert [held.state for held in await admin.list_jobs(engines.db)] == ["ready"]


async def test_a_silent_worker_of_another_host_loses_its_jobs_to_the_living(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "SILENT_MAX_S", 0.4)
    monkeypatch.setattr(registration, "CHECK_IN_EVERY_S", 0.05)
    silent = await store.register(engines.db, "elsewhere", 1)
    await enqueue(engines, NOTE, "a")
    assert len(await store.claim(engines.db, silent, [NOTE])) == 1
    async with working(engines, NOTE):
        await emptied(engines)
    assert await notes(engines) == ["a"]
    assert not await store.check_in(engines.db, silent)


async def test_a_job_whose_claim_never_reached_its_worker_is_run_all_the_same(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "CHECK_IN_EVERY_S", 0.1)
    monkeypatch.setattr(registration, "SWEEP_EVERY_S", 0.2)
    async with working(engines, NOTE):
        await asyncio.sleep(0.2)
        number = await engines.db.value("select id from job_workers")
        unheard_of = replace(NOTE, name="trial.unheard_of")
        await enqueue(engines, unheard_of, "a")
        assert len(await store.claim(engines.db, number, [unheard_of])) == 1
        await engines.db.execute("update jobs set name = $1", NOTE.name)
        await emptied(engines)
    assert await notes(engines) == ["a"]


async def test_a_worker_given_up_for_dead_registers_again(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "CHECK_IN_EVERY_S", 0.1)
    async with working(engines, NOTE):
        await asyncio.sleep(0.2)
        await engines.db.execute("delete from job_workers")
        await asyncio.sleep(0.4)
        await enqueue(engines, NOTE, "a")
        await emptied(engines)
    assert await notes(engines) == ["a"]
