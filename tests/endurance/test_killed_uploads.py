"""Uploads outlive the processes that deal with them: killed worker, killed API, clients that go away in the middle.

Each story is told by a server that keeps files in a folder, and by one that keeps them in a bucket.
"""

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from running import Newcomer, Server, eventually, running_server
from s3_server import S3Server
from uploading import film, picture

PREFIX = "killed"
Stored = Callable[[], list[str]]
"""Names of all that is in the store, finished or not."""

Which = Callable[[list[str]], bool]
"""Whether a process with such a command line is meant."""


@pytest.fixture(scope="module", params=["folder", "s3"])
def media_store(request: pytest.FixtureRequest) -> str:
    """Where the server keeps files."""
    where: str = request.param
    return where


@pytest.fixture(scope="module")
def server(media_store: str, seed: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    settings: dict[str, str] = request.getfixturevalue("s3").settings(PREFIX) if media_store == "s3" else {}
    with running_server(seed, log_level="debug", **settings) as server:
        yield server


@pytest.fixture
def stored(server: Server, media_store: str, request: pytest.FixtureRequest) -> Stored:
    if media_store == "s3":
        bucket: S3Server = request.getfixturevalue("s3")
        return lambda: bucket.stored(PREFIX)
    root = server.folder / "media"
    return lambda: sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def is_worker(args: list[str]) -> bool:
    return args[-1:] == ["worker"]


def is_api(args: list[str]) -> bool:
    return "api" in args and "--fd" in args


def is_ffmpeg(args: list[str]) -> bool:
    return "ffmpeg" in args[0]


def is_maker(args: list[str]) -> bool:
    """The process that reads pictures."""
    return any("processing.pictures.child" in part for part in args)


def processes(server: Server, which: Which) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for process in psutil.Process(server.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if which(process.cmdline() or [""]):
                found.append(process)
    return found


def kill(server: Server, which: Which) -> None:
    """`kill -9`, with no word before."""
    victims = processes(server, which)
    assert victims
    for victim in victims:
        victim.send_signal(signal.SIGKILL)


def upload(server: Server, person: Newcomer, contents: bytes, version: int = 2) -> httpx.Response:
    files = {"file": ("file", contents, "application/octet-stream")}
    return httpx.post(f"{server.url}/api/v{version}/media", files=files, headers=person.headers, timeout=180)


def ask(server: Server, person: Newcomer, media_id: str) -> httpx.Response:
    return httpx.get(f"{server.url}/api/v1/media/{media_id}", headers=person.headers, timeout=30)


def ready(server: Server, person: Newcomer, media_id: str, within_s: float = 120.0) -> Any:
    """What an upload is once it is ready, however often the server is not there."""

    def asked() -> int:
        with suppress(httpx.TransportError):
            return ask(server, person, media_id).status_code
        return 0

    eventually(asked, lambda status: status not in {0, 206, 502, 503}, within_s)
    answer = ask(server, person, media_id)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_video_outlives_the_worker_that_was_processing_it(server: Server, stored: Stored, tmp_path: Path) -> None:
    person = server.join("film")
    contents = film(tmp_path / "film.mp4", 15.0, size="1280x720", codec="mpeg4")
    told = upload(server, person, contents).json()
    eventually(lambda: ask(server, person, told["id"]).json()["processing"]["progress"], lambda done: done > 5)
    kill(server, is_worker)
    eventually(lambda: processes(server, is_ffmpeg), lambda left: not left, 5.0)
    film_made = ready(server, person, told["id"])
    assert film_made["type"] == "video"
    assert film_made["meta"]["original"]["duration"] == pytest.approx(15.0, abs=0.5)
    assert_stored(stored, film_made)


def test_pictures_outlive_the_worker_and_the_process_that_reads_them(server: Server, stored: Stored) -> None:
    person = server.join("picture")
    large = picture(5000, 4000, "PNG")
    with httpx.Client() as client:
        client.headers.update(person.headers)
        told = [client.post(f"{server.url}/api/v2/media", files={"file": ("p", large)}, timeout=60).json()]
        eventually(lambda: processes(server, is_maker), bool, 10.0)
        kill(server, is_maker)
        told += [client.post(f"{server.url}/api/v2/media", files={"file": ("p", large)}, timeout=60).json()]
        kill(server, is_worker)
        told += [client.post(f"{server.url}/api/v2/media", files={"file": ("p", large)}, timeout=60).json()]
    for one in told:
        made = ready(server, person, one["id"])
        assert (made["type"], made["meta"]["original"]["aspect"]) == ("image", 1.25)
        assert_stored(stored, made)


async def test_an_upload_cut_off_by_the_death_of_the_api_leaves_nothing(server: Server, stored: Stored) -> None:
    person = server.join("cutoff")
    before = stored()
    address = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head, tail = multipart(picture() + bytes(1_000_000))
    writer.write(request(person, len(head) + len(tail)) + head[:700_000])
    await writer.drain()
    await asyncio.sleep(0.5)
    kill(server, is_api)
    with suppress(ConnectionError):
        await reader.read()
    writer.close()
    eventually(lambda: processes(server, is_api), bool, 20.0)
    eventually(lambda: _status(server), lambda status: status == 200, 20.0)
    assert stored() == before
    assert upload(server, person, picture()).status_code == 200


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(server: Server, stored: Stored) -> None:
    person = server.join("goesaway")
    before = stored()
    head, tail = multipart(picture() + bytes(1_000_000))
    for sent in (head[:10], head[:200], head[:500_000], head):
        with connection(server) as opened:
            opened.sendall(request(person, len(head) + len(tail)) + sent)
            time.sleep(0.2)
    cut = head[:500_000]
    with connection(server) as opened:  # a body of the length that was said, in which the form does not end
        opened.sendall(request(person, len(cut)) + cut)
        assert opened.recv(65536).startswith(b"HTTP/1.1 400")
    assert stored() == before


def test_what_is_too_large_is_refused_before_it_comes(server: Server) -> None:
    person = server.join("large")
    with connection(server) as opened:
        opened.sendall(request(person, 2 * 1024**3))
        began = time.monotonic()
        answer = opened.recv(65536)
        assert answer.startswith(b"HTTP/1.1 413")
        assert b"larger than" in answer
        assert time.monotonic() - began < 2.0


def test_a_file_of_no_kind_is_refused_while_it_comes(server: Server) -> None:
    person = server.join("kind")
    contents = b"<svg>" + bytes(3_000_000)
    answer = upload(server, person, contents)
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "Validation failed: This kind of file is not supported",
    )


def multipart(contents: bytes) -> tuple[bytes, bytes]:
    """A form around a file, up to its end, and its end."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head + contents, b"\r\n--x--\r\n"


def request(person: Newcomer, length: int) -> bytes:
    return (
        f"POST /api/v2/media HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {person.token}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def connection(server: Server) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port or 80), timeout=30)


def assert_stored(stored: Stored, made: Any) -> None:
    """Nothing is in the store of an upload but what is shown of it."""
    names = {f"media/{made['id']}/{one['url'].partition('?')[0].rpartition('/')[2]}" for one in made["variants"]}
    eventually(lambda: {name for name in stored() if made["id"] in name}, lambda found: found == names, 10.0)


def _status(server: Server) -> int:
    try:
        return httpx.get(f"{server.url}/health/ready").status_code
    except httpx.TransportError:
        return 0
