"""A new password is no second factor: who reads a person's mail, or stole their password, lacks one all the same."""

from owner import Owner, owner

from browser import Browser
from linnet.features.sessions.tokens import TokenRules, sign
from linnet.platform.site import Site
from linnet.push.mail import delivery
from world import PASSWORD, World

NEW = "violet-harbour-977"


async def reset(ann: Owner) -> None:
    """Choose a new password by letter."""
    world = ann.world
    await world.client.post("/api/v1/auth/password/forgot", json={"identifier": "ann"})
    await world.settle()
    (link,) = next(letter.links for letter in await delivery.outbox(world.engines) if letter.links)
    token = link.rpartition("/")[2]
    answer = await world.client.post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    assert answer.status_code == 204


async def test_who_reads_the_mail_still_needs_the_second_factor(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    await reset(ann)
    answer = await ann.password(NEW)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "second_factor_required")
    step = answer.json()["second_factor"]["token"]
    assert (await ann.second(step, totp=ann.code())).status_code == 200
    assert (await ann.do("GET", "factors"))["totp"], "the factors are as they were"


async def test_a_sign_in_begun_with_the_old_password_ends_with_it(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    step = await ann.begin()
    await reset(ann)
    assert (await ann.second(step, totp=ann.code())).status_code == 401


async def test_a_session_left_open_and_a_stolen_password_are_not_enough(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    world.clock.move(minutes=16)
    await take_up(ann)
    for method, path, body in (
        ("POST", "password/change", {"current": PASSWORD, "new": NEW}),
        ("POST", "email", {"password": PASSWORD, "email": "thief@example.org"}),
        ("DELETE", "account", {"password": PASSWORD}),
    ):
        answer = await ann.ask(method, path, json=body)
        assert (answer.status_code, answer.json()["error_code"]) == (403, "step_up_required"), path
    await ann.do("POST", "step_up", totp=ann.code())
    assert (await ann.ask("POST", "password/change", json={"current": PASSWORD, "new": NEW})).status_code == 204


async def test_a_browser_is_sent_to_prove_it_first_and_then_back(world: World) -> None:
    ann = await owner(world)
    await ann.add_app()
    browser = Browser(world)
    await browser.open("/password/change")
    await browser.submit("/signin", identifier="ann", password=PASSWORD)
    await browser.submit("/signin/second", code=ann.code())
    assert browser.page.find("form", action="/password/change")
    world.clock.move(minutes=16)
    await browser.open("/password/change")
    await browser.submit("/settings/security/confirm", code=ann.code())
    await browser.submit("/password/change", current=PASSWORD, new=NEW)
    assert "Your password is changed" in browser.text


async def take_up(ann: Owner) -> None:
    """Go on with the same session by a token that has not expired; nothing is proved by that."""
    row = await ann.world.engines.db.row("select id from sessions order by id desc limit 1")
    assert row is not None
    engines = ann.world.engines
    ann.token = sign(
        engines.config(TokenRules),
        issuer=engines.config(Site).public_url,
        account_id=ann.person.id,
        session_id=row["id"],
        at=engines.clock.now(),
    )
