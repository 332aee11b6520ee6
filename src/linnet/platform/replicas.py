"""Read replicas of PostgreSQL: watched, asked what may be some seconds old, and never missed when they lag or die.

A replica is in use while it is known to have everything that was committed `lag_max_s` ago. Whoever has written since
asks the primary (decision 0013).
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, LiteralString, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

import asyncpg
import structlog
from prometheus_client import Counter, Gauge

from linnet.platform.changes import Changes
from linnet.platform.errors import EngineDown
from linnet.platform.postgres import LOST, Connection, Database, Queries
from linnet.platform.replication import NEVER, Positions, Writers, end_of_records

T = TypeVar("T")

LAG_MAX_S: Final = 5.0
WATCH_EVERY_S: Final = 0.25
LOOK_TIMEOUT_S: Final = 1.0
ANSWER_TIMEOUT_S: Final = 3.0
"""After so long a reader asks the primary instead."""

GIVE_BACK_TIMEOUT_S: Final = 0.5
"""How long a statement that nobody waits for any more may take to be cancelled, before its connection is cut."""

FAILED_OUT_S: Final = 2.0
"""How long a replica that failed a reader is left out, whatever it says."""

NOT_KNOWN: Final = "it is not known yet how far it is"

_PRIMARY: LiteralString = """
select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint, system_identifier,
    current_setting('wal_block_size')::bigint, pg_size_bytes(current_setting('wal_segment_size'))
from pg_control_system()
"""
"""The insert position is behind every commit that was acknowledged, whatever `synchronous_commit` says."""

_REPLICA: LiteralString = """
select pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint, system_identifier
from pg_control_system()
"""

_in_use = Gauge("linnet_replica_in_use", "Whether reads go there", ["replica"], multiprocess_mode="livemin")
_lag_s = Gauge("linnet_replica_lag_seconds", "How old its state is", ["replica"], multiprocess_mode="livemax")
_lag_bytes = Gauge("linnet_replica_lag_bytes", "WAL it has not replayed", ["replica"], multiprocess_mode="livemax")
_reads = Counter("linnet_replica_reads_total", "Reads that may lag, by who answered, and why", ["by", "because"])

log = structlog.get_logger()


class Standby(Database):
    """A pool to a server that may stop answering at any moment, also in the middle of a statement."""

    async def _give(self, connection: Connection) -> None:
        with suppress(*LOST):  # the pool has cut it; what went wrong before, or who cancelled, is told
            await self._pool.release(connection.raw, timeout=GIVE_BACK_TIMEOUT_S)

    def terminate(self) -> None:
        """Close every connection without a word to the server."""
        self._pool.terminate()


class Replica:
    """One replica, as this process last saw it."""

    def __init__(self, name: str, db: Standby, watch: Standby) -> None:
        self.name = name
        self.db = db
        """What readers ask; `watch` is a connection of our own, so that busy readers do not make it seem dead."""
        self.watch = watch
        self.as_of_s = NEVER
        """It has everything that was committed before this moment (monotonic seconds)."""
        self.problem: str | None = NOT_KNOWN
        """Why it is not in use; None when it is, as long as `as_of_s` is not too long ago."""
        self._out_until_s = NEVER
        self._replayed, self._seen_at_s = 0, NEVER

    def fail(self, why: str) -> None:
        """Leave it out at once, because it failed a reader."""
        self._out_until_s = time.monotonic() + FAILED_OUT_S
        self._judge(why)

    async def look(self, positions: Positions, system: int | None, lag_max_s: float) -> None:
        """Ask how far it is, and decide whether it may be asked."""
        try:
            async with asyncio.timeout(LOOK_TIMEOUT_S):
                row = await self.watch.row(_REPLICA)
        except (EngineDown, TimeoutError):
            self._judge("it does not answer")
            return
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self._judge(f"it cannot be asked: {type(error).__name__}")
            return
        assert row is not None, "one control file, one row"
        recovering, replayed, own_system = row
        if system is None or positions.latest is None:
            self._judge("how far the primary is, is not known")
        elif not recovering or own_system != system or positions.contradict(self._replayed, self._seen_at_s):
            self._judge("it is no replica of this primary")
        else:
            self._compare(replayed, positions, positions.latest, lag_max_s)
        self._replayed, self._seen_at_s = replayed or 0, time.monotonic()

    def _compare(self, replayed: int, positions: Positions, latest: int, lag_max_s: float) -> None:
        self.as_of_s = positions.as_of_s(replayed)
        now_s = time.monotonic()
        lag_s = now_s - max(self.as_of_s, positions.first_s)
        _lag_s.labels(self.name).set(lag_s)
        _lag_bytes.labels(self.name).set(max(latest - replayed, 0))
        if now_s - self.as_of_s > (lag_max_s if self.problem is None else lag_max_s / 2):  # it is not let in and out
            if self.problem != NOT_KNOWN or lag_s > lag_max_s:  # else nobody has looked for so long
                self._judge("it is too far behind")
        elif now_s >= self._out_until_s:
            self._judge(None)

    def _judge(self, problem: str | None) -> None:
        _in_use.labels(self.name).set(problem is None)
        before, self.problem = self.problem, problem
        if problem is None and before is not None:
            log.info("replica in use", replica=self.name)
        elif problem is not None and problem != before:
            log.warning("replica left out", replica=self.name, because=problem)


class OnReplica:
    """Queries on a replica; whatever fails there, and whatever changes anything, is asked of the primary."""

    def __init__(self, replica: Replica, primary: Queries) -> None:
        self.replica = replica
        self._primary = primary

    async def rows(self, sql: LiteralString, *args: object) -> list[asyncpg.Record]:
        """All rows, in the statement's order."""
        return await self._ask(lambda db: db.rows(sql, *args))

    async def row(self, sql: LiteralString, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        return await self._ask(lambda db: db.row(sql, *args))

    async def value(self, sql: LiteralString, *args: object) -> Any:  # noqa: ANN401 -- a column may be of any type
        """The first column of the first row, or None."""
        return await self._ask(lambda db: db.value(sql, *args))

    async def execute(self, sql: LiteralString, *args: object) -> int:
        """Run a statement on the primary; the number of rows it touched."""
        return await self._primary.execute(sql, *args)

    async def _ask(self, ask: Callable[[Queries], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                found = await ask(self.replica.db)
        except EngineDown:
            self.replica.fail("it failed a reader")
            because = "lost"
        except TimeoutError:
            because = "slow"
        except asyncpg.PostgresError:  # replay cancelled the statement, or what it names is not there yet
            because = "failed"
        else:
            _reads.labels("replica", "current").inc()
            return found
        _reads.labels("primary", because).inc()
        return await ask(self._primary)


class Replicas:
    """The replicas of one primary, none perhaps, and who has to be answered by the primary all the same."""

    def __init__(
        self, replicas: Sequence[Replica] = (), primary: Standby | None = None, *, lag_max_s: float = LAG_MAX_S
    ) -> None:
        self.all = replicas
        self.writers = Writers(kept_s=lag_max_s)
        self._primary = primary
        self._lag_max_s = lag_max_s
        self._positions = Positions()
        self._system: int | None = None
        self._turn = 0

    @classmethod
    async def connect(
        cls, primary_url: str, urls: Sequence[str], changes: Changes, *, connections_max: int, lag_max_s: float
    ) -> Self:
        """Replicas at `urls`, of which none has to be there yet; none is in use before `keep_watching` runs."""
        if not urls:
            return cls()
        primary = await Standby.connect(primary_url, connections_max=1, connections_min=0)
        replicas = [
            Replica(
                _name_of(url),
                await Standby.connect(url, connections_max=connections_max, connections_min=0),
                await Standby.connect(url, connections_max=1, connections_min=0),
            )
            for url in urls
        ]
        opened = cls(replicas, primary, lag_max_s=lag_max_s)
        changes.hear(opened.writers.hear, opened.writers.forget)
        return opened

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.all)

    def close(self) -> None:
        """Close every connection, also those to servers that do not answer."""
        for replica in self.all:
            replica.db.terminate()
            replica.watch.terminate()
        if self._primary is not None:
            self._primary.terminate()

    async def queries(self, viewer_id: int, changes: Changes, primary: Queries) -> Queries:
        """A replica that has everything this account (0: nobody) wrote before it asked, else `primary`."""
        if viewer_id and not await changes.catch_up():
            _reads.labels("primary", "changes unknown").inc()
            return primary
        wrote_at_s = self.writers.wrote_at_s(viewer_id) if viewer_id else NEVER
        fit = fitting(self.all, wrote_at_s=wrote_at_s, now_s=time.monotonic(), lag_max_s=self._lag_max_s)
        if not fit:
            _reads.labels("primary", "wrote" if any(one.problem is None for one in self.all) else "none in use").inc()
            return primary
        self._turn += 1
        return OnReplica(fit[self._turn % len(fit)], primary)

    async def keep_watching(self) -> None:
        """Look at the primary and at each replica again and again until cancelled; returns at once without replicas."""
        if not self.all:
            return
        for replica in self.all:
            _in_use.labels(replica.name).set(0)
        await self.look()
        async with asyncio.TaskGroup() as watching:
            watching.create_task(self._keep_looking(self._look_at_primary))
            for replica in self.all:
                watching.create_task(self._keep_looking(partial(self._look_at, replica)))

    async def look(self) -> None:
        """Look at the primary, and then at each replica, once."""
        await self._look_at_primary()
        await asyncio.gather(*(self._look_at(replica) for replica in self.all))

    async def _keep_looking(self, look: Callable[[], Awaitable[None]]) -> None:
        while True:
            await look()
            await asyncio.sleep(WATCH_EVERY_S)

    async def _look_at(self, replica: Replica) -> None:
        await replica.look(self._positions, self._system, self._lag_max_s)

    async def _look_at_primary(self) -> None:
        assert self._primary is not None, "replicas have a primary"
        began_s = time.monotonic()
        with suppress(EngineDown, TimeoutError, asyncpg.PostgresError):  # nobody's state is then known to be fresh
            async with asyncio.timeout(LOOK_TIMEOUT_S):
                row = await self._primary.row(_PRIMARY)
            assert row is not None, "one control file, one row"
            position, self._system, page_bytes, segment_bytes = row
            end = end_of_records(position, page_bytes=page_bytes, segment_bytes=segment_bytes)
            self._positions.note(began_s, end)


def fitting(replicas: Sequence[Replica], *, wrote_at_s: float, now_s: float, lag_max_s: float) -> list[Replica]:
    """Those that are in use, not too far behind, and have what was written before `wrote_at_s`."""
    since_s = max(wrote_at_s, now_s - lag_max_s)
    return [one for one in replicas if one.problem is None and one.as_of_s > since_s]


def urls_in(text: str) -> list[str]:
    """The addresses of a list; a comma within one separates hosts."""
    return [part.strip() for part in re.split(r",(?=\s*postgres(?:ql)?://)", text) if part.strip()]


def _name_of(url: str) -> str:
    """Where a replica is, without who goes there."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return place or ",".join(parse_qs(parts.query).get("host", ["local"]))
