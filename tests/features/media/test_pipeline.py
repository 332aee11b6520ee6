"""Stories about processing that does not go as it should."""

import asyncio
import errno
from collections.abc import AsyncGenerator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from linnet.features.media import intake, pipeline
from linnet.features.media.models import MediaRules, Purpose, source_name
from linnet.features.media.store import processing
from linnet.platform.errors import StoreFull
from picture_files import encoded
from uploading import picture, stored
from world import Person, World


async def taken_in(person: Person) -> int:
    media = await intake.take_in(person.world.engines, person.id, Purpose.ATTACHMENT, BytesIO(picture()))
    return media.id


async def show(person: Person, media_id: int) -> Any:
    return await person.ask("GET", f"/api/v1/media/{media_id}")


async def test_a_file_that_kills_the_worker_again_and_again_is_given_up(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await taken_in(alice)
    for _ in range(2):  # a worker takes it up, and is killed
        assert await processing.take_up(world.engines.db, media_id, world.clock.now()) is not None
    await pipeline.process(world.engines, media_id)
    answer = await show(alice, media_id)
    assert (answer.status_code, "could not be processed" in answer.json()["error"]) == (422, True)
    assert await stored(world) == set()


async def test_a_file_survives_one_death_and_is_the_same_once(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await taken_in(alice)
    assert await processing.take_up(world.engines.db, media_id, world.clock.now()) == 1

    async def half() -> AsyncGenerator[bytes]:
        yield b"half of a variant"

    half_written = f"media/{media_id}/large-{'0' * 32}.jpg"
    await world.engines.blobs.write(half_written, half(), bytes_max=100, content_type="image/jpeg")
    await pipeline.process(world.engines, media_id)
    ready = (await show(alice, media_id)).json()
    before = await stored(world)
    assert half_written not in before
    assert len(before) == len(ready["variants"])
    await pipeline.process(world.engines, media_id)
    assert (await show(alice, media_id)).json() == ready
    assert await stored(world) == before


async def test_work_that_is_stopped_weighs_nothing(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await taken_in(alice)
    for _ in range(6):
        work = asyncio.create_task(pipeline.process(world.engines, media_id))
        await asyncio.sleep(0.02)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    await pipeline.process(world.engines, media_id)
    assert (await show(alice, media_id)).status_code == 200


async def test_a_file_that_was_lost_says_so(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await taken_in(alice)
    await world.engines.blobs.delete([source_name(media_id)])
    await pipeline.process(world.engines, media_id)
    answer = await show(alice, media_id)
    assert (answer.status_code, "upload it again" in answer.json()["error"]) == (422, True)


async def test_a_full_disk_makes_the_work_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (alice,) = await world.people("alice")
    media_id = await taken_in(alice)
    mkdir = Path.mkdir

    def full(path: Path, *arguments: Any, **options: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    for _ in range(6):
        monkeypatch.setattr(Path, "mkdir", full)
        with pytest.raises(StoreFull):
            await pipeline.process(world.engines, media_id)
        monkeypatch.setattr(Path, "mkdir", mkdir)
    await pipeline.process(world.engines, media_id)
    assert (await show(alice, media_id)).status_code == 200


async def test_a_quota_is_kept_also_by_uploads_at_the_same_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (alice,) = await world.people("alice")
    size = len(picture())
    rules = world.engines.config(MediaRules)
    monkeypatch.setitem(world.engines.configs, MediaRules, replace(rules, account_bytes_max=2 * size + 10))
    outcomes = await asyncio.gather(*(taken_in(alice) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in outcomes) == 2
    assert len(await stored(world)) == 2


async def test_what_a_picture_looks_like_is_kept_whatever_it_looks_like(world: World) -> None:
    (alice,) = await world.people("alice")
    lighter = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90)
    seen: set[int] = set()
    for image in (lighter, ImageOps.mirror(lighter)):
        file = BytesIO(encoded(image, "PNG"))
        media = await intake.take_in(world.engines, alice.id, Purpose.ATTACHMENT, file)
        await pipeline.process(world.engines, media.id)
        assert (await show(alice, media.id)).status_code == 200
        seen.add(await world.engines.db.value("select perceptual_hash from media where id = $1", media.id))
    assert seen == {-1, 0}
