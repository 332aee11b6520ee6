"""What a worker takes of the machine's memory while it makes films and pictures that need much: never a gigabyte."""

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from test_killed_uploads import is_worker, processes, ready, upload

from film_files import film, picture, tone
from picture_files import encoded, quarters
from running import Server, running_server

GIBIBYTE = 1 << 30
LOOK_EVERY_S = 0.02
LONG_S = 1

HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:ref=5", "-pix_fmt", "yuv420p10le")
AV1 = ("-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=2", "-pix_fmt", "yuv420p10le")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-refs", "8", "-pix_fmt", "yuv444p")
FILMS = pytest.mark.parametrize("codec", [HEVC, AV1, H264], ids=["hevc", "av1", "h264"])


@pytest.fixture(scope="module")
def server(seed: Path) -> Iterator[Server]:
    """One that makes a ladder of every film of a second."""
    with running_server(seed, media_ladder_from=str(LONG_S - 1)) as server:
        yield server


@dataclass
class Watched:
    """Bytes in memory of a worker and all it started, at most at one time. What they share is counted for each."""

    most: int = 0


@contextmanager
def watching(server: Server) -> Generator[Watched]:
    """Look again and again as long as the block lasts."""
    watched = Watched()
    over = threading.Event()

    def look() -> None:
        (worker,) = processes(server, is_worker)
        while not over.wait(LOOK_EVERY_S):
            watched.most = max(watched.most, resident(worker))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield watched
    finally:
        over.set()
        looking.join()


def resident(worker: psutil.Process) -> int:
    total = 0
    for process in (worker, *worker.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total


def fits(server: Server, contents: bytes, kind: str) -> None:
    """A worker makes what is shown of this, and stays small."""
    person = server.join("large")
    with watching(server) as watched:
        told = upload(server, person, contents)
        assert told.status_code in {200, 202}, told.text
        made = ready(server, person, told.json()["id"])
    assert made["type"] == kind
    assert 0 < watched.most < GIBIBYTE


@FILMS
def test_films_of_4k_at_60_frames_a_second_with_a_ladder(
    codec: tuple[str, ...], server: Server, tmp_path: Path
) -> None:
    inputs = [*picture("3840x2160", rate=60, seconds=LONG_S), *tone(LONG_S)]
    made = film(tmp_path / "large.mp4", *codec, "-c:a", "aac", inputs=inputs)
    fits(server, made.read_bytes(), "video")


def test_the_largest_pictures_that_are_taken(server: Server) -> None:
    large = quarters(7680, 4320)
    fits(server, encoded(large, "AVIF", speed=10), "image")
    large.putalpha(128)
    fits(server, encoded(large, "WEBP"), "image")
