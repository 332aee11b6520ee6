"""Stories of people who read where a sign-in came from, on a server that has a database of places."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from browser import Browser
from linnet.features.sessions.places import NAME_CHARS_MAX, BadPlaces, Places
from linnet.platform.embedded import EmbeddedEngines
from places_file import CITIES, EVIL, FRANCE, LYON, NOWHERE, ODD, written
from world import PASSWORD, World, open_world


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("places") / "city.mmdb", CITIES)


@pytest_asyncio.fixture(scope="session")
async def open_placed_world(servers: EmbeddedEngines, cities: Path) -> AsyncIterator[World]:
    proxied = {"geoip_database": str(cities), "trusted_proxies": "127.0.0.1/32"}
    async with open_world(servers.database_url, servers.valkey_url, **proxied) as world:
        yield world


@pytest_asyncio.fixture
async def placed_world(open_placed_world: World) -> World:
    """Like `world`, with a database of places and a proxy that says where calls come from."""
    await open_placed_world.clear()
    return open_placed_world


async def sign_in(world: World, address: str, password: str = PASSWORD) -> dict[str, str]:
    """Sign in as ann, from there; the headers of who is signed in."""
    body = {"identifier": "ann", "password": password}
    answer = await world.client.post("/api/v1/auth/login", json=body, headers={"X-Forwarded-For": address})
    assert answer.status_code == (200 if password == PASSWORD else 401), answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"} if password == PASSWORD else {}


async def test_people_read_in_which_town_they_are_signed_in_and_where_it_was_tried(placed_world: World) -> None:
    await placed_world.person("ann")
    await sign_in(placed_world, LYON, "wrong")
    await sign_in(placed_world, FRANCE)
    await sign_in(placed_world, NOWHERE)
    await sign_in(placed_world, ODD)
    bearer = await sign_in(placed_world, "2a00:1450:4001:82a::200e")
    sessions = (await placed_world.client.get("/api/v1/auth/sessions", headers=bearer)).json()
    shown = {one["address"]: one["place"] for one in sessions if one["kind"] == "api"}
    assert shown == {
        FRANCE: "France",
        NOWHERE: "unknown place",
        ODD: "unknown place",
        "2a00:1450:4001:82a::200e": "Ireland",
    }
    (failed,) = (await placed_world.client.get("/api/v1/auth/sign_ins", headers=bearer)).json()
    assert (failed["address"], failed["place"]) == (LYON, "Lyon, France")


async def test_what_a_database_says_is_text_and_no_page(placed_world: World) -> None:
    await placed_world.person("ann")
    await sign_in(placed_world, EVIL)
    await sign_in(placed_world, LYON, "wrong")
    browser = Browser(placed_world)
    await browser.open("/signin")
    await browser.submit("/signin", identifier="ann", password=PASSWORD)
    await browser.open("/settings/sessions")
    assert "&lt;b&gt;Ly Bcc: on&lt;/b&gt;, FFF" in browser.answer.text
    assert f"Lyon, France, {LYON}" in browser.text
    assert "this machine, 127.0.0.1" in browser.text


async def test_a_letter_about_a_new_device_names_the_town(placed_world: World) -> None:
    await placed_world.person("ann")
    await sign_in(placed_world, FRANCE)
    await placed_world.settle()
    await sign_in(placed_world, LYON)
    await placed_world.settle()
    letters = await placed_world.engines.db.rows("select text from outbox order by id")
    assert f"from {LYON} (Lyon, France)" in " ".join(letters[-1]["text"].split())


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (LYON, "Lyon, France"),
        (f"::ffff:{LYON}", "Lyon, France"),
        (FRANCE, "France"),
        (NOWHERE, "unknown place"),
        (ODD, "unknown place"),
        (EVIL, f"<b>Ly Bcc: on</b>, {'F' * NAME_CHARS_MAX}"),
        ("6.0.0.7", "Singapore"),
        ("7.0.0.7", "unknown place"),
        ("9.0.0.7", "unknown place"),
        ("11.0.0.7", "unknown place"),
        ("10.0.0.7", "private network"),
        ("127.0.0.7", "this machine"),
        ("2a00:1450:4001:82a::200e", "Ireland"),
        ("2a01::1", "unknown place"),
        ("", "unknown place"),
        ("nonsense", "unknown place"),
    ],
)
def test_a_place_is_a_town_and_a_country_in_english(cities: Path, address: str, place: str) -> None:
    assert Places.read(cities).of(address) == place


def test_a_database_without_ipv6_does_not_know_such_addresses(tmp_path: Path) -> None:
    places = Places.read(written(tmp_path / "v4.mmdb", {"2.0.0.0/24": CITIES["2.0.0.0/24"]}, ip_version=4))
    assert (places.of(FRANCE), places.of("2a00:1450::1")) == ("France", "unknown place")


def test_a_damaged_database_is_refused_or_knows_less(cities: Path, tmp_path: Path) -> None:
    whole = cities.read_bytes()
    words: set[str] = set()
    refused = 0
    for at in range(0, len(whole), 3):
        damaged = tmp_path / f"{at}.mmdb"
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            places = Places.read(damaged)
        except BadPlaces:
            refused += 1
        else:
            words |= {places.of(LYON), places.of("2a00:1450::1")}
    assert refused
    assert {"Lyon, France", "Ireland", "unknown place"} <= words
