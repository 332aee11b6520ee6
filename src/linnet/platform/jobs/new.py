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
    places: Sequence[int]
    """Which of the facts a statement writes each job follows from."""


ENQUEUE: LiteralString = """
    insert into jobs (name, queue, work)
    select new.name, new.queue, new.work
    from unnest($1::text[], $2::text[], $3::json[], $4::int[]) as new (name, queue, work, place)
    where new.place in (select fact.place from fact)
"""
"""For a statement that writes facts and is a transaction by itself: the columns of `NewJobs` are its `$1` to `$4`.

Its common table expression `fact` gives the `place`, from 0, of each fact that was written; nothing follows else.
"""


def new_jobs(pairs: Sequence[tuple[Job[Any], Work]], places: Sequence[int] = ()) -> NewJobs:
    """One job for each pair, each following from the fact at its place; without `places`, all from the first."""
    return NewJobs(
        [job.name for job, _ in pairs],
        [job.queue for job, _ in pairs],
        [_encode(work).decode() for _, work in pairs],
        places or [0] * len(pairs),
    )
