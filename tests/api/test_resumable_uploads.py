"""Stories about uploads in parts, as a phone sends them that loses its network: tus 1.0, told through the API."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, cast

import httpx
import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.accounts.models import Role
from linnet.features.media.cleaning.actions import clean_up
from linnet.features.media.cleaning.models import Why
from linnet.features.media.models import MediaRules
from linnet.features.media.resumable import composing, jobs, models
from linnet.platform.embedded import EmbeddedEngines
from s3_server import S3Server
from uploading import picture, stored, worker_of
from world import PUBLIC_URL, Person, World, open_world

PATH = "/api/v1/media/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


def metadata(**told: str) -> str:
    return ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in told.items())


async def begin(person: Person, length: int | None, contents: bytes | None = None, **headers: Any) -> httpx.Response:
    size = {"Upload-Length": str(length)} if length is not None else {"Upload-Defer-Length": "1"}
    sent = {**TUS, **size, **headers} if contents is None else {**BYTES, **size, **headers}
    return await person.ask("POST", PATH, headers=sent, content=contents or b"")


async def begun(person: Person, length: int | None, **headers: Any) -> str:
    """The path of a new upload."""
    answer = await begin(person, length, **headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].removeprefix(PUBLIC_URL)


async def add(person: Person, path: str, at: int, contents: bytes, **headers: str) -> httpx.Response:
    sent = {**BYTES, "Upload-Offset": str(at), **headers}
    return await person.ask("PATCH", path, headers=sent, content=contents)


async def offset(person: Person, path: str) -> int:
    answer = await person.ask("HEAD", path, headers=TUS)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    return int(answer.headers["upload-offset"])


async def add_and_break(person: Person, path: str, at: int, pieces: Sequence[bytes], *, pause_s: float = 0.0) -> int:
    """A request whose connection breaks after these pieces; the status that nobody hears any more."""
    sent = {**person.headers, **BYTES, "Upload-Offset": str(at), "Content-Length": "1000000"}
    scope = {
        "type": "http", "http_version": "1.1", "method": "PATCH", "path": path, "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1), "server": ("linnet.test", 443), "scheme": "https",
    }  # fmt: skip
    coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    said: list[dict[str, Any]] = []

    async def line() -> None:
        for piece in pieces:
            coming.put_nowait({"type": "http.request", "body": piece, "more_body": True})
            await asyncio.sleep(pause_s)
        coming.put_nowait({"type": "http.disconnect"})

    async def say(message: Any) -> None:
        said.append(message)

    sending = asyncio.create_task(line())
    await person.world.app(cast("Any", scope), cast("Any", coming.get), cast("Any", say))
    await sending
    return said[0]["status"]


async def test_what_came_before_the_connection_broke_is_kept_and_the_rest_follows(world: World) -> None:
    await break_off_and_go_on(world)


async def test_parts_are_in_a_bucket_where_files_are(servers: EmbeddedEngines, s3: S3Server) -> None:
    rules = s3.rules("parts")
    bucket = {
        "media_store_url": rules.url,
        "media_store_endpoint": rules.endpoint,
        "media_store_region": rules.region,
        "media_store_access_key": rules.access_key,
        "media_store_secret_key": rules.secret_key,
    }
    async with open_world(servers.database_url, servers.valkey_url, **bucket) as world:
        await world.clear()
        await break_off_and_go_on(world)
        world.clock.move(hours=25)
        went = [waste.why async for waste in clean_up(world.engines, dry=False) if not waste.name.startswith("/")]
        await world.settle()
        assert went == [Why.UNUSED]
        assert await stored(world) == set()


async def break_off_and_go_on(world: World) -> None:
    (alice,) = await world.people("alice")
    whole = picture()
    told = metadata(filename="bird.png", filetype="image/png", description="Four quarters", focus="0.5,-0.25")
    path = await begun(alice, len(whole), **{"Upload-Metadata": told})
    assert await add_and_break(alice, path, 0, [whole[:700], whole[700:1100]]) == 204
    assert await offset(alice, path) == 1100
    half = await add(alice, path, 1100, whole[1100:1500])
    assert (half.status_code, half.headers["upload-offset"], half.content) == (204, "1500", b"")
    assert half.headers["upload-expires"].endswith("GMT")
    seen = await alice.ask("HEAD", path, headers=TUS)
    assert (seen.headers["upload-metadata"], seen.headers["upload-length"]) == (told, str(len(whole)))
    async with worker_of(world):
        last = await add(alice, path, 1500, whole[1500:])
        assert last.headers["upload-offset"] == str(len(whole))
        media_id = last.headers["linnet-media-id"]
        media = await ready(alice, media_id)
    assert path.endswith(media_id)
    assert (media["type"], media["description"]) == ("image", "Four quarters")
    assert media["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert {name.split("/")[0] for name in await stored(world)} == {"media"}
    assert await offset(alice, path) == len(whole), "whoever missed the last answer hears that it is complete"
    assert await alice.get(PATH) == []


async def ready(person: Person, media_id: str) -> Any:
    for _ in range(200):
        answer = await person.ask("GET", f"/api/v1/media/{media_id}")
        if answer.status_code == 200:
            return answer.json()
        assert answer.status_code == 206, answer.text
        await asyncio.sleep(0.05)
    pytest.fail("it was never ready")


async def test_the_server_says_what_it_speaks_and_refuses_other_versions(world: World) -> None:
    (alice,) = await world.people("alice")
    asked = await world.client.options(PATH, headers={"Origin": "https://elsewhere.example"})
    assert (asked.status_code, asked.headers["tus-version"]) == (204, "1.0.0")
    assert asked.headers["tus-max-size"] == str(world.engines.config(MediaRules).video_bytes_max)
    assert {"creation", "termination", "expiration"} <= set(asked.headers["tus-extension"].split(","))
    assert "Upload-Offset" in asked.headers["access-control-allow-headers"]
    path = await begun(alice, 10)
    answer = await alice.ask("HEAD", path, headers=TUS)
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert {"Upload-Offset", "Location"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    for version in ({}, {"Tus-Resumable": "0.2.2"}):
        for method, where in (("POST", PATH), ("PATCH", path), ("DELETE", path)):
            refused = await alice.ask(method, where, headers={**version, "Upload-Length": "1", "Upload-Offset": "0"})
            assert (refused.status_code, refused.headers["tus-version"]) == (412, "1.0.0"), (method, version)


async def test_what_does_not_fit_is_refused_and_changes_nothing(world: World) -> None:
    (alice, bob) = await world.people("alice", "bob")
    path = await begun(alice, 100)
    assert (await add(alice, path, 0, b"x" * 60)).status_code == 204
    assert (await add(alice, path, 0, b"x" * 60)).status_code == 409
    assert (await add(alice, path, 61, b"x")).status_code == 409
    assert (await add(alice, path, 60, b"x" * 41)).status_code == 413
    assert (await add(alice, path, 60, b"x", **{"Content-Type": "image/png"})).status_code == 415
    assert (await alice.ask("PATCH", path, headers=BYTES, content=b"x")).status_code == 400
    for length in ("-1", "x", "", "9" * 20):
        assert (await alice.ask("POST", PATH, headers={**TUS, "Upload-Length": length})).status_code == 400
    assert (await alice.ask("POST", PATH, headers=TUS)).status_code == 400
    assert (await begin(alice, 0)).status_code == 422
    assert (await begin(alice, 10**12)).status_code == 413
    for told, status in {
        "filename": 201,
        "filename !!": 400,
        "a YQ==,a YQ==": 400,
        metadata(focus="3,4"): 422,
        metadata(focus="left"): 422,
        metadata(description="x" * 1501): 422,
    }.items():
        assert (await begin(alice, 10, None, **{"Upload-Metadata": told})).status_code == status, told
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = {**BYTES, "Upload-Offset": "60"}
        assert (await bob.ask(method, path, headers=headers)).status_code == 404
    assert await offset(alice, path) == 60
    assert len([name for name in await stored(world) if name.startswith("pieces/")]) == 1


async def test_of_two_requests_that_go_on_at_once_one_wins(world: World) -> None:
    (alice,) = await world.people("alice")
    whole = picture()
    path = await begun(alice, len(whole))
    answers = await asyncio.gather(*(add(alice, path, 0, whole) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [204, 409, 409, 409]
    assert await offset(alice, path) == len(whole)
    await world.settle()
    assert {name.split("/")[0] for name in await stored(world)} == {"media"}


async def test_a_file_may_come_with_its_beginning_its_length_later_and_a_checksum(world: World) -> None:
    (alice,) = await world.people("alice")
    whole = picture()
    first = await begin(alice, None, whole[:500])
    assert (first.status_code, first.headers["upload-offset"], first.headers["upload-defer-length"]) == (
        201,
        "500",
        "1",
    )
    path = first.headers["location"].removeprefix(PUBLIC_URL)
    wrong = f"sha256 {b64encode(hashlib.sha256(b'other').digest()).decode()}"
    assert (await add(alice, path, 500, whole[500:900], **{"Upload-Checksum": wrong})).status_code == 460
    assert (await add(alice, path, 500, whole[500:900], **{"Upload-Checksum": "crc8 YQ=="})).status_code == 400
    assert await offset(alice, path) == 500
    for algorithm, start, end in (("sha1", 500, 900), ("sha256", 900, len(whole))):
        digest = b64encode(hashlib.new(algorithm, whole[start:end]).digest()).decode()
        length = {"Upload-Length": str(len(whole))} if end == len(whole) else {}
        added = await add(
            alice, path, start, whole[start:end], **{"Upload-Checksum": f"{algorithm} {digest}"}, **length
        )
        assert added.status_code == 204, added.text
    await world.settle()
    assert (await alice.get(f"/api/v1/media/{added.headers['linnet-media-id']}"))["url"]


async def test_a_whole_file_with_the_first_request_is_a_media_at_once(world: World) -> None:
    (alice,) = await world.people("alice")
    whole = picture()
    answer = await begin(alice, len(whole), whole)
    assert answer.status_code == 201
    await world.settle()
    assert (await alice.get(f"/api/v1/media/{answer.headers['linnet-media-id']}"))["type"] == "image"


async def test_what_is_no_picture_is_refused_with_its_last_byte_and_leaves_nothing(world: World) -> None:
    (alice,) = await world.people("alice")
    path = await begun(alice, 5000)
    assert (await add(alice, path, 0, b"#!/bin/sh\n" * 400)).status_code == 204
    last = await add(alice, path, 4000, b"x" * 1000)
    assert (last.status_code, last.json()["error"]) == (422, "Validation failed: This kind of file is not supported")
    assert (await alice.ask("HEAD", path, headers=TUS)).status_code == 422
    assert await stored(world) == set()


async def test_nobody_sends_all_of_a_file_to_hear_that_it_is_not_taken(world: World) -> None:
    (alice,) = await world.people("alice")
    path = await begun(alice, 50_000_000)
    refused = await add(alice, path, 0, b"#!/bin/sh\n" * 1000)
    assert (refused.status_code, refused.json()["error"]) == (
        422,
        "Validation failed: This kind of file is not supported",
    )
    large = await begun(alice, 50_000_000)
    refused = await add(alice, large, 0, picture())
    assert refused.status_code == 413
    assert "at most 16 MB are taken of its kind" in refused.json()["error"]
    assert await stored(world) == set()
    assert await alice.get(PATH) == []
    unmeasured = await begun(alice, None)
    assert (await add(alice, unmeasured, 0, picture()[:5000])).status_code == 204
    assert (await alice.ask("DELETE", path, headers=TUS)).status_code == 204
    assert (await add(alice, large, 0, picture())).status_code == 422


async def test_a_job_puts_together_what_its_last_request_did_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API process was killed between the last byte and its answer."""
    (alice,) = await world.people("alice")
    whole = picture()
    path = await begun(alice, len(whole))

    async def killed(*_: object) -> bool:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(composing, "compose", killed)
        with pytest.raises(asyncio.CancelledError):
            await add(alice, path, 0, whole)
    assert await offset(alice, path) == len(whole)
    assert (await alice.ask("GET", f"/api/v1/media/{path.rpartition('/')[2]}")).status_code == 404
    await world.engines.db.execute("update jobs set run_at = now()")
    await world.settle()
    assert (await alice.get(f"/api/v1/media/{path.rpartition('/')[2]}"))["url"]
    assert {name.split("/")[0] for name in await stored(world)} == {"media"}


async def test_an_upload_is_given_up_or_expires_and_nothing_stays(world: World) -> None:
    (alice,) = await world.people("alice")
    given_up, forgotten, alive = [await begun(alice, 100) for _ in range(3)]
    for path in (given_up, forgotten, alive):
        assert (await add(alice, path, 0, b"x" * 10)).status_code == 204
    assert [one["offset"] for one in await alice.get(PATH)] == [10, 10, 10]
    assert (await alice.ask("DELETE", given_up, headers=TUS)).status_code == 204
    assert (await alice.ask("HEAD", given_up, headers=TUS)).status_code == 404
    world.clock.move(hours=23)
    assert (await add(alice, alive, 10, b"x")).status_code == 204
    world.clock.move(hours=2)
    assert (await alice.ask("HEAD", forgotten, headers=TUS)).status_code == 404
    await jobs.drop_expired(world.engines)
    assert await offset(alice, alive) == 11
    assert {name.split("/")[1] for name in await stored(world)} == {alive.rpartition("/")[2]}
    assert await world.engines.db.value("select count(*) from resumable_pieces") == 2


async def test_a_complete_upload_that_is_given_up_takes_its_media_along(world: World) -> None:
    (alice,) = await world.people("alice")
    whole = picture()
    answer = await begin(alice, len(whole), whole)
    path = answer.headers["location"].removeprefix(PUBLIC_URL)
    assert (await alice.ask("DELETE", path, headers=TUS)).status_code == 204
    await world.settle()
    assert (await alice.ask("GET", f"/api/v1/media/{answer.headers['linnet-media-id']}")).status_code == 404
    assert await stored(world) == set()


async def test_uploads_are_bounded_in_number_and_by_the_quota(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (alice,) = await world.people("alice")
    for _ in range(models.OPEN_MAX):
        await begun(alice, 100)
    refused = await begin(alice, 100)
    assert refused.status_code == 422
    assert "Finish or cancel" in refused.json()["error"]
    bob = await world.person("bob")
    rules = MediaRules(account_bytes_max=3 * 1024 * 1024)
    monkeypatch.setitem(world.engines.configs, MediaRules, rules)  # type: ignore[arg-type]
    await begun(bob, 2 * 1024 * 1024)
    refused = await begin(bob, 2 * 1024 * 1024)
    assert refused.status_code == 422
    assert "2 MB of the 3 MB" in refused.json()["error"]
    late = await begun(bob, None)
    assert (await add(bob, late, 0, b"x", **{"Upload-Length": str(2 * 1024 * 1024)})).status_code == 422


async def test_uploads_of_a_deleted_account_are_erased(world: World) -> None:
    alice = await world.person("alice", role=Role.USER)
    path = await begun(alice, 100)
    await add(alice, path, 0, b"x" * 10)
    await accounts.delete(world.engines, alice.id)
    await world.settle()
    assert await stored(world) == set()
    assert await world.engines.db.value("select count(*) from resumable_uploads") == 0


async def test_a_slow_line_is_written_down_now_and_then(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in small bits, with pauses, is in several pieces: a process that is killed forgets one at most."""
    for name, value in {"QUIET_S": 0.05, "PIECE_BYTES_MAX": 1000}.items():
        monkeypatch.setattr(f"linnet.features.media.resumable.adding.{name}", value)
    (alice,) = await world.people("alice")
    path = await begun(alice, 5000)

    assert await add_and_break(alice, path, 0, [b"x" * size for size in (300, 2500, 200)], pause_s=0.15) == 204
    rows = await world.engines.db.rows("select starts_at, bytes from resumable_pieces order by 1")
    assert sum(row["bytes"] for row in rows) == 3000
    assert all(row["bytes"] <= 1000 for row in rows)
    assert len(rows) >= 4
