"""A new member's address counts once a letter there was answered, and another one only when that one was."""

import re
from typing import Any

import pytest
from bs4 import Tag

from browser import Browser
from linnet.features.accounts.signup import SignupMode, SignupRules
from mail_server import MailServer, body, link_in
from world import PASSWORD, Person, World

ANN = {"username": "ann", "email": "ann@example.org", "password": PASSWORD, "agreement": True}
MISSING = {"error": "Your login is missing a confirmed e-mail address", "error_code": "email_unconfirmed"}


async def signed_up(world: World, **others: Any) -> Person:
    answer = await world.client.post("/api/v1/auth/signup", json={**ANN, **others})
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    return Person(world, int(tokens["account"]["id"]), tokens["account"]["username"], tokens["access_token"])


async def letter_to(world: World, mailbox: MailServer, address: str) -> Any:
    await world.settle()
    return mailbox.to(address)[-1]


async def follow(world: World, letter: Any) -> int:
    """What a program of ours does with the token in a letter."""
    token = link_in(letter).rpartition("/")[2]
    return (await world.client.post("/api/v1/auth/email/confirm", json={"token": token})).status_code


async def test_a_new_member_confirms_first_and_then_is_in(mail_world: World, mailbox: MailServer) -> None:
    ann = await signed_up(mail_world)
    letter = await letter_to(mail_world, mailbox, "ann@example.org")
    assert letter["Subject"] == "Confirm your e-mail address"
    answer = await ann.ask("GET", "/api/v1/timelines/home")
    assert (answer.status_code, answer.json()) == (403, MISSING)
    assert await ann.get("/api/v1/emails/check_confirmation") is False
    assert await follow(mail_world, letter) == 204
    assert await ann.get("/api/v1/emails/check_confirmation") is True
    assert await ann.home() == []
    assert await follow(mail_world, letter) == 403, "used up"


async def test_what_the_public_sees_a_new_member_sees_without_a_token_only(mail_world: World) -> None:
    """Mastodon's rule too: an unconfirmed login is refused wherever a token is looked at for a person."""
    ann = await signed_up(mail_world)
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/notifications", "/api/v1/preferences"):
        assert (await ann.ask("GET", path)).json() == MISSING
    assert (await ann.ask("POST", "/api/v1/statuses", json={"status": "x"})).json() == MISSING
    assert (await mail_world.get("/api/v2/instance")).status_code == 200


async def test_without_a_mail_server_nobody_waits(world: World) -> None:
    ann = await signed_up(world)
    await world.settle()
    assert await ann.home() == []
    assert await ann.get("/api/v1/emails/check_confirmation") is True
    assert await world.engines.db.value("select count(*) from outbox") == 0


async def test_whom_the_operator_makes_need_not_confirm(mail_world: World, mailbox: MailServer) -> None:
    ann = await mail_world.person("ann")
    await mail_world.settle()
    assert await ann.home() == []
    assert mailbox.taken == []


async def test_a_member_can_sign_in_and_out_before_confirming(mail_world: World) -> None:
    await signed_up(mail_world)
    login = {"identifier": "ann", "password": PASSWORD}
    answer = await mail_world.client.post("/api/v1/auth/login", json=login)
    assert answer.status_code == 200
    tokens = answer.json()
    refreshed = await mail_world.client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 200
    headers = {"Authorization": f"Bearer {refreshed.json()['access_token']}"}
    assert (await mail_world.client.post("/api/v1/auth/logout", headers=headers)).status_code == 204
    assert (await mail_world.client.get("/api/v1/emails/check_confirmation", headers=headers)).status_code == 401


async def test_an_app_that_signed_somebody_up_asks_for_the_letter_again(mail_world: World, mailbox: MailServer) -> None:
    made = await mail_world.client.post(
        "/api/v1/apps", json={"client_name": "App", "redirect_uris": "https://app.example/", "scopes": "read write"}
    )
    app = made.json()
    grant = {"grant_type": "client_credentials", "scope": "read write"}
    keys = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    own = (await mail_world.client.post("/oauth/token", json={**grant, **keys})).json()["access_token"]
    answer = await mail_world.client.post("/api/v1/accounts", json=ANN, headers={"Authorization": f"Bearer {own}"})
    ann = Person(mail_world, 0, "ann", answer.json()["access_token"])
    first = await letter_to(mail_world, mailbox, "ann@example.org")
    assert await ann.do("POST", "/api/v1/emails/confirmations") == {}
    second = await letter_to(mail_world, mailbox, "ann@example.org")
    assert len(mailbox.taken) == 2
    assert await follow(mail_world, first) == 403, "the newer letter took its place"
    assert await follow(mail_world, second) == 204
    refused = await ann.ask("POST", "/api/v1/emails/confirmations")
    assert refused.status_code == 403
    assert refused.json()["error"].startswith("This method is only available while")


async def test_a_typing_error_in_the_address_is_put_right(mail_world: World, mailbox: MailServer) -> None:
    ann = await signed_up(mail_world, email="an@example.org")
    wrong = await letter_to(mail_world, mailbox, "an@example.org")
    for bad, code in (("nonsense", "ERR_INVALID"), ("", "ERR_BLANK")):
        answer = await ann.ask("POST", "/api/v1/emails/confirmations", json={"email": bad})
        assert (answer.status_code, answer.json()["details"]["email"][0]["error"]) == (422, code)
    await ann.do("POST", "/api/v1/emails/confirmations", email="ann@example.org")
    right = await letter_to(mail_world, mailbox, "ann@example.org")
    assert await follow(mail_world, wrong) == 403
    assert await follow(mail_world, right) == 204
    assert await ann.home() == []
    assert await mail_world.engines.db.value("select email from users") == "ann@example.org"


async def test_a_letter_is_good_for_two_days(mail_world: World, mailbox: MailServer) -> None:
    ann = await signed_up(mail_world)
    letter = await letter_to(mail_world, mailbox, "ann@example.org")
    mail_world.clock.move(hours=49)
    assert await follow(mail_world, letter) == 403
    assert ann.id


async def test_programs_that_follow_links_confirm_nothing(mail_world: World, mailbox: MailServer) -> None:
    ann = await signed_up(mail_world)
    link = link_in(await letter_to(mail_world, mailbox, "ann@example.org"))
    scanner, person = Browser(mail_world), Browser(mail_world)
    for method in ("GET", "HEAD", "GET"):
        assert (await scanner.client.request(method, link)).status_code == 200
    assert await ann.get("/api/v1/emails/check_confirmation") is False
    await person.open(link)
    assert "ann@example.org" in person.text
    await person.submit(link)
    assert "Your address is confirmed" in person.text
    assert await ann.get("/api/v1/emails/check_confirmation") is True
    await person.open(link)
    assert (person.status, "stale" in person.text) == (403, True)


async def test_a_form_that_is_not_ours_confirms_nothing(mail_world: World, mailbox: MailServer) -> None:
    ann = await signed_up(mail_world)
    link = link_in(await letter_to(mail_world, mailbox, "ann@example.org"))
    assert (await mail_world.client.post(link, data={"form_token": "made up"})).status_code == 403
    assert await ann.get("/api/v1/emails/check_confirmation") is False


async def test_signing_up_in_a_browser_leads_to_the_mailbox_and_on(mail_world: World, mailbox: MailServer) -> None:
    ann = Browser(mail_world)
    await ann.open("/signup", then="/password/change")
    await ann.submit("/signup", username="ann", email="an@example.org", password=PASSWORD, agreement="1")
    assert "an@example.org" in ann.text
    await ann.open("/password/change")
    assert "Look into your mailbox" in ann.text, "a page for members sends back here"
    await ann.submit("/confirm", email="ann@example.org")
    assert "Another letter is on its way" in ann.text
    await mail_world.settle()
    link = link_in(mailbox.to("ann@example.org")[-1])
    onwards = ann.page.find("a", string=re.compile("go on"))
    assert isinstance(onwards, Tag)
    elsewhere = Browser(mail_world)
    await elsewhere.open(link)
    await elsewhere.submit(link)
    await ann.open(str(onwards["href"]))
    assert "Your password now" in ann.text, "where they wanted to go in the first place"


async def test_who_waits_for_approval_confirms_before(mail_world: World, mailbox: MailServer, monkeypatch: Any) -> None:
    configs: Any = mail_world.engines.configs
    monkeypatch.setitem(configs, SignupRules, SignupRules(SignupMode.APPROVAL))
    ann = await signed_up(mail_world, reason="I like birds")
    assert (await ann.ask("GET", "/api/v1/timelines/home")).json() == MISSING
    assert await follow(mail_world, await letter_to(mail_world, mailbox, "ann@example.org")) == 204
    answer = await ann.ask("GET", "/api/v1/timelines/home")
    assert (answer.status_code, answer.json()["error"]) == (403, "Your login is currently pending approval")


# Another address -----------------------------------------------------------------------------------------------------


async def signed_in(world: World, name: str = "ann") -> Person:
    """A person at a client of ours, not at an app."""
    answer = await world.client.post("/api/v1/auth/login", json={"identifier": name, "password": PASSWORD})
    tokens = answer.json()
    return Person(world, int(tokens["account"]["id"]), name, tokens["access_token"])


async def test_another_address_counts_when_its_letter_is_answered_and_the_old_one_is_told(
    mail_world: World, mailbox: MailServer
) -> None:
    await mail_world.person("ann")
    ann = await signed_in(mail_world)
    asked = await ann.ask("POST", "/api/v1/auth/email", json={"password": PASSWORD, "email": "new@example.org"})
    assert asked.status_code == 204
    letter = await letter_to(mail_world, mailbox, "new@example.org")
    assert letter["Subject"] == "Confirm your new e-mail address"
    assert await mail_world.engines.db.value("select email from users") == "ann@example.org"
    assert await ann.home() == [], "the old address is confirmed as before"
    assert await follow(mail_world, letter) == 204
    await mail_world.settle()
    told = mailbox.to("ann@example.org")[-1]
    assert told["Subject"] == "Your e-mail address was changed"
    assert "new@example.org" not in body(told)
    row = await mail_world.engines.db.row("select email, new_email from users")
    assert row is not None
    assert tuple(row) == ("new@example.org", None)


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"password": "wrong one", "email": "new@example.org"}, "password", "ERR_INVALID"),
        ({"password": "", "email": "new@example.org"}, "password", "ERR_BLANK"),
        ({"password": PASSWORD, "email": "nonsense"}, "email", "ERR_INVALID"),
        ({"password": PASSWORD, "email": "BOB@example.org"}, "email", "ERR_TAKEN"),
    ],
)
async def test_an_address_is_not_changed_by_strangers_nor_to_theirs(
    mail_world: World, mailbox: MailServer, sent: dict[str, str], field: str, code: str
) -> None:
    await mail_world.people("ann", "bob")
    ann = await signed_in(mail_world)
    answer = await ann.ask("POST", "/api/v1/auth/email", json=sent)
    assert (answer.status_code, answer.json()["details"][field][0]["error"]) == (422, code)
    await mail_world.settle()
    assert mailbox.to("new@example.org") == []


async def test_an_app_cannot_change_an_address(mail_world: World) -> None:
    ann = await mail_world.person("ann")
    answer = await ann.ask("POST", "/api/v1/auth/email", json={"password": PASSWORD, "email": "new@example.org"})
    assert answer.status_code == 403


async def test_of_two_who_want_an_address_the_first_to_answer_gets_it(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.people("ann", "bob")
    for name in ("ann", "bob"):
        person = await signed_in(mail_world, name)
        wish = {"password": PASSWORD, "email": "new@example.org"}
        assert (await person.ask("POST", "/api/v1/auth/email", json=wish)).status_code == 204
    await mail_world.settle()
    of_ann, of_bob = mailbox.to("new@example.org")
    assert await follow(mail_world, of_bob) == 204
    assert await follow(mail_world, of_ann) == 422


async def test_a_new_password_ends_the_wish_for_another_address(mail_world: World, mailbox: MailServer) -> None:
    """Whoever had a session and the old password must not be able to take the account by a letter to themselves."""
    await mail_world.person("ann")
    thief = await signed_in(mail_world)
    await thief.ask("POST", "/api/v1/auth/email", json={"password": PASSWORD, "email": "thief@example.org"})
    letter = await letter_to(mail_world, mailbox, "thief@example.org")
    await mail_world.client.post("/api/v1/auth/password/forgot", json={"identifier": "ann"})
    reset = link_in(await letter_to(mail_world, mailbox, "ann@example.org")).rpartition("/")[2]
    answer = await mail_world.client.post(
        "/api/v1/auth/password/reset", json={"token": reset, "password": "violet-harbour-977"}
    )
    assert answer.status_code == 204
    assert await follow(mail_world, letter) == 403
    assert await mail_world.engines.db.value("select email from users") == "ann@example.org"


async def test_another_address_in_a_browser(mail_world: World, mailbox: MailServer) -> None:
    await mail_world.person("ann")
    ann = Browser(mail_world)
    await ann.open("/email/change")
    await ann.submit("/signin", identifier="ann", password=PASSWORD)
    await ann.submit("/email/change", email="new@example.org", password="wrong one")
    assert (ann.status, "Your password is not your password" in ann.text) == (422, True)
    await ann.submit("/email/change", email="new@example.org", password=PASSWORD)
    assert "new@example.org" in ann.text
    await mail_world.settle()
    link = link_in(mailbox.to("new@example.org")[-1])
    await ann.open(link)
    await ann.submit(link)
    assert await mail_world.engines.db.value("select email from users") == "new@example.org"


async def test_without_a_mail_server_another_address_counts_at_once(world: World) -> None:
    await world.person("ann")
    ann = await signed_in(world)
    asked = await ann.ask("POST", "/api/v1/auth/email", json={"password": PASSWORD, "email": "new@example.org"})
    assert asked.status_code == 204
    assert await world.engines.db.value("select email from users") == "new@example.org"


async def test_a_refused_mail_provider_is_refused_for_members_too(mail_world: World) -> None:
    await mail_world.person("ann")
    ann = await signed_in(mail_world)
    wish = {"password": PASSWORD, "email": "ann@mailinator.com"}
    answer = await ann.ask("POST", "/api/v1/auth/email", json=wish)
    assert (answer.status_code, answer.json()["details"]["email"][0]["error"]) == (422, "ERR_BLOCKED")


async def test_whoever_never_confirms_leaves_name_and_address_to_others(mail_world: World, mailbox: MailServer) -> None:
    bob = await mail_world.person("bob")
    ann = await signed_up(mail_world)
    await bob.follow(ann)
    mail_world.clock.move(days=6)
    await mail_world.settle(periodics=True)
    taken = await mail_world.client.post("/api/v1/auth/signup", json=ANN)
    assert taken.status_code == 422
    mail_world.clock.move(days=2)
    await mail_world.settle(periodics=True)
    await mail_world.settle(periodics=True)
    assert await bob.get(f"/api/v1/accounts/{bob.id}/following") == []
    assert (await bob.get("/api/v1/accounts/verify_credentials"))["username"] == "bob", "who has confirmed stays"
    assert (await signed_up(mail_world)).username == "ann"


async def test_an_app_cannot_turn_the_letter_about_a_new_address_to_its_own(
    mail_world: World, mailbox: MailServer
) -> None:
    app = await mail_world.person("ann")
    ann = await signed_in(mail_world)
    wish = {"password": PASSWORD, "email": "new@example.org"}
    assert (await ann.ask("POST", "/api/v1/auth/email", json=wish)).status_code == 204
    sent = {"email": "thief@example.org"}
    assert (await app.ask("POST", "/api/v1/emails/confirmations", json=sent)).status_code == 403
    assert await app.do("POST", "/api/v1/emails/confirmations") == {}, "to have it sent again is no harm"
    await mail_world.settle()
    assert mailbox.to("thief@example.org") == []
    assert len(mailbox.to("new@example.org")) == 2


async def test_a_wish_for_another_address_is_taken_back_by_naming_the_present_one(
    mail_world: World, mailbox: MailServer
) -> None:
    await mail_world.person("ann")
    ann = await signed_in(mail_world)
    for email in ("new@example.org", "ann@example.org"):
        sent = {"password": PASSWORD, "email": email}
        assert (await ann.ask("POST", "/api/v1/auth/email", json=sent)).status_code == 204
    await mail_world.settle()
    assert mailbox.to("new@example.org") == []
    assert await mail_world.engines.db.value("select new_email from users") is None
