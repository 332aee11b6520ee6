"""Errors: one table, one shape, always JSON."""

import pytest
from toy_api import client_of, toy_app

from linnet.api.errors import answer_of, status_of
from linnet.platform import errors
from linnet.platform.errors import STATUSES, NotFound, ProductError


def kinds_below(kind: type[ProductError]) -> set[type[ProductError]]:
    """Every kind of product error that is declared with the others."""
    return {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, kind) and one is not kind}


def test_every_kind_of_error_has_a_status() -> None:
    assert kinds_below(ProductError) == set(STATUSES)


def test_a_kind_that_a_feature_makes_answers_as_its_parent() -> None:
    class StatusGone(NotFound):
        """A status that was deleted."""

    assert status_of(StatusGone()) == 404
    assert answer_of(StatusGone()).body == b'{"error":"Record not found"}'


@pytest.mark.parametrize(
    "path", ["/api/v1/nope", "/api/v1/birds/xyz", "/api/v1/birds/9223372036854775808", "/", "/a/b/c"]
)
async def test_what_does_not_exist_is_a_record_not_found(path: str) -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get(path)
    assert answer.status_code == 404
    assert answer.json() == {"error": "Record not found"}
    assert answer.headers["content-type"].startswith("application/json")


async def test_a_rule_that_is_broken_names_the_field() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/api/v1/taken")
    assert answer.status_code == 422
    assert answer.json() == {
        "error": "Validation failed: Name is taken",
        "details": {"name": [{"error": "ERR_TAKEN", "description": "is taken"}]},
    }


async def test_a_mistake_of_ours_is_told_by_its_number_and_nothing_more() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/api/v1/broken", headers={"X-Request-Id": "abcdefgh-1"})
    assert answer.status_code == 500
    assert set(answer.json()) == {"error"}
    assert "abcdefgh-1" in answer.json()["error"]
    assert "KeyError" not in answer.text


async def test_an_engine_that_is_away_says_when_to_come_back() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/api/v1/lost")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")


async def test_a_call_that_takes_too_long_is_given_up() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.get("/api/v1/slow")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


async def test_another_method_is_named_with_those_that_are_possible() -> None:
    async with client_of(toy_app()) as http:
        answer = await http.patch("/api/v1/birds")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "PATCH" in answer.json()["error"]


@pytest.mark.parametrize(
    ("token", "status", "sentence"),
    [
        (None, 401, "The access token is invalid"),
        ("wrong", 401, "The access token is invalid"),
        ("app,write:birds", 401, "This method requires an authenticated user"),
        ("7,read:birds", 403, "This action is outside the authorized scopes"),
        ("7,write:birds", 200, None),
    ],
)
async def test_who_may_write_is_decided_before_anything_is_read(
    token: str | None, status: int, sentence: str | None
) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with client_of(toy_app(), headers=headers) as http:
        answer = await http.post("/api/v1/birds", json={"name": "finch"})
    assert answer.status_code == status
    assert answer.json().get("error") == sentence
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_an_optional_viewer_may_be_missing_but_not_wrong() -> None:
    async with client_of(toy_app()) as http:
        assert (await http.get("/api/v1/birds")).status_code == 200
        assert (await http.get("/api/v1/birds", headers={"Authorization": "Bearer wrong"})).status_code == 401
        assert (await http.get("/api/v1/birds", headers={"Authorization": "Bearer 7,read:birds"})).status_code == 200
        assert (await http.get("/api/v1/birds", headers={"Authorization": "Bearer 7"})).status_code == 403


async def test_an_app_alone_may_call_what_is_for_apps() -> None:
    async with client_of(toy_app(), headers={"Authorization": "Bearer app,write:birds"}) as http:
        answer = await http.delete("/api/v1/birds/5")
    assert (answer.status_code, answer.text) == (200, "{}")
