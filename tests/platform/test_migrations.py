"""Migrations are applied once, in order, by one process at a time, and `schema.sql` says what comes of them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from serving import public_place

from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.migrations import MigrationError, dump_schema, load, migrate, migrations_folder
from seed import plant


@pytest_asyncio.fixture
async def url(engines: Engines, servers: EmbeddedEngines) -> AsyncIterator[str]:
    """A database with nothing in it: a schema of its own."""
    await engines.db.execute("create schema trial")
    yield f"{servers.database_url}&search_path=trial"
    await engines.db.execute("drop schema trial cascade")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_pre_birds.sql").write_text("create table birds (name text); insert into birds values ('linnet');")
    (tmp_path / "0002_post_songs.sql").write_text("create table songs (bird text)")
    return tmp_path


async def test_migrations_are_applied_in_order_and_only_once(url: str, folder: Path, engines: Engines) -> None:
    seen: list[str] = []
    assert await migrate(url, folder=folder, progress=seen.append) == ["0001_pre_birds.sql", "0002_post_songs.sql"]
    assert seen == ["0001_pre_birds.sql", "0002_post_songs.sql"]
    assert await migrate(url, folder=folder) == []
    (folder / "0003_pre_nests.sql").write_text("create table nests (bird text)")
    assert await migrate(url, folder=folder) == ["0003_pre_nests.sql"]
    assert await engines.db.value("select count(*) from trial.birds") == 1


async def test_the_phase_before_a_deploy_leaves_the_one_after_it_for_later(url: str, folder: Path) -> None:
    assert await migrate(url, folder=folder, phase="pre") == ["0001_pre_birds.sql"]
    assert await migrate(url, folder=folder, phase="post") == ["0002_post_songs.sql"]


async def test_a_migration_changed_after_it_was_applied_is_refused(url: str, folder: Path) -> None:
    await migrate(url, folder=folder)
    (folder / "0001_pre_birds.sql").write_text("create table birds (name text, song text)")
    with pytest.raises(MigrationError, match=r"^0001_pre_birds.sql changed after being applied .* into a new one\.$"):
        await migrate(url, folder=folder)


async def test_a_migration_that_fails_leaves_nothing_of_itself(url: str, folder: Path, engines: Engines) -> None:
    (folder / "0003_pre_broken.sql").write_text("create table nests (bird text); select nonsense")
    with pytest.raises(MigrationError, match=r"0003_pre_broken\.sql failed and was rolled back: .*nonsense"):
        await migrate(url, folder=folder)
    assert await engines.db.value("select to_regclass('trial.songs')") is not None
    assert await engines.db.value("select to_regclass('trial.nests')") is None


async def test_of_two_that_migrate_at_once_one_waits_and_finds_it_done(url: str, folder: Path) -> None:
    (folder / "0003_pre_slow.sql").write_text("select pg_sleep(0.5)")
    first, second = await asyncio.gather(migrate(url, folder=folder), migrate(url, folder=folder))
    assert sorted([len(first), len(second)]) == [0, 3]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("0003_birds.sql", "0003_birds.sql is not a migration's name"),
        ("0001_pre_again.sql", "0001_pre_again.sql and 0001_pre_birds.sql have the same number"),
    ],
)
def test_names_that_leave_the_order_unclear_are_refused(folder: Path, name: str, complaint: str) -> None:
    (folder / name).touch()
    with pytest.raises(MigrationError, match=complaint):
        load(folder)


def test_an_installation_without_migrations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="There are no migrations in"):
        load(tmp_path)


async def test_a_database_that_does_not_answer_is_an_engine_down(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineDown):
        await migrate(f"postgresql://linnet@/linnet?host={tmp_path}", folder=folder)


async def test_schema_sql_is_what_the_migrations_make(seed: Path) -> None:
    written = (migrations_folder() / "schema.sql").read_text()
    with public_place() as place:
        plant(seed, place / "data")
        async with EmbeddedEngines(place / "data", durable=False) as engines:
            made = await dump_schema(engines.database_url)
    assert written == made, "run `python -m linnet.platform.migrations`, and commit schema.sql"
