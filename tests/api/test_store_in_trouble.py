"""What people are told when the store of files is full or away, and that all goes on by itself afterwards."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from linnet.platform.embedded import EmbeddedEngines
from s3_server import BUCKET, S3Server, s3_server
from small_disk import small_disk
from uploading import picture, stored, until_ready, upload, worker_of
from world import Person, World, open_world

MB = 1_000_000
CLIP = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(6 * MB)
"""What begins as a film, and is too much for a small disk."""


@asynccontextmanager
async def world_with(servers: EmbeddedEngines, **settings: Any) -> AsyncGenerator[World]:
    async with open_world(servers.database_url, servers.valkey_url, **settings) as world:
        await world.clear()
        yield world


def told(answer: httpx.Response, status: int) -> str:
    """The sentence of an answer that says to come back later."""
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (status, True), answer.text
    return answer.json()["error"]


async def is_shown(person: Person, media_id: str) -> None:
    media = await until_ready(person, media_id)
    address = media["url"].removeprefix("https://linnet.test")
    assert (await person.world.client.get(address)).status_code == 200


async def test_a_full_disk_is_told_leaves_nothing_and_is_used_again(servers: EmbeddedEngines, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4 * MB) as is_one:
        if not is_one:
            pytest.skip("only root can make a small disk")
        url = (tmp_path / "disk").as_uri()
        async with world_with(servers, media_store_url=url) as world, worker_of(world):
            alice = await world.person("alice")
            assert "no room" in told(await upload(alice, CLIP, filename="clip.mp4"), 507)
            assert await stored(world) == set()
            assert not await world.engines.db.value("select count(*) from media")
            await alice.post("Posts go on")
            await is_shown(alice, (await upload(alice, picture())).json()["id"])


async def test_a_bucket_that_is_away_is_told_and_used_again(servers: EmbeddedEngines) -> None:
    async with s3_server() as server, world_with(servers, **settings_for(server)) as world, worker_of(world):
        alice = await world.person("alice")
        first = await upload(alice, picture())
        await is_shown(alice, first.json()["id"])
        server.kill()
        assert "try again" in told(await upload(alice, picture(320, 240)), 503)
        address = (await alice.get(f"/api/v1/media/{first.json()['id']}"))["url"].removeprefix("https://linnet.test")
        told(await world.client.get(address), 503)
        await alice.post("Posts go on")
        await server.start()
        assert (await world.client.get(address)).status_code == 200
        await is_shown(alice, (await upload(alice, picture(320, 240))).json()["id"])


def settings_for(server: S3Server) -> dict[str, str]:
    rules = server.rules("")
    return {
        "media_store_url": f"s3://{BUCKET}/people",
        "media_store_endpoint": rules.endpoint,
        "media_store_region": rules.region,
        "media_store_access_key": rules.access_key,
        "media_store_secret_key": rules.secret_key,
    }
