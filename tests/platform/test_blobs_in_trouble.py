"""A store that is full, away, or spoilt: said clearly, nothing half-visible, and all is well again without help."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from linnet.platform.blobs import Blobs
from linnet.platform.blobs.opening import StoreRules, open_blobs
from linnet.platform.errors import EngineDown, StoreFull, status_of
from s3_server import S3Server, s3_server
from small_disk import small_disk, small_files

MB = 1_000_000
LARGE = os.urandom(6 * MB)


async def whole(contents: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(contents), MB):
        yield contents[start : start + MB]


async def put(blobs: Blobs, name: str, contents: bytes = LARGE) -> None:
    await blobs.write(name, whole(contents), bytes_max=len(contents), content_type="image/png")


async def names(blobs: Blobs) -> list[str]:
    return sorted([found.name async for found in blobs.list("")])


def left_in(folder: Path) -> list[Path]:
    """Files that were never finished."""
    return list(folder.glob(".unfinished/*"))


async def test_a_full_disk_is_said_to_be_full_and_used_again_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8 * MB) as is_one:
        if not is_one:
            pytest.skip("only root can make a small disk; the test below has a small limit")
        blobs = open_blobs(StoreRules((tmp_path / "disk").as_uri()))
        await put(blobs, "media/1/first")
        with pytest.raises(StoreFull) as raised:
            await put(blobs, "media/2/second")
        assert status_of(raised.value) == 507
        assert "no room" in raised.value.message
        assert await names(blobs) == ["media/1/first"]
        assert left_in(tmp_path / "disk") == []
        assert b"".join([piece async for piece in blobs.read("media/1/first")]) == LARGE
        results = await asyncio.gather(
            *(put(blobs, f"media/{n}/x", LARGE[:MB]) for n in range(9)), return_exceptions=True
        )
        assert {type(result) for result in results if result is not None} == {StoreFull}
        written = [f"media/{n}/x" for n, result in enumerate(results) if result is None]
        assert await names(blobs) == sorted(["media/1/first", *written])
        await blobs.delete(["media/1/first", *written])
        await put(blobs, "media/2/second")
        assert await names(blobs) == ["media/2/second"]


async def test_a_file_that_the_system_stops_is_gone(tmp_path: Path) -> None:
    blobs = open_blobs(StoreRules(tmp_path.as_uri()))
    with small_files(2 * MB), pytest.raises(StoreFull):
        await put(blobs, "media/1/first")
    assert await names(blobs) == []
    assert left_in(tmp_path) == []
    await put(blobs, "media/1/first")
    assert await names(blobs) == ["media/1/first"]


async def test_a_folder_that_cannot_be_written_is_away(tmp_path: Path) -> None:
    blobs = open_blobs(StoreRules(tmp_path.as_uri()))
    (tmp_path / "media").write_text("a file where a folder should be")
    with pytest.raises(EngineDown) as raised:
        await put(blobs, "media/1/first")
    assert not isinstance(raised.value, StoreFull)
    assert left_in(tmp_path) == []


async def test_a_bucket_that_is_away_is_said_to_be_away_soon_and_comes_back() -> None:
    async with s3_server() as server:
        blobs = open_blobs(server.rules("files"))
        await put(blobs, "media/1/first")
        server.kill()
        started = time.monotonic()
        await all_is_refused(blobs)
        assert time.monotonic() - started < 30
        await server.start()
        assert b"".join([piece async for piece in blobs.read("media/1/first")]) == LARGE
        await put(blobs, "media/2/second")
        assert await names(blobs) == ["media/1/first", "media/2/second"]


async def all_is_refused(blobs: Blobs) -> None:
    """Everything that can be asked, each answered as by an engine that is down."""
    for asked in (
        put(blobs, "media/2/second"),
        put(blobs, "media/2/small", b"small"),
        blobs.size("media/1/first"),
        blobs.delete(["media/1/first"]),
        names(blobs),
        blobs.try_out(),
    ):
        with pytest.raises(EngineDown):
            await asked


async def test_a_bucket_that_knows_us_not_is_away(s3: S3Server) -> None:
    rules = s3.rules("files")
    blobs = open_blobs(StoreRules(rules.url, rules.endpoint, rules.region, rules.access_key, "another secret"))
    await all_is_refused(blobs)
