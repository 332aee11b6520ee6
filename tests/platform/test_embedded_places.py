"""Embedded engines start in odd places and as anybody, and open no folder to others on the way."""

import os
import pwd
import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import psutil
import pytest
from serving import connect, living_below, public_place, serving

from linnet.platform import embedded_postgres, processes
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.embedded_programs import Programs
from linnet.platform.processes import CannotStart, Identity
from linnet.platform.valkey import Valkey
from seed import plant

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="asks what root does")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture(scope="module")
def place(seed: Path) -> Iterator[Path]:
    """A folder that every account can pass through, whose `data` is the data folder of one test after the other."""
    with public_place() as place:
        plant(seed, place / "data")
        yield place


def text(file: Path | str) -> str:
    """All of a small file."""
    return Path(file).read_text(encoding="utf-8")


def permissions(folder: Path) -> int:
    """Who may do what with it."""
    return folder.stat().st_mode & 0o777


@contextmanager
def moved(place: Path, name: str) -> Generator[Path]:
    """The data folder under another name for a while."""
    there = place / name
    (place / "data").rename(there)
    yield there
    there.rename(place / "data")


@pytest.mark.parametrize("name", ["long" * 25, "one,two"], ids=["long", "comma"])
async def test_a_path_unfit_for_sockets_gets_short_ones_elsewhere(place: Path, name: str) -> None:
    with moved(place, name) as data:
        async with EmbeddedEngines(data) as engines:
            await (await connect(engines)).close()
            short = Path(text(data / "engines/sockets.path"))
            assert len(str(short / embedded_postgres.SOCKET)) <= 103
            assert permissions(short) == 0o700
        assert not list(short.parent.glob(short.name))


async def test_odd_characters_in_the_path_do_no_harm(place: Path) -> None:
    with moved(place, "ä b'\";%20$") as data:
        async with EmbeddedEngines(data) as engines:
            await (await connect(engines)).close()
            client = Valkey.connect(engines.valkey_url)
            await client.ping()
            await client.close()
            assert (data / "engines/sockets" / embedded_postgres.SOCKET).is_socket()


@pytest.mark.parametrize("folder", ["/proc/linnet", "/dev/null"])
async def test_a_folder_that_cannot_be_used_is_refused_in_a_sentence(folder: str) -> None:
    with pytest.raises(CannotStart, match=f"cannot use its data folder {folder}: .* Set LINNET_DATA_DIR"):
        await EmbeddedEngines(Path(folder)).start()


@as_root
async def test_an_ordinary_user_runs_them_as_itself_and_so_does_root_for_it(place: Path) -> None:
    uid = pwd.getpwnam("daemon").pw_uid
    data = place / "ordinary"
    data.mkdir(mode=0o700)
    os.chown(data, uid, uid)
    async with serving(data, uid) as (_, url):
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        assert {psutil.Process(int(line.split()[0])).uids().real for line in living_below(data)} == {uid}
    assert not living_below(data)
    async with EmbeddedEngines(data) as engines:
        pid = engines.pid("postgresql")
        assert pid is not None
        assert psutil.Process(pid).uids().real == uid
    (place / "private").mkdir(mode=0o700)
    async with serving(place / "private", uid) as (_, answer):
        assert answer.startswith(f"Linnet cannot use its data folder {place}/private: Permission denied")


@as_root
async def test_programs_out_of_reach_are_copied_for_root_and_no_folder_is_opened(place: Path) -> None:
    hidden = place / "hidden"
    hidden.mkdir(mode=0o700)
    installed = Programs.installed()
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed.postgres_home / name, hidden / name)
    shutil.copy(installed.valkey, hidden / "valkey-server")
    programs = replace(installed, postgres_home=hidden, valkey=hidden / "valkey-server")
    async with EmbeddedEngines(place / "data", programs=programs) as engines:
        pid = engines.pid("postgresql")
        assert pid is not None
        assert psutil.Process(pid).exe().startswith(f"{place}/data/engines/programs-")
        assert psutil.Process(pid).uids().effective not in {0, os.geteuid()}
    assert permissions(hidden) == 0o700


@as_root
@on_linux
async def test_a_data_folder_out_of_reach_runs_in_a_user_namespace_and_no_folder_is_opened(place: Path) -> None:
    above = place / "secret"
    above.mkdir(mode=0o700)
    async with EmbeddedEngines(above / "data", durable=False) as engines:
        await (await connect(engines)).close()
        pid = engines.pid("postgresql")
        assert pid is not None
        assert text(f"/proc/{pid}/uid_map") != text("/proc/self/uid_map")
        assert "CapEff:\t0000000000000000" in text(f"/proc/{pid}/status")
    assert permissions(above) == 0o700
    above.chmod(0o755)  # the next start finds a way for an account, and gives it the files
    async with EmbeddedEngines(above / "data", durable=False) as engines:
        await (await connect(engines)).close()
    assert (above / "data/engines/postgres/base").stat().st_uid != 0


@as_root
async def test_without_account_and_namespace_root_is_told_what_to_do(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def namespace_denied(argv: object, identity: Identity, folder: Path) -> bool:
        return not identity.namespaced and processes.can_run(["/bin/sh", "-c", ":"], identity, folder)

    monkeypatch.setattr("linnet.platform.embedded_programs.can_run", namespace_denied)
    above = place / "closed"
    above.mkdir(mode=0o700)
    with pytest.raises(CannotStart, match=r"PostgreSQL refuses to run as root.*Set LINNET_DATA_DIR"):
        await EmbeddedEngines(above / "data").start()
