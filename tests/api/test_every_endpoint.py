"""What holds for every endpoint of the table, whatever it does. Who may call which is in `test_authorization`."""

from urllib.parse import urlsplit

import pytest
from every_endpoint import ENDPOINTS, aims_in

from linnet.api.cors import CORS_PATHS
from strictness import RESET, complaints
from world import World

API = [one for one in ENDPOINTS if one.path.startswith("/api/")]
GETS = [one for one in ENDPOINTS if one.method == "GET"]
ANY_TOKEN = {
    "/api/v1/announcements",
    "/api/v1/directory",
    "/api/v1/trends",
    "/api/v1/trends/links",
    "/api/v1/trends/statuses",
    "/api/v1/trends/tags",
}
"""Where every token will do, as in Mastodon."""
POSTED_READS = {
    "/api/v1/admin/canonical_email_blocks/test",
    "/api/v1/admin/dimensions",
    "/api/v1/admin/measures",
    "/api/v1/admin/retention",
    "/api/v1/statuses/{status_id}/translate",
}
"""Reads, although they are a POST."""
ORIGIN = {"Origin": "https://elsewhere.example"}


def test_whatever_speaks_for_somebody_names_its_scope() -> None:
    unscoped = {one.path for one in ENDPOINTS if one.viewer in {"required", "optional"} and one.scope is None}
    assert unscoped == ANY_TOKEN
    writes = [one for one in ENDPOINTS if one.method != "GET" and one.scope is not None]
    assert {
        one.path for one in writes if not one.scope or not one.scope.startswith(("write", "admin:write", "push"))
    } == POSTED_READS


async def test_every_answer_of_the_api_is_one_that_strict_clients_can_read(world: World) -> None:
    aims = await aims_in(world)
    for endpoint in API:
        for answer in (
            await world.client.request(endpoint.method, aims.path(endpoint), headers=ORIGIN),
            await aims.alice.ask(endpoint.method, aims.path(endpoint), headers=ORIGIN),
        ):
            assert not complaints(answer), endpoint.path
            assert "access-control-allow-credentials" not in answer.headers
            assert "X-RateLimit-Reset" in answer.headers["access-control-expose-headers"]


async def test_a_page_of_another_origin_may_call_the_whole_api_and_nothing_with_forms(world: World) -> None:
    aims = await aims_in(world)
    for endpoint in ENDPOINTS:
        asked = {**ORIGIN, "Access-Control-Request-Method": endpoint.method}
        answer = await world.client.options(aims.path(endpoint), headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
        is_open = endpoint.path.startswith(CORS_PATHS)
        assert answer.headers.get("access-control-allow-origin") == ("*" if is_open else None)
        if is_open:
            assert endpoint.method in answer.headers["access-control-allow-methods"]
            allowed = answer.headers["access-control-allow-headers"].split(", ")
            assert {"Authorization", "Content-Type", "Idempotency-Key"} <= set(allowed)
    closed = [one for one in ENDPOINTS if not one.path.startswith(CORS_PATHS)]
    assert {one.path for one in closed} >= {"/oauth/authorize", "/signin", "/signup", "/signout"}


async def test_a_slash_at_the_end_makes_no_difference(world: World) -> None:
    aims = await aims_in(world)
    for endpoint in GETS:
        plain = await aims.alice.ask("GET", aims.path(endpoint))
        slashed = await aims.alice.ask("GET", aims.path(endpoint).rstrip("/") + "/")
        assert slashed.status_code == plain.status_code, endpoint.path


async def test_head_is_get_without_its_body(world: World) -> None:
    aims = await aims_in(world)
    for endpoint in GETS:
        got = await aims.alice.ask("GET", aims.path(endpoint))
        head = await aims.alice.ask("HEAD", aims.path(endpoint))
        assert (head.status_code, head.content) == (got.status_code, b""), endpoint.path
        assert head.headers["content-type"] == got.headers["content-type"], endpoint.path


async def test_another_method_is_refused_with_those_there_are(world: World) -> None:
    aims = await aims_in(world)
    by_shape = {one.shape: {other.method for other in ENDPOINTS if other.shape == one.shape} for one in ENDPOINTS}
    for endpoint in ENDPOINTS:
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - by_shape[endpoint.shape]:
            answer = await aims.alice.ask(method, aims.path(endpoint))
            assert answer.status_code == 405, (method, endpoint.path)
            assert set(answer.headers["allow"].split(", ")) >= by_shape[endpoint.shape]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v9/accounts", "/api", "/oauth/nothing", "/.well-known/nothing", "/nodeinfo/9"]
)
async def test_what_is_not_there_is_said_in_json(world: World, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = await world.client.request(method, path)
        assert answer.status_code == 404
        assert answer.json() == {"error": "Record not found"}
        assert RESET.fullmatch(answer.headers["x-ratelimit-reset"])


async def test_a_request_without_a_user_agent_is_answered(world: World) -> None:
    aims = await aims_in(world)
    for endpoint in GETS:
        request = world.client.build_request("GET", aims.path(endpoint))
        del request.headers["user-agent"]
        assert (await world.client.send(request)).status_code < 500, endpoint.path


async def test_every_address_in_an_answer_is_on_this_server(world: World) -> None:
    aims = await aims_in(world)
    instance = (await world.client.get("/api/v2/instance")).json()
    account = await aims.alice.get("/api/v1/accounts/verify_credentials")
    discovered = (await world.client.get("/.well-known/oauth-authorization-server")).json()
    addresses = [instance["thumbnail"]["url"], account["url"], account["uri"], account["avatar"], account["header"]]
    addresses += [value for key, value in discovered.items() if key.endswith(("_endpoint", "issuer"))]
    assert {urlsplit(address)[:2] for address in addresses} == {("https", "linnet.test")}
    assert instance["configuration"]["urls"]["streaming"].startswith("wss://linnet.test")
