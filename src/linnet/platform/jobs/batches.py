"""One batch of jobs, from claimed to settled: run together, and one at a time when that fails, so none holds up all."""

import asyncio
import random
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import msgspec
import structlog
from structlog.contextvars import bound_contextvars

from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import Job, Work, metrics, store
from linnet.platform.jobs.store import Claim, Failure
from linnet.platform.telemetry.traces import span_of_jobs

BACKOFF_FIRST_S = 1.0
BACKOFF_MAX_S = 3600.0
ERROR_LENGTH_MAX = 500
ENGINE_BACK_S = (1.0, 3.0)
"""Jobs that met an engine that was down are due again after a time between these, however often it happens."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(slots=True)
class Outcome:
    """What became of each job of a batch, by id, and the first error met, if any."""

    done: list[int] = field(default_factory=list[int])
    failures: list[Failure] = field(default_factory=list[Failure])
    released: list[int] = field(default_factory=list[int])
    error: Exception | None = None


def backoff_s(attempts: int, chance: float) -> float:
    """Seconds to wait after failure number `attempts`: doubling up to an hour, less up to half by `chance` in [0, 1).

    "Equal jitter" of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
    """
    whole_s = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** (attempts - 1))
    return whole_s * (1.0 - chance / 2.0)


def error_text(error: Exception) -> str:
    """Class and message of an error, cut and cleaned to what a text column takes. For the operator, not for the log."""
    text = f"{type(error).__name__}: {error}"[:ERROR_LENGTH_MAX].replace("\0", "")
    return text.encode(errors="backslashreplace").decode()


async def run_batch(engines: Engines, job: Job[Any], claims: Sequence[Claim]) -> Outcome:
    """Run claimed jobs of one kind; never raises. One wide log line and the metrics are written here."""
    started = perf_counter()
    outcome = Outcome()
    readable = _read(job, claims, outcome)
    with span_of_jobs(job.name, job.queue, len(claims)), bound_contextvars(batch=claims[0].id):
        if readable:
            await _run(engines, job, readable, outcome)
        _note(job, claims, outcome, perf_counter() - started)
    return outcome


async def settle(engines: Engines, worker: int, outcome: Outcome) -> None:
    """Write what became of a batch to the queue; safe to repeat when PostgreSQL was away."""
    if outcome.done:
        await store.finish(engines.db, outcome.done)
    if outcome.failures:
        await store.fail(engines.db, worker, outcome.failures)
    if outcome.released:
        await store.release(engines.db, worker, outcome.released, delay_s=random.uniform(*ENGINE_BACK_S))  # noqa: S311


def _read(job: Job[Any], claims: Sequence[Claim], outcome: Outcome) -> list[tuple[Claim, Work]]:
    readable: list[tuple[Claim, Work]] = []
    for claim in claims:
        try:
            readable.append((claim, msgspec.json.decode(claim.work, type=job.work)))
        except msgspec.MsgspecError as error:
            _fail(job, claim, error, outcome)
    return readable


async def _run(
    engines: Engines, job: Job[Any], batch: Sequence[tuple[Claim, Work]], outcome: Outcome
) -> Exception | None:
    """Run a batch whole or, if it fails, each by itself: the good ones get done and the bad one is found."""
    error = await _call(engines, job, [work for _, work in batch])
    outcome.error = outcome.error or error
    if error is None:
        outcome.done.extend(claim.id for claim, _ in batch)
    elif isinstance(error, EngineDown):
        outcome.released.extend(claim.id for claim, _ in batch)
    elif len(batch) == 1:
        _fail(job, batch[0][0], error, outcome)
    else:
        for at, single in enumerate(batch):
            if isinstance(await _run(engines, job, [single], outcome), (EngineDown, TimeoutError)):
                outcome.released.extend(claim.id for claim, _ in batch[at + 1 :])  # need not wait as long again
                break
    return error


async def _call(engines: Engines, job: Job[Any], works: Sequence[Work]) -> Exception | None:
    try:
        async with asyncio.timeout(job.timeout_s):
            await job.run(engines, works)
    except Exception as error:  # noqa: BLE001 -- the job loop: any failure is counted, logged and tried again
        return error
    return None


def _fail(job: Job[Any], claim: Claim, error: Exception, outcome: Outcome) -> None:
    outcome.error = outcome.error or error
    attempts = claim.attempts + 1
    delay_s = None if attempts >= job.attempts_max else backoff_s(attempts, random.random())  # noqa: S311
    outcome.failures.append(Failure(claim.id, error_text(error), delay_s))


def _note(job: Job[Any], claims: Sequence[Claim], outcome: Outcome, seconds: float) -> None:
    dead = sum(failure.delay_s is None for failure in outcome.failures)
    counts = {
        "done": len(outcome.done),
        "retried": len(outcome.failures) - dead,
        "dead": dead,
        "released": len(outcome.released),
    }
    for word, number in counts.items():
        if number:
            metrics.finished.labels(job.name, word).inc(number)
    lag_s = max(claim.lag_s for claim in claims)
    metrics.duration.labels(job.name).observe(seconds)
    metrics.lag.labels(job.queue).observe(lag_s)
    fields: dict[str, object] = {"job": job.name, "queue": job.queue, "count": len(claims)}
    fields |= counts | {"ms": round(seconds * 1000, 1), "lag_ms": round(lag_s * 1000, 1)}
    if outcome.error is None:
        log.info("job", **fields)
    else:
        log.warning("job", **fields, error=type(outcome.error).__name__, at=_place(outcome.error))


def _place(error: Exception) -> str:
    """Where the error was raised. Its message stays out of the log: it may quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "linnet/" in frame.filename and frame.name != "_call"] or frames
    return f"{ours[-1].filename.rpartition('linnet/')[2]}:{ours[-1].lineno}" if ours else ""
