"""Stories of files made to harm: each is refused with a sentence, the studio goes on, and memory stays small."""

import asyncio
import os
import struct
import sys
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linnet.features.media.models import Purpose, Refused
from linnet.features.media.processing.pictures import studio as studios
from linnet.features.media.processing.pictures.studio import Studio
from picture_files import FORMATS, animation, encoded, photo, png_of, quarters

PIXELS_MAX = 33_177_600
MEMORY_MAX = 1 << 30
PILLOW_NAMES = {"jpg": "JPEG", "heic": "HEIF"}


_OTHERS = set[int]()
"""Processes that make pictures for a server that tests before these have started."""


@pytest.fixture(scope="module")
async def studio() -> AsyncGenerator[Studio]:
    _OTHERS.update(one.pid for one in makers())
    studio = Studio(pixels_max=PIXELS_MAX)
    yield studio
    await studio.close()


@pytest.fixture(autouse=True)
async def _nothing_stays_behind(studio: Studio) -> AsyncGenerator[None]:
    yield
    await studio.close()
    assert list(makers()) == []


@pytest.mark.parametrize("kind", FORMATS)
async def test_files_that_are_cut_off(kind: str, studio: Studio, tmp_path: Path) -> None:
    whole = sample(kind)
    for part in (0, 1, 4, 20, len(whole) // 4, len(whole) // 2, len(whole) * 9 // 10):
        assert await refusal(studio, tmp_path, whole[:part]) in {"empty", "unknown_type", "unreadable"}


async def test_pictures_too_large_are_refused_by_their_header(studio: Studio, tmp_path: Path) -> None:
    bomb = png_of(tmp_path / "bomb.png", 10_000, 10_000)
    assert bomb.stat().st_size < 400_000
    assert await refusal(studio, tmp_path, bomb.read_bytes()) == "too_many_pixels"
    with pytest.raises(Refused, match=r"10,000 by 10,000 pixels: 33,177,600 of them are the most"):
        await studio.make_picture(bomb, tmp_path, Purpose.ATTACHMENT)
    assert await refusal(studio, tmp_path, png_of(tmp_path / "b.png", 30_000, 30_000, rows=1).read_bytes())
    assert await refusal(studio, tmp_path, png_of(tmp_path / "c.png", 2**31 - 1, 2**31 - 1, rows=0).read_bytes())
    assert await refusal(studio, tmp_path, png_of(tmp_path / "d.png", 0, 10, rows=0).read_bytes()) == "unreadable"
    gif = bytearray(sample("gif"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    assert await refusal(studio, tmp_path, bytes(gif)) in {"too_many_pixels", ""}, "or the true size is used"
    assert max_memory() < MEMORY_MAX


async def test_the_largest_picture_that_is_taken_fits_in_memory(studio: Studio, tmp_path: Path) -> None:
    black = png_of(tmp_path / "black.png", 5_760, 5_760)
    folder = tmp_path / "made"
    folder.mkdir()
    made = await studio.make_picture(black, folder, Purpose.ATTACHMENT)
    assert made.meta.width == made.meta.height == 2_880
    assert max_memory() < MEMORY_MAX


async def test_animations_without_end(studio: Studio, tmp_path: Path) -> None:
    endless = animation(tmp_path / "endless.gif", 5_000, 20, 20).read_bytes()
    assert await refusal(studio, tmp_path, endless, Purpose.AVATAR) == "too_many_frames"
    large = animation(tmp_path / "large.gif", 120, 1_500, 1_500).read_bytes()
    assert await refusal(studio, tmp_path, large, Purpose.HEADER) == "too_many_frames"


async def test_other_types_whatever_they_call_themselves(studio: Studio, tmp_path: Path) -> None:
    for contents in (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>',
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
        encoded(quarters(30, 20), "TIFF"),
        encoded(quarters(30, 20), "BMP"),
        encoded(quarters(30, 20), "ICO"),
        encoded(quarters(30, 20), "PPM"),
        encoded(quarters(30, 20), "JPEG2000"),
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
        b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/)'\npop graphic-context",
        b"#EXTM3U\nhttp://127.0.0.1/",
        b"\0" * 5_000,
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    ):
        assert await refusal(studio, tmp_path, contents) == "unknown_type"


@pytest.mark.parametrize("kind", FORMATS)
def test_bytes_changed_at_random(kind: str, tmp_path: Path) -> None:
    """A picture or a refusal, and nothing else: never a process that stays dead, never memory without end."""
    whole = sample(kind)

    async def play(mutations: list[list[tuple[int, int]]]) -> None:
        studio = Studio(pixels_max=PIXELS_MAX)
        for mutation in mutations:
            contents = bytearray(whole)
            for where, what in mutation:
                contents[where % len(contents)] = what
            for purpose in (Purpose.ATTACHMENT, Purpose.AVATAR):
                await refusal(studio, tmp_path, bytes(contents), purpose)
        assert max_memory() < MEMORY_MAX
        await studio.close()

    @settings(max_examples=6, deadline=None, database=None)
    @given(st.lists(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=12), max_size=8))
    def fuzz(mutations: list[list[tuple[int, int]]]) -> None:
        asyncio.run(play(mutations))

    fuzz()


async def test_a_process_that_dies_is_replaced_and_its_picture_made_by_the_next(studio: Studio, tmp_path: Path) -> None:
    photo(tmp_path / "photo.jpg")
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert (await studio.make_picture(tmp_path / "photo.jpg", folder, Purpose.ATTACHMENT)).files
        (maker,) = makers()
        maker.kill()
        maker.wait(5)


async def test_a_picture_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(pixels_max=PIXELS_MAX)
    await studio.make_picture(photo(tmp_path / "photo.jpg"), tmp_path, Purpose.AVATAR)
    (maker,) = makers()
    maker.suspend()
    monkeypatch.setattr(studios, "WALL_S", 0.1)
    with pytest.raises(Refused, match="takes too long"):
        await studio.make_picture(tmp_path / "photo.jpg", tmp_path, Purpose.ATTACHMENT)
    assert list(makers()) == []


async def test_who_cancels_the_making_ends_the_process(tmp_path: Path) -> None:
    studio = Studio(pixels_max=PIXELS_MAX)
    await studio.make_picture(photo(tmp_path / "photo.jpg"), tmp_path, Purpose.AVATAR)
    (maker,) = makers()
    maker.suspend()
    task = asyncio.create_task(studio.make_picture(tmp_path / "photo.jpg", tmp_path, Purpose.ATTACHMENT))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(makers()) == []


async def test_one_that_nobody_needs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(pixels_max=PIXELS_MAX)
    monkeypatch.setattr(studios, "IDLE_S", 0.1)
    await studio.make_picture(photo(tmp_path / "photo.jpg"), tmp_path, Purpose.ATTACHMENT)
    assert len(list(makers())) == 1
    await asyncio.sleep(0.5)
    assert list(makers()) == []
    assert (await studio.make_picture(tmp_path / "photo.jpg", tmp_path, Purpose.ATTACHMENT)).files
    await studio.close()


@pytest.mark.skipif(sys.platform != "linux", reason="a promise of Linux")
async def test_it_dies_with_who_started_it(tmp_path: Path) -> None:
    photo(tmp_path / "photo.jpg")
    program = f"""
import asyncio
from pathlib import Path
from linnet.features.media.models import Purpose
from linnet.features.media.processing.pictures.studio import Studio

async def main():
    folder = Path({str(tmp_path)!r})
    await Studio(pixels_max=10**6).make_picture(folder / "photo.jpg", folder, Purpose.AVATAR)
    print("made", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"made\n"
    (maker,) = psutil.Process(parent.pid).children()
    maker.suspend()  # so that it cannot end by itself
    parent.kill()
    await parent.wait()
    maker.wait(5)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_the_process_has_nothing_worth_taking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINNET_DATABASE_URL", "postgresql://secret@host/name")
    studio = Studio(pixels_max=PIXELS_MAX)
    await studio.make_picture(photo(tmp_path / "photo.jpg"), tmp_path, Purpose.ATTACHMENT)
    (maker,) = makers()
    process = Path("/proc") / str(maker.pid)
    assert b"LINNET" not in (process / "environ").read_bytes()
    assert os.getpgid(maker.pid) == maker.pid
    status = (process / "status").read_text()
    assert "NoNewPrivs:\t1" in status
    limits = {line[:26].strip(): line[26:].split()[0] for line in (process / "limits").read_text().splitlines()[1:]}
    assert (limits["Max address space"], limits["Max core file size"]) == (str(MEMORY_MAX), "0")
    assert {(process / "fd" / str(number)).readlink() for number in range(3)} == {Path(os.devnull)}
    here = Path("/proc") / str(os.getpid())
    if (process / "ns" / "net").readlink() != (here / "ns" / "net").readlink():
        assert [line.split(":")[0].strip() for line in (process / "net/dev").read_text().splitlines()[2:]] == ["lo"]
    await studio.close()


async def refusal(studio: Studio, folder: Path, contents: bytes, purpose: Purpose = Purpose.ATTACHMENT) -> str:
    """Why these bytes are refused; empty when they are not."""
    source, made = folder / "hostile", folder / "hostile-made"
    source.write_bytes(contents)
    made.mkdir()
    try:
        await studio.make_picture(source, made, purpose)
    except Refused as refused:
        reason, sentence = refused.reason, str(refused)
    else:
        reason, sentence = "", "."
    finally:
        for path in made.iterdir():
            path.unlink()
        made.rmdir()
    assert sentence.endswith(".")
    return reason


def sample(kind: str) -> bytes:
    return encoded(quarters(300, 200).effect_spread(9), PILLOW_NAMES.get(kind, kind.upper()))


def makers() -> Iterator[psutil.Process]:
    """The processes that make pictures for this one."""
    children = (child for child in psutil.Process().children() if child.pid not in _OTHERS)
    return (child for child in children if "linnet.features.media" in " ".join(child.cmdline()))


def max_memory() -> int:
    """The most that one of them has ever had in memory, in bytes."""
    peaks = [
        int(line.split()[1]) * 1024
        for one in makers()
        for line in (Path("/proc") / str(one.pid) / "status").read_text().splitlines()
        if line.startswith("VmHWM:")
    ]
    return max(peaks, default=0)
