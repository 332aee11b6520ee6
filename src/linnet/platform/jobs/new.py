"""Jobs about to be enqueued, and the SQL by which a statement that writes a fact enqueues them itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import msgspec

from linnet.platform.jobs import Job, Work

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class NewJobs:
    """Jobs to be enqueued, as columns in parallel; works are JSON."""

    names: Sequence[str]
    queues: Sequence[str]
    works: Sequence[str]


ENQUEUE: LiteralString = """
    insert into jobs (name, queue, work)
    select new.name, new.queue, new.work
    from unnest($1::text[], $2::text[], $3::json[]) as new (name, queue, work)
    where exists (select from fact)
"""
"""For a statement that writes a fact and is a transaction by itself: the columns of `NewJobs` are its `$1` to `$3`.

Its common table expression `fact` gives a row if the fact was written; without one, nothing follows from it.
"""


def new_jobs(pairs: Sequence[tuple[Job[Any], Work]]) -> NewJobs:
    """One job for each pair."""
    return NewJobs(
        [job.name for job, _ in pairs],
        [job.queue for job, _ in pairs],
        [_encode(work).decode() for _, work in pairs],
    )
