"""Step-up: dangerous acts want a fresh proof, of the strongest kind that the account has; and every change is told."""

from typing import Any

import pytest
from owner import Owner, changes_told, owner

from linnet.features.sessions.actions import revoke_all
from linnet.features.sessions.apps import create_token
from world import PASSWORD, World

DANGEROUS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "factors/totp", {}),
    ("POST", "factors/totp/confirm", {"code": "123456"}),
    ("DELETE", "factors/totp", {}),
    ("POST", "factors/recovery_codes", {}),
    ("POST", "passkeys/options", {}),
    ("POST", "passkeys", {"credential": {}}),
    ("DELETE", "passkeys/1", {}),
]


async def status_of(ann: Owner, method: str, path: str, body: dict[str, Any]) -> tuple[int, str | None]:
    answer = await ann.ask(method, path, json=body)
    return answer.status_code, answer.json().get("error_code")


@pytest.mark.parametrize(("method", "path", "body"), DANGEROUS)
async def test_a_dangerous_act_wants_a_proof_of_the_last_quarter_of_an_hour(
    world: World, method: str, path: str, body: dict[str, Any]
) -> None:
    ann = await owner(world)
    refreshed = await world.client.post(
        "/api/v1/auth/login", json={"identifier": ann.person.username, "password": PASSWORD}
    )
    world.clock.move(minutes=15, seconds=1)
    ann.token = (
        await world.client.post("/api/v1/auth/refresh", json={"refresh_token": refreshed.json()["refresh_token"]})
    ).json()["access_token"]
    assert await status_of(ann, method, path, body) == (403, "step_up_required")
    await ann.do("POST", "step_up", password=PASSWORD)
    assert await status_of(ann, method, path, body) != (403, "step_up_required")


@pytest.mark.parametrize(("method", "path", "body"), [*DANGEROUS, ("POST", "step_up", {"password": PASSWORD})])
async def test_an_app_can_do_none_of_it_however_much_it_may(
    world: World, method: str, path: str, body: dict[str, Any]
) -> None:
    ann = await owner(world)
    ann.token = (await create_token(world.engines, ann.person.id, ["read", "write"])).token
    answer = await ann.ask(method, path, json=body)
    assert (answer.status_code, "app" in answer.json()["error"]) == (403, True)
    for listed in ("factors", "passkeys"):
        assert (await ann.ask("GET", listed)).status_code == 403


async def test_the_password_is_not_enough_where_there_is_a_factor(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    world.clock.move(minutes=14, seconds=30)
    step = await ann.begin()
    await ann.second(step, recovery_code=ann.codes[0])
    world.clock.move(minutes=14)
    assert (await ann.ask("POST", "step_up", json={"password": PASSWORD})).status_code == 422
    assert (await ann.ask("POST", "step_up", json={"totp": "000000"})).status_code == 422
    assert (await ann.ask("POST", "step_up", json={})).status_code == 422
    code = ann.code()
    await ann.do("POST", "step_up", totp=code)
    assert (await ann.ask("POST", "step_up", json={"totp": code})).status_code == 422
    world.clock.move(seconds=9)
    await ann.do("DELETE", "factors/totp")


async def test_a_passkey_and_a_recovery_code_step_up(world: World) -> None:
    ann = await owner(world)
    await ann.add_passkey()
    assert (await ann.do("GET", "factors"))["step_up_methods"] == ["recovery", "passkey"]
    await ann.do("POST", "step_up", recovery_code=ann.codes[0])
    assert (await ann.ask("POST", "step_up", json={"recovery_code": ann.codes[0]})).status_code == 422
    options = await ann.do("POST", "step_up/options")
    answer = ann.device.get(options)
    await ann.do("POST", "step_up", passkey=answer)
    assert (await ann.ask("POST", "step_up", json={"passkey": answer})).status_code == 422


async def test_a_challenge_of_one_session_proves_nothing_in_another(world: World) -> None:
    ann = await owner(world)
    await ann.add_passkey()
    options = await ann.do("POST", "step_up/options")
    assert (await ann.passkey_sign_in()).status_code == 200
    assert (await ann.ask("POST", "step_up", json={"passkey": ann.device.get(options)})).status_code == 422


async def test_nobody_steps_up_as_somebody_else(world: World) -> None:
    ann, eve = await owner(world), await owner(world, "eve")
    await ann.add_passkey()
    await eve.add_passkey()
    options = await ann.do("POST", "step_up/options")
    answer = eve.device.get(options, by=eve.device.credentials[0])
    assert (await ann.ask("POST", "step_up", json={"passkey": answer})).status_code == 422
    assert (await ann.ask("POST", "step_up", json={"recovery_code": eve.codes[0]})).status_code == 422


async def test_passwords_cannot_be_guessed_at_a_stolen_session(world: World) -> None:
    ann = await owner(world)
    tries = [(await ann.ask("POST", "step_up", json={"password": f"wrong {n}"})).status_code for n in range(12)]
    assert set(tries) == {422, 429}
    assert tries.count(422) < 10


async def test_a_step_up_ends_with_its_session(world: World) -> None:
    ann = await owner(world)
    await revoke_all(world.engines, ann.person.id)
    assert (await ann.ask("POST", "factors/totp")).status_code == 401
    assert (await ann.ask("POST", "step_up", json={"password": PASSWORD})).status_code == 401


async def test_every_change_is_told_once_and_nothing_else_is(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    passkey = await ann.add_passkey()
    await ann.do("POST", "factors/recovery_codes")
    await ann.do("PATCH", f"passkeys/{passkey['id']}", name="Renamed")
    await ann.ask("DELETE", "passkeys/1")
    await ann.second(await ann.begin(), totp=ann.code())
    await ann.second(await ann.begin(), recovery_code="wrong")
    await ann.do("DELETE", f"passkeys/{passkey['id']}")
    await ann.do("DELETE", "factors/totp")
    told = ["totp_added", "passkey_added", "recovery_codes_made", "passkey_removed", "totp_removed"]
    assert await changes_told(world) == told
