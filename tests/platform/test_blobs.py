"""Files by name: the same in a folder and in a bucket of a real S3 server."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import pytest

from linnet.platform.blobs import BlobMissing, Blobs
from linnet.platform.blobs.opening import BadStore, StoreRules, open_blobs
from linnet.platform.errors import EngineDown, TooLarge
from s3_server import S3Server

SMALL = b"a small file"
LARGE = os.urandom(13 * 1024 * 1024 + 7)
"""Three parts of a multipart upload."""
PNG = "image/png"


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    """An empty store."""
    if request.param == "folder":
        yield open_blobs(StoreRules(f"file://{tmp_path}/media"))
        return
    server: S3Server = request.getfixturevalue("s3")
    yield open_blobs(server.rules(token_hex(4)))
    assert server.unfinished_uploads() == []


async def chunks(contents: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(contents), size):
        yield contents[start : start + size]


async def put(blobs: Blobs, name: str, contents: bytes) -> None:
    await blobs.write(name, chunks(contents), bytes_max=len(contents), content_type=PNG)


async def names(blobs: Blobs, prefix: str = "") -> list[str]:
    return sorted([found.name async for found in blobs.list(prefix)])


async def contents(blobs: Blobs, name: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in blobs.read(name, start, end)])


@pytest.mark.parametrize("whole", [b"", SMALL, LARGE], ids=["empty", "small", "large"])
async def test_what_was_written_is_read(blobs: Blobs, whole: bytes) -> None:
    written = await blobs.write("media/1/file.png", chunks(whole), bytes_max=len(whole), content_type=PNG)
    assert (written.bytes, written.sha256) == (len(whole), sha256(whole).hexdigest())
    assert await contents(blobs, "media/1/file.png") == whole
    assert await blobs.size("media/1/file.png") == len(whole)


async def test_a_part_of_a_file_is_read(blobs: Blobs) -> None:
    await put(blobs, "media/1/file", LARGE)
    assert await contents(blobs, "media/1/file", 100) == LARGE[100:]
    assert await contents(blobs, "media/1/file", 6_000_000, 6_000_010) == LARGE[6_000_000:6_000_010]
    assert await contents(blobs, "media/1/file", len(LARGE) - 1, len(LARGE) + 100) == LARGE[-1:]
    assert await contents(blobs, "media/1/file", 5, 5) == b""


async def test_who_stops_reading_hurts_nobody(blobs: Blobs) -> None:
    await put(blobs, "media/1/file", LARGE)
    async with aclosing(blobs.read("media/1/file")) as pieces:
        assert LARGE.startswith(await anext(pieces))
    assert await contents(blobs, "media/1/file") == LARGE


async def test_a_file_of_this_machine_goes_in_and_comes_out(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(LARGE)
    written = await blobs.put_file("uploads/7", tmp_path / "in", content_type=PNG)
    assert written.sha256 == sha256(LARGE).hexdigest()
    await blobs.fetch("uploads/7", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == LARGE


async def test_a_file_is_replaced(blobs: Blobs) -> None:
    await put(blobs, "uploads/7", LARGE)
    await put(blobs, "uploads/7", SMALL)
    assert await contents(blobs, "uploads/7") == SMALL


async def test_what_is_not_there_is_missing(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(BlobMissing):
        await blobs.size("media/1/none")
    with pytest.raises(BlobMissing):
        await contents(blobs, "media/1/none", 5)
    with pytest.raises(BlobMissing):
        await blobs.fetch("media/1/none", tmp_path / "out")
    assert not (tmp_path / "out").exists()


async def test_files_are_deleted_also_those_that_are_not_there(blobs: Blobs) -> None:
    for number in range(5):
        await put(blobs, f"media/1/{number}", SMALL)
    await blobs.delete(["media/1/0", "media/2/none", "media/1/1", "none", "media/1/2"])
    assert await names(blobs) == ["media/1/3", "media/1/4"]
    await blobs.delete([])
    await blobs.delete(["media/1/3", "media/1/4"])
    await blobs.delete(["media/1/3"])
    assert await names(blobs) == []


async def test_files_are_listed_by_folder(blobs: Blobs) -> None:
    for name in ("media/1/a", "media/1/hls/b", "media/12/c", "uploads/1"):
        await put(blobs, name, SMALL)
    assert await names(blobs, "media/1") == ["media/1/a", "media/1/hls/b"]
    assert await names(blobs, "media") == ["media/1/a", "media/1/hls/b", "media/12/c"]
    assert await names(blobs, "none") == []
    found = [found async for found in blobs.list("uploads")]
    assert (found[0].name, found[0].bytes, found[0].modified_at.tzinfo is not None) == ("uploads/1", len(SMALL), True)


@pytest.mark.parametrize("whole", [SMALL, LARGE], ids=["small", "large"])
async def test_nothing_stays_of_a_file_that_is_too_large(blobs: Blobs, whole: bytes) -> None:
    with pytest.raises(TooLarge):
        await blobs.write("uploads/7", chunks(whole), bytes_max=len(whole) - 1, content_type=PNG)
    assert await names(blobs) == []
    assert left_in(blobs) == []


async def test_a_file_that_fails_leaves_the_one_before(blobs: Blobs) -> None:
    async def cut_off() -> AsyncIterator[bytes]:
        async for chunk in chunks(LARGE):
            yield chunk
        raise ConnectionResetError

    await put(blobs, "uploads/7", SMALL)
    with pytest.raises(ConnectionResetError):
        await blobs.write("uploads/7", cut_off(), bytes_max=len(LARGE), content_type=PNG)
    assert await contents(blobs, "uploads/7") == SMALL
    assert left_in(blobs) == []


async def test_nothing_stays_of_a_writer_who_is_cancelled(blobs: Blobs) -> None:
    halfway = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield LARGE[:-1]
        halfway.set()
        await asyncio.sleep(60)
        yield LARGE[-1:]

    writing = asyncio.create_task(blobs.write("uploads/7", slow(), bytes_max=len(LARGE), content_type=PNG))
    await halfway.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await names(blobs) == []
    assert left_in(blobs) == []


async def test_many_write_and_delete_at_once(blobs: Blobs) -> None:
    async def come_and_go(number: int) -> None:
        for _ in range(10):
            await put(blobs, f"uploads/{number}", SMALL)
            await blobs.delete([f"uploads/{number}"])

    await asyncio.gather(*(come_and_go(number) for number in range(8)))
    assert await names(blobs) == []


async def test_it_can_be_tried_out(blobs: Blobs) -> None:
    await blobs.try_out()
    assert await names(blobs) == []


async def test_a_folder_says_how_much_still_fits(tmp_path: Path) -> None:
    blobs = open_blobs(StoreRules(f"file://{tmp_path}"))
    assert (await blobs.free_bytes() or 0) > 0


async def test_what_a_killed_writer_left_is_forgotten_when_it_is_old(tmp_path: Path) -> None:
    blobs = open_blobs(StoreRules(f"file://{tmp_path}"))
    left = tmp_path / ".unfinished" / "00"
    left.parent.mkdir()
    left.write_bytes(SMALL)
    assert await names(blobs) == []
    assert await blobs.forget_unfinished(older_s=3600) == 0
    os.utime(left, (0, 0))
    assert await blobs.forget_unfinished(older_s=3600) == 1
    assert not left.exists()


async def test_without_a_store_it_is_away() -> None:
    with pytest.raises(EngineDown):
        await put(Blobs(), "uploads/7", SMALL)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a//b", ".unfinished/x", "a/../b", "a\0b", ""])
async def test_names_cannot_leave_the_store(blobs: Blobs, name: str) -> None:
    with pytest.raises(AssertionError):
        await put(blobs, name, SMALL)


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "gs://bucket/prefix", "az://container/prefix"])
async def test_each_cloud_is_opened_by_its_address_alone(url: str) -> None:
    assert url in open_blobs(StoreRules(url, access_key="key", secret_key="c2VjcmV0")).where


@pytest.mark.parametrize("url", ["ftp://host/x", "media", "s3:///", "file:///dev/null/media"])
async def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadStore):
        open_blobs(StoreRules(url))


def left_in(blobs: Blobs) -> list[Path]:
    """Unfinished files in a folder; the fixture looks at those in a bucket."""
    return [] if blobs.folder is None else list(blobs.folder.glob(".unfinished/*"))
