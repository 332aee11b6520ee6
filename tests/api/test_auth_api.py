"""Signing up, in and out through the first-party API, and registration by an app."""

from typing import Any

import pytest

from linnet.features.accounts import staff, users
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.accounts.signup import SignupMode, SignupRules
from world import PASSWORD, World

ANN = {
    "username": "ann",
    "email": "ann@example.org",
    "password": PASSWORD,
    "agreement": True,
    "locale": "en",
}


async def signed_up(world: World, **others: Any) -> dict[str, Any]:
    answer = await world.client.post("/api/v1/auth/signup", json={**ANN, **others})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def userinfo(world: World, token: str) -> int:
    answer = await world.client.get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


async def test_who_signs_up_is_signed_in(world: World) -> None:
    tokens = await signed_up(world)
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "device_token", "account"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert tokens["account"]["username"] == "ann"
    assert tokens["account"]["source"]["privacy"] == "public"
    assert await userinfo(world, tokens["access_token"]) == 200


async def test_a_form_with_many_mistakes_names_them_all(world: World) -> None:
    await signed_up(world)
    answer = await world.client.post(
        "/api/v1/auth/signup",
        data={"username": "ANN", "email": "no address", "password": "ann12345", "agreement": "false"},
    )
    assert answer.status_code == 422
    body = answer.json()
    codes = {field: [problem["error"] for problem in problems] for field, problems in body["details"].items()}
    assert codes == {
        "username": ["ERR_TAKEN"],
        "email": ["ERR_INVALID"],
        "password": ["ERR_TOO_WEAK"],
        "agreement": ["ERR_ACCEPTED"],
    }
    assert body["error"].startswith("Validation failed: ")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "", "ERR_BLANK"),
        ("username", "admin", "ERR_RESERVED"),
        ("username", "a b", "ERR_INVALID"),
        ("username", "a" * 31, "ERR_TOO_LONG"),
        ("email", "", "ERR_BLANK"),
        ("email", "ANN@example.ORG", "ERR_TAKEN"),
        ("password", "", "ERR_BLANK"),
        ("password", "short", "ERR_TOO_SHORT"),
        ("password", "x" * 257, "ERR_TOO_LONG"),
        ("password", "password123", "ERR_TOO_WEAK"),
        ("locale", "x" * 21, "ERR_INVALID"),
        ("reason", "x" * 501, "ERR_TOO_LONG"),
    ],
)
async def test_each_rule_of_a_new_account_has_its_code(world: World, field: str, value: str, code: str) -> None:
    await signed_up(world)
    answer = await world.client.post(
        "/api/v1/auth/signup", json={**ANN, "username": "bea", "email": "bea@example.org", field: value}
    )
    assert answer.status_code == 422
    assert {name: problems[0]["error"] for name, problems in answer.json()["details"].items()} == {field: code}


@pytest.mark.parametrize("identifier", ["ann", "ANN", "@ann", "ann@example.org", "Ann@Example.Org"])
async def test_people_sign_in_by_name_or_address_in_any_case(world: World, identifier: str) -> None:
    await signed_up(world)
    answer = await world.client.post("/api/v1/auth/login", json={"identifier": identifier, "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json()["account"]["acct"] == "ann"


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(world: World) -> None:
    await signed_up(world)
    answers = [
        await world.client.post("/api/v1/auth/login", json={"identifier": name, "password": "wrong"})
        for name in ("ann", "nobody", "nobody@example.org", "x" * 5000)
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert answers[0].json()["error"] == users.WRONG


async def test_empty_fields_are_named(world: World) -> None:
    answer = await world.client.post("/api/v1/auth/login", json={"identifier": "ann"})
    assert answer.status_code == 422
    assert answer.json()["details"]["password"][0]["error"] == "ERR_BLANK"


async def test_a_refresh_token_works_once_and_its_return_ends_the_session(world: World) -> None:
    first = await signed_up(world)
    answer = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert answer.status_code == 200
    second = answer.json()
    assert second["refresh_token"] != first["refresh_token"]
    lost = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert lost.json()["refresh_token"] == second["refresh_token"]
    assert await userinfo(world, second["access_token"]) == 200

    world.clock.move(seconds=31)
    again = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert again.status_code == 401
    assert await userinfo(world, second["access_token"]) == 401
    last = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": second["refresh_token"]})
    assert last.status_code == 401


async def test_who_signs_out_is_out_at_once(world: World) -> None:
    tokens = await signed_up(world)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert await userinfo(world, tokens["access_token"]) == 200
    answer = await world.client.post("/api/v1/auth/logout", headers=bearer)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await userinfo(world, tokens["access_token"]) == 401
    refreshed = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 401
    assert (await world.client.post("/api/v1/auth/logout", headers=bearer)).status_code == 401


async def test_who_comes_back_late_signs_out_with_the_refresh_token(world: World) -> None:
    tokens = await signed_up(world)
    world.clock.move(hours=1)
    answer = await world.client.post(
        "/api/v1/auth/logout",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        json={"refresh_token": tokens["refresh_token"]},
    )
    assert answer.status_code == 204
    refreshed = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 401


async def test_an_access_token_lives_fifteen_minutes_and_a_session_a_week_unused(world: World) -> None:
    tokens = await signed_up(world)
    world.clock.move(minutes=14, seconds=50)
    assert await userinfo(world, tokens["access_token"]) == 200
    world.clock.move(seconds=11)
    assert await userinfo(world, tokens["access_token"]) == 401
    world.clock.move(days=6)
    answer = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert answer.status_code == 200
    world.clock.move(days=7, seconds=1)
    answer = await world.client.post("/api/v1/auth/refresh", json={"refresh_token": answer.json()["refresh_token"]})
    assert answer.status_code == 401


async def test_where_members_are_approved_the_tokens_work_from_then_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.engines.configs, SignupRules, SignupRules(SignupMode.APPROVAL))  # type: ignore[arg-type]
    answer = await world.client.post("/api/v1/auth/signup", json=ANN)
    assert answer.json()["details"]["reason"][0]["error"] == "ERR_BLANK"
    tokens = await signed_up(world, reason="I like small birds")
    assert await userinfo(world, tokens["access_token"]) == 403
    login = await world.client.post("/api/v1/auth/login", json={"identifier": "ann", "password": PASSWORD})
    assert (login.status_code, login.json()["error"]) == (403, users.PENDING)

    await staff.approve(world.engines, OPERATOR, int(tokens["account"]["id"]))
    assert await userinfo(world, tokens["access_token"]) == 200


async def test_a_closed_server_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.engines.configs, SignupRules, SignupRules(SignupMode.CLOSED))  # type: ignore[arg-type]
    answer = await world.client.post("/api/v1/auth/signup", json=ANN)
    assert (answer.status_code, answer.json()) == (403, {"error": "This server does not take new members"})


async def app_token(world: World, scopes: str) -> str:
    app = (
        await world.client.post(
            "/api/v1/apps", json={"client_name": "Wren", "redirect_uris": "wren://", "scopes": scopes}
        )
    ).json()
    credentials = {"client_id": app["client_id"], "client_secret": app["client_secret"], "scope": scopes}
    answer = await world.client.post("/oauth/token", data={"grant_type": "client_credentials", **credentials})
    return answer.json()["access_token"]


async def test_an_app_registers_an_account_and_gets_its_token(world: World) -> None:
    bearer = {"Authorization": f"Bearer {await app_token(world, 'read write')}"}
    answer = await world.client.post("/api/v1/accounts", headers=bearer, data={**ANN, "agreement": "1"})
    assert answer.status_code == 200
    token = answer.json()
    assert set(token) == {"access_token", "token_type", "scope", "created_at"}
    assert set(token["scope"].split()) == {"read", "write"}
    assert await userinfo(world, token["access_token"]) == 200
    again = await world.client.post("/api/v1/accounts", headers=bearer, data={**ANN, "agreement": "1"})
    assert again.status_code == 422
    assert again.json()["details"]["username"][0]["error"] == "ERR_TAKEN"


async def test_registration_needs_an_app_that_may_write(world: World) -> None:
    assert (await world.client.post("/api/v1/accounts", json=ANN)).status_code == 401
    bearer = {"Authorization": f"Bearer {await app_token(world, 'read')}"}
    answer = await world.client.post("/api/v1/accounts", headers=bearer, json=ANN)
    assert (answer.status_code, answer.json()) == (403, {"error": "This action is outside the authorized scopes"})
