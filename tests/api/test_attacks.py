"""Stories of attackers: what they tried when accounts were reviewed, and that it gets them nowhere."""

import asyncio
import importlib
import pkgutil
import threading
from typing import cast

import pytest
from owner import Owner

import linnet.features
from browser import Browser
from linnet.features.accounts import passwords, users
from linnet.features.accounts.passwords import THREADS, PasswordRules, hash_password
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
    pool = passwords._POOL._threads  # pyright: ignore[reportPrivateUsage] -- as busy as a flood makes it
    busy = [pool.submit(go_on.wait) for _ in range(THREADS)]
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
