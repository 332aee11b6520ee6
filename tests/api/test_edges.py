"""What holds at the edge for every endpoint: headers, cookies, forms of other sites, addresses, redirects, methods."""

from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from bs4 import BeautifulSoup
from every_endpoint import ENDPOINTS, aims_in

from browser import Browser
from linnet.api.answers import HTML
from linnet.api.browser import STALE_FORM
from linnet.api.cors import CORS_PATHS
from linnet.api.endpoint import Endpoint
from linnet.features.accounts.proofs import Purpose, mint
from linnet.platform.embedded import EmbeddedEngines
from world import PASSWORD, PUBLIC_URL, Person, World, open_world

SENT_BY_MAILBOXES = {"/mail/unsubscribe/{token}"}
"""What a mailbox sends for its reader (RFC 8058), who has no page of ours open: the signed token is what lets it in."""

HTML_POSTS = [one for one in ENDPOINTS if one.hidden and one.method != "GET" and one.path not in SENT_BY_MAILBOXES]
PURPOSES = {
    "/confirm/{token}": Purpose.CONFIRM,
    "/unlock/{token}": Purpose.UNLOCK,
    "/password/reset/{token}": Purpose.RESET,
}
SENT_AWAY = {"/confirm", "/signin/second"}
"""Pages that a person who is signed in, and whose address is confirmed, has no business with."""
EVIL = "evil.example"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "/\r\nLocation: https://evil.example/",
    "javascript:alert(1)",
    "evil.example",
    "https:evil.example",
    " https://evil.example/",
    "///evil.example",
]
UNSAFE = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


Answers = list[tuple[str, httpx.Response]]


@pytest_asyncio.fixture(scope="module")
async def answers(empty_world: World) -> Answers:
    """What every endpoint answers to a stranger and to alice, what is nowhere, and what is refused; by path."""
    world = empty_world
    await world.clear()
    aims = await aims_in(world)
    answers = [(one.path, await world.client.request(one.method, aims.path(one))) for one in ENDPOINTS]
    answers += [(one.path, await aims.alice.ask(one.method, aims.path(one))) for one in ENDPOINTS]
    answers += [(path, await world.client.get(path)) for path in ("/nowhere", "/api/v1/nowhere", "/openapi.json")]
    answers.append(("a host that is none", await world.client.get("/", headers={"Host": "<script>"})))
    answers.append(("preflight", await world.client.options("/api/v1/statuses")))
    return answers


async def test_every_answer_says_what_a_browser_may_do_with_it(answers: Answers) -> None:
    kinds: set[bool] = set()
    for path, answer in answers:
        headers = answer.headers
        is_page = headers.get("content-type") == HTML
        kinds.add(is_page)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none';"), path
        assert "frame-ancestors 'none'" in policy, path
        assert not [word for word in UNSAFE if word in policy.split()], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["strict-transport-security"] == "max-age=31536000", path
        assert "server" not in headers, path
        if is_page:
            assert headers["x-frame-options"] == "DENY", path
            assert headers["cross-origin-opener-policy"] == "same-origin", path
            assert headers["cross-origin-resource-policy"] == "same-origin", path
            assert "camera=()" in headers["permissions-policy"], path
    assert kinds == {True, False}


async def test_what_other_sites_may_show_is_the_api_and_pictures(answers: Answers) -> None:
    for path, answer in answers:
        shared = path.startswith((*CORS_PATHS, "/pictures/", "/pages/")) or path == "preflight"
        assert answer.headers["cross-origin-resource-policy"] == ("cross-origin" if shared else "same-origin"), path


async def test_what_is_private_is_kept_by_nobody(world: World) -> None:
    aims = await aims_in(world)
    for one in ENDPOINTS:
        answer = await aims.alice.ask(one.method, aims.path(one))
        if one.viewer != "none" or answer.headers.get("set-cookie"):
            assert "no-store" in answer.headers["cache-control"], one.path


async def test_pages_run_no_script_but_files_of_our_own(answers: Answers) -> None:
    pages = [answer for _, answer in answers if answer.headers.get("content-type") == HTML]
    assert len(pages) > 10
    for page in pages:
        tree = BeautifulSoup(page.text, "html.parser")
        for script in tree.find_all("script"):
            assert str(script["src"]).startswith("/pages/"), page.url
            assert not script.get_text(strip=True), page.url
            assert "script-src 'self'" in page.headers["content-security-policy"], page.url
        names = {name for tag in tree.find_all() for name in tag.attrs}
        assert not {name for name in names if name.startswith("on") or name == "style"}, page.url


async def test_without_tls_nothing_insists_on_it(servers: EmbeddedEngines) -> None:
    async with open_world(servers.database_url, servers.valkey_url, public_url="http://linnet.test") as world:
        answer = await world.client.get("/signin")
        assert "strict-transport-security" not in answer.headers
        (cookie,) = answer.headers.get_list("set-cookie")
        assert cookie.startswith("linnet-form=")
        assert "Secure" not in cookie


async def test_every_cookie_is_held_to_this_host_and_out_of_reach_of_scripts(world: World) -> None:
    await world.person("alice")
    browser = await Browser(world).open("/signin")
    cookies = browser.answer.headers.get_list("set-cookie")
    await browser.client.post("/signin", data=await filled(browser, identifier="alice", password=PASSWORD))
    signed_in = await browser.client.post("/signin", data=await filled(browser, identifier="alice", password=PASSWORD))
    cookies += signed_in.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} >= {"__Host-linnet", "__Host-linnet-form"}
    for cookie in cookies:
        name, *attributes = cookie.split("; ")
        assert name.startswith("__Host-linnet")
        assert set(attributes) >= {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}
        assert not [one for one in attributes if one.lower().startswith("domain")]


async def filled(browser: Browser, **fields: str) -> dict[str, str]:
    """The sign-in form's fields with the browser's own form token."""
    token = (await browser.open("/signin?again=1")).page.find("input", attrs={"name": "form_token"})
    assert token is not None
    return {"form_token": str(token["value"]), **fields}  # pyright: ignore[reportIndexIssue] -- a Tag


def test_every_form_of_the_pages_carries_a_token() -> None:
    assert len(HTML_POSTS) >= 4
    for one in HTML_POSTS:
        assert one.form is not None, one.path
        assert "form_token" in one.form.__struct_fields__, f"{one.path}: its form needs `form_token`; see check_form"


@pytest.mark.parametrize("who", ["a stranger", "alice"])
async def test_a_form_that_another_site_sends_is_refused_wherever_it_goes(world: World, who: str) -> None:
    alice = await world.person("alice")
    browser, other = Browser(world), Browser(world)
    if who == "alice":
        await browser.open("/signin")
        await browser.submit("/signin", identifier="alice", password=PASSWORD)
    ours, theirs = await filled(browser), await filled(other)
    same_site = {"Sec-Fetch-Site": "same-origin", "Origin": PUBLIC_URL}
    foreign: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, same_site),
        ({"form_token": ""}, same_site),
        ({"form_token": "x" * 64}, same_site),
        (theirs, same_site),
        (ours, {"Sec-Fetch-Site": "cross-site"}),
        (ours, {"Sec-Fetch-Site": "same-site"}),
        (ours, {"Origin": f"https://{EVIL}"}),
        (ours, {"Origin": f"{PUBLIC_URL}.{EVIL}"}),
        (ours, {"Origin": "null"}),
    ]
    for one in HTML_POSTS:
        path = await form_path(world, alice, one)
        for fields, headers in foreign:
            answer = await browser.client.request(one.method, path, data=fields, headers=headers)
            assert not [cookie for cookie in answer.headers.get_list("set-cookie") if "linnet-form" not in cookie]
            if (who == "a stranger" or one.path in SENT_AWAY) and answer.status_code == 303:
                assert answer.headers["location"].partition("?")[0] in {"/", "/signin"}, path
                continue
            assert STALE_FORM in answer.text, (path, fields, headers)
            assert answer.status_code in {403, 422}, path
    for headers in (same_site, {}):
        ours = await filled(browser)
        answer = await browser.client.post("/signin", data={**ours, "identifier": "nobody"}, headers=headers)
        assert STALE_FORM not in answer.text


async def form_path(world: World, person: Person, one: Endpoint) -> str:
    """Where a page's form goes; one that a letter leads to has a secret of the person's in its path, which is good."""
    purpose = PURPOSES.get(one.path)
    if purpose is None:
        return one.path.format_map({parameter.name: "1" for parameter in one.path_parameters})
    at = world.engines.clock.now()
    return one.path.format(token=await mint(world.engines.db, person.id, purpose, 600, at=at, detail="new@example.org"))


async def test_a_cookie_alone_opens_nothing_of_the_api(world: World) -> None:
    aims = await aims_in(world)
    browser = await Browser(world).open("/signin")
    await browser.submit("/signin", identifier="alice", password=PASSWORD)
    assert "alice" in browser.text
    for one in ENDPOINTS:
        if one.viewer in {"required", "app"}:
            answer = await browser.client.request(one.method, aims.path(one))
            assert answer.status_code == 401, one.path


async def test_addresses_are_made_from_the_public_url_whatever_the_request_says(world: World) -> None:
    aims = await aims_in(world)
    lies = {
        "Host": EVIL,
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Proto": "http",
        "X-Original-URL": f"https://{EVIL}/signin",
        "Forwarded": f"host={EVIL};proto=http",
        "Origin": f"https://{EVIL}",
        "Referer": f"https://{EVIL}/",
    }
    for one in ENDPOINTS:
        answer = await aims.alice.ask(one.method, aims.path(one), headers=lies)
        assert EVIL not in answer.text, one.path
        assert EVIL not in str(answer.headers), one.path


@pytest.mark.parametrize("then", ELSEWHERE)
async def test_nobody_is_sent_elsewhere_by_our_pages(world: World, then: str) -> None:
    await world.person("alice")
    with_then = [one for one in ENDPOINTS if one.form is not None and "then" in one.form.__struct_fields__]
    assert {one.path for one in with_then} >= {"/signin", "/signup", "/signout"}
    browser = Browser(world)
    for one in with_then:
        fields = {**await filled(browser), "then": then, "identifier": "alice", "password": PASSWORD}
        request = {"params": {"then": then}} if one.method == "GET" else {"data": fields}
        answer = await browser.client.request(one.method, one.path, **request)  # pyright: ignore[reportArgumentType]
        to = urlsplit(str(answer.headers.get("location", "/")))
        assert (to.scheme, to.netloc) in {("", ""), tuple(urlsplit(PUBLIC_URL)[:2])}, (one.path, then)
        assert not to.path.startswith(("//", "/\\")), (one.path, then)
        assert 'value="' + then + '"' not in answer.text, (one.path, then)


async def test_a_method_is_what_the_request_line_says(world: World) -> None:
    aims = await aims_in(world)
    status = await aims.alice.post("Stays")
    path = f"/api/v1/statuses/{status['id']}"
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert (await aims.alice.ask("POST", path, headers={header: "DELETE"})).status_code == 405
        assert (await aims.alice.ask("GET", path, headers={header: "DELETE"})).status_code == 200
    assert (await aims.alice.ask("POST", path, json={"_method": "delete"})).status_code == 405
    for method in ("TRACE", "CONNECT", "BREW"):
        assert (await aims.alice.ask(method, path)).status_code in {400, 405}, method
    assert (await aims.alice.get(path))["id"] == status["id"]
