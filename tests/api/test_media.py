"""Stories about uploads: told through the API, with a worker beside it that processes them."""

import asyncio
from pathlib import Path

import pytest

from linnet.features.media import pipeline
from linnet.features.media.models import MediaRules
from uploading import film, on_both_stores, picture, stored, until_idle, until_ready, upload, worker_of
from world import PUBLIC_URL, World

MEDIA = "/api/v1/media"


@on_both_stores
async def test_a_picture_is_ready_with_the_answer(world: World) -> None:
    (alice,) = await world.people("alice")
    async with worker_of(world):
        answer = await upload(alice, picture(), description="Four quarters", focus="0.5,-0.25")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["type"], told["description"], told["remote_url"]) == ("image", "Four quarters", None)
    assert told["meta"]["original"] == {"width": 640, "height": 480, "size": "640x480", "aspect": 1.333333}
    assert told["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert told["meta"]["small"]["width"] == 400
    assert told["url"].startswith(f"{PUBLIC_URL}/media/{told['id']}/")
    assert told["preview_url"] != told["url"]
    assert len(told["blurhash"]) > 10
    assert told["processing"] == {"state": "ready", "progress": 100, "error": None}
    names = await stored(world)
    assert names == {
        f"media/{told['id']}/{one['url'].partition('?')[0].rpartition('/')[2]}" for one in told["variants"]
    }
    again = await alice.get(f"{MEDIA}/{told['id']}")
    assert (again["id"], again["blurhash"], again["meta"]) == (told["id"], told["blurhash"], told["meta"])


@on_both_stores
async def test_who_has_no_worker_at_hand_gets_202_and_asks_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linnet.api.routes.media.SOON_S", 0.1)
    (alice,) = await world.people("alice")
    answer = await upload(alice, picture())
    assert answer.status_code == 202
    told = answer.json()
    assert (told["url"], told["preview_url"], told["type"]) == (None, None, "unknown")
    assert told["processing"] == {"state": "uploaded", "progress": 0, "error": None}
    assert (await alice.ask("GET", f"{MEDIA}/{told['id']}")).status_code == 206
    assert await stored(world) == {f"uploads/{told['id']}"}
    await world.settle()
    ready = await alice.get(f"{MEDIA}/{told['id']}")
    assert ready["url"]
    assert f"uploads/{told['id']}" not in await stored(world)


@on_both_stores
async def test_version_1_waits_for_a_video(world: World, tmp_path: Path) -> None:
    (alice,) = await world.people("alice")
    async with worker_of(world):
        answer = await upload(alice, film(tmp_path / "film.mp4"), version=1, filename="holiday.jpg")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["type"] == "video", "the name says nothing"
    assert told["url"].partition("?")[0].endswith(".mp4")
    assert told["preview_url"].partition("?")[0].endswith(".jpg")
    assert told["meta"]["original"]["duration"] == pytest.approx(1.0, abs=0.2)
    assert told["meta"]["original"]["frame_rate"] == "25/1"
    assert (told["meta"]["width"], told["meta"]["fps"]) == (64, 25)
    assert told["meta"]["length"].startswith("0:00:0")


@on_both_stores
async def test_the_same_file_twice_is_two_uploads(world: World) -> None:
    (alice,) = await world.people("alice")
    async with worker_of(world):
        first, second = await asyncio.gather(upload(alice, picture()), upload(alice, picture()))
        one, other = first.json(), second.json()
        assert one["id"] != other["id"]
        assert one["url"].rpartition("/")[2].partition("?")[0] == other["url"].rpartition("/")[2].partition("?")[0]
        assert (await alice.ask("DELETE", f"{MEDIA}/{one['id']}")).status_code == 200
        await world.settle()
    assert all(name.startswith(f"media/{other['id']}/") for name in await stored(world))
    assert (await alice.get(f"{MEDIA}/{other['id']}"))["url"]


@on_both_stores
async def test_what_is_said_of_an_upload_can_change_until_a_post_shows_it(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    async with worker_of(world):
        told = (await upload(alice, picture(), description="A bird")).json()
    path = f"{MEDIA}/{told['id']}"
    changed = await alice.do("PUT", path, focus="-1,1")
    assert (changed["description"], changed["meta"]["focus"]) == ("A bird", {"x": -1.0, "y": 1.0})
    assert (await alice.do("PUT", path, description=""))["description"] is None
    assert (await alice.do("PUT", path, description="b" * 1500))["description"] == "b" * 1500
    for wrong in ({"description": "b" * 1501}, {"focus": "2,0"}, {"focus": "left"}, {"focus": "nan,0"}):
        assert (await alice.ask("PUT", path, json=wrong)).status_code == 422
    for method in ("GET", "PUT", "DELETE"):
        assert (await bob.ask(method, path)).status_code == 404
    assert (await world.client.get(path)).status_code == 401
    reader = await world.person("carol", scopes=("read",))
    assert (await upload(reader, picture())).status_code == 403


@on_both_stores
async def test_a_video_gets_the_thumbnail_that_its_owner_chose(world: World, tmp_path: Path) -> None:
    (alice,) = await world.people("alice")
    contents = film(tmp_path / "film.mp4")
    async with worker_of(world):
        plain = (await upload(alice, contents, version=1)).json()
        chosen = (await upload(alice, contents, version=1, thumbnail=picture(300, 300))).json()
        assert chosen["type"] == "video"
        assert chosen["blurhash"] != plain["blurhash"]
        assert (chosen["meta"]["small"]["width"], chosen["meta"]["small"]["height"]) == (300, 300)
        files = {"thumbnail": ("x", picture(200, 100), "image/jpeg")}
        later = (await alice.ask("PUT", f"{MEDIA}/{plain['id']}", files=files)).json()
        assert (later["url"], later["meta"]["small"]["aspect"]) == (plain["url"], 2.0)
        files = {"thumbnail": ("x", contents, "image/jpeg")}
        refused = await alice.ask("PUT", f"{MEDIA}/{plain['id']}", files=files)
        assert (refused.status_code, refused.json()["error"]) == (422, "Validation failed: This must be a picture")
        broken = {"thumbnail": ("x", picture()[:3000], "image/jpeg")}
        assert (await alice.ask("PUT", f"{MEDIA}/{plain['id']}", files=broken)).status_code == 422
        await world.settle()
    shown = {name.split("/")[1] for name in await stored(world)}
    assert shown == {plain["id"], chosen["id"]}
    names = {one["url"].rpartition("/")[2].partition("?")[0] for one in later["variants"]}
    assert {name for name in await stored(world) if plain["id"] in name} == {
        f"media/{plain['id']}/{one}" for one in names
    }


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"GIF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/secret\n",
        b"ffconcat version 1.0\nfile 'http://127.0.0.1/'\n",
        b"%PDF-1.7\n",
        b"MZ" + bytes(5000),
        b"<html><script>alert(1)</script>",
        bytes(100_000),
    ],
)
async def test_what_is_no_picture_video_or_sound_is_refused_and_leaves_nothing(world: World, contents: bytes) -> None:
    (alice,) = await world.people("alice")
    for version in (1, 2):
        answer = await upload(alice, contents, version=version)
        assert answer.status_code == 422, answer.text
        assert answer.json()["error"].startswith("Validation failed: ")
    assert await stored(world) == set()
    assert await world.engines.db.value("select count(*) from media") == 0


@on_both_stores
async def test_what_is_damaged_fails_with_a_sentence_and_leaves_no_file(world: World, tmp_path: Path) -> None:
    (alice,) = await world.people("alice")
    async with worker_of(world):
        answer = await upload(alice, picture(800, 800)[:2000])
        assert (answer.status_code, answer.json()["error"]) == (
            422,
            "Validation failed: The picture is damaged or not what it seems to be.",
        )
        answer = await upload(alice, film(tmp_path / "film.mp4")[:4000], version=1)
        assert answer.status_code == 422
    assert await stored(world) == set()
    failed = await world.engines.db.rows("select id, state from media")
    assert {row["state"] for row in failed} == {"failed"}
    for row in failed:
        assert (await alice.ask("GET", f"{MEDIA}/{row['id']}")).status_code == 422
        refused = await alice.ask("POST", "/api/v1/statuses", json={"status": "Look", "media_ids": [str(row["id"])]})
        assert refused.status_code == 422


@on_both_stores
async def test_an_upload_deleted_while_it_is_processed_leaves_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linnet.api.routes.media.SOON_S", 0.1)
    monkeypatch.setattr(pipeline, "TELL_EVERY_S", 0.05)
    (alice,) = await world.people("alice")
    long = film(tmp_path / "film.mp4", 20.0, size="1280x720", codec="mpeg4")
    async with worker_of(world):
        told = (await upload(alice, long)).json()
        async with asyncio.timeout(30):
            while told["processing"]["state"] != "processing":
                told = await alice.get(f"{MEDIA}/{told['id']}")
        assert told["type"] == "video"
        assert (await alice.ask("DELETE", f"{MEDIA}/{told['id']}")).status_code == 200
        assert (await alice.ask("GET", f"{MEDIA}/{told['id']}")).status_code == 404
        await until_idle(world)
    assert await stored(world) == set()


@on_both_stores
async def test_progress_grows_and_pictures_pass_a_long_video(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "TELL_EVERY_S", 0.1)
    (alice,) = await world.people("alice")
    async with worker_of(world):
        video = (await upload(alice, film(tmp_path / "film.mp4", 20.0, size="1280x720", codec="mpeg4"))).json()
        assert video["url"] is None
        quick = await upload(alice, picture())
        assert quick.status_code == 200, "a picture does not wait for a video"
        assert (await alice.ask("GET", f"{MEDIA}/{video['id']}")).status_code == 206
        seen: list[int] = []
        async with asyncio.timeout(120):
            while (answer := await alice.ask("GET", f"{MEDIA}/{video['id']}")).status_code == 206:
                seen.append(answer.json()["processing"]["progress"])
                await asyncio.sleep(0.1)
    assert answer.status_code == 200
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert seen[-1] < 100


async def test_files_have_limits_that_the_instance_tells(world: World) -> None:
    (alice,) = await world.people("alice")
    rules = world.engines.config(MediaRules)
    limits = (await alice.get("/api/v2/instance"))["configuration"]["media_attachments"]
    assert limits["image_size_limit"] == rules.image_bytes_max
    assert limits["description_limit"] == 1500
    assert {"image/jpeg", "image/heic", "video/mp4", "audio/mpeg"} <= set(limits["supported_mime_types"])
    large = picture() + bytes(rules.image_bytes_max)
    answer = await upload(alice, large)
    assert (answer.status_code, answer.json()["error"]) == (
        413,
        "The file is too large: at most 16 MB are taken of its kind",
    )
    assert await stored(world) == set()


async def test_a_form_without_a_file_says_so(world: World) -> None:
    (alice,) = await world.people("alice")
    for body in ({"json": {"description": "nothing"}}, {"data": {"file": "no file"}}, {"files": {"other": b"x"}}):
        answer = await alice.ask("POST", "/api/v2/media", **body)
        assert answer.status_code == 422, answer.text


@on_both_stores
async def test_a_worker_that_stops_leaves_the_video_to_another(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linnet.api.routes.media.SOON_S", 0.1)
    (alice,) = await world.people("alice")
    contents = film(tmp_path / "film.mp4", 10.0, size="1280x720", codec="mpeg4")
    async with worker_of(world):
        told = (await upload(alice, contents)).json()
        await asyncio.sleep(1.0)
    row = await world.engines.db.row("select state, attempts from media")
    assert row is not None
    assert row["state"] != "ready"
    async with worker_of(world):
        ready = await until_ready(alice, told["id"])
    assert ready["type"] == "video"
