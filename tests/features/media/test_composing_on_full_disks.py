"""An upload in parts whose last byte came when there was no room to put it together any more."""

from pathlib import Path

import pytest

from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.errors import StoreFull
from small_disk import small_disk
from uploading import picture, stored
from world import PUBLIC_URL, World, open_world

MB = 1024 * 1024
TUS = {"Tus-Resumable": "1.0.0"}


async def test_what_is_all_here_is_put_together_once_there_is_room(servers: EmbeddedEngines, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16 * MB) as is_one:
        if not is_one:
            pytest.skip("only root can make a small disk")
        url = (tmp_path / "disk" / "media").as_uri()
        async with open_world(servers.database_url, servers.valkey_url, media_store_url=url) as world:
            ballast = tmp_path / "disk" / "ballast"
            ballast.write_bytes(bytes(10 * MB))
            await world.clear()
            alice = await world.person("alice")
            contents = picture() + bytes(4 * MB)
            begun = await alice.ask(
                "POST", "/api/v1/media/uploads", headers={**TUS, "Upload-Length": str(len(contents))}
            )
            path = begun.headers["location"].removeprefix(PUBLIC_URL)
            sent = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
            last = await alice.ask("PATCH", path, headers=sent, content=contents)
            assert (last.status_code, "no room left" in last.json()["error"]) == (507, True)
            seen = await alice.ask("HEAD", path, headers=TUS)
            assert (seen.status_code, seen.headers["upload-offset"]) == (200, str(len(contents)))
            media = f"/api/v1/media/{path.rpartition('/')[2]}"
            assert (await alice.ask("GET", media)).status_code == 404
            assert {name.split("/")[0] for name in await stored(world)} == {"pieces"}
            for _ in range(2):
                with pytest.raises(StoreFull):
                    await job_is_due(world)
            assert {name.split("/")[0] for name in await stored(world)} == {"pieces"}
            ballast.unlink()
            await job_is_due(world)
            assert (await alice.get(media))["url"]
            assert {name.split("/")[0] for name in await stored(world)} == {"media"}


async def job_is_due(world: World) -> None:
    await world.engines.db.execute("update jobs set run_at = now()")
    await world.settle()
