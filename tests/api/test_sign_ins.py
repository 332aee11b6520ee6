"""Stories of people who look through their sign-ins and end some."""

from typing import Any

import pytest

from browser import Browser
from linnet.features.sessions import actions, agents, apps, devices, reads
from linnet.features.sessions.last_seen import LastSeen
from linnet.features.sessions.models import Origin
from linnet.features.sessions.origins import network_of
from linnet.features.sessions.places import Places
from world import PASSWORD, Person, World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


async def client_of(world: World, name: str, agent: str = FIREFOX) -> dict[str, Any]:
    """Somebody who signs in with a client of ours; what it was told."""
    body = {"identifier": name, "password": PASSWORD}
    answer = await world.client.post("/api/v1/auth/login", json=body, headers={"User-Agent": agent})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ask(world: World, tokens: dict[str, Any], method: str, path: str) -> Any:
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    return await world.client.request(method, path, headers=bearer)


async def app_in(world: World, person: Person, name: str) -> str:
    """The token of an app that somebody let in."""
    app, _ = await apps.register_app(world.engines, name=name, redirect_uris="wren://", scopes="read", website=None)
    return (await apps.give_token(world.engines, app.id, person.id, ["read"])).token


async def signed_in_browser(world: World, name: str) -> Browser:
    browser = Browser(world)
    await browser.open("/signin")
    await browser.submit("/signin", identifier=name, password=PASSWORD)
    return browser


async def test_people_see_where_they_are_signed_in_and_which_one_asks(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    await app_in(world, ann, "Wren")
    await client_of(world, "bob")
    await signed_in_browser(world, "ann")
    tokens = await client_of(world, "ann")
    answer = await ask(world, tokens, "GET", "/api/v1/auth/sessions")
    shown = [(one["kind"], one["app_name"], one["current"]) for one in answer.json()]
    assert shown == [("api", None, True), ("web", None, False), ("app", "Wren", False), ("app", None, False)]
    first = answer.json()[0]
    assert (first["device"], first["address"], first["place"]) == ("Firefox on Linux", "127.0.0.1", "this machine")
    assert bob.id != ann.id


async def test_a_session_that_is_ended_from_elsewhere_is_out_at_once_and_its_device_is_strange_again(
    world: World,
) -> None:
    ann = await world.person("ann")
    lost, kept = await client_of(world, "ann"), await client_of(world, "ann")
    assert (await ask(world, lost, "GET", "/oauth/userinfo")).status_code == 200
    listed = (await ask(world, kept, "GET", "/api/v1/auth/sessions")).json()
    (other,) = [one["id"] for one in listed if one["kind"] == "api" and not one["current"]]
    assert (await ask(world, kept, "DELETE", f"/api/v1/auth/sessions/{other}")).status_code == 204
    assert (await ask(world, lost, "GET", "/oauth/userinfo")).status_code == 401
    refreshed = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": lost["refresh_token"]})
    assert refreshed.status_code == 401
    assert not await devices.is_known(world.engines, ann.id, lost["device_token"])
    assert await devices.is_known(world.engines, ann.id, kept["device_token"])
    assert (await ask(world, kept, "DELETE", f"/api/v1/auth/sessions/{other}")).status_code == 404


async def test_nobody_ends_the_sign_ins_of_others(world: World) -> None:
    ann, _ = await world.people("ann", "bob")
    wren = await app_in(world, ann, "Wren")
    anns, bobs = await client_of(world, "ann"), await client_of(world, "bob")
    listed = (await ask(world, anns, "GET", "/api/v1/auth/sessions")).json()
    for one in listed:
        assert (await ask(world, bobs, "DELETE", f"/api/v1/auth/sessions/{one['id']}")).status_code == 404
    (app,) = (await ask(world, anns, "GET", "/api/v1/auth/apps")).json()
    assert (await ask(world, bobs, "DELETE", f"/api/v1/auth/apps/{app['id']}")).status_code == 404
    assert await reads.access_of(world.engines, wren) is not None
    assert (await ask(world, anns, "GET", "/oauth/userinfo")).status_code == 200


async def test_all_others_end_together_with_codes_that_wait(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    app, _ = await apps.register_app(world.engines, name="Wren", redirect_uris="wren://", scopes="read", website=None)
    text = await apps.give_code(world.engines, app, ann.id, redirect_uri="wren://", scopes=("read",), challenge=None)
    lost, kept = await client_of(world, "ann"), await client_of(world, "ann")
    assert (await ask(world, kept, "DELETE", "/api/v1/auth/sessions")).status_code == 204
    for token in (ann.token, lost["access_token"]):
        assert await reads.access_of(world.engines, token) is None
    assert await reads.access_of(world.engines, bob.token) is not None
    code = await reads.code_given(world.engines, text)
    assert code is not None
    assert await apps.redeem_code(world.engines, code) is None
    left = (await ask(world, kept, "GET", "/api/v1/auth/sessions")).json()
    assert [one["current"] for one in left] == [True]


async def test_apps_are_listed_once_each_and_let_in_no_longer(world: World) -> None:
    ann = await world.person("ann")
    tokens = [await app_in(world, ann, "Wren")]
    app = await world.engines.db.value("select id from oauth_apps")
    tokens.append((await apps.give_token(world.engines, app, ann.id, ["read", "write"])).token)
    listed = await ann.get("/api/v1/auth/apps")
    assert [(one["id"], one["name"], one["scopes"]) for one in listed] == [(str(app), "Wren", ["read", "write"])]
    assert (await ann.ask("DELETE", f"/api/v1/auth/apps/{app}")).status_code == 204
    for token in tokens:
        assert await reads.access_of(world.engines, token) is None
    assert await ann.get("/api/v1/auth/apps") == []
    assert (await ann.ask("DELETE", f"/api/v1/auth/apps/{app}")).status_code == 404


async def test_an_app_has_no_say_in_it(world: World) -> None:
    ann = await world.person("ann")
    token = await app_in(world, ann, "Wren")
    for path in ("/api/v1/auth/sessions", "/api/v1/auth/apps", "/api/v1/auth/sign_ins"):
        answer = await world.client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403


async def test_the_owner_sees_failed_sign_ins(world: World) -> None:
    ann = await world.person("ann")
    for _ in range(2):
        body = {"identifier": "ann", "password": "wrong"}
        await world.client.post("/api/v1/auth/login", json=body, headers={"User-Agent": "curl/8.1"})
    first, _ = await ann.get("/api/v1/auth/sign_ins")
    assert (first["device"], first["address"], first["locked"]) == ("curl", "127.0.0.1", False)


async def test_last_use_is_noted_now_and_then_and_keeps_a_browser_signed_in(world: World) -> None:
    ann = await world.person("ann")
    seen = world.engines.config(LastSeen)
    browser = await signed_in_browser(world, "ann")
    for _ in range(3):
        world.clock.move(days=6)
        async with world.counting_statements() as used:
            await ann.get("/api/v1/preferences")
        await browser.open("/")
        assert "You are signed in as @ann" in browser.text
        await seen.write(world.engines)
        async with world.counting_statements() as nothing:
            await seen.write(world.engines)
        assert (used.number <= 2, nothing.number) == (True, 0)
    token = next(one for one in await ann.get("/api/v1/auth/sessions") if one["kind"] == "app")
    assert token["last_seen_at"] is not None
    assert token["address"] == "127.0.0.1"
    for _ in range(13):
        world.clock.move(days=6)
        await browser.open("/")
        await seen.write(world.engines)
    assert "You are signed in as @ann" not in browser.text


# In a browser --------------------------------------------------------------------------------------------------------


async def test_in_a_browser_people_end_sign_ins_and_apps_without_scripts(world: World) -> None:
    ann = await world.person("ann")
    wren = await app_in(world, ann, "Wren <b>")
    lost = await client_of(world, "ann")
    await world.client.post("/api/v1/auth/login", json={"identifier": "ann", "password": "wrong"})
    browser = await signed_in_browser(world, "ann")
    await browser.open("/")
    assert browser.page.find("a", href="/settings/sessions")
    await browser.open("/settings/sessions")
    for words in ("this browser", "Firefox on Linux", "Wren <b>", "Sign-ins that failed", "this machine, 127.0.0.1"):
        assert words in browser.text
    (session,) = [one for one in await ann.get("/api/v1/auth/sessions") if one["kind"] == "api"]
    await browser.submit("/settings/sessions", f"sign-in:{session['id']}")
    assert await reads.access_of(world.engines, lost["access_token"]) is None
    app = await world.engines.db.value("select id from oauth_apps")
    await browser.submit("/settings/sessions", f"app:{app}")
    assert await reads.access_of(world.engines, wren) is None
    assert "A token that the operator made" in browser.text
    await browser.submit("/settings/sessions", "others")
    assert await reads.access_of(world.engines, ann.token) is None
    assert "this browser" in browser.text
    await browser.submit("/signout")
    await browser.open("/settings/sessions")
    assert "this browser" not in browser.text


async def test_only_our_own_page_ends_sign_ins_and_only_for_who_is_signed_in(world: World) -> None:
    ann = await world.person("ann")
    browser = await signed_in_browser(world, "ann")
    forged = await browser.client.post("/settings/sessions", data={"end": "others", "form_token": "made up"})
    assert forged.status_code == 403
    assert await reads.access_of(world.engines, ann.token) is not None
    stranger = Browser(world)
    await stranger.open("/settings/sessions")
    assert "Sign in" in stranger.text
    assert stranger.page.find("form", action="/signin")


async def test_a_browser_is_known_by_a_cookie_that_outlives_its_sessions(world: World) -> None:
    ann = await world.person("ann")
    browser = await signed_in_browser(world, "ann")
    token = browser.client.cookies["__Host-linnet-device"]
    assert await devices.is_known(world.engines, ann.id, token)
    await browser.open("/")
    await browser.submit("/signout")
    await browser.open("/signin")
    await browser.submit("/signin", identifier="ann", password=PASSWORD)
    assert browser.client.cookies["__Host-linnet-device"] == token
    assert await world.engines.db.value("select count(*) from known_devices") == 1


async def test_a_page_that_refuses_says_when_to_come_back(world: World) -> None:
    await world.person("ann")
    browser = Browser(world)
    await browser.open("/signin")
    for _ in range(4):
        await browser.submit("/signin", identifier="ann", password="wrong")
    assert browser.status == 429
    assert int(browser.answer.headers["retry-after"]) in {1, 2}
    assert "Please wait" in browser.text
    await actions.recognise(world.engines, "ann", PASSWORD, Origin("192.0.2.1"))


# In words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                "Version/17.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari on iPhone",
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                "Safari/537.36 Edg/126.0.0.0"
            ),
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Ivory/40312 CFNetwork/1496.0.7 Darwin/23.5.0", "Ivory on iOS"),
        ("Ice Cubes/1.10 (iPhone; iOS 17.5; Scale/3.00)", "Ice Cubes on iPhone"),
        ("Tusky/25.2 Android/14 OkHttp/4.12.0", "Tusky on Android"),
        ("curl/8.1", "curl"),
        ("", "unknown device"),
        ("\x00\x01 <script>", "unknown device"),
    ],
)
def test_devices_are_named_as_people_know_them(agent: str, words: str) -> None:
    assert agents.in_words(agent) == words


@pytest.mark.parametrize(
    ("address", "network", "place"),
    [
        ("8.8.8.8", "8.8.8.8", "unknown place"),
        ("10.1.2.3", "10.1.2.3", "private network"),
        ("127.0.0.1", "127.0.0.1", "this machine"),
        ("::ffff:8.8.8.8", "8.8.8.8", "unknown place"),
        ("2a00:1450:4001:82a::200e", "2a00:1450:4001:82a::/64", "unknown place"),
        ("fe80::1%eth0", "fe80::/64", "private network"),
        ("", "local", "unknown place"),
        ("nonsense", "local", "unknown place"),
    ],
)
def test_addresses_are_counted_by_network_and_said_in_words(address: str, network: str, place: str) -> None:
    assert network_of(address) == network
    assert Places().of(address) == place
