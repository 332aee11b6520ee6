"""What is here already when the disk gets full waits for room, and then goes on by itself."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from linnet.features.media import pipeline
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.errors import StoreFull
from small_disk import small_disk
from uploading import film, picture, stored, upload
from world import PUBLIC_URL, World, open_world

MB = 1024 * 1024
TUS = {"Tus-Resumable": "1.0.0"}


@asynccontextmanager
async def world_on(servers: EmbeddedEngines, disk: Path) -> AsyncGenerator[World]:
    with small_disk(disk, 16 * MB) as is_one:
        if not is_one:
            pytest.skip("only root can make a small disk")
        url = (disk / "media").as_uri()
        async with open_world(servers.database_url, servers.valkey_url, media_store_url=url) as world:
            await world.clear()
            yield world


def filled(disk: Path, left: int) -> Path:
    """A file on the disk that leaves room for so much beside it."""
    room = os.statvfs(disk)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - left))
    return ballast


async def jobs_are_due(world: World) -> None:
    await world.engines.db.execute("update jobs set run_at = now()")
    await world.settle()


async def test_what_is_all_here_is_put_together_once_there_is_room(servers: EmbeddedEngines, tmp_path: Path) -> None:
    async with world_on(servers, tmp_path / "disk") as world:
        alice = await world.person("alice")
        contents = picture() + bytes(4 * MB)
        ballast = filled(tmp_path / "disk", 6 * MB)
        begun = await alice.ask("POST", "/api/v1/media/uploads", headers={**TUS, "Upload-Length": str(len(contents))})
        path = begun.headers["location"].removeprefix(PUBLIC_URL)
        sent = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        last = await alice.ask("PATCH", path, headers=sent, content=contents)
        assert (last.status_code, "no room left" in last.json()["error"]) == (507, True)
        seen = await alice.ask("HEAD", path, headers=TUS)
        assert (seen.status_code, seen.headers["upload-offset"]) == (200, str(len(contents)))
        media = f"/api/v1/media/{path.rpartition('/')[2]}"
        assert (await alice.ask("GET", media)).status_code == 404
        for _ in range(2):
            with pytest.raises(StoreFull):
                await jobs_are_due(world)
        assert {name.split("/")[0] for name in await stored(world)} == {"pieces"}
        ballast.unlink()
        await jobs_are_due(world)
        assert (await alice.get(media))["url"]
        assert {name.split("/")[0] for name in await stored(world)} == {"media"}


async def test_a_film_is_not_made_again_and_again_in_vain(
    servers: EmbeddedEngines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linnet.api.routes.media.SOON_S", 0.1)
    monkeypatch.setattr(pipeline, "TELL_EVERY_S", 0.01)
    async with world_on(servers, tmp_path / "disk") as world:
        alice = await world.person("alice")
        told = (await upload(alice, film(tmp_path / "film.mp4", 2.0, size="320x240", codec="mpeg4"))).json()
        ballast = filled(tmp_path / "disk", 8 * 1024)
        for _ in range(2):
            with pytest.raises(StoreFull):
                await jobs_are_due(world)
        waiting = await alice.ask("GET", f"/api/v1/media/{told['id']}")
        assert (waiting.status_code, waiting.json()["type"]) == (206, "unknown"), "nobody has looked at it yet"
        ballast.unlink()
        await jobs_are_due(world)
        assert (await alice.get(f"/api/v1/media/{told['id']}"))["type"] == "video"
