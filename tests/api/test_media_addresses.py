"""From an upload to a post and to its end: at each step, who finds its files where."""

from typing import Any

import pytest

from linnet.platform.site import Site
from linnet.roles.media import media_at
from linnet.settings import BadSetting
from uploading import picture, until_ready, upload, worker_of
from world import PUBLIC_URL, Person, World, settings_of


async def status_of(world: World, address: str) -> int:
    return (await world.client.get(address.removeprefix(PUBLIC_URL))).status_code


async def uploaded(person: Person) -> Any:
    return await until_ready(person, (await upload(person, picture())).json()["id"])


def addresses(media: Any) -> list[str]:
    return [media["url"], media["preview_url"], *(one["url"] for one in media["variants"])]


async def test_an_address_is_its_owners_until_a_post_shows_it_and_again_afterwards(world: World) -> None:
    async with worker_of(world):
        alice = await world.person("alice")
        own = await uploaded(alice)
        assert {await status_of(world, address) for address in addresses(own)} == {200}
        assert {await status_of(world, address.partition("?")[0]) for address in addresses(own)} == {404}
        posted = await alice.post("Look", media_ids=[own["id"]])
        shown = posted["media_attachments"][0]
        assert not any("?" in address for address in addresses(shown))
        assert {await status_of(world, address) for address in addresses(shown)} == {200}
        gone = await alice.do("DELETE", f"/api/v1/statuses/{posted['id']}")
        assert {await status_of(world, address) for address in addresses(shown)} == {404}
        (again,) = gone["media_attachments"]
        assert {await status_of(world, address) for address in addresses(again)} == {200}
        await alice.do("DELETE", f"/api/v1/media/{own['id']}")
        assert {await status_of(world, address) for address in addresses(again)} == {404}


async def test_what_a_private_message_showed_is_gone_with_it(world: World) -> None:
    async with worker_of(world):
        alice, bob = await world.people("alice", "bob")
        said = await alice.post(f"@{bob.username} look", visibility="direct", media_ids=[(await uploaded(alice))["id"]])
        (shown,) = said["media_attachments"]
        assert {await status_of(world, address) for address in addresses(shown)} == {200}
        await alice.do("DELETE", f"/api/v1/statuses/{said['id']}")
        assert {await status_of(world, address) for address in addresses(shown)} == {404}


def test_a_cdn_is_asked_for_what_is_shown_and_for_nothing_else() -> None:
    at = media_at(settings_of("", "", media_public_url="https://files.example/"))
    site = Site(PUBLIC_URL, media_at=at, seal_keys=(b"key",))
    assert site.media_url(7, "small-1.jpg") == "https://files.example/media/7/small-1.jpg"
    assert site.upload_url(7, "small-1.jpg").startswith(f"{PUBLIC_URL}/media/7/small-1.jpg?expires=")
    with pytest.raises(BadSetting):
        media_at(settings_of("", "", media_public_url="files.example"))
