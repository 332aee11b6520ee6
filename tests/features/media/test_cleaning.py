"""Stories about clean-up: what goes, what stays, and that a dry run changes nothing."""

import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from linnet.features.media.cleaning.actions import clean_up
from linnet.features.media.cleaning.jobs import ask_for_a_sweep, drop_what_is_unused
from linnet.features.media.cleaning.models import Waste, Why
from uploading import picture, stored, until_ready, upload, worker_of
from world import Person, World


async def cleaned(world: World, *, dry: bool = False) -> dict[Why, set[str]]:
    """What went or would go, by why; folders of this machine are left to their own story."""
    found: dict[Why, set[str]] = {}
    async for waste in clean_up(world.engines, dry=dry):
        if not waste.name.startswith("/"):
            found.setdefault(waste.why, set()).add(waste.name)
    await world.settle()
    return found


async def uploaded(person: Person) -> str:
    """A picture that is ready."""
    async with worker_of(person.world):
        answer = await upload(person, picture(80, 60))
        return (await until_ready(person, answer.json()["id"]))["id"]


def left_folder(hours: float = 0) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="linnet-media-"))
    (folder / "source").write_bytes(b"x" * 1000)
    then = time.time() - hours * 3600
    os.utime(folder, (then, then))
    return folder


async def put(world: World, name: str) -> None:
    async def contents() -> AsyncGenerator[bytes]:
        yield b"x" * 100

    await world.engines.blobs.write(name, contents(), bytes_max=100, content_type="image/png")


async def test_what_no_post_uses_goes_after_a_day_and_what_is_used_stays(world: World) -> None:
    alice = await world.person("alice")
    loose, shown, drafted, later = [await uploaded(alice) for _ in range(4)]
    await alice.post("Look", media_ids=[shown])
    await alice.do("POST", "/api/v1/drafts", status="Not yet", media_ids=[drafted])
    await alice.post("Soon", media_ids=[later], scheduled_at=world.clock.now().replace(year=2100).isoformat())
    assert await cleaned(world) == {}
    world.clock.move(hours=25)
    before = await stored(world)
    assert await cleaned(world, dry=True) == {Why.UNUSED: {loose}}
    assert await stored(world) == before
    await drop_what_is_unused(world.engines)
    await world.settle()
    assert {name.split("/")[1] for name in await stored(world)} == {shown, drafted, later}
    assert await cleaned(world) == {}


async def test_files_of_a_deleted_post_go_a_day_after_it_unless_they_are_posted_again(world: World) -> None:
    alice = await world.person("alice")
    gone, again = [await uploaded(alice) for _ in range(2)]
    for media_id in (gone, again):
        status = await alice.post("Look", media_ids=[media_id])
        world.clock.move(hours=30)
        await alice.do("DELETE", f"/api/v1/statuses/{status['id']}")
        await world.settle()
    await alice.post("Once more", media_ids=[again])
    world.clock.move(hours=25)
    assert await cleaned(world) == {Why.UNUSED: {gone}}
    assert {name.split("/")[1] for name in await stored(world)} == {again}


async def test_files_that_no_row_knows_go_when_they_are_a_day_old(world: World) -> None:
    alice = await world.person("alice")
    shown = await uploaded(alice)
    await alice.post("Look", media_ids=[shown])
    orphans = {"media/12/original-ab.webp", "media/12/hls-ab/master.m3u8", "uploads/12"}
    left = {f"media/{shown}/large-ab.webp", f"uploads/{shown}", "pieces/12/0-ab", "trial-ab"}
    for name in (*orphans, *left, "notes/of-somebody-else.txt"):
        await put(world, name)
    assert await cleaned(world) == {}, "they are young"
    world.clock.move(hours=25)
    path = await alice.ask(
        "POST", "/api/v1/media/uploads", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10",
        "Content-Type": "application/offset+octet-stream"}, content=b"12345",
    )  # fmt: skip
    assert path.status_code == 201
    known = await stored(world) - orphans - left
    assert await cleaned(world, dry=True) == {Why.ORPHAN: orphans, Why.LEFT_OVER: left}
    assert await cleaned(world) == {Why.ORPHAN: orphans, Why.LEFT_OVER: left}
    assert await stored(world) == known
    assert "notes/of-somebody-else.txt" in known


async def test_an_upload_under_way_is_safe_however_long_it_waits(world: World) -> None:
    alice = await world.person("alice")
    answer = await upload(alice, picture(80, 60))
    waiting = answer.json()["id"]
    world.clock.move(hours=23)
    assert await cleaned(world, dry=True) == {}
    await world.engines.db.execute("update media set loose_since = null")
    world.clock.move(hours=300)
    await ask_for_a_sweep(world.engines)
    await world.settle()
    assert (await alice.get(f"/api/v1/media/{waiting}"))["url"]


async def test_an_upload_in_parts_that_nobody_goes_on_with_goes_with_its_pieces(world: World) -> None:
    alice = await world.person("alice")
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Content-Type": "application/offset+octet-stream"}
    answer = await alice.ask("POST", "/api/v1/media/uploads", headers=headers, content=b"12345")
    world.clock.move(hours=25)
    upload_id = answer.headers["location"].rpartition("/")[2]
    assert await cleaned(world, dry=True) == {Why.EXPIRED: {upload_id}}
    assert await cleaned(world) == {Why.EXPIRED: {upload_id}}
    assert await stored(world) == set()


async def test_folders_that_a_killed_worker_left_go_when_they_are_a_day_old(world: World) -> None:
    young, old = left_folder(), left_folder(hours=25)
    found: list[Waste] = [one async for one in clean_up(world.engines, dry=True) if one.name.startswith("/")]
    assert (str(old), 1000) in [(one.name, one.bytes) for one in found]
    assert str(young) not in [one.name for one in found]
    async for _ in clean_up(world.engines, dry=False):
        pass
    assert [one.name for one in (young, old) if os.path.exists(one)] == [young.name]  # noqa: ASYNC240, PTH110 -- two looks
    shutil.rmtree(young)


async def test_one_reads_how_much_of_the_store_one_has(world: World) -> None:
    alice = await world.person("alice")
    media_id = await uploaded(alice)
    shown = await alice.get(f"/api/v1/media/{media_id}")
    told = await alice.get("/api/v1/media/usage")
    size = sum([await world.engines.blobs.size(name) for name in await stored(world)])
    assert told == {
        "count": 1,
        "bytes": size,
        "bytes_coming": 0,
        "bytes_max": None,
        "kinds": [{"type": shown["type"], "count": 1, "bytes": size}],
    }
