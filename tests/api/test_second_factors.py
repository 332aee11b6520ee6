"""Authenticator apps and recovery codes, from enrolling to losing the phone, through the API."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from owner import owner

from linnet.features.sessions.factors import resetting
from linnet.features.sessions.factors.jobs import PERIODICS
from linnet.features.sessions.factors.sealing import Sealed, seal, unseal
from linnet.features.sessions.factors.totp import matching_step, reseal_all, verify
from linnet.features.sessions.tokens import TokenRules
from world import World


async def test_without_a_second_factor_a_password_is_enough(world: World) -> None:
    ann = await owner(world)
    assert await ann.do("GET", "factors") == {
        "totp": False,
        "passkeys": [],
        "recovery_codes_left": 0,
        "step_up_methods": ["password"],
    }


async def test_an_app_counts_from_its_first_code_on(world: World) -> None:
    ann = await owner(world)
    enrolment: dict[str, str] = await ann.do("POST", "factors/totp")
    uri = urlsplit(enrolment["uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Test server:ann@linnet.test")
    assert parse_qs(uri.query)["secret"] == [enrolment["secret"]]
    assert (await ann.password()).status_code == 200

    wrong = await ann.ask("POST", "factors/totp/confirm", json={"code": "000000"})
    assert (wrong.status_code, wrong.json()["details"]["code"][0]["error"]) == (422, "ERR_INVALID")
    ann.secret = enrolment["secret"]
    codes = (await ann.do("POST", "factors/totp/confirm", code=ann.code()))["recovery_codes"]
    assert len(set(codes)) == 10
    found = await ann.do("GET", "factors")
    assert (found["totp"], found["recovery_codes_left"], found["step_up_methods"]) == (True, 10, ["totp", "recovery"])

    answer = await ann.password()
    assert answer.status_code == 401
    assert answer.json()["second_factor"]["methods"] == ["totp", "recovery"]
    assert answer.json()["second_factor"]["expires_in"] == 300
    assert "access_token" not in answer.json()


async def test_the_code_that_confirmed_does_not_sign_in(world: World) -> None:
    ann = await owner(world)
    ann.secret = (await ann.do("POST", "factors/totp"))["secret"]
    code = ann.code()
    await ann.do("POST", "factors/totp/confirm", code=code)
    assert (await ann.second(await ann.begin(), totp=code)).status_code == 401


async def test_a_code_signs_in_once_and_nobody_after(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    code = ann.code()
    first, second = await ann.begin(), await ann.begin()
    assert (await ann.second(first, totp=code)).status_code == 200
    assert (await ann.do("GET", "factors"))["totp"]
    assert (await ann.second(second, totp=code)).status_code == 401
    world.clock.move(seconds=30)
    assert (await ann.second(second, totp=ann.code())).status_code == 200


async def test_of_two_at_the_same_moment_one_comes_in(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    steps = [await ann.begin() for _ in range(4)]
    answers = await asyncio.gather(*(ann.second(step, totp=ann.code()) for step in steps))
    first, *others = sorted(answer.status_code for answer in answers)
    assert first == 200
    assert set(others) <= {401, 429}  # two wrong tries, and the third may have to wait
    again = await asyncio.gather(*(ann.second(step, recovery_code=ann.codes[0]) for step in steps))
    assert sum(answer.is_success for answer in again) == 1


async def test_a_used_step_does_not_begin_a_second_session(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    step = await ann.begin()
    assert (await ann.second(step, totp=ann.code())).status_code == 200
    world.clock.move(seconds=30)
    assert (await ann.second(step, totp=ann.code())).status_code == 401


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_clocks_may_differ_by_half_a_minute(world: World, steps: int, status: int) -> None:
    ann = await owner(world)
    await ann.add_app()
    world.clock.move(minutes=2)
    assert (await ann.second(await ann.begin(), totp=ann.code(steps=steps))).status_code == status


async def test_a_code_may_be_typed_in_groups(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    code = ann.code()
    assert (await ann.second(await ann.begin(), totp=f" {code[:3]} {code[3:]} ")).status_code == 200


async def test_a_step_waits_five_minutes(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    step = await ann.begin()
    world.clock.move(seconds=299)
    assert (await ann.second(step, recovery_code=ann.codes[0])).status_code == 200
    step = await ann.begin()
    world.clock.move(seconds=301)
    assert (await ann.second(step, recovery_code=ann.codes[1])).status_code == 401


async def test_a_step_has_five_tries(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    step = await ann.begin()
    for _ in range(5):
        assert (await ann.second(step, recovery_code="wrong")).status_code == 401
    late = await ann.second(step, recovery_code=ann.codes[0])
    assert (late.status_code, "begin again" in late.json()["error"]) == (401, True)
    assert (await ann.second(await ann.begin(), recovery_code=ann.codes[0])).status_code == 200


async def test_who_knows_the_password_cannot_guess_codes_for_long(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    real_code, checked = ann.code(), 0
    for _ in range(40):
        answer = await ann.second(await ann.begin(), totp="000000" if real_code != "000000" else "111111")
        checked += answer.status_code == 401
        world.clock.move(minutes=1)
    assert 0 < checked < 20
    blocked = await ann.second(await ann.begin(), totp=ann.code())
    assert blocked.status_code == 429
    assert int(blocked.headers["retry-after"]) > 0
    assert (await ann.second(await ann.begin(), recovery_code=ann.codes[0])).status_code == 200


async def test_the_owner_sees_wrong_codes_of_every_kind(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    step = await ann.begin()
    answers: list[dict[str, Any]] = [{"totp": "000000"}, {"recovery_code": "wrong"}, {"passkey": {}}]
    for wrong in answers:
        assert (await ann.second(step, **wrong)).status_code == 401
    assert len(await ann.do("GET", "sign_ins")) == 3
    assert (await ann.second(step, recovery_code=ann.codes[0])).status_code == 200
    assert len(await ann.do("GET", "sign_ins")) == 3


async def test_an_answer_of_another_kind_or_to_nothing_is_wrong(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    wrong: list[dict[str, Any]] = [{}, {"totp": ann.codes[0]}, {"recovery_code": ann.code()}, {"passkey": {}}]
    for factor in wrong:
        assert (await ann.second(await ann.begin(), **factor)).status_code == 401, factor
    assert (await ann.second("no such step", totp=ann.code())).status_code == 401


async def test_a_factor_proves_only_its_own_account(world: World) -> None:
    ann, eve = await owner(world), await owner(world, "eve")
    await ann.add_app()
    await eve.add_app()
    assert (await ann.second(await ann.begin(), totp=eve.code())).status_code == 401
    assert (await ann.second(await ann.begin(), recovery_code=eve.codes[0])).status_code == 401


async def test_a_recovery_code_works_once_however_it_is_typed(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    typed = ann.codes[3].upper().replace("-", " ").replace("0", "O").replace("1", "L")
    assert (await ann.second(await ann.begin(), recovery_code=typed)).status_code == 200
    assert (await ann.do("GET", "factors"))["recovery_codes_left"] == 9
    assert (await ann.second(await ann.begin(), recovery_code=ann.codes[3])).status_code == 401


async def test_a_recovery_code_is_no_password(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    assert (await ann.password(ann.codes[0])).status_code == 401
    assert "second_factor" not in (await ann.password(ann.codes[0])).json()


async def test_new_recovery_codes_end_the_old_ones(world: World) -> None:
    ann = await owner(world)
    assert (await ann.ask("POST", "factors/recovery_codes")).status_code == 409
    await ann.add_app()
    fresh = (await ann.do("POST", "factors/recovery_codes"))["recovery_codes"]
    assert not set(fresh) & set(ann.codes)
    assert (await ann.second(await ann.begin(), recovery_code=ann.codes[0])).status_code == 401
    assert (await ann.second(await ann.begin(), recovery_code=fresh[0])).status_code == 200


async def test_who_lost_the_phone_comes_back_and_takes_a_new_one(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    world.clock.move(days=100)
    assert (await ann.second(await ann.begin(), recovery_code=ann.codes[0])).status_code == 200
    assert (await ann.ask("POST", "factors/totp")).status_code == 409
    await ann.do("DELETE", "factors/totp")
    assert (await ann.do("GET", "factors"))["recovery_codes_left"] == 0
    assert (await ann.ask("DELETE", "factors/totp")).status_code == 404
    await ann.add_app()
    assert (await ann.second(await ann.begin(), totp=ann.code())).status_code == 200


async def test_an_enrolment_waits_an_hour_and_a_new_one_replaces_it(world: World) -> None:
    ann = await owner(world)
    assert (await ann.ask("POST", "factors/totp/confirm", json={"code": "123456"})).status_code == 404
    ann.secret = (await ann.do("POST", "factors/totp"))["secret"]
    old = ann.code()
    ann.secret = (await ann.do("POST", "factors/totp"))["secret"]
    assert (await ann.ask("POST", "factors/totp/confirm", json={"code": old})).status_code == 422
    world.clock.move(hours=1, seconds=1)
    await ann.sign_in()
    assert (await ann.ask("POST", "factors/totp/confirm", json={"code": ann.code()})).status_code == 404


async def test_the_operator_is_the_last_resort(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    await ann.add_passkey()
    step = await ann.begin()
    assert await resetting.reset(world.engines, ann.person.id)
    assert (await ann.second(step, recovery_code=ann.codes[0])).status_code == 401
    assert (await ann.password()).status_code == 200
    assert not await resetting.reset(world.engines, ann.person.id)


async def test_no_secret_is_stored_in_clear(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    step = await ann.begin()
    stored = await world.engines.db.value(
        """
        select string_agg(row::text, '') from (
            select to_jsonb(t) as row from totp_secrets t union all select to_jsonb(t) from recovery_codes t
            union all select to_jsonb(t) from sign_in_steps t union all select to_jsonb(t) from jobs t
        ) all_rows
        """
    )
    assert str(ann.person.id) in stored
    in_hex = [secret.encode().hex() for secret in (ann.secret, step, *ann.codes)]
    for kept_from_us in (ann.secret, step, *ann.codes, *in_hex):
        assert kept_from_us not in stored


async def test_secrets_outlive_the_rotation_of_signing_secrets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob = await owner(world), await owner(world, "bob")
    await ann.add_app()
    await bob.add_app()
    rules = world.engines.config(TokenRules)
    rotated = replace(rules, secrets=("a newer secret of these tests, 0f n0b0dy", *rules.secrets))
    only_new = replace(rules, secrets=rotated.secrets[:1])
    monkeypatch.setitem(world.engines.configs, TokenRules, only_new)  # type: ignore[arg-type]
    assert not await verify(world.engines, ann.person.id, ann.code())
    monkeypatch.setitem(world.engines.configs, TokenRules, rotated)  # type: ignore[arg-type]
    assert await verify(world.engines, ann.person.id, ann.code())
    await reseal_all(world.engines)
    monkeypatch.setitem(world.engines.configs, TokenRules, only_new)  # type: ignore[arg-type]
    world.clock.move(seconds=30)
    assert await verify(world.engines, ann.person.id, ann.code())
    assert await verify(world.engines, bob.person.id, bob.code())


def test_a_sealed_secret_opens_for_its_account_alone() -> None:
    rules = TokenRules(("s" * 40,))
    sealed = seal(rules, 1, "JBSWY3DP")
    assert unseal(rules, 1, sealed) == "JBSWY3DP"
    assert unseal(rules, 2, sealed) is None
    assert unseal(rules, 1, Sealed(sealed.key_id, sealed.box[:-1] + bytes([sealed.box[-1] ^ 1]))) is None
    assert unseal(TokenRules(("t" * 40,)), 1, sealed) is None


def test_codes_are_those_of_rfc_6238() -> None:
    """Its test vectors for SHA-1, with the six digits that apps show."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for at_s, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")):
        assert matching_step(secret, code, datetime.fromtimestamp(at_s, UTC)) == at_s // 30


async def test_steps_and_challenges_are_forgotten_once_they_are_over(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    await ann.begin()
    await ann.do("POST", "passkeys/options")
    world.clock.move(seconds=301)
    for periodic in PERIODICS:
        await periodic.run(world.engines)
    db = world.engines.db
    assert await db.value("select count(*) from sign_in_steps") == 0
    assert await db.value("select count(*) from passkey_challenges") == 0
    assert await db.value("select count(*) from totp_secrets") == 1
