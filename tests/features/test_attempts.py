"""Stories of wrong passwords: strangers are stopped, owners get in, and nobody learns who exists."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from itertools import islice

import bcrypt
import pytest

from heard import recording
from linnet.features.accounts import passwords
from linnet.features.accounts.passwords import PasswordRules, hash_password, verify_password
from linnet.features.sessions import actions, attempts, devices
from linnet.features.sessions.attempts import AttemptRules, Outcome
from linnet.features.sessions.events import DeviceSeen, SignInsLocked
from linnet.features.sessions.models import Origin, TokenPair
from linnet.platform.engines import Engines
from linnet.platform.errors import TooMany, Unauthenticated
from linnet.platform.jobs import Event
from linnet.platform.paging import Window
from linnet.platform.valkey import Valkey
from world import PASSWORD, Person, World

RULES = AttemptRules()
HERE = Origin("192.0.2.7", "a test")


def addresses(first: str = "203.0.113.1") -> Iterator[Origin]:
    """Origins without end, each of another address."""
    number = int(IPv4Address(first))
    while True:
        yield Origin(str(IPv4Address(number)), "a bot")
        number += 1


async def try_password(engines: Engines, name: str, password: str, origin: Origin) -> type[BaseException] | None:
    """What came of it: None for a session."""
    try:
        await actions.log_in(engines, name, password, origin)
    except (Unauthenticated, TooMany) as error:
        return type(error)
    return None


async def checked(engines: Engines, name: str, number: int, origins: Iterator[Origin]) -> int:
    """How many of so many wrong passwords, all sent at once, were looked at."""
    tries = (try_password(engines, name, "wrong", origin) for origin in islice(origins, number))
    return (await asyncio.gather(*tries)).count(Unauthenticated)


async def device_of(world: World, name: str = "ann", origin: Origin = HERE) -> Origin:
    """A device at which somebody has signed in."""
    pair = await actions.log_in(world.engines, name, PASSWORD, origin)
    assert isinstance(pair, TokenPair)
    return replace(origin, device_token=pair.device_token)


@pytest.mark.parametrize("name", ["ann", "ann@example.org", "nobody", "nobody@example.org"])
async def test_of_many_wrong_passwords_from_many_addresses_few_are_looked_at(world: World, name: str) -> None:
    await world.person("ann")
    assert await checked(world.engines, name, 200, addresses()) == RULES.strangers
    assert await checked(world.engines, name, 20, addresses("198.51.100.1")) == 0


async def test_by_name_and_by_address_together_an_account_has_fewer_than_twenty_checks_an_hour(world: World) -> None:
    await world.person("ann")
    looked_at = 0
    for minute in range(0, 60, 5):
        for name in ("ann", "@ANN", "ann@example.org", "Ann@Example.Org "):
            looked_at += await checked(world.engines, name, 5, addresses(f"203.0.{minute}.1"))
        world.clock.move(minutes=5)
    assert looked_at < 20


async def test_a_lock_by_name_does_not_tell_whose_an_address_is(world: World) -> None:
    await world.person("ann")
    await checked(world.engines, "ann", 50, addresses())
    for address in ("ann@example.org", "nobody@example.org"):
        assert await try_password(world.engines, address, "wrong", HERE) is Unauthenticated


async def test_one_origin_is_held_back_longer_with_each_wrong_password(world: World) -> None:
    await world.person("ann")
    waits: list[int] = []
    for _ in range(RULES.one_origin):
        for _ in range(4000):
            try:
                await actions.log_in(world.engines, "ann", "wrong", HERE)
            except Unauthenticated:
                waits.append(0)
                break
            except TooMany as error:
                waits.append(error.retry_after_s)
                world.clock.move(seconds=error.retry_after_s)
    assert waits == [0, 0, 0, 2, 0, 10, 0]
    with pytest.raises(TooMany) as refused:
        await actions.log_in(world.engines, "ann", PASSWORD, HERE)
    assert 3000 < refused.value.retry_after_s <= attempts.WINDOW_S
    assert "sign in at a device where you were signed in before" in refused.value.message


async def test_the_addresses_of_one_ipv6_network_are_one_origin(world: World) -> None:
    await world.person("ann")
    looked_at = 0
    for host in range(20):
        world.clock.move(minutes=1)
        origin = Origin(f"2001:db8:1:2:{host:x}::{host:x}")
        looked_at += await try_password(world.engines, "ann", "wrong", origin) is Unauthenticated
    assert looked_at == RULES.one_origin
    assert await try_password(world.engines, "ann", "wrong", Origin("2001:db8:1:3::1")) is Unauthenticated


async def test_one_origin_has_a_budget_over_all_names(world: World) -> None:
    await world.person("ann")
    looked_at = 0
    for begin in range(0, RULES.origin + 20, 10):
        names = [f"somebody{number}" for number in range(begin, begin + 10)]
        tries = [try_password(world.engines, name, "wrong", HERE) for name in names]
        looked_at += (await asyncio.gather(*tries)).count(Unauthenticated)
    assert looked_at == RULES.origin
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is TooMany
    assert await try_password(world.engines, "ann", PASSWORD, Origin("192.0.2.8")) is None


async def test_the_owner_gets_in_at_a_known_device_whatever_strangers_try(world: World) -> None:
    await world.person("ann")
    known = await device_of(world)
    await checked(world.engines, "ann", 200, addresses())
    assert await try_password(world.engines, "ann", PASSWORD, replace(known, device_token="")) is TooMany
    assert await try_password(world.engines, "ann", "a slip", known) is Unauthenticated
    assert await try_password(world.engines, "ann", PASSWORD, known) is None
    elsewhere = replace(known, address="198.51.100.77")
    assert await try_password(world.engines, "ann", PASSWORD, elsewhere) is None


async def test_a_device_is_known_to_its_account_alone(world: World) -> None:
    await world.people("ann", "eve")
    eves = await device_of(world, "eve")
    await checked(world.engines, "ann", 50, addresses())
    assert await try_password(world.engines, "ann", PASSWORD, eves) is TooMany
    made_up = replace(HERE, device_token="A" * 43)
    pair = await actions.log_in(world.engines, "eve", PASSWORD, made_up)
    assert isinstance(pair, TokenPair)
    assert pair.device_token != made_up.device_token


async def test_one_browser_can_be_known_to_two_people(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    anns = await device_of(world, "ann")
    pair = await actions.log_in(world.engines, "bob", PASSWORD, anns)
    assert isinstance(pair, TokenPair)
    assert pair.device_token == anns.device_token
    for person in (ann, bob):
        assert await devices.is_known(world.engines, person.id, anns.device_token)


async def test_a_known_device_that_guesses_is_stopped_too(world: World) -> None:
    await world.person("ann")
    known = await device_of(world)
    outcomes: list[type[BaseException] | None] = []
    for _ in range(60):
        outcomes.append(await try_password(world.engines, "ann", "wrong", known))
        world.clock.move(seconds=50)
    assert 0 < outcomes.count(Unauthenticated) <= RULES.device


async def test_who_is_refused_again_costs_no_statement_until_somebody_unlocks(world: World) -> None:
    ann = await world.person("ann")
    for name in ("ann", "nobody"):
        await checked(world.engines, name, 50, addresses())
        async with world.counting_statements() as counted:
            assert await checked(world.engines, name, 50, addresses("198.51.100.1")) == 0
        assert counted.number == 0
        made_up = (replace(one, device_token="A" * 43) for one in addresses("198.51.100.1"))
        async with world.counting_statements() as counted:
            assert await checked(world.engines, name, 10, made_up) == 0
        assert counted.number == 10
    await attempts.unlock(world.engines, ann.id)
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is None


async def test_codes_that_were_tried_too_often_keep_nobody_else_out(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    for origin in islice(addresses(), RULES.strangers):
        attempt = await attempts.allow(world.engines, ann.id, attempts.FACTOR, origin)
        await attempts.note(world.engines, attempt, Outcome.WRONG)
    with pytest.raises(TooMany):
        await attempts.allow(world.engines, ann.id, attempts.FACTOR, HERE)
    await attempts.allow(world.engines, bob.id, attempts.FACTOR, HERE)
    assert await try_password(world.engines, attempts.FACTOR, "wrong", HERE) is Unauthenticated
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is None


async def test_right_passwords_cost_nothing_however_many(world: World) -> None:
    await world.person("ann")
    for _ in range(RULES.strangers + 5):
        assert await try_password(world.engines, "ann", PASSWORD, HERE) is None
    assert await world.engines.db.value("select count(*) from failed_sign_ins") == 0


async def test_after_an_hour_or_when_somebody_unlocks_it_strangers_may_try_again(world: World) -> None:
    ann = await world.person("ann")
    await checked(world.engines, "ann", 50, addresses())
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is TooMany
    await attempts.unlock(world.engines, ann.id)
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is None
    await checked(world.engines, "ann", 50, addresses())
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is TooMany
    world.clock.move(seconds=attempts.WINDOW_S + 1)
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is None


async def test_without_valkey_the_rows_are_counted_as_exactly(world: World) -> None:
    ann = await world.person("ann")
    away = Valkey.connect("unix:///nowhere/valkey.sock")
    engines = replace(world.engines, valkey=away)
    for name in ("ann", "nobody"):
        assert await checked(engines, name, 40, addresses()) == RULES.strangers
    assert await try_password(engines, "ann", PASSWORD, HERE) is TooMany
    await attempts.unlock(engines, ann.id)
    assert await try_password(engines, "ann", PASSWORD, HERE) is None
    await away.close()


async def test_the_owner_is_told_of_a_lock_once_a_day_and_of_a_new_device(world: World) -> None:
    ann = await world.person("ann")
    heard: list[Event] = []
    engines = recording(world.engines, heard)
    for _ in range(3):
        await checked(engines, "ann", 20, addresses())
        await checked(engines, "nobody", 20, addresses())
        world.clock.move(hours=2)
    assert heard == [SignInsLocked(account_id=ann.id)]
    world.clock.move(hours=20)
    await checked(engines, "ann", 20, addresses())
    assert len(heard) == 2
    heard.clear()

    world.clock.move(hours=2)
    pair = await actions.log_in(engines, "ann", PASSWORD, HERE)
    assert isinstance(pair, TokenPair)
    await actions.log_in(engines, "ann", PASSWORD, replace(HERE, device_token=pair.device_token))
    assert heard == [DeviceSeen(account_id=ann.id, session_id=pair.session_id)]


async def test_the_owner_sees_who_tried(world: World) -> None:
    ann = await world.person("ann")
    for origin in islice(addresses(), RULES.strangers):
        await try_password(world.engines, "ann", "wrong", origin)
    await checked(world.engines, "nobody", 5, addresses())
    found = await attempts.of_account(world.engines, ann.id, Window(limit=40))
    assert [one.locked for one in found] == [True] + [False] * RULES.strangers
    assert (found[-1].address, found[-1].agent) == ("203.0.113.1", "a bot")
    older = await attempts.of_account(world.engines, ann.id, Window(max_id=found[1].id, limit=3))
    assert list(older) == list(found[2:5])
    newer = await attempts.of_account(world.engines, ann.id, Window(min_id=found[4].id, limit=3))
    assert list(newer) == list(found[1:4])


async def test_a_name_that_nobody_has_is_not_kept_in_clear(world: World) -> None:
    await try_password(world.engines, "correct horse battery", "wrong", HERE)
    row = await world.engines.db.value("select to_jsonb(f)::text from failed_sign_ins f")
    assert "horse" not in row
    assert '"account_id": null' in row


async def test_failed_sign_ins_are_bounded_and_forgotten(world: World) -> None:
    ann = await world.person("ann")
    attempt = await attempts.allow(world.engines, ann.id, "ann", HERE)
    for _ in range(attempts.KEPT_PER_SUBJECT + 30):
        await attempts.note(world.engines, attempt, Outcome.WRONG)
    count = "select count(*) from failed_sign_ins where account_id is not null"
    assert await world.engines.db.value(count) <= attempts.KEPT_PER_SUBJECT + 1
    await try_password(world.engines, "nobody", "wrong", HERE)
    world.clock.move(days=8)
    await world.settle(periodics=True)
    assert await world.engines.db.value("select count(*) from failed_sign_ins where account_id is null") == 0
    assert await world.engines.db.value(count) > 0
    world.clock.move(days=83)
    await world.settle(periodics=True)
    assert await world.engines.db.value(count) == 0


# Over HTTP -----------------------------------------------------------------------------------------------------------


async def test_known_and_unknown_names_are_refused_in_the_same_words(world: World) -> None:
    await world.person("ann")
    answers: dict[str, list[tuple[int, str, str | None]]] = {"ann": [], "nobody": []}
    for name, told in answers.items():
        for _ in range(4):
            body = {"identifier": name, "password": "wrong"}
            answer = await world.client.post("/api/v1/auth/login", json=body)
            told.append((answer.status_code, answer.text, answer.headers.get("retry-after")))
        await world.engines.valkey.forget(["{signin}:from:127.0.0.1"])
    assert answers["ann"] == answers["nobody"]
    assert [status for status, _, _ in answers["ann"]] == [401, 401, 401, 429]


async def test_a_client_that_sends_its_device_token_is_known(world: World) -> None:
    ann = await world.person("ann")
    body = {"identifier": "ann", "password": PASSWORD}
    first = (await world.client.post("/api/v1/auth/login", json=body)).json()
    await checked(world.engines, "ann", 50, addresses())
    assert (await world.client.post("/api/v1/auth/login", json=body)).status_code == 429
    again = await world.client.post("/api/v1/auth/login", json={**body, "device_token": first["device_token"]})
    assert again.status_code == 200
    assert again.json()["device_token"] == first["device_token"]
    await actions.revoke_all(world.engines, ann.id)
    forgotten = await world.client.post("/api/v1/auth/login", json={**body, "device_token": first["device_token"]})
    assert forgotten.status_code == 429


# Passwords -----------------------------------------------------------------------------------------------------------


async def test_a_hash_of_another_cost_or_kind_is_made_anew_at_the_next_sign_in(world: World) -> None:
    ann = await world.person("ann")

    async def stored() -> str:
        return await world.engines.db.value("select password_hash from users where account_id = $1", ann.id)

    async def store(hash_: str) -> None:
        await world.engines.db.execute("update users set password_hash = $2 where account_id = $1", ann.id, hash_)

    for outdated in (
        await hash_password(PasswordRules(cost=5), PASSWORD),
        (await hash_password(PasswordRules(cost=4), PASSWORD)).replace("$2b$", "$2a$"),
    ):
        await store(outdated)
        assert await try_password(world.engines, "ann", "wrong", HERE) is Unauthenticated
        assert await stored() == outdated
        assert await try_password(world.engines, "ann", PASSWORD, HERE) is None
        fresh = await stored()
        assert fresh.startswith("$2b$04$")
        assert await try_password(world.engines, "ann", PASSWORD, HERE) is None
        assert await stored() == fresh


async def test_a_wrong_password_takes_as_many_rounds_for_an_old_hash_as_for_no_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = await hash_password(PasswordRules(cost=5), PASSWORD)
    rounds: list[int] = []
    real = bcrypt.checkpw

    def counting(password: bytes, hash_: bytes) -> bool:
        rounds.append(2 ** int(hash_[4:6]))
        return real(password, hash_)

    monkeypatch.setattr(bcrypt, "checkpw", counting)
    for hash_ in (old, None):
        rounds.clear()
        assert not await verify_password(PasswordRules(cost=8), "wrong", hash_)
        assert sum(rounds) == 2**8


async def test_in_a_flood_strangers_are_turned_away_before_people_at_known_devices() -> None:
    rules, hash_ = PasswordRules(cost=4), await hash_password(PasswordRules(cost=4), PASSWORD)
    strangers = [
        asyncio.create_task(verify_password(PasswordRules(cost=8), "wrong", None, trusted=False))
        for _ in range(passwords.STRANGERS_MAX + 10)
    ]
    await asyncio.sleep(0)
    assert await verify_password(rules, PASSWORD, hash_, trusted=True)
    outcomes = await asyncio.gather(*strangers, return_exceptions=True)
    assert sum(isinstance(one, TooMany) for one in outcomes) == 10


async def test_a_try_that_was_not_looked_at_is_not_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.person("ann")
    monkeypatch.setattr(passwords.LANES[1], "waiting_max", 0)
    async with world.counting_statements() as counted:
        for _ in range(RULES.strangers + 1):
            assert await try_password(world.engines, "ann", PASSWORD, HERE) is TooMany
    assert counted.number == 0
    monkeypatch.undo()
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is None


async def test_somebody_signed_in_types_their_password_again_and_cannot_guess_it(world: World) -> None:
    ann: Person = await world.person("ann")
    await actions.confirm(world.engines, ann.id, PASSWORD, HERE)
    for origin in islice(addresses(), RULES.strangers):
        with pytest.raises(Unauthenticated):
            await actions.confirm(world.engines, ann.id, "wrong", origin)
    with pytest.raises(TooMany):
        await actions.confirm(world.engines, ann.id, PASSWORD, HERE)
    assert await try_password(world.engines, "ann", PASSWORD, HERE) is None
