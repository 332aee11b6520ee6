"""A server whose disk of files is full: people are told, nothing is half there, and room is all it needs to go on."""

import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from running import Server, eventually, running_server
from small_disk import small_disk
from uploading import picture

MB = 1024 * 1024
DISK_BYTES = 24 * MB
SPARE = 16 * 1024
"""Beside a file: enough for folders, too little for what is made of it."""
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}
UPLOADS = "/api/v1/media/uploads"


class Disk:
    """A small disk, and something else on it that takes up room."""

    def __init__(self, folder: Path) -> None:
        self.media = folder / "media"
        self._ballast = folder / "ballast"

    def fill(self, left: int) -> None:
        """Leave room for so many bytes."""
        self.make_room()
        status = os.statvfs(self._ballast.parent)
        self._ballast.write_bytes(bytes(status.f_bavail * status.f_frsize - left))

    def make_room(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def files(self) -> set[str]:
        """What is in the store, finished or not."""
        return {str(path.relative_to(self.media)) for path in self.media.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Disk]:
    folder = tmp_path_factory.mktemp("full") / "disk"
    with small_disk(folder, DISK_BYTES) as is_one:
        if not is_one:
            pytest.skip("only root can make a small disk")
        yield Disk(folder)


@pytest.fixture(scope="module")
def server(seed: Path, disk: Disk) -> Generator[Server]:
    with running_server(seed, media_store_url=disk.media.as_uri()) as server:
        yield server


@pytest.fixture
def client(server: Server, disk: Disk) -> Generator[httpx.Client]:
    """Somebody's app, at a server whose disk has room, before and afterwards."""
    disk.make_room()
    with httpx.Client(base_url=server.url, headers=server.join("full").headers, timeout=60) as client:
        yield client
    disk.make_room()


def upload(client: httpx.Client, contents: bytes) -> httpx.Response:
    return client.post("/api/v2/media", files={"file": ("picture.png", contents)})


def is_full(answer: httpx.Response) -> None:
    """It says so in a sentence, and when to come back."""
    assert answer.status_code == 507, answer.text
    assert "no room left" in answer.json()["error"]
    assert int(answer.headers["retry-after"]) > 0


def is_shown(client: httpx.Client, media_id: str) -> None:
    """It becomes ready by itself, a post shows it, and everybody can fetch it."""
    answer = eventually(lambda: client.get(f"/api/v1/media/{media_id}"), lambda answer: answer.status_code != 206, 90)
    assert answer.status_code == 200, answer.text
    status: Any = client.post("/api/v1/statuses", json={"status": "Look", "media_ids": [media_id]}).json()
    (shown,) = status["media_attachments"]
    assert httpx.get(shown["url"]).status_code == 200


def test_an_upload_is_refused_leaves_nothing_and_passes_once_there_is_room(client: httpx.Client, disk: Disk) -> None:
    contents = picture() + bytes(2 * MB)
    before = disk.files()
    disk.fill(MB)
    for _ in range(3):
        is_full(upload(client, contents))
    assert disk.files() == before
    assert client.get("/api/v1/media/usage").json()["count"] == 0
    assert client.post("/api/v1/statuses", json={"status": "Posts go on"}).status_code == 200
    assert client.get("/health/ready").status_code == 200
    disk.make_room()
    answer = upload(client, contents)
    assert answer.status_code in {200, 202}, answer.text
    is_shown(client, answer.json()["id"])


def test_what_was_taken_in_waits_for_room_to_be_processed(client: httpx.Client, disk: Disk) -> None:
    contents = picture(2400, 1800)
    before = disk.files()
    disk.fill(len(contents) + SPARE)
    told = upload(client, contents)
    assert told.status_code == 202, told.text
    media_id = told.json()["id"]
    time.sleep(4)
    waiting = client.get(f"/api/v1/media/{media_id}")
    assert (waiting.status_code, waiting.json()["url"]) == (206, None)
    refused = client.post("/api/v1/statuses", json={"status": "Look", "media_ids": [media_id]})
    assert refused.status_code == 422
    disk.make_room()
    is_shown(client, media_id)
    assert all(name.startswith(f"media/{media_id}/") for name in disk.files() - before)


def test_an_upload_in_parts_keeps_what_it_has_and_goes_on(client: httpx.Client, disk: Disk) -> None:
    contents = picture() + bytes(6 * MB)
    begun = client.post(UPLOADS, headers={**TUS, "Upload-Length": str(len(contents))})
    path = begun.headers["location"]
    assert add(client, path, 0, contents[: 2 * MB]).status_code == 204
    before = disk.files()
    disk.fill(MB)
    for _ in range(2):
        is_full(add(client, path, 2 * MB, contents[2 * MB :]))
        assert offset(client, path) == 2 * MB
    assert disk.files() == before
    disk.make_room()
    last = add(client, path, 2 * MB, contents[2 * MB :])
    assert last.status_code == 204, last.text
    is_shown(client, last.headers["linnet-media-id"])


def add(client: httpx.Client, path: str, at: int, contents: bytes) -> httpx.Response:
    return client.patch(path, headers={**BYTES, "Upload-Offset": str(at)}, content=contents)


def offset(client: httpx.Client, path: str) -> int:
    return int(client.head(path, headers=TUS).headers["upload-offset"])
