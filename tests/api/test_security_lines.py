"""Lines of docs/security.md that no other test is about."""

from bs4 import BeautifulSoup
from owner import owner

from browser import Browser
from linnet.features.accounts.proofs import Purpose, mint
from linnet.platform.embedded import EmbeddedEngines
from world import PASSWORD, World, open_world

NEW = "violet-harbour-977"
PAGES_WITH_PASSWORDS = ("/signin", "/signup", "/password/change", "/email/change", "/account/delete")


async def test_a_new_server_has_no_accounts(world: World) -> None:
    assert await world.engines.db.value("select count(*) from users") == 0
    for name in ("admin", "root", "administrator", "moderator", "linnet", "test"):
        for password in (name, "password", "admin", "changeme", ""):
            body = {"identifier": name, "password": password}
            answer = await world.client.post("/api/v1/auth/login", json=body)
            assert answer.status_code in {401, 422, 429}


async def test_the_servers_own_name_is_no_password(servers: EmbeddedEngines) -> None:
    member = {"username": "ann", "email": "ann@example.org", "password": "zugunruhe2026", "agreement": True}
    async with open_world(servers.database_url, servers.valkey_url) as elsewhere:
        await elsewhere.clear()
        assert (await elsewhere.client.post("/api/v1/auth/signup", json=member)).status_code == 200
    for named in ({"title": "Zugunruhe"}, {"public_url": "https://zugunruhe.example"}):
        async with open_world(servers.database_url, servers.valkey_url, **named) as world:
            answer = await world.client.post("/api/v1/auth/signup", json={**member, "username": "bob"})
            (problem,) = answer.json()["details"]["password"]
            assert problem["error"] == "ERR_TOO_WEAK"


async def test_fields_for_passwords_hide_them_and_let_managers_fill_them(world: World) -> None:
    await world.person("ann")
    browser = await Browser(world).open("/signin")
    await browser.submit("/signin", identifier="ann", password=PASSWORD)
    for path in PAGES_WITH_PASSWORDS:
        answer = await browser.client.get(path, params={"again": "1"})
        assert answer.status_code == 200, path
        tree = BeautifulSoup(answer.text, "html.parser")
        named = [one for one in tree.find_all("input") if one.get("name") in {"password", "current", "new"}]
        assert named, path
        for one in named:
            assert one["type"] == "password", path
            assert one["autocomplete"] in {"current-password", "new-password"}, path
            assert not one.get("value"), path
            assert int(str(one.get("maxlength") or 256)) >= 64, path


async def test_a_letter_that_resets_a_password_is_not_a_way_around_the_second_factor(world: World) -> None:
    ann = await owner(world)
    ann.secret = (await ann.do("POST", "factors/totp"))["secret"]
    await ann.do("POST", "factors/totp/confirm", code=ann.code())
    db, at = world.engines.db, world.engines.clock.now()
    token = await mint(db, ann.person.id, Purpose.RESET, 3600, at=at)
    reset = await world.client.post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    assert reset.status_code == 204
    assert "set-cookie" not in reset.headers
    answer = await ann.password(NEW)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "second_factor_required")
    assert (await ann.second(answer.json()["second_factor"]["token"], totp=ann.code(steps=1))).status_code == 200
