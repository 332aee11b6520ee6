"""Stories of attackers who try to keep an owner out, by guessing faster than the owner comes in."""

from typing import Any

import httpx
import pytest

from browser import Browser
from linnet.features.sessions import attempts, devices
from linnet.features.sessions.attempts import Outcome
from linnet.features.sessions.models import Origin
from linnet.platform.errors import TooMany
from mail_server import MailServer, link_in
from world import PASSWORD, World

NEW = "violet-harbour-977"


async def flood(world: World, account_id: int) -> None:
    """Wrong passwords from many addresses, until no stranger may try any more."""
    for number in range(40):
        try:
            attempt = await attempts.allow(world.engines, account_id, "ann", Origin(f"198.51.100.{number}", "bot"))
        except TooMany:
            return
        await attempts.note(world.engines, attempt, Outcome.WRONG)
    pytest.fail("nothing stops it")


async def test_who_follows_the_letter_about_a_flood_gets_in_while_it_goes_on(
    mail_world: World, mailbox: MailServer
) -> None:
    ann = await mail_world.person("ann")
    await flood(mail_world, ann.id)
    await mail_world.settle()
    link = link_in(mailbox.to("ann@example.org")[-1])
    browser = Browser(mail_world)
    await browser.open(link)
    await browser.submit(link)
    await flood(mail_world, ann.id)
    await browser.submit("/signin", identifier="ann", password=PASSWORD)
    await browser.open("/settings/security")
    assert browser.page.find("h1", string="Signing in safely"), browser.text[:200]


async def test_who_resets_a_password_gets_in_while_a_flood_goes_on(mail_world: World, mailbox: MailServer) -> None:
    ann = await mail_world.person("ann")
    browser = Browser(mail_world)
    await browser.open("/password/forgot")
    await browser.submit("/password/forgot", identifier="ann")
    await mail_world.settle()
    link = link_in(mailbox.to("ann@example.org")[-1])
    await browser.open(link)
    await browser.submit(link, password=NEW)
    await flood(mail_world, ann.id)
    await browser.submit("/signin", identifier="ann", password=NEW)
    await browser.open("/settings/security")
    assert browser.page.find("h1", string="Signing in safely"), browser.text[:200]


async def test_who_changes_the_password_is_still_known_by_the_device_they_did_it_at(mail_world: World) -> None:
    ann = await mail_world.person("ann")
    browser, other = Browser(mail_world), await log_in(mail_world, PASSWORD)
    await browser.open("/signin")
    await browser.submit("/signin", identifier="ann", password=PASSWORD)
    await browser.open("/password/change")
    await browser.submit("/password/change", current=PASSWORD, new=NEW)
    assert await devices.is_known(mail_world.engines, ann.id, browser.client.cookies["__Host-linnet-device"])
    assert not await devices.is_known(mail_world.engines, ann.id, other["device_token"])
    client = await log_in(mail_world, NEW)
    answer = await mail_world.client.post(
        "/api/v1/auth/password/change",
        json={"current": NEW, "new": PASSWORD},
        headers={"Authorization": f"Bearer {client['access_token']}"},
    )
    assert answer.status_code == 204
    assert await devices.is_known(mail_world.engines, ann.id, client["device_token"])


async def log_in(world: World, password: str) -> dict[str, Any]:
    answer: httpx.Response = await world.client.post(
        "/api/v1/auth/login", json={"identifier": "ann", "password": password}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()
