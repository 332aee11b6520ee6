"""Files of uploads over HTTP: whole and in parts, to whom they are shown, and for how long."""

import os

import httpx
import pytest

from linnet.features.media import actions
from linnet.features.media.models import Kind, Purpose
from linnet.platform.site import Site
from media_made import file_name, made, shown
from world import Person, World

SMALL = os.urandom(10_000)
LARGE = os.urandom(700_000)
"""Sent in three pieces."""
JPEG, MP4 = file_name("original", SMALL, "jpg"), file_name("original", LARGE, "mp4")
TREE = "hls-0123456789abcdef0123456789abcdef"
PLAYLIST = b"""#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=1
720p/index.m3u8
#EXT-X-MEDIA:TYPE=SUBTITLES,URI="en.vtt",NAME="English"
"""
FILM = {
    MP4: ("video/mp4", LARGE),
    f"{TREE}/master.m3u8": ("application/vnd.apple.mpegurl", PLAYLIST),
    f"{TREE}/en.vtt": ("text/vtt", b"WEBVTT\n"),
    f"{TREE}/720p/index.m3u8": ("application/vnd.apple.mpegurl", b"#EXTM3U\nsegment0.m4s\n"),
    f"{TREE}/720p/segment0.m4s": ("video/iso.segment", SMALL),
    f"{TREE}/720p/notes.html": ("text/html", b"<script>alert(1)</script>"),
}


async def picture(person: Person, *, is_shown: bool = True) -> int:
    media_id = await made(person, {JPEG: ("image/jpeg", SMALL)})
    if is_shown:
        await shown(person, media_id, media_id + 1)
    return media_id


async def film(person: Person, *, is_shown: bool = True) -> int:
    media_id = await made(person, FILM, kind=Kind.VIDEO)
    if is_shown:
        await shown(person, media_id, media_id + 1)
    return media_id


async def fetch(world: World, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    return await world.client.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def address_for_owner(world: World, media_id: int, file: str) -> str:
    """The path and query that the owner of an upload is given."""
    return world.engines.config(Site).upload_url(media_id, file).removeprefix("https://linnet.test")


async def test_a_picture_that_is_shown_is_there_for_everybody_and_for_ever(world: World) -> None:
    alice = await world.person("alice")
    answer = await fetch(world, f"/media/{await picture(alice)}/{JPEG}")
    assert (answer.status_code, answer.content) == (200, SMALL)
    headers = answer.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Content-Range" in headers["access-control-expose-headers"]
    assert {"default-src 'none'", "sandbox"} <= {part.strip() for part in headers["content-security-policy"].split(";")}
    assert "content-disposition" not in headers


async def test_the_same_is_not_sent_again(world: World) -> None:
    alice = await world.person("alice")
    path = f"/media/{await picture(alice)}/{JPEG}"
    tag = (await fetch(world, path)).headers["etag"]
    for known in (tag, f'W/"other", {tag}', f"W/{tag}", "*"):
        answer = await fetch(world, path, If_None_Match=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["cache-control"].startswith("public")
    assert (await fetch(world, path, If_None_Match='"other"')).status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, len(LARGE)),
        ("bytes=1000-300999", 1_000, 301_000),
        ("bytes=-5", len(LARGE) - 5, len(LARGE)),
        (f"bytes=-{len(LARGE) * 2}", 0, len(LARGE)),
        (f"bytes=699999-{len(LARGE) + 5}", 699_999, len(LARGE)),
    ],
)
async def test_a_part_of_a_film_is_sent(world: World, asked: str, start: int, end: int) -> None:
    alice = await world.person("alice")
    answer = await fetch(world, f"/media/{await film(alice)}/{MP4}", Range=asked)
    assert (answer.status_code, answer.content) == (206, LARGE[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(LARGE)}"
    assert int(answer.headers["content-length"]) == end - start


async def test_ranges_that_are_none_or_several_are_answered_whole_and_those_beyond_the_end_refused(
    world: World,
) -> None:
    alice = await world.person("alice")
    path = f"/media/{await film(alice)}/{MP4}"
    for odd in ("bytes=0-1,5-6", "bytes=5-2", "lines=1-2", "bytes=-", "bytes=a-b", "bytes=" + "9" * 40 + "-"):
        answer = await fetch(world, path, Range=odd)
        assert (answer.status_code, answer.content) == (200, LARGE), odd
    for beyond in (f"bytes={len(LARGE)}-", "bytes=-0"):
        answer = await fetch(world, path, Range=beyond)
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(LARGE)}")
        assert answer.content == b""
    tag = (await fetch(world, path, "HEAD")).headers["etag"]
    assert (await fetch(world, path, Range="bytes=0-9", If_Range=tag)).status_code == 206
    assert (await fetch(world, path, Range="bytes=0-9", If_Range='"other"')).status_code == 200


async def test_a_head_tells_all_but_the_file(world: World) -> None:
    alice = await world.person("alice")
    path = f"/media/{await film(alice)}/{MP4}"
    answer = await fetch(world, path, "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(LARGE))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "video/mp4"


async def test_a_film_is_played_piece_by_piece(world: World) -> None:
    alice = await world.person("alice")
    base = f"/media/{await film(alice)}/{TREE}"
    for path, content_type in (
        ("master.m3u8", "application/vnd.apple.mpegurl"),
        ("en.vtt", "text/vtt"),
        ("720p/index.m3u8", "application/vnd.apple.mpegurl"),
        ("720p/segment0.m4s", "video/iso.segment"),
    ):
        answer = await fetch(world, f"{base}/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
        assert answer.content == FILM[f"{TREE}/{path}"][1]
    for path in ("720p/notes.html", "720p/segment1.m4s", "720p", "%2e%2e/x.m4s", f"%2e%2e/{MP4}", "720p/é.m4s"):
        assert (await fetch(world, f"{base}/{path}")).status_code == 404, path


async def test_an_upload_that_nothing_shows_is_only_there_for_its_owner(world: World) -> None:
    alice = await world.person("alice")
    media_id = await picture(alice, is_shown=False)
    assert (await fetch(world, f"/media/{media_id}/{JPEG}")).status_code == 404
    path = address_for_owner(world, media_id, JPEG)
    answer = await fetch(world, path)
    assert (answer.status_code, answer.content) == (200, SMALL)
    assert answer.headers["cache-control"] == "private, no-store"
    for wrong in (
        path[:-1] + ("0" if path[-1] != "0" else "1"),
        path.replace("expires=1", "expires=2"),
        path.replace("expires=1", "expires=-1"),
        path.replace("expires=", "expires=%D9%A1"),
        path.partition("&")[0],
        address_for_owner(world, media_id + 1, JPEG).replace(str(media_id + 1), str(media_id)),
        f"/media/{media_id}/{JPEG}?expires=99999999999999999999&signature=é",
    ):
        assert (await fetch(world, wrong)).status_code == 404, wrong
    world.clock.move(hours=26)
    assert (await fetch(world, path)).status_code == 404


async def test_a_film_can_be_played_by_its_owner_before_anything_shows_it(world: World) -> None:
    alice = await world.person("alice")
    media_id = await film(alice, is_shown=False)
    path = address_for_owner(world, media_id, f"{TREE}/master.m3u8")
    seal = path.partition("?")[2]
    lines = (await fetch(world, path)).text.split("\n")
    assert lines[2] == f"720p/index.m3u8?{seal}"
    assert f'URI="en.vtt?{seal}",NAME="English"' in lines[3]
    base = f"/media/{media_id}/{TREE}/720p"
    assert (await fetch(world, f"{base}/index.m3u8?{seal}")).text == f"#EXTM3U\nsegment0.m4s?{seal}\n"
    assert (await fetch(world, f"{base}/segment0.m4s?{seal}")).content == SMALL
    assert (await fetch(world, f"{base}/segment0.m4s")).status_code == 404


async def test_what_is_shown_often_costs_no_statement(world: World) -> None:
    alice = await world.person("alice")
    media_id = await film(alice)
    for path in (MP4, f"{TREE}/720p/segment0.m4s"):
        await fetch(world, f"/media/{media_id}/{path}")
        async with world.counting_statements() as counted:
            for _ in range(3):
                assert (await fetch(world, f"/media/{media_id}/{path}")).status_code == 200
        assert counted.number == 0


async def test_what_is_gone_is_gone_at_once(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    paths: list[str] = []
    for person in (alice, alice, alice, bob):
        media_id = await picture(person)
        paths.append(f"/media/{media_id}/{JPEG}")
        assert (await fetch(world, paths[-1])).status_code == 200
    ids = [int(path.split("/")[2]) for path in paths]
    async with world.engines.transaction() as tx:
        await actions.drop(tx, ids[:1])
    async with world.engines.transaction() as tx:
        await actions.detach(world.engines, tx, alice.id, [ids[1] + 1])
    await world.suspend(bob)
    assert [(await fetch(world, path)).status_code for path in paths] == [404, 404, 200, 404]
    async with world.engines.transaction() as tx:
        await actions.keep(tx, alice.id, ids[1:2])
    assert (await fetch(world, paths[1])).status_code == 200
    async with world.engines.transaction() as tx:
        await actions.release(world.engines, tx, alice.id, ids[1:2])
    assert (await fetch(world, paths[1])).status_code == 404


async def test_a_picture_of_an_account_is_shown_once_it_is_kept(world: World) -> None:
    alice = await world.person("alice")
    media_id = await made(alice, {JPEG: ("image/jpeg", SMALL)}, purpose=Purpose.AVATAR)
    assert (await fetch(world, f"/media/{media_id}/{JPEG}")).status_code == 404
    async with world.engines.transaction() as tx:
        await actions.keep(tx, alice.id, [media_id])
    assert (await fetch(world, f"/media/{media_id}/{JPEG}")).status_code == 200


async def test_what_there_is_not_is_not_found(world: World) -> None:
    alice = await world.person("alice")
    media_id = await picture(alice)
    for path in (
        f"{media_id}/other.jpg",
        f"{media_id + 999}/{JPEG}",
        f"x/{JPEG}",
        f"{media_id}",
        f"{media_id}/{JPEG}/x",
    ):
        answer = await fetch(world, f"/media/{path}")
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "private, no-store"), path
    await world.engines.blobs.delete([f"media/{media_id}/{JPEG}"])
    assert (await fetch(world, f"/media/{media_id}/{JPEG}")).status_code == 404


async def test_a_type_that_browsers_might_run_is_only_downloaded(world: World) -> None:
    alice = await world.person("alice")
    page = file_name("original", SMALL, "html")
    media_id = await made(alice, {page: ("text/html", SMALL)})
    await shown(alice, media_id, 1)
    answer = await fetch(world, f"/media/{media_id}/{page}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


async def test_pages_elsewhere_may_ask_for_parts(world: World) -> None:
    asked = {"Origin": "https://client.example", "Access-Control-Request-Method": "GET"}
    asked["Access-Control-Request-Headers"] = "range"
    answer = await world.client.options("/media/1/x.mp4", headers=asked)
    assert answer.status_code == 204
    assert "Range" in answer.headers["access-control-allow-headers"]
