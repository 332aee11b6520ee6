"""Passkeys through the API: real WebAuthn messages by a software authenticator, and every way to falsify them."""

import asyncio
import json
from typing import Any

import pytest
from owner import Owner, changes_told, owner

from authenticator import BACKUP_ELIGIBLE, PRESENT, VERIFIED, Authenticator, decoded, encoded
from linnet.features.accounts import actions as accounts
from linnet.features.accounts import staff
from linnet.features.accounts.permissions import OPERATOR
from world import World


async def with_passkey(world: World, **device: Any) -> Owner:
    ann = await owner(world)
    ann.device = Authenticator(**device)
    await ann.add_passkey()
    return ann


# Registering ---------------------------------------------------------------------------------------------------------


async def test_a_passkey_is_asked_for_that_needs_no_name_and_verifies_its_user(world: World) -> None:
    ann = await owner(world)
    options = await ann.do("POST", "passkeys/options")
    assert options["rp"] == {"id": "linnet.test", "name": "Test server"}
    assert options["user"]["name"] == "ann"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert len(decoded(options["challenge"])) == 32
    assert options["excludeCredentials"] == []


async def test_a_passkey_is_a_second_factor_and_the_first_brings_recovery_codes(world: World) -> None:
    ann = await owner(world)
    passkey = await ann.add_passkey("  My \n phone ")
    assert (passkey["name"], passkey["last_used_at"], passkey["backed_up"]) == ("My phone", None, True)
    assert len(ann.codes) == 10
    await ann.add_passkey()
    assert len(ann.codes) == 10
    assert [one["name"] for one in await ann.do("GET", "passkeys")] == ["My phone", "Phone"]
    step = await ann.begin()
    options = (await world.client.post("/api/v1/auth/second_factor/options", json={"token": step})).json()
    assert len(options["allowCredentials"]) == 2
    assert (await ann.second(step, passkey=ann.device.get(options))).status_code == 200
    assert (await ann.do("GET", "passkeys"))[0]["last_used_at"] is not None


@pytest.mark.parametrize("attestation", ["none", "packed"])
async def test_both_ways_to_attest_are_taken(world: World, attestation: str) -> None:
    ann = await with_passkey(world, attestation=attestation)
    assert (await ann.passkey_sign_in()).status_code == 200


@pytest.mark.parametrize(
    "device",
    [
        {"origin": "https://linnet.test.evil.example"},
        {"origin": "http://linnet.test"},
        {"origin": "https://linnet.test:8443"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"attestation": "fido-u2f"},
    ],
)
async def test_what_is_registered_elsewhere_or_unverified_is_refused(world: World, device: dict[str, Any]) -> None:
    ann = await owner(world)
    credential = Authenticator(**device).create(await ann.do("POST", "passkeys/options"))
    answer = await ann.ask("POST", "passkeys", json={"credential": credential})
    assert (answer.status_code, answer.json()["details"]["credential"][0]["error"]) == (422, "ERR_INVALID")
    assert await ann.do("GET", "passkeys") == []


async def test_a_challenge_registers_once_in_time_and_for_its_session(world: World) -> None:
    ann, eve = await owner(world), await owner(world, "eve")
    options = await ann.do("POST", "passkeys/options")
    other = Authenticator().create(options)
    assert (await eve.ask("POST", "passkeys", json={"credential": other})).status_code == 422
    await ann.do("POST", "passkeys", credential=ann.device.create(options))
    assert (await ann.ask("POST", "passkeys", json={"credential": other})).status_code == 422
    late = Authenticator().create(await ann.do("POST", "passkeys/options"))
    world.clock.move(seconds=301)
    assert (await ann.ask("POST", "passkeys", json={"credential": late})).status_code == 422


async def test_a_credential_belongs_to_one_account(world: World) -> None:
    ann, eve = await with_passkey(world), await owner(world, "eve")
    options = await eve.do("POST", "passkeys/options")
    stolen = ann.device.credentials[0]
    forged = Authenticator()
    made = forged.create(options)
    renamed = json.loads(json.dumps(made).replace(encoded(forged.credentials[0].id), encoded(stolen.id)))
    raw = decoded(made["response"]["attestationObject"]).replace(forged.credentials[0].id, stolen.id)
    renamed["response"]["attestationObject"] = encoded(raw)
    answer = await eve.ask("POST", "passkeys", json={"credential": renamed})
    assert answer.status_code == 409
    assert (await ann.passkey_sign_in()).status_code == 200


async def test_passkeys_are_renamed_and_removed_by_their_owner_alone(world: World) -> None:
    ann, eve = await with_passkey(world), await owner(world, "eve")
    path = f"passkeys/{(await ann.do('GET', 'passkeys'))[0]['id']}"
    assert (await eve.ask("PATCH", path, json={"name": "Mine"})).status_code == 404
    assert (await eve.ask("DELETE", path)).status_code == 404
    assert (await ann.ask("PATCH", path, json={"name": "x" * 61})).status_code == 422
    await ann.do("PATCH", path, name="Laptop")
    assert [one["name"] for one in await ann.do("GET", "passkeys")] == ["Laptop"]
    await ann.do("DELETE", path)
    assert (await ann.ask("DELETE", path)).status_code == 404
    assert (await ann.passkey_sign_in()).status_code == 401
    assert (await ann.password()).status_code == 200


async def test_two_first_factors_at_once_bring_one_set_of_codes(world: World) -> None:
    ann = await owner(world)
    made = [Authenticator().create(await ann.do("POST", "passkeys/options")) for _ in range(4)]
    added = await asyncio.gather(*(ann.do("POST", "passkeys", credential=one) for one in made))
    assert sorted(len(one["recovery_codes"]) for one in added) == [0, 0, 0, 10]
    removed = [ann.do("DELETE", f"passkeys/{one['passkey']['id']}") for one in added]
    await asyncio.gather(*removed)
    assert (await ann.do("GET", "factors"))["recovery_codes_left"] == 0


async def test_there_are_twenty_passkeys_at_most(world: World) -> None:
    ann = await owner(world)
    for _ in range(20):
        await ann.add_passkey()
    assert (await ann.ask("POST", "passkeys/options")).status_code == 409


# Signing in ----------------------------------------------------------------------------------------------------------


async def test_a_passkey_alone_signs_in_without_a_name(world: World) -> None:
    ann, bob = await with_passkey(world), await owner(world, "bob")
    await bob.add_passkey()
    answer = await ann.passkey_sign_in()
    assert (answer.status_code, answer.json()["account"]["username"]) == (200, "ann")
    assert (await bob.passkey_sign_in()).json()["account"]["username"] == "bob"
    asked = (await world.client.post("/api/v1/auth/passkeys/signin/options")).json()["options"]
    assert (asked["allowCredentials"], asked["userVerification"], asked["rpId"]) == ([], "required", "linnet.test")


async def test_it_is_enough_beside_an_app_too(world: World) -> None:
    ann = await with_passkey(world)
    await ann.add_app()
    assert (await ann.passkey_sign_in()).status_code == 200


@pytest.mark.parametrize(
    "device",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://www.linnet.test"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": 0},
        {"flags": PRESENT | VERIFIED},
    ],
)
async def test_what_was_signed_elsewhere_or_unverified_is_refused(world: World, device: dict[str, Any]) -> None:
    ann = await with_passkey(world)
    false = Authenticator(**device, credentials=ann.device.credentials)
    assert (await ann.passkey_sign_in(false)).status_code == 401
    assert (await ann.passkey_sign_in()).status_code == 200


async def test_a_challenge_signs_in_once_in_time_and_in_its_ceremony(world: World) -> None:
    ann = await with_passkey(world)
    asked = (await world.client.post("/api/v1/auth/passkeys/signin/options")).json()
    other = (await world.client.post("/api/v1/auth/passkeys/signin/options")).json()
    form = {"ceremony": other["ceremony"], "credential": ann.device.get(asked["options"])}
    path = "/api/v1/auth/passkeys/signin"
    assert (await world.client.post(path, json=form)).status_code == 401
    assert (await world.client.post(path, json={**form, "ceremony": asked["ceremony"]})).status_code == 200
    assert (await world.client.post(path, json={**form, "ceremony": asked["ceremony"]})).status_code == 401
    late = {"ceremony": other["ceremony"], "credential": ann.device.get(other["options"])}
    world.clock.move(seconds=301)
    assert (await world.client.post(path, json=late)).status_code == 401


async def test_a_challenge_for_one_purpose_is_worth_nothing_for_another(world: World) -> None:
    ann = await with_passkey(world)
    asked = (await world.client.post("/api/v1/auth/passkeys/signin/options")).json()
    assert (await ann.second(await ann.begin(), passkey=ann.device.get(asked["options"]))).status_code == 401
    step_up = await ann.do("POST", "step_up/options")
    form = {"ceremony": asked["ceremony"], "credential": ann.device.get(step_up)}
    assert (await world.client.post("/api/v1/auth/passkeys/signin", json=form)).status_code == 401


async def test_a_counter_that_goes_back_is_refused_and_its_owner_told(world: World) -> None:
    ann = await with_passkey(world)
    assert (await ann.passkey_sign_in()).status_code == 200
    assert (await ann.passkey_sign_in()).status_code == 200
    ann.device.credentials[0].counter -= 2
    assert (await ann.passkey_sign_in()).status_code == 401
    assert await changes_told(world) == ["passkey_added", "passkey_suspect"]
    ann.device.credentials[0].counter = 0
    ann.device.counts = False
    assert (await ann.passkey_sign_in()).status_code == 401


async def test_of_two_uses_with_one_counter_one_counts(world: World) -> None:
    ann = await with_passkey(world)
    start = ann.device.credentials[0].counter
    forms: list[dict[str, Any]] = []
    for _ in range(3):
        asked = (await world.client.post("/api/v1/auth/passkeys/signin/options")).json()
        ann.device.credentials[0].counter = start
        forms.append({"ceremony": asked["ceremony"], "credential": ann.device.get(asked["options"])})
    path = "/api/v1/auth/passkeys/signin"
    answers = await asyncio.gather(*(world.client.post(path, json=form) for form in forms))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


async def test_devices_that_do_not_count_are_welcome(world: World) -> None:
    ann = await with_passkey(world, counts=False, flags=PRESENT | VERIFIED | BACKUP_ELIGIBLE)
    assert not (await ann.do("GET", "passkeys"))[0]["backed_up"]
    for _ in range(2):
        assert (await ann.passkey_sign_in()).status_code == 200


async def test_nobody_signs_in_with_somebody_elses_passkey(world: World) -> None:
    ann, eve = await with_passkey(world), await owner(world, "eve")
    await eve.add_passkey()
    step = await ann.begin()
    options = (await world.client.post("/api/v1/auth/second_factor/options", json={"token": step})).json()
    answer = await ann.second(step, passkey=eve.device.get(options, by=eve.device.credentials[0]))
    assert answer.status_code == 401
    eve.device.credentials[0].user_handle = ann.device.credentials[0].user_handle
    assert (await eve.passkey_sign_in()).status_code == 401
    eve.device.credentials[0].id = ann.device.credentials[0].id
    assert (await eve.passkey_sign_in()).status_code == 401


async def test_who_may_not_sign_in_may_not_with_a_passkey_either(world: World) -> None:
    ann = await with_passkey(world)
    await staff.lock(world.engines, OPERATOR, ann.person.id)
    assert (await ann.passkey_sign_in()).status_code == 403
    await accounts.delete(world.engines, ann.person.id)
    assert (await ann.passkey_sign_in()).status_code == 403
    await world.settle()
    assert (await ann.passkey_sign_in()).status_code == 401
    assert await world.engines.db.value("select count(*) from passkeys") == 0
    assert await world.engines.db.value("select count(*) from recovery_codes") == 0


async def test_a_tampered_answer_is_refused_and_never_our_bug(world: World) -> None:
    ann = await with_passkey(world)
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for wrong in ("", "AA", "%%%", encoded(b"\xff" * 300), encoded(b"{}"), 7, None, ["x"], {"a": 1}):
            asked = (await world.client.post("/api/v1/auth/passkeys/signin/options")).json()
            credential = ann.device.get(asked["options"])
            credential["response"][part] = wrong
            form = {"ceremony": asked["ceremony"], "credential": credential}
            answer = await world.client.post("/api/v1/auth/passkeys/signin", json=form)
            fine = part == "userHandle" and wrong is None
            assert answer.status_code == (200 if fine else 401), (part, wrong, answer.text)


async def test_a_tampered_registration_is_refused_and_never_our_bug(world: World) -> None:
    ann = await owner(world)
    good = ann.device.create(await ann.do("POST", "passkeys/options"))["response"]
    cut = [encoded(decoded(good["attestationObject"])[:length]) for length in range(0, 180, 7)]
    for part, wrongs in {
        "attestationObject": [*cut, "%", 7, None, encoded(b"\xbf\x61a")],
        "clientDataJSON": [""],
    }.items():
        for wrong in wrongs:
            credential = Authenticator().create(await ann.do("POST", "passkeys/options"))
            credential["response"][part] = wrong
            answer = await ann.ask("POST", "passkeys", json={"credential": credential})
            assert answer.status_code == 422, (part, wrong, answer.text)
