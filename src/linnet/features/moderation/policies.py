"""The policy that holds: kept by each process as long as it is true, written and activated by who may."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from linnet.features.moderation import policy as writing
from linnet.features.moderation.policy import Policy
from linnet.features.moderation.store import policies as store
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import NotFound
from linnet.platform.kept import Kept
from linnet.platform.postgres import Queries

HISTORY_MAX: Final = 200
"""Versions that are listed, the latest first."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the policy, as it was written; 0 is what Linnet comes with."""

    number: int
    source: str
    note: str = ""
    made_by: int | None = None
    """An account; None for the operator, and of version 0."""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Activation:
    """From when on a version held."""

    number: int
    activated_by: int | None
    activated_at: datetime


class Policies:
    """The policy that holds, if this process knows it; one in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self._kept: Kept[str, Policy] = Kept(1)
        changes.hear(self._hear, self._kept.clear)

    def find(self) -> Policy | None:
        """The policy, if it is known. After `catch_up`."""
        return self._kept.get("", time.monotonic())

    async def read(self, db: Queries) -> Policy:
        """The policy as PostgreSQL has it, known from now on; `PolicyInvalid` for one that this version cannot read."""
        began = self._kept.now()
        held = await active(db)
        policy = writing.read(held.source, held.number)
        self._kept.put("", policy, began)
        return policy

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.POLICY:
            self._kept.clear()


async def active(db: Queries) -> Version:
    """The version that holds; 0 where none was ever activated."""
    row = await store.active(db)
    return Version(0, writing.default_source()) if row is None or row["source"] is None else _version(row)


async def version(db: Queries, number: int) -> Version:
    """One version; `NotFound`."""
    if number == 0:
        return Version(0, writing.default_source())
    row = await store.version(db, number)
    if row is None:
        raise NotFound(f"There is no policy with the version {number}.")
    return _version(row)


async def versions(db: Queries) -> list[Version]:
    """All versions that were written, the latest first, up to `HISTORY_MAX`."""
    return [_version(row) for row in await store.versions(db, HISTORY_MAX)]


async def activations(db: Queries) -> Sequence[Activation]:
    """Which version held from when on, the latest first, up to `HISTORY_MAX`."""
    return [Activation(*row) for row in await store.activations(db, HISTORY_MAX)]


async def add(db: Queries, source: str, by_account_id: int | None, at: datetime, note: str = "") -> int:
    """Keep a new version, which does not hold yet; its number. `PolicyInvalid` with every mistake in it."""
    writing.read(source)
    return await store.add(db, source, note, by_account_id, at)


async def activate(tx: Transaction, number: int, by_account_id: int | None, at: datetime) -> None:
    """Let a version hold from now on, in every process; `NotFound`, or `PolicyInvalid` for what cannot be read now."""
    writing.read((await version(tx, number)).source, number)
    await store.activate(tx, number, by_account_id, at)
    tx.changed(Kind.POLICY, number)


async def held(engines: Engines) -> Policy:
    """The policy that holds: out of memory, else one statement. Raises `PolicyInvalid` as `Policies.read`."""
    policies = engines.config(Policies)
    found = policies.find() if await engines.changes.catch_up() else None
    return found or await policies.read(engines.db)


def _version(row: asyncpg.Record) -> Version:
    """The columns are in the order of the fields."""
    return Version(*row)
