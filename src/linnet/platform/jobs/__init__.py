"""Jobs: later work, enqueued in the transaction of the fact that caused it. Every job may run twice.

A feature declares `Job`s in its `jobs.py`; `reactions.py` says which events lead to which; `worker.py` runs them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from linnet.platform.engines import Engines


class Work(msgspec.Struct, frozen=True):
    """What a job is about: ids and small values, stored as JSON. Give new fields defaults: old rows must decode."""


class Event(Work, frozen=True):
    """Something that has happened, named in the past tense. An event is the work of each job that reacts to it."""


W = TypeVar("W", bound=Work)


def always(_: Work) -> bool:
    """What most jobs ask of an event: nothing."""
    return True


@dataclass(frozen=True, slots=True)
class Job(Generic[W]):
    """A kind of later work. `run` takes a batch, may be called twice with the same work, raises to be tried again."""

    name: str
    """`feature.verb`, stable for ever: rows in the queue carry it."""
    work: type[W]
    run: Callable[["Engines", Sequence[W]], Awaitable[None]]
    queue: str = "default"
    """Which lane of the worker takes it: `fanout`, `notifications`, `mail`, `links`, `media_images`, `media_videos`,
    `maintenance`, `default`."""
    batch_max: int = 50
    """At most this many works in one call of `run`."""
    attempts_max: int = 12
    """After so many failures the work is held as dead, to be listed, retried or dropped by an operator."""
    priority: int = 0
    """Higher first within a queue."""
    timeout_s: float = 300.0
    """A call of `run` that takes longer is stopped, and counts as a failure."""
    concerns: Callable[[W], bool] = always
    """Whether an event leaves this job anything to do, as far as the event itself says; if not, no row is made."""


Reactions = Mapping[type[Event], Sequence[Job[Any]]]
"""Event type → the jobs that follow from it."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes back every `every_s` seconds, run by one leader among all schedulers."""

    name: str
    every_s: float
    run: Callable[["Engines"], Awaitable[None]]
