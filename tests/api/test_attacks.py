"""Stories of attackers: what they tried when accounts were reviewed, and that it gets them nowhere."""

import asyncio
import importlib
import pkgutil
import threading
import time
from concurrent.futures import Future
from typing import cast

import pytest
from owner import Owner

import linnet.features
from browser import Browser
from linnet.features.accounts import passwords, users
from linnet.features.accounts.passwords import (
    CHARS_MAX,
    STRANGERS_MAX,
    THREADS,
    WAITING_MAX,
    PasswordRules,
    hash_password,
)
from linnet.platform.jobs import Periodic
from linnet.reactions import PERIODICS
from world import PASSWORD, World

NEW = "violet-harbour-977"


def test_whatever_a_feature_does_by_the_clock_is_done_by_the_clock() -> None:
    """Challenges are given to anybody who asks, so rows that nothing forgets would fill the disk."""
    found: list[Periodic] = []
    for module in pkgutil.walk_packages(linnet.features.__path__, "linnet.features."):
        if module.name.endswith(".jobs"):
            for value in vars(importlib.import_module(module.name)).values():
                values = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
                found += [one for one in values if isinstance(one, Periodic)]
    assert found
    assert {one.name for one in found} <= {one.name for one in PERIODICS}


async def test_a_login_that_is_under_way_when_the_password_changes_begins_no_session(world: World) -> None:
    """An attacker who knows the old password would keep one waiting all the time, from many addresses."""
    ann = await world.person("ann")
    fresh = await hash_password(world.engines.config(PasswordRules), NEW)
    browser = Browser(world)
    await browser.open("/signin")
    go_on = threading.Event()
    busy = _all_busy_until(go_on)
    body = {"identifier": "ann", "password": PASSWORD}
    client = asyncio.create_task(world.client.post("/api/v1/auth/login", json=body))
    page = asyncio.create_task(browser.submit("/signin", identifier="ann", password=PASSWORD))
    try:
        await asyncio.sleep(0.3)
        assert not client.done()
        assert not page.done()
        async with world.engines.transaction() as tx:
            await users.put_password(tx, ann.id, fresh)
    finally:
        go_on.set()
    assert (await client).status_code == 401
    assert (await page).status == 422
    assert all(one.result() for one in busy)
    assert await world.engines.db.value("select count(*) from sessions") == 0
    answer = await world.client.post("/api/v1/auth/login", json={**body, "password": NEW})
    assert answer.status_code == 200


@pytest.mark.parametrize("factor", ["app", "passkey"])
async def test_a_thief_who_is_in_by_the_password_does_not_take_away_a_new_factor(world: World, factor: str) -> None:
    """They signed in a minute ago, which was proof enough as long as there was no more than the password."""
    ann = Owner(world, await world.person("ann"))
    thief = Owner(world, ann.person)
    await thief.sign_in()
    await ann.sign_in()
    assert (await thief.ask("POST", "passkeys/options")).status_code == 200
    await (ann.add_app() if factor == "app" else ann.add_passkey())
    tries = [("DELETE", "factors/totp"), ("POST", "factors/recovery_codes"), ("POST", "passkeys/options")]
    for method, path in tries:
        answer = await thief.ask(method, path)
        assert (answer.status_code, answer.json()["error_code"]) == (403, "step_up_required")
    assert (await thief.ask("POST", "step_up", json={"password": PASSWORD})).status_code == 422
    await ann.do("POST", "factors/recovery_codes")


def _all_busy_until(go_on: threading.Event) -> list[Future[bool]]:
    """Every thread that hashes is as busy as a flood makes it."""
    return [lane.threads.submit(go_on.wait) for lane in passwords.LANES for _ in range(THREADS)]


def test_no_password_takes_long_to_look_at() -> None:
    """Symbols that stand for letters made zxcvbn take 3 seconds a sign-up, before the queue of those who sign in."""
    symbols = "4@8({[<369!1|0$5+7%2"
    for password in (symbols * 12, "|@" + "4836910572" * 25, "$+|@" * 60, "".join(map(chr, range(33, 127))) * 2):
        began_s = time.thread_time()
        passwords._strength_problems(PasswordRules(), password[:CHARS_MAX], ["ann"])  # pyright: ignore[reportPrivateUsage] -- on this thread, whose time is measured
        assert time.thread_time() - began_s < 0.5, password[:20]


async def test_a_flood_of_sign_ups_leaves_room_for_those_who_sign_in(world: World) -> None:
    await world.person("ann")
    form = {"email": "x@example.org", "password": "1|0$5+7%2 tangerine", "agreement": True}
    known = (await world.client.post("/api/v1/auth/login", json={"identifier": "ann", "password": PASSWORD})).json()
    go_on = threading.Event()
    busy = _all_busy_until(go_on)
    signups = [
        asyncio.create_task(world.client.post("/api/v1/auth/signup", json={**form, "username": f"bot{number}"}))
        for number in range(WAITING_MAX)
    ]
    await asyncio.wait(signups, timeout=2, return_when=asyncio.FIRST_COMPLETED)
    body = {"identifier": "ann", "password": PASSWORD, "device_token": known["device_token"]}
    owner = asyncio.create_task(world.client.post("/api/v1/auth/login", json=body))
    await asyncio.sleep(0.2)
    go_on.set()
    assert (await owner).status_code == 200
    answers = [one.status_code for one in await asyncio.gather(*signups)]
    assert answers.count(429) >= WAITING_MAX - STRANGERS_MAX
    assert all(one.result() for one in busy)
