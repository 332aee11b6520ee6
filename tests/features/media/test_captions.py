"""Captions of films and sounds: what is served is written by us, whatever was sent."""

from pathlib import Path
from typing import Any

import httpx

from uploading import film, picture, stored, upload, worker_of
from world import Person, World

SENT = """WEBVTT - from a friend

STYLE
::cue { background-image: url(https://example.com/track) }

NOTE not for others

1
00:00:00.000 --> 00:00:00.500 position:10%
<v Roger>Hello <i>you</i> <script>alert(1)</script>

00:00:00.500 --> 00:00:00.900
second
"""
SUBRIP = "1\n00:00:00,000 --> 00:00:00,500\nHallo\n"


async def test_a_film_gets_captions(world: World, tmp_path: Path) -> None:
    alice, bob = await world.people("alice", "bob")
    async with worker_of(world):
        told = (await upload(alice, film(tmp_path / "film.mp4"), version=1)).json()
    media_id = told["id"]
    answer = await caption(alice, media_id, SENT, "en")
    assert answer.status_code == 200, answer.text
    english = await fetched(alice, answer.json(), "captions_en")
    assert english.startswith("WEBVTT")
    assert "<i>you</i>" in english
    assert "second" in english
    for unwanted in ("script>", "url(", "friend", "not for others", "position"):
        assert unwanted not in english
    assert (await caption(alice, media_id, SUBRIP, "de")).status_code == 200
    before = await stored(world)
    assert (await caption(alice, media_id, SUBRIP.replace("Hallo", "Servus"), "de")).status_code == 200
    shown = await alice.get(f"/api/v1/media/{media_id}")
    assert [one["name"] for one in shown["variants"] if one["name"].startswith("captions")] == [
        "captions_en",
        "captions_de",
    ]
    assert "Servus" in await fetched(alice, shown, "captions_de")
    assert len(await stored(world)) == len(before)
    assert shown["url"].partition("?")[0] == told["url"].partition("?")[0]
    status = await alice.do("POST", "/api/v1/statuses", status="look", media_ids=[media_id])
    assert "captions_en" in {one["name"] for one in status["media_attachments"][0]["variants"]}
    assert (await caption(alice, media_id, SENT, "fr")).status_code == 200
    status = await alice.get(f"/api/v1/statuses/{status['id']}")
    assert "captions_fr" in {one["name"] for one in status["media_attachments"][0]["variants"]}
    assert "second" in await fetched(alice, status["media_attachments"][0], "captions_fr")

    gone = f"/api/v1/media/{media_id}/captions/fr"
    assert (await bob.ask("DELETE", gone)).status_code == 404
    left = await alice.do("DELETE", gone)
    status = await bob.get(f"/api/v1/statuses/{status['id']}")
    for shown in (left, status["media_attachments"][0]):
        assert [one["name"][9:] for one in shown["variants"] if one["name"].startswith("captions")] == ["en", "de"]
    assert sorted(name.split("captions_")[1][:2] for name in await stored(world) if "captions" in name) == ["de", "en"]
    assert (await alice.ask("DELETE", gone)).status_code == 404


async def test_captions_that_nobody_could_read(world: World, tmp_path: Path) -> None:
    alice, bob = await world.people("alice", "bob")
    async with worker_of(world):
        media_id = (await upload(alice, film(tmp_path / "film.mp4"), version=1)).json()["id"]
        picture_id = (await upload(alice, picture())).json()["id"]
    for sent in ("", "WEBVTT", "no captions at all", "WEBVTT\n\n00:09.000 --> 00:01.000\nbackwards\n"):
        assert (await caption(alice, media_id, sent, "en")).status_code == 422
    assert (await caption(alice, media_id, SENT.encode("utf-16"), "en")).status_code == 422
    assert (await caption(alice, media_id, "WEBVTT\n\n" + "x" * 600_000, "en")).status_code in {413, 422}
    assert (await caption(alice, media_id, SENT, "../en")).status_code == 422
    assert (await caption(alice, picture_id, SENT, "en")).status_code == 422
    assert (await caption(bob, media_id, SENT, "en")).status_code == 404
    assert not any(name.endswith(".vtt") for name in await stored(world))


async def caption(person: Person, media_id: str, sent: str | bytes, language: str) -> httpx.Response:
    files = {"file": ("captions.vtt", sent, "text/vtt")}
    return await person.ask("POST", f"/api/v1/media/{media_id}/captions", files=files, data={"language": language})


async def fetched(person: Person, media: dict[str, Any], name: str) -> str:
    variant = next(one for one in media["variants"] if one["name"] == name)
    assert variant["content_type"] == "text/vtt"
    answer = await person.ask("GET", variant["url"])
    assert answer.headers["content-type"].startswith("text/vtt")
    return answer.text
