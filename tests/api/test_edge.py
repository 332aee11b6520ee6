"""The edge: what every answer carries, what is let in, and what is logged."""

import asyncio

import httpx
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from toy_api import CountdownLimiter, client_of, toy_app

ORIGIN = {"Origin": "https://elsewhere.example"}


@pytest.mark.parametrize("path", ["/api/v1/birds", "/api/v1/broken", "/api/v1/nope", "/openapi.json", "/.well-known/x"])
async def test_pages_of_any_origin_may_call_the_api_and_read_its_headers(path: str) -> None:
    async with client_of(toy_app(), headers=ORIGIN) as http:
        answer = await http.get(path)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"Link", "X-RateLimit-Remaining", "X-Request-Id", "Mastodon-Async-Refresh"} <= set(exposed)


@pytest.mark.parametrize("path", ["/oauth/authorize", "/", "/oauth/tokens-of-others/x", "/docs/api"])
async def test_pages_with_forms_and_cookies_are_for_their_own_origin(path: str) -> None:
    async with client_of(toy_app(), headers=ORIGIN) as http:
        answer = await http.get(path)
    expected = "*" if path.startswith("/oauth/token") else None
    assert answer.headers.get("access-control-allow-origin") == expected


@pytest.mark.parametrize("path", ["/api/v1/birds", "/api/v1/not/there/yet", "/oauth/token", "/media/x.png"])
async def test_a_preflight_is_granted_for_what_apps_send(path: str) -> None:
    async with client_of(toy_app(), headers=ORIGIN) as http:
        answer = await http.options(path, headers={"Access-Control-Request-Method": "PATCH"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"]
    assert {"Authorization", "Content-Type", "Idempotency-Key"} <= set(allowed.split(", "))


async def test_options_elsewhere_says_what_is_possible() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.options("/oauth/authorize")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


async def test_a_trailing_slash_makes_no_difference() -> None:
    async with client_of(toy_app()) as http:
        page = await http.get("/oauth/authorize/?client_id=1")
        assert (await http.get("/api/v1/birds/5/")).json()["id"] == "5"
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


async def test_head_answers_as_get_without_a_body() -> None:
    async with client_of(toy_app()) as http:
        get, head = await http.get("/api/v1/birds/5"), await http.head("/api/v1/birds/5")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))


async def test_path_parameters_come_decoded() -> None:
    async with client_of(toy_app()) as http:
        assert (await http.get("/api/v1/birds/named/gr%C3%BCn%20fink")).json()[0]["name"] == "grün fink"
        assert (await http.get("/api/v1/birds/named/a%00b")).status_code == 404


async def test_nothing_is_answered_without_a_type_and_a_size() -> None:
    async with client_of(toy_app(), headers={"Authorization": "Bearer 7,write:birds"}) as http:
        for answer in (
            await http.delete("/api/v1/birds/5"),
            await http.get("/away"),
            await http.get("/api/v1/birds"),
            await http.get("/api/v1/nope"),
        ):
            assert answer.headers["content-type"]
            assert answer.headers["content-length"] == str(len(answer.content))


async def test_no_content_is_really_none_and_headers_may_come_twice() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.post("/api/v1/logout")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


async def test_an_address_cannot_smuggle_a_header_in() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/away")
    assert answer.headers["location"] == "app://back?code=1%0D%0ASet-Cookie:%20evil=1&name=%C3%A9"
    assert "set-cookie" not in answer.headers


async def test_a_bare_request_works() -> None:
    async with client_of(toy_app()) as http:
        request = httpx.Request("GET", "https://birds.example/api/v1/birds/5", headers=[("Host", "birds.example")])
        assert "user-agent" not in request.headers
        assert (await http.send(request)).status_code == 200


async def test_strict_transport_is_asked_for_only_where_there_is_any() -> None:
    async with client_of(toy_app()) as http:
        secure = await http.get("/api/v1/birds")
    async with client_of(toy_app(public_url="http://127.0.0.1:8000")) as http:
        plain = await http.get("/api/v1/birds")
        assert plain.headers["link"].startswith("<http://127.0.0.1:8000/api/v1/birds?")
    assert "strict-transport-security" in secure.headers
    assert "strict-transport-security" not in plain.headers
    assert secure.headers["x-content-type-options"] == "nosniff"
    assert secure.headers["cache-control"] == "private, no-store"


async def test_a_sane_request_id_is_kept_and_any_other_replaced() -> None:
    async with client_of(toy_app()) as http:
        kept = await http.get("/api/v1/where", headers={"X-Request-Id": "proxy-1234"})
        replaced = await http.get("/api/v1/where", headers={"X-Request-Id": "no spaces\tallowed here"})
    assert kept.headers["x-request-id"] == kept.json()[1] == "proxy-1234"
    assert replaced.headers["x-request-id"] == replaced.json()[1]
    assert " " not in replaced.headers["x-request-id"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, garbage", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("", "198.51.100.1", "198.51.100.1"),
    ],
)
async def test_only_trusted_proxies_say_where_a_call_came_from(peer: str, forwarded: str | None, address: str) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    async with client_of(toy_app(), client=(peer, 4000), headers=headers) as http:
        assert (await http.get("/api/v1/where")).json()[0] == address


async def test_a_line_that_a_caller_made_up_is_not_taken_for_the_proxys() -> None:
    made_up_first = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "198.51.100.1")]
    async with client_of(toy_app(), client=("::ffff:10.0.0.1", 4000), headers=made_up_first) as http:
        assert (await http.get("/api/v1/where")).json()[0] == "198.51.100.1"


async def test_clients_that_pace_themselves_find_their_allowance() -> None:
    async with client_of(toy_app(limiter=CountdownLimiter())) as http:
        answers = [await http.get("/api/v1/birds/5") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["3", "2", "1", "0"]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"3"}
    assert {answer.headers["x-ratelimit-reset"] for answer in answers} == {"2026-01-02T03:04:05.000006Z"}
    assert answers[3].headers["retry-after"] == "9"
    assert answers[3].json() == {"error": "Too many requests"}


async def test_without_a_limiter_the_allowance_is_generous() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/api/v1/nope")
    assert int(answer.headers["x-ratelimit-remaining"]) > 1000
    assert answer.headers["x-ratelimit-reset"].endswith(".000000Z")


async def test_a_wrong_token_is_counted_too() -> None:
    limiter = CountdownLimiter()
    async with client_of(toy_app(limiter=limiter), headers={"Authorization": "Bearer wrong"}) as http:
        statuses = [(await http.get("/api/v1/birds")).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


async def test_past_its_limit_in_flight_the_api_sends_callers_away_but_tells_its_health() -> None:
    async with client_of(toy_app(in_flight_max=2)) as http:
        slow = [asyncio.create_task(http.get("/api/v1/slow")) for _ in range(2)]
        await asyncio.sleep(0.01)
        turned_away, health = await http.get("/api/v1/birds"), await http.get("/health/live")
        await asyncio.gather(*slow)
        later = await http.get("/api/v1/birds")
    assert (turned_away.status_code, health.status_code, later.status_code) == (503, 200, 200)
    assert int(turned_away.headers["retry-after"]) >= 1
    assert turned_away.json()["error"]


async def test_a_picture_over_the_usual_limit_is_taken_where_pictures_are() -> None:
    picture = b"\x89" * (1536 * 1024)
    async with client_of(toy_app(), headers={"Authorization": "Bearer 7,write:birds"}) as http:
        taken = await http.post("/api/v1/pictures", files={"file": ("finch.png", picture)})
        refused = await http.post("/api/v1/birds", files={"file": ("finch.png", picture)})
    assert (taken.status_code, taken.json()["id"], taken.json()["name"]) == (202, str(len(picture)), "finch.png")
    assert refused.status_code == 413
    assert refused.json()["error"]


async def test_delete_and_get_take_a_body_like_any_other() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.request("GET", "/api/v1/birds", json={"limit": 3})
    assert len(answer.json()) == 3


async def test_each_request_is_one_line_without_secrets() -> None:
    with capture_logs() as lines:
        async with client_of(toy_app(), headers={"Authorization": "Bearer 7,read:birds"}) as http:
            answer = await http.get("/api/v1/birds?colour=secret&access_token=hidden")
    requests = [line for line in lines if line["event"] == "request"]
    assert len(requests) == 1
    line = requests[0]
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/api/v1/birds",
        "status": 200,
        "bytes": len(answer.content),
        "request_id": answer.headers["x-request-id"],
        "viewer": 7,
    }


async def test_a_mistake_of_ours_is_logged_with_its_traceback_and_number() -> None:
    with capture_logs() as lines:
        async with client_of(toy_app()) as http:
            answer = await http.get("/api/v1/broken")
    failures = [line for line in lines if line["log_level"] == "error"]
    assert [line["request_id"] for line in failures] == [answer.headers["x-request-id"]]
    assert isinstance(failures[0]["exc_info"], KeyError)


async def test_requests_are_counted_by_route_and_not_by_path() -> None:
    def count(route: str, status: str) -> float:
        labels = {"route": route, "method": "GET", "status": status}
        return REGISTRY.get_sample_value("linnet_http_request_seconds_count", labels) or 0.0

    before = count("/api/v1/birds/{bird_id}", "2xx"), count("other", "4xx")
    async with client_of(toy_app()) as http:
        for number in range(3):
            await http.get(f"/api/v1/birds/{number + 1}")
            await http.get(f"/scanner/{number}.php")
    assert (count("/api/v1/birds/{bird_id}", "2xx"), count("other", "4xx")) == (before[0] + 3, before[1] + 3)


async def test_a_strange_host_leads_nowhere_else() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/api/v1/birds?limit=2", headers={"Host": "<script>"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text + str(answer.headers)
