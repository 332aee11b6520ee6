"""Embedded engines start anywhere, survive every kill, and leave nothing behind: real servers, real signals."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest
from serving import connect, living_below, public_place, serving, until

from linnet.platform import processes
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.errors import EngineDown
from linnet.platform.postgres import LOST
from linnet.platform.processes import CannotStart
from linnet.platform.valkey import Valkey

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every account can pass through, whose `data` is the data folder of one test after the other."""
    with public_place() as place:
        yield place


async def test_engines_serve_on_private_sockets_only_and_stop_whole(place: Path) -> None:
    async with EmbeddedEngines(place / "data") as engines:
        connection = await connect(engines)
        role = await connection.fetchrow("SELECT current_user AS name, current_setting('is_superuser') AS superuser")
        assert role is not None
        assert tuple(role) == ("linnet", "off")
        await connection.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin")
        assert await connection.fetchval("SELECT similarity('Привет мир', 'привет')") > 0.5, (
            "letters beyond ASCII count"
        )
        assert await connection.fetchval("SELECT count(*) >= 0 FROM pg_stat_statements")
        await connection.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(engines.database_url.replace("linnet:", "linnet:x"))
        client = Valkey.connect(engines.valkey_url)
        await client.put("key", b"value", expires_s=60)
        assert await client.get("key") == b"value"
        await client.close()
        servers = [psutil.Process(pid) for name in ("postgresql", "valkey") if (pid := engines.pid(name))]
        assert len(servers) == 2
        for server in servers:
            assert server.uids().effective != 0
            assert not server.net_connections("inet"), "nothing listens on TCP"
            secrets = json.loads((place / "data/engines/passwords.json").read_bytes()).values()
            assert not any(secret in " ".join(server.cmdline()) for secret in secrets)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (place / "data/engines").iterdir()}
    assert modes["passwords.json"] == 0o600
    assert modes["postgres"] == modes["valkey"] == modes["sockets"] == modes["logs"] == 0o700
    assert not living_below(place)


@pytest.mark.parametrize("with_orphan", [False, True], ids=["idle", "orphan"])
async def test_postgres_killed_under_a_writer_is_back_with_every_acknowledged_row(
    place: Path, *, with_orphan: bool
) -> None:
    async with EmbeddedEngines(place / "data") as engines:
        connection = await connect(engines)
        await connection.execute("CREATE TABLE IF NOT EXISTS acked (n integer PRIMARY KEY); TRUNCATE acked")
        spinning: asyncio.Task[str] | None = None
        if with_orphan:  # it looks up from nothing, so it outlives its postmaster and holds the shared memory
            busy = await connect(engines)
            spinning = asyncio.create_task(busy.execute("DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"))
        pid = engines.pid("postgresql")
        assert pid is not None
        writing = asyncio.create_task(write(connection))
        await asyncio.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        acked = await writing
        connection = await connect(engines)
        healed_s = time.monotonic() - killed
        assert engines.pid("postgresql") != pid
        assert await connection.fetchval("SELECT count(*) FROM acked WHERE n <= $1", acked) == acked > 0
        assert healed_s < 4, "about 1 s on a quiet machine"
        await connection.close()
        if spinning is not None:
            with pytest.raises(asyncpg.PostgresConnectionError):
                await spinning


async def write(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    """Insert 1, 2, 3, … one commit each, until the server is lost; the last number whose commit was acknowledged."""
    acked = 0
    while True:
        try:
            await connection.execute("INSERT INTO acked VALUES ($1)", acked + 1)
        except LOST:
            return acked
        acked += 1


async def test_valkey_killed_is_back_and_empty(place: Path) -> None:
    async with EmbeddedEngines(place / "data") as engines:
        client = Valkey.connect(engines.valkey_url)
        await client.put("home", b"half a timeline is worse than none", expires_s=60)
        pid = engines.pid("valkey")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: engines.pid("valkey") not in {None, pid}, within_s=2.0)
        assert await get_when_back(client, "home") is None
        await client.close()


async def get_when_back(client: Valkey, key: str) -> bytes | None:
    """What is at `key`, once the server answers again."""
    async with asyncio.timeout(2.0):
        while True:
            try:
                return await client.get(key)
            except EngineDown:
                await asyncio.sleep(0.02)


@on_linux
async def test_after_kill_minus_9_of_everything_nothing_is_left_and_the_rows_are_there(place: Path) -> None:
    async with serving(place / "data") as (process, url):
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        with pytest.raises(CannotStart, match=rf"data folder {place}/data is in use by process {process.pid}\."):
            await EmbeddedEngines(place / "data").start()
        process.kill()
    async with EmbeddedEngines(place / "data") as engines:  # at once, while the old servers are still going down
        connection = await connect(engines)
        assert await connection.fetchval("SELECT n FROM kept") == 1
        await connection.close()

    async with serving(place / "data") as (process, url):
        assert url.startswith("postgresql://")
        for victim in (process.pid, *(int(line.split()[0]) for line in living_below(place))):
            with suppress(ProcessLookupError):  # it may have followed the one killed before it
                os.kill(victim, signal.SIGKILL)
    await until(lambda: not living_below(place), within_s=3.0)
    async with EmbeddedEngines(place / "data") as engines:
        connection = await connect(engines)
        assert await connection.fetchval("SELECT n FROM kept") == 1
        await connection.close()


async def test_a_server_that_outlived_its_supervisor_is_ended_first(place: Path) -> None:
    abandoned = EmbeddedEngines(place / "data")
    await abandoned.prepare()
    spec = abandoned.specs()[0]
    left = await processes.spawn(spec.argv, env=spec.env, cwd=spec.cwd, log=spec.log, identity=spec.identity)
    await (await connect(abandoned)).close()
    assert spec.cwd is not None
    assert left.pid in processes.living_by_command(spec.cwd, "postgres"), "how it is found where there is no /proc"
    abandoned.release()

    async with EmbeddedEngines(place / "data") as engines:
        assert await asyncio.wait_for(left.wait(), 1) == 0, "a fast shutdown, no kill"
        assert engines.pid("postgresql") != left.pid

    (place / "data/engines/postgres/postmaster.pid").write_text(f"{os.getpid()}\n")  # its number went to somebody else
    async with EmbeddedEngines(place / "data") as engines:
        await (await connect(engines)).close()


async def test_a_failed_start_quotes_the_engines_own_words(place: Path) -> None:
    configuration = place / "data/engines/postgres/postgresql.conf"
    whole = configuration.read_text()
    configuration.write_text(f"{whole}\nwings = 2\n")
    with pytest.raises(CannotStart, match=r"postgresql ended with exit code 1 .*unrecognized configuration parameter"):
        await EmbeddedEngines(place / "data").start()
    configuration.write_text(whole)
    assert not living_below(place)


async def test_a_database_of_another_major_version_is_refused(place: Path) -> None:
    version = place / "data/engines/postgres/PG_VERSION"
    ours = version.read_text()
    version.write_text("17\n")
    with pytest.raises(CannotStart, match=f"made by PostgreSQL 17; this Linnet brings PostgreSQL {ours.strip()}"):
        await EmbeddedEngines(place / "data").start()
    version.write_text(ours)
