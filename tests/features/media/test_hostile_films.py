"""What is sent to harm us: refused with a sentence, or made harmless; and it reaches no network and no other file."""

import asyncio
import os
import random
import struct
import sys
import zlib
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import film_files
from film_files import LIMITS, film, made_of, picture, refusal, tone
from linnet.features.media.models import Refused
from linnet.features.media.processing import bounded, ffmpeg
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.media.processing.probing import probe
from linnet.platform.processes import CannotStart

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
BOUNDS = bounded.Bounds(wall_s=20, cpu_s=10, memory_bytes=1 << 30, file_bytes=1 << 20)
FUZZED = {
    "film.mp4": (*X264, "-c:a", "aac", "-movflags", "+faststart"),
    "film.mkv": (*X264, "-c:a", "aac"),
    "film.ts": (*X264, "-c:a", "aac"),
    "film.avi": ("-c:v", "mpeg4", "-c:a", "mp3"),
    "film.gif": ("-map", "0:v"),
    "song.mp3": ("-map", "1:a"),
    "song.ogg": ("-map", "1:a", "-c:a", "libvorbis"),
}


class Canary:
    """A server that nobody must ask anything."""

    def __init__(self) -> None:
        self.calls = 0
        self.port = 0

    async def answer(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        writer.close()


@pytest.fixture
async def canary() -> AsyncGenerator[Canary]:
    canary = Canary()
    server = await asyncio.start_server(canary.answer, "127.0.0.1", 0)
    canary.port = server.sockets[0].getsockname()[1]
    async with server:
        yield canary


def playlists(port: int) -> dict[str, str]:
    there = f"http://127.0.0.1:{port}/film.ts"
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{there}\n#EXT-X-ENDLIST\n",
        "hls of files": "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "hls of pieces": f"#EXTM3U\n#EXTINF:1,\nconcat:{there}|file:///etc/passwd\n#EXT-X-ENDLIST\n",
        "concat": "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "concat of addresses": f"ffconcat version 1.0\nfile '{there}'\n",
        "dash": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{there}</BaseURL></MPD>',
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{there}"/></svg>',
        "subtitles": "1\n00:00:00,000 --> 00:00:10,000\nHello\n",
        "lavfi": "movie=/etc/passwd",
        "page": f'<html><video src="{there}"></html>',
        "pls": f"[playlist]\nFile1={there}\n",
    }


async def test_playlists_are_no_films_whatever_they_are_called(canary: Canary, studio: Studio, tmp_path: Path) -> None:
    for number, text in enumerate(playlists(canary.port).values()):
        source = tmp_path / f"{number}.mp4"
        source.write_text(text)
        assert await refusal(source, studio) == "unknown_type"
    assert canary.calls == 0


@pytest.mark.parametrize("demuxer", ["mov", "matroska", "ogg", "mp3", "mpegts"])
async def test_ffmpeg_itself_opens_nothing_but_a_film(demuxer: str, canary: Canary, tmp_path: Path) -> None:
    """If our own look at the first bytes were fooled: a playlist opened as what it is not, or as what it is."""
    source = tmp_path / "film.mp4"
    source.write_text(playlists(canary.port)["hls"])
    for forced in (demuxer, "hls", "concat"):
        arguments = [*ffmpeg.source(source, forced), "-f", "null", "-"]
        with pytest.raises(Refused):
            await ffmpeg.run(arguments, LIMITS, tmp_path)
    assert canary.calls == 0


async def test_what_reads_a_film_has_no_network(canary: Canary, tmp_path: Path) -> None:
    ask = f"import socket; socket.create_connection(('127.0.0.1', {canary.port}), 5)"
    plain = await asyncio.create_subprocess_exec(sys.executable, "-c", ask)
    assert await plain.wait() == 0
    assert canary.calls == 1
    ended = await bounded.run([sys.executable, "-c", ask], BOUNDS, tmp_path)
    if not canleave_network():
        pytest.skip("this kernel lets nobody leave the network")
    assert ended.code == 1
    assert canary.calls == 1


async def test_what_reads_a_film_sees_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "not to be told")
    ended = await bounded.run(
        [sys.executable, "-c", "import os; print(dict(os.environ), os.getcwd())"], BOUNDS, tmp_path
    )
    assert "JWT_SECRET" not in ended.output[0]
    assert str(tmp_path) in ended.output[0]


async def test_bounds_are_held_by_the_kernel(tmp_path: Path) -> None:
    async def run(code: str, bounds: bounded.Bounds = BOUNDS) -> bounded.Ended:
        return await bounded.run([sys.executable, "-c", code], bounds, tmp_path)

    assert (await run("bytearray(2 << 30)")).code == 1
    assert (await run("while True: pass", replace(BOUNDS, cpu_s=1))).over_cpu
    assert (await run("import time; time.sleep(60)", replace(BOUNDS, wall_s=0.3))).late
    assert (await run("import os; os.write(os.open('x', os.O_CREAT | os.O_WRONLY), bytes(2 << 20))")).code in {
        0,
        1,
        -25,
    }
    assert (tmp_path / "x").stat().st_size <= 1 << 20
    with pytest.raises(CannotStart):
        await bounded.run(["/nowhere/ffmpeg"], BOUNDS, tmp_path)
    noisy = await run("import sys\nfor _ in range(3): sys.stderr.write('x' * 300_000 + '\\n')\nprint('done')")
    assert noisy.output == ("done",)
    assert sum(map(len, noisy.errors)) < 60 * (128 << 10)


async def test_ffmpeg_dies_with_whoever_started_it(tmp_path: Path) -> None:
    source = film(tmp_path / "long.mkv", *X264, inputs=picture("640x360", 60, 5))
    script = (
        "import asyncio; from pathlib import Path; from dataclasses import replace\n"
        "from linnet.features.media.processing import ffmpeg; from film_files import LIMITS\n"
        f"f = Path({str(tmp_path)!r})\n"
        "a = [*ffmpeg.source(f / 'long.mkv', 'matroska'), '-c:v', 'libx264', '-preset', 'placebo', 'file:out.mp4']\n"
        "asyncio.run(ffmpeg.run(a, LIMITS, f))\n"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(film_files.__file__).parent)}
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", script, env=env)
    while not (found := working_on(source)):
        await asyncio.sleep(0.05)
        assert worker.returncode is None
    worker.kill()
    await worker.wait()
    for _ in range(500):
        if not working_on(source):
            break
        await asyncio.sleep(0.02)
    assert not working_on(source), found


async def test_what_takes_too_much_is_refused(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "film.mkv", *X264, inputs=picture("640x360", 30, 2))

    for number, (expected, less) in enumerate((
        ("too_long", {"film_length_s": 1.0}),
        ("too_large", {"pixels_max": 10_000}),
        ("too_fast", {"source_rate_max": 25}),
        ("too_complex", {"time_s": 0.2, "preset": "placebo"}),
        ("too_complex", {"memory_bytes": 64 << 20, "preset": "placebo"}),
        ("result_too_large", {"output_bytes": 20_000}),
    )):  # fmt: skip
        source = source.rename(tmp_path / f"film{number}.mkv")
        assert await refusal(source, studio, replace(LIMITS, **less)) == expected


async def test_films_that_end_too_early(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert await refusal(tmp_path / "empty.mp4", studio) == "empty"
    fast = ("-movflags", "+faststart")
    for name, codecs, expected in (
        ("late.mp4", X264, "unreadable"),
        ("early.mp4", (*X264, *fast), "cut_off"),
        ("film.mkv", X264, "cut_off"),
        ("song.m4a", ("-vn", "-c:a", "aac", *fast), "cut_off"),
    ):
        whole = film(tmp_path / name, *codecs, inputs=[*picture("160x120", 10, 6), *tone(6)])
        os.truncate(whole, whole.stat().st_size * 4 // 10)
        assert await refusal(whole, studio) == expected, name


async def test_headers_that_say_a_hundred_hours(studio: Studio, tmp_path: Path) -> None:
    """Of a sound whose samples end after a second, and of a film that says so in its header."""
    size = 8_000 * 3_600 * 100
    form = b"fmt " + (16).to_bytes(4, "little") + bytes.fromhex("0100 0100 401f0000 401f0000 0100 0800")
    head = b"RIFF" + (size + 36).to_bytes(4, "little") + b"WAVE" + form + b"data" + size.to_bytes(4, "little")
    (tmp_path / "long.wav").write_bytes(head + bytes(8_000))
    assert (await made_of(tmp_path / "long.wav", studio)).meta.duration_s == pytest.approx(1, abs=0.2)
    source = film(tmp_path / "film.mkv", *X264, inputs=picture("64x64"))
    told = source.read_bytes()
    at = told.index(b"\x44\x89\x88") + 3
    source.write_bytes(told[:at] + struct.pack(">d", 360_000_000.0) + told[at + 8 :])
    assert await refusal(source, studio) == "cut_off"


@pytest.mark.parametrize("frames", [5_000, 100_000])
async def test_animations_without_end(frames: int, studio: Studio, tmp_path: Path) -> None:
    source = tmp_path / "endless.gif"
    source.write_bytes(gif(frames))
    assert await refusal(source, studio) == "too_long"


async def test_pictures_that_say_they_are_huge(studio: Studio, tmp_path: Path) -> None:
    huge = bytearray(gif(3))
    huge[6:10] = b"\xff\xff\xff\xff"
    (tmp_path / "huge.gif").write_bytes(huge)
    webp = bytearray(film(tmp_path / "small.webp", "-c:v", "libwebp_anim", inputs=picture("64x64")).read_bytes())
    webp[24:30] = b"\xfe\x3f\x00\xfe\x3f\x00"
    (tmp_path / "huge.webp").write_bytes(webp)
    png = bytearray(film(tmp_path / "small.png", "-f", "apng", inputs=picture("64x64")).read_bytes())
    png[16:24] = (40_000).to_bytes(4) * 2
    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4)
    (tmp_path / "huge.png").write_bytes(png)
    for name in ("huge.gif", "huge.webp", "huge.png"):
        assert await refusal(tmp_path / name, studio) in {"too_large", "unreadable"}


async def test_what_is_protected_or_unknown(studio: Studio, tmp_path: Path) -> None:
    key = "00112233445566778899aabbccddeeff"
    locked = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key, "-encryption_kid", key)
    source = film(tmp_path / "locked.mp4", *X264, "-c:a", "aac", *locked)
    assert await refusal(source, studio) == "encrypted"
    strange = film(tmp_path / "strange.mp4", *X264, inputs=picture())
    strange.write_bytes(strange.read_bytes().replace(b"avc1", b"zzz1").replace(b"avcC", b"zzzC"))
    assert await refusal(strange, studio) in {"unknown_codec", "unreadable"}


@pytest.mark.parametrize("name", FUZZED)
async def test_damaged_files_are_refused_or_read_and_nothing_else(name: str, tmp_path: Path) -> None:
    whole = film(tmp_path / name, *FUZZED[name], inputs=[*picture("64x64", 10), *tone()]).read_bytes()
    chance = random.Random(name)
    for number in range(6):
        broken = bytearray(whole)
        for _ in range(chance.choice((1, 20, 400))):
            broken[chance.randrange(0 if number % 2 else 16, len(broken))] = chance.randrange(256)
        if chance.random() < 0.3:
            at = chance.randrange(len(broken))
            broken[at : at + chance.randrange(2_000)] = b""
        source = tmp_path / f"{number}-{name}"
        source.write_bytes(broken)
        with suppress(Refused):
            assert 0 <= (await probe(source)).duration_s < 1e9


async def test_a_damaged_film_is_made_as_far_as_it_goes_or_refused(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", *FUZZED["film.ts"])
    broken = bytearray(source.read_bytes())
    chance = random.Random(7)
    for _ in range(200):
        broken[chance.randrange(4_000, len(broken))] = chance.randrange(256)
    source.write_bytes(broken)
    with suppress(Refused):
        assert (await made_of(source, studio)).meta.width == 320


def gif(frames: int) -> bytes:
    """A GIF of so many frames of one pixel, as small as can be."""
    frame = bytes.fromhex("21f904 00 0200 00 00  2c 00000000 01000100 00  02 02 4401 00")
    return b"GIF89a" + bytes.fromhex("01000100 80 00 00 000000 ffffff") + frame * frames + b";"


def canleave_network() -> bool:
    """Whether this kernel gives us a network namespace."""
    child = os.fork()
    if child == 0:
        bounded.leave_network()
        links = Path("/proc/net/dev").read_text(encoding="ascii").splitlines()[2:]
        os._exit(0 if not any(not line.strip().startswith("lo:") for line in links) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def working_on(path: Path) -> list[int]:
    """Processes of ffmpeg that read this file."""
    found: list[int] = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes() if process.name.isdigit() else b""
        except OSError:
            continue
        if str(path).encode() in line and b"ffmpeg" in line.partition(b"\0")[0]:
            found.append(int(process.name))
    return found
