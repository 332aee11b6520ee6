"""Apps register, people let them in through the browser, and tokens do what they say and no more."""

import asyncio
import base64
import hashlib
from typing import Any

import httpx
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from browser import Browser
from linnet.features.sessions.scopes import KNOWN
from world import PASSWORD, World

OOB = "urn:ietf:wg:oauth:2.0:oob"
IVORY = "com.tapbots.Ivory.10217"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


async def register(
    world: World, redirect_uris: Any = OOB, scopes: str | None = "read write follow push"
) -> dict[str, Any]:
    body = {"client_name": "Wren", "redirect_uris": redirect_uris, "website": "https://wren.example"}
    answer = await world.client.post("/api/v1/apps", json={**body, **({"scopes": scopes} if scopes else {})})
    assert answer.status_code == 200, answer.text
    return answer.json()


def request_of(app: dict[str, Any], **others: str) -> dict[str, str]:
    uri = app["redirect_uris"][0]
    asked = {"client_id": app["client_id"], "redirect_uri": uri, "response_type": "code", "scope": "read write"}
    return {**asked, **others}


async def let_in(browser: Browser, app: dict[str, Any], name: str = "alice", **others: str) -> Browser:
    """Sign in and press the button."""
    await browser.open("/oauth/authorize", **request_of(app, **others))
    await browser.submit("/signin", identifier=name, password=PASSWORD)
    return await browser.submit("/oauth/authorize", "allow")


async def redeem(world: World, app: dict[str, Any], code: str, **others: str) -> httpx.Response:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": app["redirect_uris"][0],
    }
    return await world.client.post("/oauth/token", data={**body, **others})


async def token_for(world: World, app: dict[str, Any], **others: str) -> dict[str, Any]:
    browser = await let_in(Browser(world), app, **others)
    code = browser.page.select_one("#code")
    assert code is not None
    answer = await redeem(world, app, code.text)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def status_of(world: World, token: str, path: str = "/oauth/userinfo") -> int:
    return (await world.client.get(path, headers={"Authorization": f"Bearer {token}"})).status_code


# Apps ----------------------------------------------------------------------------------------------------------------


async def test_an_app_learns_its_id_and_secret_when_it_registers(world: World) -> None:
    app = await register(world, f"https://wren.example/callback\n{OOB}")
    assert app["redirect_uri"] == f"https://wren.example/callback\n{OOB}"
    assert app["redirect_uris"] == ["https://wren.example/callback", OOB]
    assert app["scopes"] == ["read", "write", "follow", "push"]
    assert app["client_secret_expires_at"] == 0
    assert app["vapid_key"] is not None
    assert isinstance(app["id"], str)
    assert app["name"] == "Wren"
    assert app["website"] == "https://wren.example"
    assert (await register(world, scopes=None))["scopes"] == ["read"]


@pytest.mark.parametrize("encoding", ["query", "json", "form", "list", "json list"])
async def test_an_app_registers_in_whatever_encoding_it_likes(world: World, encoding: str) -> None:
    one = {"client_name": "Wren", "redirect_uris": "icecubesapp://", "scopes": "read write"}
    several = {"client_name": "Wren", "redirect_uris": ["icecubesapp://", OOB]}
    request: dict[str, Any] = {
        "query": {"params": one, "headers": {"Accept": "*/*"}},
        "json": {"json": one},
        "form": {"data": one},
        "list": {"data": {"client_name": "Wren", "redirect_uris[]": several["redirect_uris"]}},
        "json list": {"json": several},
    }[encoding]
    answer = await world.client.post("/api/v1/apps", **request)
    assert answer.status_code == 200, answer.text
    assert answer.json()["redirect_uri"].startswith("icecubesapp://")


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "no scheme", "/relative", "https://", "https:///path", "https://app.example/#fragment", "https:app.example",
        "http://[::1/", "https://app.example/\x07", "",
    ],
)  # fmt: skip
async def test_redirect_uris_that_lead_nowhere_good_are_refused(world: World, uri: str) -> None:
    answer = await world.client.post("/api/v1/apps", json={"client_name": "Wren", "redirect_uris": uri})
    assert answer.status_code == 422
    assert "redirect_uris" in answer.json()["details"]


async def test_an_app_without_a_name_or_with_unknown_scopes_is_refused(world: World) -> None:
    answer = await world.client.post("/api/v1/apps", json={"redirect_uris": OOB})
    assert answer.status_code == 422
    assert answer.json()["details"]["client_name"][0]["error"] == "ERR_BLANK"
    answer = await world.client.post(
        "/api/v1/apps", json={"client_name": "Wren", "redirect_uris": OOB, "scopes": "read rule:world"}
    )
    assert answer.status_code == 422
    assert "rule:world" in answer.json()["error"]


# Being let in --------------------------------------------------------------------------------------------------------


async def test_a_person_lets_an_app_in_and_copies_the_code(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    browser = await Browser(world).open("/oauth/authorize/", **request_of(app))
    assert "to go on to Wren" in browser.text
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    assert "Wren asks to" in browser.text
    assert "@alice@linnet.test" in browser.text
    assert [code.text for code in browser.page.select(".scopes code")] == ["read", "write"]
    await browser.submit("/oauth/authorize", "allow")
    code = browser.page.select_one("#code")
    assert code is not None

    answer = await redeem(world, app, code.text)
    token = answer.json()
    assert set(token) == {"access_token", "token_type", "scope", "created_at"}
    assert (token["token_type"], token["scope"]) == ("Bearer", "read write")
    assert isinstance(token["created_at"], int)
    assert answer.headers["cache-control"] == "no-store"
    assert await status_of(world, token["access_token"]) == 200
    world.clock.move(days=1000)
    assert await status_of(world, token["access_token"]) == 200


@pytest.mark.parametrize(
    ("uri", "sent_to", "source"),
    [
        (f"{IVORY}:/request_token", f"{IVORY}:/request_token?", f"{IVORY.lower()}:"),
        ("icecubesapp://", "icecubesapp://?", "icecubesapp:"),
        ("https://wren.example/cb?a=1", "https://wren.example/cb?a=1&", "https:"),
        ("http://127.0.0.1:4711/", "http://127.0.0.1:4711/?", "http:"),
        ("http://[::1]:4711/cb", "http://[::1]:4711/cb?", "http:"),
    ],
)  # fmt: skip
async def test_people_are_sent_back_to_the_very_address_the_app_named(
    world: World, uri: str, sent_to: str, source: str
) -> None:
    await world.person("alice")
    app = await register(world, uri)
    browser = await Browser(world).open("/oauth/authorize", **request_of(app, state="a b&c"))
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    assert f"form-action 'self' {source};" in browser.answer.headers["content-security-policy"]
    await browser.submit("/oauth/authorize", "allow")
    assert browser.status == 302
    assert browser.location.startswith(sent_to)
    assert browser.location_query["state"] == "a b&c"
    assert (await redeem(world, app, browser.location_query["code"])).status_code == 200


async def test_a_person_who_says_no_is_sent_back_without_a_code(world: World) -> None:
    await world.person("alice")
    app = await register(world, "wren://back")
    browser = await Browser(world).open("/oauth/authorize", **request_of(app, state="s"))
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    await browser.submit("/oauth/authorize", "deny")
    assert browser.location_query["error"] == "access_denied"
    assert browser.location_query["state"] == "s"
    assert "code" not in browser.location_query


async def test_without_a_scope_an_app_may_read(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    assert (await token_for(world, app, scope=""))["scope"] == "read"


async def test_the_granted_scopes_hold_all_that_was_asked(world: World) -> None:
    await world.person("alice")
    everything = " ".join(KNOWN)
    app = await register(world, scopes=everything)
    assert (await token_for(world, app, scope=everything))["scope"] == everything


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"redirect_uri": ""},
        {"redirect_uri": "wren://back/"},
    ],
)
async def test_nobody_is_sent_to_an_address_that_was_not_registered(world: World, wrong: dict[str, str]) -> None:
    app = await register(world, "wren://back")
    browser = await Browser(world).open("/oauth/authorize", **request_of(app, **wrong))
    assert browser.status == 400
    assert "location" not in browser.answer.headers
    assert browser.page.find("a", class_="button") is None


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"scope": "admin:write"}, "invalid_scope"),
        ({"scope": "read rule:world"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
    ],
)
async def test_an_app_that_asks_wrongly_is_told_only_when_the_person_goes_back(
    world: World, wrong: dict[str, str], error: str
) -> None:
    app = await register(world, "wren://back")
    browser = await Browser(world).open("/oauth/authorize", **request_of(app, state="s", **wrong))
    assert browser.status == 400
    link = browser.page.select_one("a.button")
    assert link is not None
    assert str(link["href"]).startswith(f"wren://back?error={error}&")
    assert "state=s" in str(link["href"])


async def test_an_app_can_insist_that_the_person_signs_in_again(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    browser = await let_in(Browser(world), app)
    await browser.open("/oauth/authorize", **request_of(app))
    assert "Wren asks to" in browser.text
    await browser.open("/oauth/authorize", **request_of(app, force_login="True", lang="de"))
    assert browser.page.find("input", id="password") is not None
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    assert "Wren asks to" in browser.text


async def test_a_person_changes_the_account_before_letting_an_app_in(world: World) -> None:
    await world.people("alice", "bob")
    app = await register(world)
    browser = await Browser(world).open("/oauth/authorize", **request_of(app))
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    await browser.submit("/signout")
    await browser.submit("/signin", identifier="bob", password=PASSWORD)
    assert "@bob@linnet.test" in browser.text


async def test_what_an_app_calls_itself_is_only_text(world: World) -> None:
    await world.person("alice")
    answer = await world.client.post(
        "/api/v1/apps", json={"client_name": "<script>alert(1)</script>", "redirect_uris": OOB}
    )
    browser = await Browser(world).open("/oauth/authorize", **request_of(answer.json(), scope="read"))
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    assert browser.page.find("script") is None
    assert "<script>alert(1)</script> asks to" in browser.text


# Codes and tokens ----------------------------------------------------------------------------------------------------


async def code_for(world: World, app: dict[str, Any], **others: str) -> str:
    code = (await let_in(Browser(world), app, **others)).page.select_one("#code")
    assert code is not None
    return code.text


async def test_a_code_works_once_and_its_return_ends_the_token(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    code = await code_for(world, app)
    token = (await redeem(world, app, code)).json()["access_token"]
    assert await status_of(world, token) == 200
    again = await redeem(world, app, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert await status_of(world, token) == 401


async def test_of_many_who_redeem_a_code_at_once_at_most_one_gets_a_token(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    code = await code_for(world, app)
    answers = await asyncio.gather(*(redeem(world, app, code) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 7]


async def test_a_code_is_too_old_after_ten_minutes(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    code = await code_for(world, app)
    world.clock.move(minutes=10, seconds=1)
    assert (await redeem(world, app, code)).json()["error"] == "invalid_grant"


async def test_a_code_is_for_the_app_and_the_address_it_was_given_to(world: World) -> None:
    await world.person("alice")
    app, other = await register(world), await register(world)
    code = await code_for(world, app)
    assert (await redeem(world, other, code)).json()["error"] == "invalid_grant"
    assert (await redeem(world, app, code, redirect_uri="wren://")).json()["error"] == "invalid_grant"
    assert (await redeem(world, app, code)).status_code == 200


async def test_with_pkce_a_code_is_worth_nothing_without_its_verifier(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    code = await code_for(world, app, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert (await redeem(world, app, code)).json()["error"] == "invalid_request"
    assert (await redeem(world, app, code, code_verifier="w" * 43)).json()["error"] == "invalid_grant"
    assert (await redeem(world, app, code, code_verifier=VERIFIER)).status_code == 200


async def test_a_verifier_without_a_challenge_is_refused(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    code = await code_for(world, app)
    assert (await redeem(world, app, code, code_verifier=VERIFIER)).json()["error"] == "invalid_request"


async def test_apps_prove_themselves_in_the_body_or_by_basic_authentication(world: World) -> None:
    app = await register(world)
    basic = (app["client_id"], app["client_secret"])
    answer = await world.client.post("/oauth/token", auth=basic, data={"grant_type": "client_credentials"})
    assert answer.json()["scope"] == "read"
    in_body = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    answer = await world.client.post(
        "/oauth/token", json={"grant_type": "client_credentials", "scope": "read write", **in_body}
    )
    assert answer.json()["scope"] == "read write"


@pytest.mark.parametrize("grant_type", ["client_credentials", "authorization_code"])
async def test_a_wrong_client_is_told_in_the_words_apps_look_for(world: World, grant_type: str) -> None:
    app = await register(world)
    for wrong in (
        {"client_id": app["client_id"], "client_secret": "wrong"},
        {"client_id": app["client_id"]},
        {"client_id": "nobody", "client_secret": "wrong"},
        {},
    ):
        answer = await world.client.post("/oauth/token", data={"grant_type": grant_type, **wrong})
        assert answer.status_code == 401
        assert answer.json()["error"] == "invalid_client"
        assert answer.json()["error_description"].startswith("Client authentication failed")
    for header in ("Basic !!!", "Basic /w==", "Basic " + base64.b64encode(b"a:b").decode()):
        answer = await world.client.post(
            "/oauth/token", headers={"Authorization": header}, data={"grant_type": grant_type}
        )
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("grant_type", ["password", "refresh_token", "", "urn:x"])
async def test_other_grants_are_refused(world: World, grant_type: str) -> None:
    await world.person("alice")
    app = await register(world)
    answer = await world.client.post(
        "/oauth/token",
        data={
            "grant_type": grant_type,
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "username": "alice",
            "password": PASSWORD,
        },
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


async def test_an_app_cannot_get_more_than_it_registered_for(world: World) -> None:
    app = await register(world, scopes="read:accounts write")
    credentials = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    for scope, status in (("read", 400), ("read:accounts write:media", 200), ("profile", 200), ("push", 400)):
        answer = await world.client.post(
            "/oauth/token", data={"grant_type": "client_credentials", "scope": scope, **credentials}
        )
        assert answer.status_code == status, scope


async def test_a_token_does_what_its_scopes_say(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    can_write = await token_for(world, app, scope="write")
    assert await status_of(world, can_write["access_token"]) == 403
    can_read = await token_for(world, app, scope="read")
    assert await status_of(world, can_read["access_token"]) == 200


async def test_an_apps_own_token_speaks_for_nobody(world: World) -> None:
    app = await register(world)
    credentials = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    answer = await world.client.post("/oauth/token", data={"grant_type": "client_credentials", **credentials})
    token = answer.json()["access_token"]
    assert await status_of(world, token) == 401
    shown = await world.client.get("/api/v1/apps/verify_credentials", headers={"Authorization": f"Bearer {token}"})
    assert shown.status_code == 200
    assert shown.json()["name"] == "Wren"
    assert "client_secret" not in shown.json()
    assert await status_of(world, "no-such-token", "/api/v1/apps/verify_credentials") == 401


async def test_an_app_ends_its_own_tokens_and_no_others(world: World) -> None:
    await world.person("alice")
    app, other = await register(world), await register(world)
    token = (await token_for(world, app))["access_token"]

    def body(of: dict[str, Any], **more: str) -> dict[str, str]:
        return {"client_id": of["client_id"], "client_secret": of["client_secret"], **more}

    assert await status_of(world, token) == 200
    foreign = await world.client.post("/oauth/revoke", data=body(other, token=token))
    assert (foreign.status_code, foreign.json()["error"]) == (403, "unauthorized_client")
    nameless = await world.client.post("/oauth/revoke", data={"token": token})
    assert (nameless.status_code, nameless.json()["error"]) == (401, "invalid_client")
    assert await status_of(world, token) == 200
    for _ in range(2):
        ended = await world.client.post("/oauth/revoke", data=body(app, token=token, token_type_hint="access_token"))
        assert (ended.status_code, ended.json()) == (200, {})
        assert await status_of(world, token) == 401
    assert (await world.client.post("/oauth/revoke", data=body(app, token="unknown"))).json() == {}
    assert (await world.client.post("/oauth/revoke", data=body(app))).json()["error"] == "invalid_request"


async def test_userinfo_speaks_openid_connects_language(world: World) -> None:
    alice = await world.person("alice", scopes=("profile",))
    known = await alice.get("/oauth/userinfo")
    assert known["iss"] == "https://linnet.test"
    assert known["sub"] == known["profile"] == "https://linnet.test/@alice"
    assert known["preferred_username"] == "alice"
    assert known["picture"].startswith("https://")


async def test_the_server_describes_its_oauth_truly(world: World) -> None:
    answer = await world.client.get("/.well-known/oauth-authorization-server")
    described = answer.json()
    AuthorizationServerMetadata(described).validate()
    assert described["grant_types_supported"] == ["authorization_code", "client_credentials"]
    assert described["code_challenge_methods_supported"] == ["S256"]
    assert {"read", "write", "follow", "push", "profile", "read:statuses"} <= set(described["scopes_supported"])
    assert described["token_endpoint"] == "https://linnet.test/oauth/token"
    assert described["app_registration_endpoint"] == "https://linnet.test/api/v1/apps"


# The browser's own doors ---------------------------------------------------------------------------------------------


async def test_a_wrong_password_is_said_on_the_same_page_for_known_and_unknown_names(world: World) -> None:
    await world.person("alice")
    pages: list[str] = []
    for name in ("alice", "nobody"):
        browser = await Browser(world).open("/signin")
        await browser.submit("/signin", identifier=name, password="wrong")
        assert browser.status == 422
        pages.append(browser.text.replace(name, ""))
    assert pages[0] == pages[1]
    assert "do not belong together" in pages[0]


async def test_only_our_own_pages_can_send_our_forms(world: World) -> None:
    await world.person("alice")
    app = await register(world)
    browser = await Browser(world).open("/oauth/authorize", **request_of(app))
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    page = browser.page
    token = page.find("input", attrs={"name": "form_token"})
    assert token is not None
    sent = {**request_of(app), "decision": "allow"}
    stranger = await Browser(world).open("/signin")
    foreign = stranger.page.find("input", attrs={"name": "form_token"})
    assert foreign is not None
    for form_token in ("", "0" * 64, "é", str(foreign["value"])):
        answer = await browser.client.post("/oauth/authorize", data={**sent, "form_token": form_token})
        assert answer.status_code == 403, form_token
    good = {**sent, "form_token": str(token["value"])}
    cross = await browser.client.post("/oauth/authorize", data=good, headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    assert (await browser.client.post("/oauth/authorize", data=good)).status_code == 303


async def test_a_consent_page_is_void_once_somebody_else_is_signed_in(world: World) -> None:
    await world.people("alice", "bob")
    app = await register(world)
    browser = await Browser(world).open("/oauth/authorize", **request_of(app))
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    alices_page = browser.answer
    await browser.open("/signin")
    await browser.submit("/signin", identifier="bob", password=PASSWORD)
    browser.answer = alices_page
    await browser.submit("/oauth/authorize", "allow")
    assert browser.status == 403


async def test_the_cookies_are_out_of_reach_of_scripts_and_other_hosts(world: World) -> None:
    await world.person("alice")
    browser = await Browser(world).open("/signin")
    form = browser.page.find("input", attrs={"name": "form_token"})
    assert form is not None
    answer = await browser.client.post(
        "/signin", data={"form_token": str(form["value"]), "identifier": "alice", "password": PASSWORD}
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-linnet=")
    assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "then",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", ""],
)
async def test_a_link_to_our_sign_in_page_leads_nowhere_else(world: World, then: str) -> None:
    await world.person("alice")
    browser = await Browser(world).open("/signin", then=then)
    form = browser.page.find("input", attrs={"name": "form_token"})
    assert form is not None
    sent = {"form_token": str(form["value"]), "identifier": "alice", "password": PASSWORD, "then": then}
    answer = await browser.client.post("/signin", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_new_member_signs_up_in_the_browser_and_goes_on_to_the_app(world: World) -> None:
    app = await register(world)
    browser = await Browser(world).open("/oauth/authorize", **request_of(app))
    link = browser.page.find("a", string="Make an account")
    assert link is not None
    await browser.open(str(link["href"]))
    await browser.submit("/signup", username="ann", email="x", password="short", agreement="1")
    assert browser.status == 422
    assert [str(one["id"]) for one in browser.page.select("[aria-invalid]")] == ["email", "password"]
    await browser.submit("/signup", email="ann@example.org", password=PASSWORD, agreement="1")
    assert "@ann@linnet.test" in browser.text
    await browser.submit("/oauth/authorize", "allow")
    code = browser.page.select_one("#code")
    assert code is not None
    assert (await redeem(world, app, code.text)).status_code == 200


async def test_a_made_up_code_is_not_shown_as_ours(world: World) -> None:
    browser = await Browser(world).open("/oauth/authorize/native", code="call 555-0100 now")
    assert browser.status == 422
    assert "555" not in browser.text
