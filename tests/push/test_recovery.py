"""Who lost a password gets in again by mail, and whoever had the old one is out; who wants to go, goes."""

import asyncio
from typing import Any

import pytest

from browser import Browser
from linnet.features.sessions import actions, attempts
from linnet.features.sessions.attempts import Outcome
from linnet.features.sessions.models import Origin, TokenPair
from linnet.platform.errors import TooMany
from mail_server import MailServer, link_in
from world import PASSWORD, Person, World

NEW = "violet-harbour-977"


async def logged_in(world: World, name: str, password: str = PASSWORD) -> tuple[int, Any]:
    answer = await world.client.post("/api/v1/auth/login", json={"identifier": name, "password": password})
    return answer.status_code, answer.json()


async def at_a_client(world: World, person: Person) -> Person:
    """The same person with a session of a client of ours."""
    _, tokens = await logged_in(world, person.username)
    return Person(world, person.id, person.username, tokens["access_token"])


async def ask_for_letter(world: World, mailbox: MailServer, identifier: str, address: str) -> str:
    answer = await world.client.post("/api/v1/auth/password/forgot", json={"identifier": identifier})
    assert (answer.status_code, answer.json()) == (202, {})
    await world.settle()
    return link_in(mailbox.to(address)[-1]).rpartition("/")[2]


async def reset(world: World, token: str, password: str = NEW) -> int:
    answer = await world.client.post("/api/v1/auth/password/reset", json={"token": token, "password": password})
    return answer.status_code


async def test_a_forgotten_password_is_replaced_and_everybody_is_signed_out(
    mail_world: World, mailbox: MailServer
) -> None:
    ann = await mail_world.person("ann")
    session, browser = await at_a_client(mail_world, ann), Browser(mail_world)
    await browser.open("/password/change")
    await browser.submit("/signin", identifier="ann", password=PASSWORD)
    token = await ask_for_letter(mail_world, mailbox, "ANN@example.org", "ann@example.org")
    assert await reset(mail_world, token) == 204
    for who in (session, ann):
        assert (await who.ask("GET", "/api/v1/timelines/home")).status_code == 401
    await browser.open("/password/change")
    assert "Sign in" in browser.text
    assert (await logged_in(mail_world, "ann"))[0] == 401
    assert (await logged_in(mail_world, "ann", NEW))[0] == 200
    await mail_world.settle()
    assert "Your password was changed" in [letter["Subject"] for letter in mailbox.to("ann@example.org")]


async def test_a_letter_replaces_a_password_once_and_for_an_hour(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.person("ann")
    token = await ask_for_letter(mail_world, mailbox, "ann", "ann@example.org")
    mail_world.clock.move(minutes=59)
    assert await reset(mail_world, token, "short") == 422, "a weak one leaves the letter good"
    assert await reset(mail_world, token, "ann-example") == 422
    assert await reset(mail_world, token) == 204
    assert await reset(mail_world, token, "another-harbour-978") == 403
    late = await ask_for_letter(mail_world, mailbox, "ann", "ann@example.org")
    mail_world.clock.move(minutes=61)
    assert await reset(mail_world, late) == 403
    assert await reset(mail_world, "x" * 5000) == 403
    assert await reset(mail_world, "") == 403


async def test_of_two_who_follow_a_letter_at_once_one_sets_the_password(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.person("ann")
    token = await ask_for_letter(mail_world, mailbox, "ann", "ann@example.org")
    answers = await asyncio.gather(*(reset(mail_world, token, f"{NEW}-{number}") for number in range(6)))
    assert sorted(answers) == [204] + [403] * 5
    (winner,) = [number for number, status in enumerate(answers) if status == 204]
    assert (await logged_in(mail_world, "ann", f"{NEW}-{winner}"))[0] == 200


async def test_a_newer_letter_takes_the_place_of_the_older(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.person("ann")
    older = await ask_for_letter(mail_world, mailbox, "ann", "ann@example.org")
    newer = await ask_for_letter(mail_world, mailbox, "ann", "ann@example.org")
    assert await reset(mail_world, older) == 403
    assert await reset(mail_world, newer) == 204


@pytest.mark.parametrize("identifier", ["ann", "@ann", "ann@example.org", "nobody", "", "ä'; --", "x" * 5000])
async def test_nobody_learns_who_has_an_account(mail_world: World, mailbox: MailServer, identifier: str) -> None:
    """The same answer, and the same work: one row for a job, and no look at who has that name."""
    await mail_world.person("ann")
    await mail_world.settle()
    async with mail_world.counting_statements() as sent:
        answer = await mail_world.client.post("/api/v1/auth/password/forgot", json={"identifier": identifier})
    assert (answer.status_code, answer.json(), sent.number) == (202, {}, 1)
    assert await mail_world.engines.db.value("select count(*) from jobs") == 1
    await mail_world.settle()
    assert len(mailbox.taken) == ("ann" in identifier)


async def test_a_reset_lets_in_whom_a_flood_of_wrong_passwords_kept_out(mail_world: World, mailbox: MailServer) -> None:
    ann = await mail_world.person("ann")
    engines, home = mail_world.engines, Origin("192.0.2.1", "home")
    for number in range(40):
        try:
            attempt = await attempts.allow(engines, ann.id, "ann", Origin(f"198.51.100.{number}", "bot"))
        except TooMany:
            break
        await attempts.note(engines, attempt, Outcome.WRONG)
    with pytest.raises(TooMany):
        await actions.log_in(engines, "ann", PASSWORD, home)
    token = await ask_for_letter(mail_world, mailbox, "ann", "ann@example.org")
    assert await reset(mail_world, token) == 204
    assert isinstance(await actions.log_in(engines, "ann", NEW, home), TokenPair)


async def test_the_letter_about_failed_tries_lets_its_owner_try_again(mail_world: World, mailbox: MailServer) -> None:
    ann = await mail_world.person("ann")
    engines, home = mail_world.engines, Origin("192.0.2.1", "home")
    for number in range(40):
        try:
            attempt = await attempts.allow(engines, ann.id, "ann", Origin(f"198.51.100.{number}", "bot"))
        except TooMany:
            break
        await attempts.note(engines, attempt, Outcome.WRONG)
    await mail_world.settle()
    link = link_in(mailbox.to("ann@example.org")[-1])
    assert link.startswith("/unlock/")
    browser = Browser(mail_world)
    await browser.open(link)
    with pytest.raises(TooMany):
        await actions.log_in(engines, "ann", PASSWORD, home)
    await browser.submit(link)
    assert browser.page.find("form", action="/signin")
    assert isinstance(await actions.log_in(engines, "ann", PASSWORD, home), TokenPair)
    await browser.open(link)
    assert browser.status == 403
    again = await mail_world.client.post("/api/v1/auth/unlock", json={"token": link.rpartition("/")[2]})
    assert again.status_code == 403


async def test_a_forgotten_password_in_a_browser(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.person("ann")
    ann = Browser(mail_world)
    await ann.open("/signin")
    assert ann.page.find("a", href="/password/forgot")
    await ann.open("/password/forgot")
    await ann.submit("/password/forgot", identifier="ann")
    known = ann.text
    await ann.open("/password/forgot")
    await ann.submit("/password/forgot", identifier="nobody")
    assert ann.text == known
    await mail_world.settle()
    (letter,) = mailbox.taken
    link = link_in(letter)
    await ann.open(link)
    assert "@ann" in ann.text
    await ann.submit(link, password="password")
    assert (ann.status, "easy to guess" in ann.text) == (422, True)
    await ann.submit(link, password=NEW)
    await ann.submit("/signin", identifier="ann", password=NEW)
    await ann.open("/password/change")
    assert "Your password now" in ann.text
    await ann.open(link)
    assert (ann.status, "stale" in ann.text) == (403, True)


# Changed by who knows it ---------------------------------------------------------------------------------------------


async def test_a_changed_password_ends_every_other_session_and_leaves_apps(
    mail_world: World, mailbox: MailServer
) -> None:
    app = await mail_world.person("ann")
    here, elsewhere = await at_a_client(mail_world, app), await at_a_client(mail_world, app)
    sent = {"current": PASSWORD, "new": NEW}
    assert (await here.ask("POST", "/api/v1/auth/password/change", json=sent)).status_code == 204
    found = [(await who.ask("GET", "/api/v1/timelines/home")).status_code for who in (here, elsewhere, app)]
    assert found == [200, 401, 200]
    assert (await logged_in(mail_world, "ann", NEW))[0] == 200
    await mail_world.settle()
    assert "Your password was changed" in [letter["Subject"] for letter in mailbox.to("ann@example.org")]


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"current": "wrong one", "new": NEW}, "current", "ERR_INVALID"),
        ({"current": "", "new": NEW}, "current", "ERR_BLANK"),
        ({"current": PASSWORD, "new": "ann-example"}, "new", "ERR_TOO_WEAK"),
        ({"current": PASSWORD, "new": ""}, "new", "ERR_BLANK"),
    ],
)
async def test_a_password_is_not_changed_by_strangers_nor_to_a_weak_one(
    world: World, sent: dict[str, str], field: str, code: str
) -> None:
    ann = await at_a_client(world, await world.person("ann"))
    answer = await ann.ask("POST", "/api/v1/auth/password/change", json=sent)
    assert (answer.status_code, answer.json()["details"][field][0]["error"]) == (422, code)
    assert (await logged_in(world, "ann"))[0] == 200


async def test_whoever_has_a_session_cannot_guess_the_password_with_it(world: World) -> None:
    ann = await at_a_client(world, await world.person("ann"))
    answers: list[int] = []
    for number in range(30):
        sent = {"current": f"wrong {number}", "new": NEW}
        answers.append((await ann.ask("POST", "/api/v1/auth/password/change", json=sent)).status_code)
    assert answers[0] == 422
    assert answers[-1] == 429
    assert answers.count(422) < 20


async def test_an_app_can_neither_change_the_password_nor_delete_the_account(world: World) -> None:
    ann = await world.person("ann")
    sent = {"current": PASSWORD, "new": NEW}
    assert (await ann.ask("POST", "/api/v1/auth/password/change", json=sent)).status_code == 403
    assert (await ann.ask("DELETE", "/api/v1/auth/account", json={"password": PASSWORD})).status_code == 403
    assert await ann.home() == []


async def test_a_password_is_changed_in_a_browser_that_stays_signed_in(world: World) -> None:
    await world.person("ann")
    ann, other = Browser(world), Browser(world)
    for browser in (ann, other):
        await browser.open("/password/change")
        await browser.submit("/signin", identifier="ann", password=PASSWORD)
    await ann.submit("/password/change", current="wrong one", new=NEW)
    assert (ann.status, "Your password now is not your password" in ann.text) == (422, True)
    await ann.submit("/password/change", current=PASSWORD, new=NEW)
    assert "Your password is changed" in ann.text
    await ann.open("/password/change")
    assert ann.page.find("form", action="/password/change")
    await other.open("/password/change")
    assert other.page.find("form", action="/signin")


async def test_letters_under_way_open_nothing_after_a_change(mail_world: World, mailbox: MailServer) -> None:
    ann = await mail_world.person("ann")
    token = await ask_for_letter(mail_world, mailbox, "ann", "ann@example.org")
    here = await at_a_client(mail_world, ann)
    sent = {"current": PASSWORD, "new": NEW}
    assert (await here.ask("POST", "/api/v1/auth/password/change", json=sent)).status_code == 204
    assert await reset(mail_world, token) == 403


# Gone ----------------------------------------------------------------------------------------------------------------


async def test_who_deletes_their_account_is_gone_and_gets_one_last_letter(
    mail_world: World, mailbox: MailServer
) -> None:
    ann, bob = await mail_world.people("ann", "bob")
    here = await at_a_client(mail_world, ann)
    status = await here.post("Farewell")
    for wrong in ("", "wrong one"):
        assert (await here.ask("DELETE", "/api/v1/auth/account", json={"password": wrong})).status_code == 422
    assert (await here.ask("DELETE", "/api/v1/auth/account", json={"password": PASSWORD})).status_code == 204
    assert (await here.ask("GET", "/api/v1/timelines/home")).status_code == 401
    assert (await bob.ask("GET", f"/api/v1/statuses/{status['id']}")).status_code == 404
    await mail_world.settle()
    await mail_world.settle()
    goodbye = [letter["Subject"] for letter in mailbox.to("ann@example.org")]
    assert goodbye.count("Your account was deleted") == 1
    assert goodbye[-1] == "Your account was deleted"
    assert await mail_world.engines.db.value("select count(*) from users where account_id = $1", ann.id) == 0
    assert (await logged_in(mail_world, "ann"))[0] == 401


async def test_an_account_is_deleted_in_a_browser(world: World) -> None:
    await world.person("ann")
    ann = Browser(world)
    await ann.open("/account/delete")
    await ann.submit("/signin", identifier="ann", password=PASSWORD)
    await ann.submit("/account/delete", password="wrong one")
    assert ann.status == 422
    await ann.submit("/account/delete", password=PASSWORD)
    assert "Your account is deleted" in ann.text
    assert (await world.get("/@ann")).status_code in {404, 410}
    await ann.open("/account/delete")
    assert ann.page.find("form", action="/signin")
