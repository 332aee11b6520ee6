"""Second factors in a browser: signing in further, and the page where they are changed. Scripts only for passkeys."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import Tag
from pyotp.totp import TOTP

from authenticator import Authenticator
from browser import Browser
from world import PASSWORD, PUBLIC_URL, World

PAGE = "/settings/security"


async def signed_in(world: World, name: str = "ann") -> Browser:
    await world.person(name)
    return await sign_in(Browser(world), name)


async def sign_in(browser: Browser, name: str, then: str = PAGE) -> Browser:
    await browser.open("/signin", then=then)
    return await browser.submit("/signin", identifier=name, password=PASSWORD)


def options_on(browser: Browser) -> dict[str, Any]:
    """What the page's script would hand to the browser."""
    form = browser.page.select_one("form[data-passkey]")
    assert isinstance(form, Tag), browser.text
    return json.loads(str(form["data-options"]))


def codes_on(browser: Browser) -> list[str]:
    return [code.text for code in browser.page.select(".codes code")]


async def add_app(world: World, browser: Browser) -> tuple[str, list[str]]:
    """Add an authenticator app on the page: its secret and the recovery codes that are shown."""
    await browser.submit(f"{PAGE}/totp")
    found = browser.page.select_one(".code code")
    assert found is not None
    secret = found.text.replace(" ", "")
    await browser.submit(f"{PAGE}/totp/confirm", code=TOTP(secret).at(world.clock.now()))
    codes = codes_on(browser)
    world.clock.move(seconds=60)
    await browser.open(PAGE)
    return secret, codes


async def add_passkey(browser: Browser, device: Authenticator, name: str = "Phone") -> list[str]:
    await browser.open(f"{PAGE}/passkeys/new")
    credential = json.dumps(device.create(options_on(browser)))
    await browser.submit(f"{PAGE}/passkeys", credential=credential, name=name)
    codes = codes_on(browser)
    await browser.open(PAGE)
    return codes


async def test_an_app_is_added_and_asked_for(world: World) -> None:
    browser = await signed_in(world)
    assert "Off. An app" in browser.text
    secret, codes = await add_app(world, browser)
    assert len(codes) == 10
    assert "10 codes are left" in browser.text
    assert not codes_on(browser)

    other = await sign_in(Browser(world), "ann", "/oauth/authorize?client_id=wren")
    assert "One more step" in other.text
    await other.submit("/signin/second", code="000000")
    assert "That is not right" in other.text
    assert other.status == 422
    await other.submit("/signin/second", code=TOTP(secret).at(world.clock.now()))
    assert other.answer.request.url.path == "/oauth/authorize"
    assert "Sign out" in (await other.open("/")).text


async def test_an_app_gets_no_code_before_the_second_step(world: World) -> None:
    browser = await signed_in(world)
    _, codes = await add_app(world, browser)
    form = {"client_name": "Wren", "redirect_uris": "wren://back", "scopes": "read"}
    client_id = (await world.client.post("/api/v1/apps", json=form)).json()["client_id"]
    asked = {"client_id": client_id, "redirect_uri": "wren://back", "response_type": "code", "scope": "read"}
    other = await Browser(world).open("/oauth/authorize", **asked)
    await other.submit("/signin", identifier="ann", password=PASSWORD)
    assert "One more step" in other.text
    assert "Sign in" in (await other.open("/oauth/authorize", **asked)).text
    await other.open("/signin/second", then=f"/oauth/authorize?{urlencode(asked)}")
    await other.submit("/signin/second", code=codes[0])
    assert "Let Wren in?" in other.text
    await other.submit("/oauth/authorize", "allow")
    assert other.location.startswith("wren://back?code=")


async def test_the_qr_code_and_the_text_are_one_secret_and_a_wrong_code_asks_again(world: World) -> None:
    browser = await signed_in(world)
    await browser.submit(f"{PAGE}/totp")
    picture, secret = browser.page.select_one(".qr svg path"), browser.page.select_one(".code code")
    assert picture is not None
    assert secret is not None
    link = browser.page.select_one('a[href^="otpauth:"]')
    assert link is not None
    assert f"secret={secret.text.replace(' ', '')}" in str(link["href"])
    await browser.submit(f"{PAGE}/totp/confirm", code="12")
    assert browser.status == 422
    again = browser.page.select_one(".code code")
    assert again is not None
    assert again.text == secret.text
    assert "Off. An app" in (await browser.open(PAGE)).text


async def test_a_recovery_code_comes_in_without_the_phone(world: World) -> None:
    browser = await signed_in(world)
    _, codes = await add_app(world, browser)
    other = await sign_in(Browser(world), "ann")
    await other.submit("/signin/second", code=codes[0])
    assert "9 codes are left" in other.text
    await other.submit(f"{PAGE}/totp/remove")
    assert "Off. An app" in other.text
    assert "Sign out" in (await (await sign_in(Browser(world), "ann")).open("/")).text


async def test_who_guesses_codes_is_told_when_to_come_back(world: World) -> None:
    browser = await signed_in(world)
    _, codes = await add_app(world, browser)
    other = await sign_in(Browser(world), "ann")
    for _ in range(4):
        await other.submit("/signin/second", code="000000")
    assert other.status == 429
    assert 0 < int(other.answer.headers["retry-after"]) < 60
    assert "Please wait" in other.text
    await other.submit("/signin/second", code=codes[0])
    assert "9 codes are left" in other.text


async def test_the_second_step_is_not_signed_in_and_ends(world: World) -> None:
    browser = await signed_in(world)
    _, codes = await add_app(world, browser)
    other = await sign_in(Browser(world), "ann")
    step = str(other.answer.request.url)
    assert "Sign out" not in (await other.open("/")).text
    await other.open(step)
    for _ in range(5):
        await other.submit("/signin/second", code="wrong")
    assert other.answer.request.url.path == "/signin"
    other = await sign_in(other, "ann")
    world.clock.move(seconds=301)
    await other.submit("/signin/second", code=codes[0])
    assert other.answer.request.url.path == "/signin"
    assert (await Browser(world).open("/signin/second")).answer.request.url.path == "/signin"


async def test_a_step_of_a_browser_is_not_one_of_the_api(world: World) -> None:
    browser = await signed_in(world)
    _, codes = await add_app(world, browser)
    other = await sign_in(Browser(world), "ann")
    step = next(cookie.value for cookie in other.client.cookies.jar if cookie.name == "__Host-linnet-step")
    answer = await world.client.post("/api/v1/auth/second_factor", json={"token": step, "recovery_code": codes[0]})
    assert answer.status_code == 401


async def test_passkeys_are_added_renamed_used_and_removed(world: World) -> None:
    browser, device = await signed_in(world), Authenticator()
    assert len(await add_passkey(browser, device)) == 10
    rename = browser.page.select_one('form[action$="/rename"]')
    assert isinstance(rename, Tag)
    await browser.submit(str(rename["action"]), name="Red phone")
    assert "Red phone" in browser.text

    other = await Browser(world).open("/signin/passkey", then=PAGE)
    await other.submit("/signin/passkey", credential=json.dumps(device.get(options_on(other))))
    assert "Red phone" in other.text
    assert "last used on" in other.text

    second = await sign_in(Browser(world), "ann")
    await second.submit("/signin/second", credential=json.dumps(device.get(options_on(second))))
    remove = second.page.select_one('form[action$="/remove"]')
    assert isinstance(remove, Tag)
    await second.submit(str(remove["action"]))
    assert "Red phone" not in second.text
    await other.open("/signin/passkey")
    await other.submit(
        "/signin/passkey", credential=json.dumps(device.get({**options_on(other), "allowCredentials": []}))
    )
    assert other.status == 422


async def test_a_challenge_is_for_the_browser_that_asked(world: World) -> None:
    browser, device = await signed_in(world), Authenticator()
    await add_passkey(browser, device)
    mine, theirs = Browser(world), Browser(world)
    await mine.open("/signin/passkey")
    await theirs.open("/signin/passkey")
    await theirs.submit("/signin/passkey", credential=json.dumps(device.get(options_on(mine))))
    assert (theirs.status, "does not belong" in theirs.text) == (422, True)


@pytest.mark.parametrize("credential", ["", "{", "[]", "7", '{"id":"x"}', "\x00"])
async def test_without_a_script_or_with_nonsense_a_passkey_is_refused_in_words(world: World, credential: str) -> None:
    browser = await signed_in(world)
    await browser.open(f"{PAGE}/passkeys/new")
    await browser.submit(f"{PAGE}/passkeys", credential=credential)
    assert browser.status == 422
    other = await Browser(world).open("/signin/passkey")
    assert "Passkeys need JavaScript" in other.answer.text
    await other.submit("/signin/passkey", credential=credential)
    assert other.status == 422


async def test_after_a_quarter_of_an_hour_the_page_asks_for_proof_again(world: World) -> None:
    browser = await signed_in(world)
    world.clock.move(minutes=16)
    stale = browser.page
    await browser.open(PAGE)
    assert "Confirm that it is you" in browser.text
    assert not browser.page.select(f'form[action^="{PAGE}/"]')
    form = stale.find("form", action=f"{PAGE}/totp")
    assert isinstance(form, Tag)
    token = form.find("input", attrs={"name": "form_token"})
    assert isinstance(token, Tag)
    browser.answer = await browser.client.post(f"{PAGE}/totp", data={"form_token": str(token["value"])})
    assert (browser.status, browser.location) == (303, f"{PAGE}/confirm")

    await browser.open(f"{PAGE}/confirm")
    await browser.submit(f"{PAGE}/confirm", password="wrong")
    assert (browser.status, "password" in browser.text) == (422, True)
    await browser.submit(f"{PAGE}/confirm", password=PASSWORD)
    assert browser.page.find("form", action=f"{PAGE}/totp")
    secret, codes = await add_app(world, browser)
    world.clock.move(minutes=16)
    await browser.open(f"{PAGE}/confirm")
    assert not browser.page.find("input", attrs={"type": "password"})
    await browser.submit(f"{PAGE}/confirm", code=TOTP(secret).at(world.clock.now()))
    assert browser.page.find("form", action=f"{PAGE}/totp/remove")
    await browser.submit(f"{PAGE}/recovery_codes")
    assert not set(codes_on(browser)) & set(codes)


async def test_a_passkey_proves_it_too(world: World) -> None:
    browser, device = await signed_in(world), Authenticator()
    await add_passkey(browser, device)
    world.clock.move(minutes=16)
    await browser.open(f"{PAGE}/confirm")
    await browser.submit(f"{PAGE}/confirm", credential=json.dumps(device.get(options_on(browser))))
    assert browser.page.select_one(f'a[href="{PAGE}/passkeys/new"]')


@pytest.mark.parametrize("action", ["totp", "totp/confirm", "totp/remove", "recovery_codes", "passkeys", "confirm"])
async def test_no_other_site_can_press_a_button(world: World, action: str) -> None:
    browser = await signed_in(world)
    answer = await browser.client.post(f"{PAGE}/{action}", data={"password": PASSWORD, "code": "123456"})
    assert answer.status_code in {403, 422}
    assert (await Browser(world).client.post(f"{PAGE}/{action}")).headers["location"].startswith("/signin?then=")


async def test_pages_run_our_own_script_file_and_nothing_else(world: World) -> None:
    browser = await signed_in(world)
    await add_passkey(browser, Authenticator())
    other = await sign_in(Browser(world), "ann")
    for shown in (
        other,
        await Browser(world).open("/signin/passkey"),
        await browser.open(f"{PAGE}/passkeys/new"),
        await browser.open(f"{PAGE}/confirm"),
    ):
        policy = shown.answer.headers["content-security-policy"]
        assert re.search(r"script-src ([^;]*)", policy)[1] == "'self'"  # type: ignore[index]
        assert "default-src 'none'" in policy
        scripts = shown.page.find_all("script")
        assert [(one.get("src"), one.text) for one in scripts] == [("/pages/passkeys.js", "")]
        assert not shown.page.select("[style], [onclick], [onsubmit], style")
    script = await world.client.get("/pages/passkeys.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "script-src" not in (await browser.open(PAGE)).answer.headers["content-security-policy"]


async def test_who_is_not_signed_in_is_sent_to_sign_in(world: World) -> None:
    assert (await world.client.get(PAGE)).headers["location"] == "/signin?then=%2Fsettings%2Fsecurity"
    assert (await world.client.get(PAGE, headers={"Origin": PUBLIC_URL})).status_code == 303


async def test_signing_out_is_in_sight(world: World) -> None:
    browser = await signed_in(world)
    await browser.submit("/signout")
    assert "Sign out" not in browser.text
    assert (await browser.open(PAGE)).answer.request.url.path == "/signin"


async def test_what_a_passkey_is_called_is_no_markup(world: World) -> None:
    browser = await signed_in(world)
    await add_passkey(browser, Authenticator(), "<script>alert(1)</script>")
    assert not browser.page.find_all("script")
    assert "<script>alert(1)</script>" in browser.text
