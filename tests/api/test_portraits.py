"""Stories of avatars and headers: brought, shown by the answer and to everybody, replaced, taken away."""

from io import BytesIO
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from PIL import Image

from linnet.features.accounts import actions
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.media.known_bad import actions as known_bad
from picture_files import animation, encoded, photo, png_of, quarters
from world import PUBLIC_URL, Person, World

UPDATE = "/api/v1/accounts/update_credentials"
PROFILE = "/api/v1/profile"


@pytest.mark.parametrize("path", [UPDATE, PROFILE])
async def test_a_new_avatar_is_in_the_answer_and_then_everywhere(path: str, world: World, tmp_path: Path) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await alice.post("before")
    await world.settle()
    await bob.home()
    own = _json(await bring(alice, path=path, avatar=photo(tmp_path / "me.jpg", 900, 600, orientation=6).read_bytes()))
    assert own["avatar"] == own["avatar_static"]
    assert own["avatar"].startswith(f"{PUBLIC_URL}/media/")
    assert own["avatar"].endswith(".jpg")
    shown = await seen(world, own["avatar"])
    assert (shown.format, shown.size) == ("JPEG", (400, 400))
    for account in (
        (await world.get(f"/api/v1/accounts/{alice.id}")).json(),
        (await bob.home())[0]["account"],
        (await bob.get("/api/v1/accounts/search", q="alice"))[0],
    ):
        assert (account["avatar"], account["avatar_static"]) == (own["avatar"], own["avatar"])
        assert account["header"] == f"{PUBLIC_URL}/pictures/headers/{alice.id}.png"
    found = (await world.get("/.well-known/webfinger", resource="acct:alice@linnet.test")).json()
    assert (found["links"][1]["href"], found["links"][1]["type"]) == (own["avatar"], "image/jpeg")


async def test_both_pictures_and_words_come_together(world: World, tmp_path: Path) -> None:
    alice = await world.person("alice")
    moving = animation(tmp_path / "bar.gif", 5, 500, 500).read_bytes()
    header = encoded(quarters(2000, 1000), "PNG")
    own = _json(await bring(alice, avatar=moving, header=header, display_name="Alice", avatar_description="A bar"))
    assert (own["display_name"], own["avatar_description"]) == ("Alice", "A bar")
    assert own["avatar"].endswith(".gif")
    assert own["avatar_static"].endswith(".jpg")
    assert (await seen(world, own["header"])).size == (1500, 500)
    assert cast("Any", await seen(world, own["avatar"])).n_frames == 5
    assert (await seen(world, own["avatar_static"])).size == (400, 400)
    profile = await alice.get(PROFILE)
    pictures = ("avatar", "avatar_static", "avatar_description", "header", "header_static", "header_description")
    assert {name: profile[name] for name in pictures} == {name: own.get(name, "") for name in pictures}


async def test_the_old_files_go_when_new_ones_come_and_when_they_are_taken_away(world: World) -> None:
    alice = await world.person("alice")
    first = _json(await bring(alice, avatar=encoded(quarters(90, 90), "PNG"), avatar_description="Squares"))
    assert len(await stored(world)) == 1
    second = _json(await bring(alice, avatar=encoded(quarters(80, 80), "PNG"), header=encoded(quarters(90, 30), "PNG")))
    assert second["avatar"] != first["avatar"]
    assert "avatar_description" not in second, "it was of the other picture"
    await world.settle()
    assert len(await stored(world)) == 2
    assert (await seen(world, second["avatar"])).size == (80, 80)
    assert (await world.client.get(first["avatar"])).status_code == 404
    third = await alice.do("DELETE", "/api/v1/profile/avatar")
    assert third["avatar"] == third["avatar_static"] == f"{PUBLIC_URL}/pictures/avatars/{alice.id}.png"
    assert third["header"] == second["header"]
    assert (await alice.get(PROFILE))["avatar"] is None
    fourth = await alice.do("DELETE", "/api/v1/profile/header")
    assert fourth["header"] == f"{PUBLIC_URL}/pictures/headers/{alice.id}.png"
    assert await alice.do("DELETE", "/api/v1/profile/header") == fourth
    await world.settle()
    assert await stored(world) == set()
    assert await world.engines.db.value("select count(*) from media") == 0


async def test_what_is_no_picture_is_refused_and_nothing_else_is_changed(world: World, tmp_path: Path) -> None:
    alice = await world.person("alice")
    before = await alice.get(PROFILE)
    good = encoded(quarters(90, 30), "PNG")
    for bad in (
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        good[: len(good) // 2],
        png_of(tmp_path / "bomb.png", 9_000, 9_000).read_bytes(),
        b"\x89PNG" * 3_000_000,
    ):
        refused = await bring(alice, header=good, avatar=bad, display_name="Alice")
        assert refused.status_code == 422, refused.text
        assert list(refused.json()["details"]) == ["avatar"]
        assert refused.json()["error"].startswith("Validation failed: Avatar ")
    refused = await bring(alice, avatar=good, display_name="x" * 31)
    assert list(refused.json()["details"]) == ["display_name"]
    assert await alice.get(PROFILE) == before
    assert await stored(world) == set()


async def test_pictures_that_nobody_may_upload_are_no_avatars_either(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    picture = encoded(quarters(500, 500).effect_spread(60), "PNG")
    await bring(alice, avatar=picture)
    media_id = await world.engines.db.value("select id from media where account_id = $1", alice.id)
    await known_bad.add_upload(world.engines, OPERATOR, media_id, "tests", None)
    refused = await bring(bob, avatar=picture)
    assert (refused.status_code, list(refused.json()["details"])) == (422, ["avatar"])
    assert (await bob.get(PROFILE))["avatar"] is None
    assert len(await stored(world)) == 1


async def test_a_profile_is_read_and_changed_as_it_was_typed(world: World) -> None:
    alice = await world.person("alice")
    assert await alice.get(PROFILE) == {
        "id": str(alice.id),
        "display_name": "",
        "note": "",
        "fields": [],
        "avatar": None,
        "avatar_static": None,
        "avatar_description": "",
        "header": None,
        "header_static": None,
        "header_description": "",
        "locked": False,
        "bot": False,
        "hide_collections": False,
        "discoverable": True,
        "indexable": False,
        "show_media": True,
        "show_media_replies": True,
        "show_featured": True,
        "attribution_domains": [],
        "featured_tags": [],
    }
    changed = await alice.do(
        "PATCH",
        PROFILE,
        note="I <sail>\n#sea",
        fields_attributes={"0": {"name": "Web", "value": "https://example.org"}},
        header_description="  Waves ",
        show_media=False,
        show_featured=False,
        attribution_domains=["https://Example.org/", "*.example.com", "example.org"],
    )
    assert changed["note"] == "I <sail>\n#sea"
    assert changed["fields"] == [{"name": "Web", "value": "https://example.org", "verified_at": None}]
    assert (changed["header_description"], changed["attribution_domains"]) == ("Waves", ["example.org", "example.com"])
    account = (await world.get(f"/api/v1/accounts/{alice.id}")).json()
    assert (account["show_media"], account["show_featured"], account["header_description"]) == (False, False, "Waves")
    assert "show_media_replies" not in account
    shown = await alice.do("PATCH", PROFILE, show_media=True, show_featured=True, attribution_domains=[])
    assert (shown["show_media"], shown["attribution_domains"]) == (True, [])
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["source"]["attribution_domains"] == []
    for name, wrong in (
        ("attribution_domains", ["no domain"]),
        ("attribution_domains", [f"{number}.example.org" for number in range(11)]),
        ("avatar_description", "x" * 501),
    ):
        refused = await alice.ask("PATCH", PROFILE, json={name: wrong})
        assert (refused.status_code, list(refused.json()["details"])) == (422, [name])


async def test_whoever_is_suspended_or_deleted_shows_nothing_of_their_own(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    own = _json(await bring(alice, avatar=encoded(quarters(90, 90), "PNG"), avatar_description="Me"))
    await bring(bob, avatar=encoded(quarters(90, 90), "PNG"))
    await world.suspend(alice)
    account = (await world.get(f"/api/v1/accounts/{alice.id}")).json()
    assert account["avatar"] == f"{PUBLIC_URL}/pictures/avatars/{alice.id}.png"
    assert "avatar_description" not in account
    assert (await world.client.get(own["avatar"])).status_code == 404
    await actions.delete(world.engines, bob.id)
    await world.settle()
    assert len(await stored(world)) == 1, "the suspended one may come back"


async def bring(person: Person, *, path: str = UPDATE, **form: Any) -> httpx.Response:
    """Change a profile as apps do, with files for pictures."""
    files = {name: ("picture", form.pop(name), "image/png") for name in ("avatar", "header") if name in form}
    return await person.ask("PATCH", path, files=files, data=form)


async def seen(world: World, url: str) -> Image.Image:
    """The picture that anybody gets at an address."""
    answer = await world.client.get(url)
    assert answer.status_code == 200, answer.text
    image = Image.open(BytesIO(answer.content))
    assert answer.headers["content-type"] == f"image/{(image.format or '').lower()}"
    return image


async def stored(world: World) -> set[str]:
    """Names of all files in the store."""
    return {found.name async for found in world.engines.blobs.list("")}


def _json(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()
