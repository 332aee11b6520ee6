"""Questions about policies: which there are, which holds, and what one would have changed."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.cases.appeals.wordings import wordings
from linnet.features.moderation import policies, policy, reviewing
from linnet.features.moderation.decisions import KEPT_DAYS
from linnet.features.moderation.measures import Part
from linnet.features.moderation.policies import Activation, Version
from linnet.features.moderation.policy import Policy, PolicyInvalid
from linnet.features.moderation.replaying import SAMPLES, Replay
from linnet.platform.engines import Engines

Progress = Callable[[int, float], None]
"""Told now and then how many decisions were tried, and which share of the time is done."""

WORDS_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Overview:
    """All versions that were written, which held when, and which holds."""

    active: Version
    versions: Sequence[Version]
    activations: Sequence[Activation]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a policy would have changed, with the words of the samples as far as they are kept."""

    since: datetime
    complete: bool
    """Whether all decisions since then were tried; else the latest were."""
    replay: Replay
    words: Mapping[int, tuple[Part, ...]]
    """By decision."""


async def overview(engines: Engines, actor: Actor | Operator) -> Overview:
    """All versions, the latest first, and which holds. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_SETTINGS)
    return Overview(
        await policies.active(engines.db), await policies.versions(engines.db), await policies.activations(engines.db)
    )


async def active(engines: Engines, actor: Actor | Operator) -> Version:
    """The version that holds. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_SETTINGS)
    return await policies.active(engines.db)


async def show(engines: Engines, actor: Actor | Operator, number: int) -> Version:
    """One version. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_SETTINGS)
    return await policies.version(engines.db, number)


async def replay(
    engines: Engines,
    actor: Actor | Operator,
    source: str,
    since: timedelta,
    *,
    samples: int = SAMPLES,
    for_s: float | None = None,
    progress: Progress | None = None,
) -> Replayed:
    """What a policy, as it is written, would have changed about decisions of the last time. Writes nothing.

    Of as much of the latest time as is tried in `for_s` seconds. Raises `PolicyInvalid` with all mistakes, `Forbidden`.
    """
    require(actor, Permission.MANAGE_SETTINGS)
    until = engines.clock.now()
    since = min(max(since, timedelta(0)), timedelta(days=KEPT_DAYS))
    trial = Replay(policy.read(source), await _former(engines), samples)
    ends_at = None if for_s is None else time.monotonic() + for_s
    complete = True
    async for batch in reviewing.passing(engines.db, until - since):
        for decision in batch:
            trial.take(decision)
        if progress is not None:
            progress(trial.seen, min((until - batch[-1].decided_at) / since, 1.0) if since else 1.0)
        if ends_at is not None and time.monotonic() > ends_at:
            complete = False
            break
    return Replayed(until - since, complete, trial, await _words(engines, trial))


async def _former(engines: Engines) -> dict[int, Policy]:
    """The policies that decided, by version, but for those that this version of Linnet cannot read."""
    found: dict[int, Policy] = {0: policy.default()}
    for version in await policies.versions(engines.db):
        try:
            found[version.number] = policy.read(version.source, version.number)
        except PolicyInvalid:
            continue
    return found


async def _words(engines: Engines, trial: Replay) -> dict[int, tuple[Part, ...]]:
    shown = [sample.decision for change in trial.changes.values() for sample in change.samples.values()]
    words: dict[int, tuple[Part, ...]] = {}
    for at in range(0, len(shown), WORDS_BATCH):
        words |= await wordings(engines, shown[at : at + WORDS_BATCH])
    return words
