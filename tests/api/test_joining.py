"""How people come in: modes, invitations, names, mail domains, age, and the puzzle."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import altcha
import pytest
from bs4 import BeautifulSoup

from browser import Browser
from linnet.environment import load
from linnet.features.accounts import invites, mail_domains, staff
from linnet.features.accounts.challenges import LIFETIME_S, ChallengeRules
from linnet.features.accounts.invites import INVITES_MAX
from linnet.features.accounts.mail_domains import MailDomainRules
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.accounts.signup import SignupMode, SignupRules
from linnet.roles.wiring import configs_of
from world import PASSWORD, SCOPES, World

Rule = Callable[[Any], None]


@pytest.fixture
def rule(world: World, monkeypatch: pytest.MonkeyPatch) -> Rule:
    """Set a rule of this server for one story."""
    return lambda value: monkeypatch.setitem(world.engines.configs, type(value), value)  # type: ignore[arg-type]


async def sign_up(world: World, name: str, **others: Any) -> Any:
    form = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "agreement": True, **others}
    return await world.client.post("/api/v1/auth/signup", json=form)


async def codes(world: World, name: str, **others: Any) -> dict[str, str]:
    """The first problem of each field; nothing when the account was made."""
    answer = await sign_up(world, name, **others)
    if answer.status_code == 200:
        return {}
    assert answer.status_code == 422, answer.text
    return {field: problems[0]["error"] for field, problems in answer.json()["details"].items()}


async def approved(world: World, name: str) -> bool:
    return await world.engines.db.value(
        "select approved_at is not null from users join accounts on id = account_id where username = $1", name
    )


def settings_mode(**environ: str) -> SignupMode:
    with_names = {f"LINNET_{name}": value for name, value in environ.items()}
    rules = configs_of(load({**with_names, "JWT_SECRET": "a secret of these tests, and 0f n0b0dy 3lse"}))[SignupRules]
    assert isinstance(rules, SignupRules)
    return rules.mode


def test_the_mode_is_a_setting_and_the_old_ones_keep_working() -> None:
    assert settings_mode() is SignupMode.OPEN
    assert settings_mode(APPROVAL_REQUIRED="on") is SignupMode.APPROVAL
    assert settings_mode(REGISTRATIONS="off", APPROVAL_REQUIRED="on") is SignupMode.CLOSED
    for mode in SignupMode:
        assert settings_mode(REGISTRATION_MODE=mode, REGISTRATIONS="off") is mode


async def test_the_instance_tells_how_people_come_in(world: World, rule: Rule) -> None:
    told: dict[str, tuple[Any, ...]] = {}
    for mode in SignupMode:
        rule(SignupRules(mode, age_minimum=16, message="Ask <me>" if mode is SignupMode.CLOSED else ""))
        v2 = (await world.get("/api/v2/instance")).json()["registrations"]
        v1 = (await world.get("/api/v1/instance")).json()
        assert (v1["registrations"], v1["approval_required"]) == (v2["enabled"], v2["approval_required"])
        told[mode] = (v2["enabled"], v2["approval_required"], v2["min_age"], v1["invites_enabled"], v2["message"])
    assert told["open"] == (True, False, 16, True, None)
    assert told["approval"] == (True, True, 16, True, None)
    assert told["invite"][:4] == (False, False, 16, True)
    assert "invitation" in told["invite"][4]
    assert told["closed"] == (False, False, 16, False, "<p>Ask &lt;me&gt;</p>")


async def test_an_invitation_lets_in_who_brings_it(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.INVITE))
    ann = await world.person("ann")
    assert await codes(world, "bob") == {"invite_code": "ERR_BLANK"}
    assert await codes(world, "bob", invite_code="made-up") == {"invite_code": "ERR_INVALID"}
    invite = await ann.do("POST", "/api/v1/invites")
    assert (invite["uses"], invite["max_uses"], invite["usable"]) == (0, 1, True)
    assert invite["url"] == f"https://linnet.test/signup?invite_code={invite['code']}"
    assert await codes(world, "bob", invite_code=invite["code"]) == {}
    assert await codes(world, "eve", invite_code=invite["code"]) == {"invite_code": "ERR_INVALID"}
    assert [(one["uses"], one["usable"]) for one in await ann.get("/api/v1/invites")] == [(1, False)]
    admin = await world.person("ada", role=Role.ADMIN, scopes=(*SCOPES, "admin:read"))
    shown = await admin.get("/api/v2/admin/accounts", invited_by=ann.id)
    assert [(one["username"], one["invited_by_account_id"]) for one in shown] == [("bob", str(ann.id))]


async def test_a_code_works_exactly_so_often_however_many_come_at_once(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.INVITE))
    made = await invites.create(world.engines, OPERATOR, uses_max=3, lifetime_s=None)
    found = await asyncio.gather(*(codes(world, f"guest{n}", invite_code=made.code) for n in range(9)))
    assert sorted(map(str, found)) == sorted(["{}"] * 3 + ["{'invite_code': 'ERR_INVALID'}"] * 6)
    assert await world.engines.db.value("select uses from invites") == 3


async def test_a_sign_up_that_fails_uses_nothing_up(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.INVITE))
    made = await invites.create(world.engines, OPERATOR, uses_max=1, lifetime_s=None)
    assert await codes(world, "bob", invite_code=made.code, email="nowhere") == {"email": "ERR_INVALID"}
    same = await asyncio.gather(*(codes(world, "bob", invite_code=made.code) for _ in range(2)))
    assert {} in same
    assert await world.engines.db.value("select uses from invites") == 1


async def test_codes_end_by_time_by_hand_and_with_their_maker(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.INVITE))
    ann = await world.person("ann")
    short = await ann.do("POST", "/api/v1/invites", expires_in=3600, max_uses=5)
    world.clock.move(minutes=61)
    assert await codes(world, "bob", invite_code=short["code"]) == {"invite_code": "ERR_INVALID"}
    revoked, kept = [await ann.do("POST", "/api/v1/invites") for _ in range(2)]
    stranger = await world.person("stranger")
    assert (await stranger.ask("DELETE", f"/api/v1/invites/{revoked['id']}")).status_code == 404
    await ann.do("DELETE", f"/api/v1/invites/{revoked['id']}")
    await ann.do("DELETE", f"/api/v1/invites/{revoked['id']}")
    assert await codes(world, "bob", invite_code=revoked["code"]) == {"invite_code": "ERR_INVALID"}
    await staff.suspend(world.engines, OPERATOR, ann.id)
    assert await codes(world, "bob", invite_code=kept["code"]) == {"invite_code": "ERR_INVALID"}
    await staff.unsuspend(world.engines, OPERATOR, ann.id)
    assert await codes(world, "bob", invite_code=kept["code"]) == {}


async def test_members_make_few_codes_with_limits_and_staff_as_they_like(world: World) -> None:
    ann, maud = await world.person("ann"), await world.person("maud", role=Role.MODERATOR)
    refused = await ann.ask("POST", "/api/v1/invites", json={"max_uses": 101, "expires_in": 10})
    assert set(refused.json()["details"]) == {"max_uses", "expires_in"}
    endless = await maud.do("POST", "/api/v1/invites")
    assert (endless["max_uses"], endless["expires_at"]) == (None, None)
    acting = ann.acting(Role.USER)
    made = await asyncio.gather(
        *(invites.create(world.engines, acting, uses_max=1, lifetime_s=None) for _ in range(INVITES_MAX + 5)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, invites.Invite) for one in made) == INVITES_MAX
    assert (await ann.ask("GET", "/api/v1/invites", params={"all": True})).status_code == 403
    assert len(await maud.get("/api/v1/invites", all=True, limit=40)) == 40


async def test_where_members_are_approved_only_an_invitation_of_staff_spares_it(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.APPROVAL))
    ann, maud = await world.person("ann"), await world.person("maud", role=Role.MODERATOR)
    of_ann, of_maud = [(await one.do("POST", "/api/v1/invites"))["code"] for one in (ann, maud)]
    assert await codes(world, "bob", invite_code=of_ann) == {"reason": "ERR_BLANK"}
    assert await codes(world, "bob", invite_code=of_ann, reason="Ann asked me") == {}
    assert await codes(world, "eve", invite_code=of_maud) == {}
    assert (await approved(world, "bob"), await approved(world, "eve")) == (False, True)


async def test_a_closed_server_takes_no_invitation(world: World, rule: Rule) -> None:
    made = await invites.create(world.engines, OPERATOR, uses_max=None, lifetime_s=None)
    rule(SignupRules(SignupMode.CLOSED))
    assert (await sign_up(world, "bob", invite_code=made.code)).status_code == 403


async def test_apps_bring_invitations_too(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.INVITE, age_minimum=18))
    made = await invites.create(world.engines, OPERATOR, uses_max=1, lifetime_s=None)
    app = {"client_name": "Wren", "redirect_uris": "wren://", "scopes": "read write"}
    registered = (await world.client.post("/api/v1/apps", json=app)).json()
    secrets = {name: registered[name] for name in ("client_id", "client_secret")}
    grant = {"grant_type": "client_credentials", "scope": "read write", **secrets}
    token = (await world.client.post("/oauth/token", data=grant)).json()["access_token"]
    form = {"username": "bob", "email": "bob@example.org", "password": PASSWORD, "agreement": "true"}
    more = {"invite_code": made.code, "date_of_birth": "1990-05-05"}
    headers = {"Authorization": f"Bearer {token}"}
    assert (await world.client.post("/api/v1/accounts", data=form, headers=headers)).status_code == 422
    assert (await world.client.post("/api/v1/accounts", data={**form, **more}, headers=headers)).status_code == 200


async def test_nobody_signs_up_as_somebody_who_runs_the_server(world: World) -> None:
    await world.person("Milo_Root", role=Role.MODERATOR)
    await world.person("wren")
    assert await codes(world, "milo_root", email="m@example.org") == {"username": "ERR_TAKEN"}
    for name in ("Mi1oRoot", "miio_r00t", "rnilo_root"):
        assert await codes(world, name) == {"username": "ERR_RESERVED"}
    assert await codes(world, "vvren") == {}  # an ordinary member's name is only theirs to the letter


async def test_nobody_shows_the_name_of_somebody_who_runs_the_server(world: World) -> None:
    maud, ann = await world.person("maud", role=Role.ADMIN), await world.person("ann")
    path = "/api/v1/accounts/update_credentials"
    await maud.do("PATCH", path, display_name="Maud the Admin")
    for name in ("Maud the Admin", "MAUD THE ADMIN ✅", "Мaud thе Аdmin", "m a u d"):
        refused = await ann.ask("PATCH", path, json={"display_name": name})
        assert (refused.status_code, refused.json()["details"]["display_name"][0]["error"]) == (422, "ERR_RESERVED")
    await ann.do("PATCH", path, display_name="Maud's friend Ann")
    await maud.do("PATCH", path, display_name="maud")
    await ann.do("PATCH", path, display_name="")


async def test_refused_mail_domains_take_those_below_them_along(world: World, rule: Rule) -> None:
    rule(MailDomainRules(frozenset({"bad.example"}), disposable_refused=True))
    await mail_domains.block(world.engines, OPERATOR, "@Bücher.Example ")
    for address in (
        "a@bad.example",
        "a@mx.BAD.example",
        "a@mailinator.com",
        "a@eu.mailinator.com",
        "a@xn--bcher-kva.example",
        "a@bücher.example",
    ):
        assert await codes(world, "ann", email=address) == {"email": "ERR_BLOCKED"}, address
    assert await codes(world, "ann", email="a+plus@notbad.example") == {}
    assert (
        await codes(world, "bob", email="a@notbad.example") == {}
    )  # another address: what a plus means we do not know
    rule(MailDomainRules(disposable_refused=False))
    assert await codes(world, "eve", email="a@mailinator.com") == {}


async def test_staff_refuse_and_take_mail_domains(world: World) -> None:
    scopes = (*SCOPES, "admin:read", "admin:write")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=scopes)
    path = "/api/v1/admin/email_domain_blocks"
    made = await maud.do("POST", path, domain="Spam.Example")
    assert (await maud.do("POST", path, domain="spam.example"))["id"] == made["id"]
    assert (await maud.ask("POST", path, json={"domain": "no domain"})).status_code == 422
    assert [one["domain"] for one in await maud.get(path)] == ["spam.example"]
    assert (await maud.get(f"{path}/{made['id']}"))["domain"] == "spam.example"
    assert await codes(world, "ann", email="ann@spam.example") == {"email": "ERR_BLOCKED"}
    await maud.do("DELETE", f"{path}/{made['id']}")
    assert await codes(world, "ann", email="ann@spam.example") == {}
    assert (await maud.ask("DELETE", f"{path}/{made['id']}")).status_code == 404
    acts = [one["action"] for one in await maud.get("/api/v1/admin/audit_log", actor_id=maud.id)]
    assert acts == ["mail_domain.unblock", "mail_domain.block"]


async def test_a_date_of_birth_is_asked_for_where_there_is_an_age_and_not_kept(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.OPEN, age_minimum=16))
    assert await codes(world, "ann") == {"date_of_birth": "ERR_BLANK"}
    born = world.clock.now().date()
    assert await codes(world, "ann", date_of_birth=f"{born.year - 10}-01-01") == {"date_of_birth": "ERR_BELOW_LIMIT"}
    assert await codes(world, "ann", date_of_birth=f"{born.year - 20}-01-01") == {}
    row = await world.engines.db.row("select * from users")
    assert row is not None
    assert row["age_confirmed_at"] is not None
    assert str(born.year - 20) not in str(dict(row))


async def solved(world: World) -> str:
    """The answer to a new puzzle, as ALTCHA's own client gives it."""
    puzzle = (await world.get("/api/v1/auth/challenge")).json()
    challenge = altcha.Challenge.from_dict(puzzle)  # pyright: ignore[reportUnknownMemberType] -- a plain dict
    solution = await asyncio.to_thread(altcha.solve_challenge, challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


async def test_a_newcomer_solves_a_puzzle_once(world: World, rule: Rule) -> None:
    assert (await world.get("/api/v1/auth/challenge")).status_code == 404
    rule(ChallengeRules(is_on=True))
    assert await codes(world, "ann") == {"altcha": "ERR_BLANK"}
    answer = await solved(world)
    assert await codes(world, "ann", altcha=answer, email="nowhere") == {"email": "ERR_INVALID"}
    found = await asyncio.gather(*(codes(world, f"ann{n}", altcha=answer) for n in range(4)))
    assert sorted(map(str, found)) == sorted(["{}"] + ["{'altcha': 'ERR_INVALID'}"] * 3)


async def test_an_answer_that_is_old_forged_or_nonsense_is_refused(world: World, rule: Rule) -> None:
    rule(ChallengeRules(is_on=True))
    answer = await solved(world)
    said = json.loads(base64.b64decode(answer))

    def changed(**parameters: Any) -> str:
        challenge = {**said["challenge"], "parameters": {**said["challenge"]["parameters"], **parameters}}
        return base64.b64encode(json.dumps({**said, "challenge": challenge}).encode()).decode()

    wrong = {**said, "solution": {**said["solution"], "derivedKey": "00" * 32}}
    forged = [
        changed(expiresAt=said["challenge"]["parameters"]["expiresAt"] + 1),
        changed(keySignature="00" * 32),
        changed(cost=1),
        base64.b64encode(json.dumps(wrong).encode()).decode(),
        "nonsense",
        "[" * 3000,
        base64.b64encode(b"[" * 2000).decode(),
        "é",
        "x" * 5000,
    ]
    for one in forged:
        assert await codes(world, "ann", altcha=one) == {"altcha": "ERR_INVALID"}, one[:60]
    world.clock.move(seconds=LIFETIME_S + 1)
    assert await codes(world, "ann", altcha=answer) == {"altcha": "ERR_INVALID"}


async def test_an_invitation_spares_the_puzzle(world: World, rule: Rule) -> None:
    rule(ChallengeRules(is_on=True))
    ann = await world.person("ann")
    assert await codes(world, "bob", invite_code=(await ann.do("POST", "/api/v1/invites"))["code"]) == {}


async def test_the_page_asks_for_what_this_server_wants(world: World, rule: Rule) -> None:
    plain = await world.get("/signup")
    assert "script" not in plain.headers["content-security-policy"]
    assert not BeautifulSoup(plain.text, "html.parser").select("script, [name=invite_code], [name=date_of_birth]")
    rule(SignupRules(SignupMode.INVITE, age_minimum=16))
    rule(ChallengeRules(is_on=True))
    asked = await world.get("/signup")
    page = BeautifulSoup(asked.text, "html.parser")
    assert page.select_one("[name=invite_code][required]")
    assert page.select_one("[name=date_of_birth][type=date]")
    assert "script-src 'self'" in asked.headers["content-security-policy"]
    field, script = page.select_one("input[data-puzzle]"), page.select_one("script[src]")
    assert field is not None
    assert script is not None
    assert set(json.loads(str(field["data-puzzle"]))) == {"parameters", "signature"}
    assert (await world.get(str(script["src"]))).headers["content-type"].startswith("text/javascript")
    assert "no puzzle is needed" in str(page.select_one("noscript"))
    rule(SignupRules(SignupMode.CLOSED, message="Come back in spring."))
    closed = await world.get("/signup")
    assert (closed.status_code, "Come back in spring." in closed.text) == (403, True)


async def test_an_invitation_carries_somebody_through_the_page(world: World, rule: Rule) -> None:
    rule(SignupRules(SignupMode.INVITE))
    made = await invites.create(world.engines, OPERATOR, uses_max=1, lifetime_s=None)
    browser = Browser(world)
    await browser.open("/signup", invite_code=made.code)
    await browser.submit("/signup", username="bob", email="bob@example.org", password=PASSWORD, agreement="1")
    assert await world.engines.db.value("select uses from invites") == 1
