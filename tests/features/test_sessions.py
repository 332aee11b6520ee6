"""Signing in as features promise it: one winner in every race, nothing in clear, and ends that are felt everywhere."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from heard import recording
from linnet.features.accounts import staff, users
from linnet.features.accounts.models import Role
from linnet.features.accounts.passwords import PasswordRules, check_password, hash_password, verify_password
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.accounts.signup import SignUp, create_account, sign_up
from linnet.features.sessions import actions, apps, reads, recovery, redirects, scopes
from linnet.features.sessions.events import RefreshTokenReused
from linnet.features.sessions.models import Access, Origin, TokenPair, WebSession
from linnet.features.sessions.recent import RecentAccess
from linnet.features.sessions.tokens import TokenRules, sign, verify
from linnet.platform.changes import Changes, Kind, change
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, Invalid, NotFound, Unauthenticated
from linnet.platform.jobs import Event
from linnet.platform.site import Site
from linnet.platform.valkey import Valkey
from world import PASSWORD, World

HERE = Origin("192.0.2.7", "a test")
FORM = SignUp("ann", "ann@example.org", PASSWORD, agreement=True)


@asynccontextmanager
async def another_process(engines: Engines, *, hears: bool) -> AsyncGenerator[Engines]:
    """The same server as another process sees it, with a memory of its own; `hears` is whether Valkey works there."""
    valkey = engines.valkey if hears else Valkey.connect("unix:///nowhere/valkey.sock")
    changes = Changes(valkey)
    yield replace(engines, changes=changes, configs={**engines.configs, RecentAccess: RecentAccess(changes)})
    if not hears:
        await valkey.close()


async def time_until_refused(engines: Engines, token: str) -> float:
    """Seconds until the token has no access."""
    started = time.monotonic()
    while await reads.access_of(engines, token) is not None:
        assert time.monotonic() - started < 5
        await asyncio.sleep(0.01)
    return time.monotonic() - started


async def begun_at_api(world: World) -> TokenPair:
    """Ann, signed in with her password in a client of ours."""
    pair = await actions.log_in(world.engines, "ann", PASSWORD, HERE)
    assert isinstance(pair, TokenPair)
    return pair


async def begun_in_browser(world: World) -> WebSession:
    """Ann, signed in with her password in a browser."""
    session = await actions.sign_in_browser(world.engines, "ann", PASSWORD, HERE)
    assert isinstance(session, WebSession)
    return session


# Signing up ----------------------------------------------------------------------------------------------------------


async def test_of_many_who_want_a_name_at_once_one_gets_it(world: World) -> None:
    forms = [replace(FORM, username=name, email=f"{n}@example.org") for n, name in enumerate(["ann", "Ann"] * 4)]
    results = await asyncio.gather(*(sign_up(world.engines, form) for form in forms), return_exceptions=True)
    assert sum(isinstance(one, int) for one in results) == 1
    refusals = [one for one in results if isinstance(one, Invalid)]
    assert len(refusals) == 7
    assert {problem.code for one in refusals for problem in one.details["username"]} == {"ERR_TAKEN"}


async def test_of_many_who_use_an_address_at_once_one_gets_it(world: World) -> None:
    forms = [replace(FORM, username=f"ann{n}") for n in range(6)]
    results = await asyncio.gather(*(sign_up(world.engines, form) for form in forms), return_exceptions=True)
    assert sum(isinstance(one, int) for one in results) == 1
    codes = {problem.code for one in results if isinstance(one, Invalid) for problem in one.details["email"]}
    assert codes == {"ERR_TAKEN"}
    assert await world.engines.db.value("select count(*) from accounts") == 1


async def test_an_operator_makes_accounts_that_strangers_could_not(world: World) -> None:
    account_id = await create_account(
        world.engines, username="admin", email="a@example.org", password="password1", role=Role.ADMIN
    )
    found = await users.user_named(world.engines, "ADMIN")
    assert (found.account_id, found.role, found.is_approved) == (account_id, Role.ADMIN, True)
    assert (await actions.recognise(world.engines, "admin", "password1", HERE))[0] == account_id
    with pytest.raises(Invalid):
        await create_account(world.engines, username="a b", email="b@example.org", password="password1", role=Role.USER)


async def test_an_operator_changes_roles_and_passwords(world: World) -> None:
    ann = await world.person("ann")
    await staff.change_role(world.engines, OPERATOR, ann.id, Role.MODERATOR)
    await recovery.give_password(world.engines, ann.id, "another one")
    assert (await users.user_named(world.engines, "ann")).role is Role.MODERATOR
    assert (await actions.recognise(world.engines, "ann", "another one", HERE))[0] == ann.id
    with pytest.raises(Unauthenticated):
        await actions.recognise(world.engines, "ann", PASSWORD, HERE)
    for verb in (staff.lock, staff.unlock, staff.approve):
        with pytest.raises(NotFound):
            await verb(world.engines, OPERATOR, 4711)
    with pytest.raises(NotFound):
        await users.user_named(world.engines, "nobody")


async def test_users_are_listed_page_by_page_in_the_order_they_came(world: World) -> None:
    people = await world.people("carla", "alice", "bob")
    first = await users.users(world.engines, limit=2)
    rest = await users.users(world.engines, above_id=first[-1].account_id, limit=2)
    assert [user.username for user in (*first, *rest)] == [person.username for person in people]


# Passwords -----------------------------------------------------------------------------------------------------------


async def test_every_character_of_a_long_password_counts() -> None:
    rules = PasswordRules(cost=4)
    long = "x" * 255
    hash_ = await hash_password(rules, long + "a")
    assert await verify_password(rules, long + "a", hash_)
    assert not await verify_password(rules, long + "b", hash_)
    assert not await verify_password(rules, "x" * 72, hash_)


async def test_nuls_and_ways_to_type_a_letter_make_no_difference_to_what_a_password_is() -> None:
    rules = PasswordRules(cost=4)
    hash_ = await hash_password(rules, "a\0b caf\u00e9")
    assert await verify_password(rules, "a\0b cafe\u0301", hash_)
    assert not await verify_password(rules, "a\0c caf\u00e9", hash_)


async def test_no_password_is_right_for_a_name_nobody_has() -> None:
    assert not await verify_password(PasswordRules(cost=4), PASSWORD, None)


async def test_ones_own_name_makes_a_password_weak_and_the_answer_says_how_to_do_better() -> None:
    rules = PasswordRules(cost=4)
    assert await check_password(rules, "marlenebrandt7", ["other"]) == []
    (problem,) = await check_password(rules, "marlenebrandt7", ["marlenebrandt", "m@example.org"])
    assert problem.code == "ERR_TOO_WEAK"
    assert problem.description.startswith("is too easy to guess. Add another word")
    assert await check_password(replace(rules, strength_checked=False), "password", []) == []


# Sessions ------------------------------------------------------------------------------------------------------------


async def test_many_refreshes_at_once_get_one_answer(world: World) -> None:
    await world.person("ann")
    pair = await begun_at_api(world)
    pairs = await asyncio.gather(*(actions.refresh(world.engines, pair.refresh_token) for _ in range(8)))
    assert len({one.refresh_token for one in pairs} - {pair.refresh_token}) == 1
    assert {one.session_id for one in pairs} == {pair.session_id}
    assert await world.engines.db.value("select count(*) from session_secrets where spent_at is null") == 1


async def test_a_refresh_whose_answer_was_lost_is_answered_again_for_half_a_minute(world: World) -> None:
    await world.person("ann")
    first = await begun_at_api(world)
    second = await actions.refresh(world.engines, first.refresh_token)
    world.clock.move(seconds=29)
    again = await actions.refresh(world.engines, first.refresh_token)
    assert again.refresh_token == second.refresh_token
    assert await reads.access_of(world.engines, again.access_token) is not None
    world.clock.move(seconds=2)
    await refused(world, first.refresh_token)
    await refused(world, second.refresh_token)
    assert await reads.access_of(world.engines, again.access_token) is None


async def test_a_refresh_token_that_comes_again_after_its_successor_was_used_ends_the_session(world: World) -> None:
    ann = await world.person("ann")
    first = await begun_at_api(world)
    second = await actions.refresh(world.engines, first.refresh_token)
    third = await actions.refresh(world.engines, second.refresh_token)
    assert await reads.access_of(world.engines, third.access_token) is not None
    heard: list[Event] = []
    for token in (first.refresh_token, first.refresh_token, third.refresh_token):
        with pytest.raises(Unauthenticated):
            await actions.refresh(recording(world.engines, heard), token)
    assert await reads.access_of(world.engines, third.access_token) is None
    assert heard == [RefreshTokenReused(account_id=ann.id, session_id=first.session_id)]


async def test_a_session_ends_ninety_days_after_it_began_however_much_it_is_used(world: World) -> None:
    await world.person("ann")
    pair = await begun_at_api(world)
    for _ in range(14):
        world.clock.move(days=6)
        pair = await actions.refresh(world.engines, pair.refresh_token)
    world.clock.move(days=5)
    pair = await actions.refresh(world.engines, pair.refresh_token)
    world.clock.move(days=2)
    await refused(world, pair.refresh_token)


async def refused(world: World, refresh_token: str) -> None:
    """Nobody gets anything for this token."""
    with pytest.raises(Unauthenticated):
        await actions.refresh(world.engines, refresh_token)


async def test_a_revoked_session_stops_at_once_here_and_within_a_second_everywhere(world: World) -> None:
    await world.person("ann")
    pair = await begun_at_api(world)
    async with (
        another_process(world.engines, hears=True) as near,
        another_process(world.engines, hears=False) as deaf,
    ):
        for engines in (world.engines, near, deaf):
            assert await reads.access_of(engines, pair.access_token) is not None
        await actions.revoke(world.engines, pair.session_id)
        assert await reads.access_of(world.engines, pair.access_token) is None
        near_s, deaf_s = await asyncio.gather(
            time_until_refused(near, pair.access_token), time_until_refused(deaf, pair.access_token)
        )
        assert near_s < 0.1
        assert deaf_s < 1.0


async def test_a_revoked_app_token_stops_within_a_second_everywhere(world: World) -> None:
    ann = await world.person("ann")
    async with another_process(world.engines, hears=False) as deaf:
        assert await reads.access_of(deaf, ann.token) is not None
        await apps.revoke_token(world.engines, ann.token)
        assert await reads.access_of(world.engines, ann.token) is None
        assert await time_until_refused(deaf, ann.token) < 1.0


async def test_all_sessions_and_tokens_of_an_account_end_together(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    pair = await begun_at_api(world)
    browser = await begun_in_browser(world)
    await actions.revoke_all(world.engines, ann.id)
    assert await reads.access_of(world.engines, pair.access_token) is None
    assert await reads.access_of(world.engines, ann.token) is None
    assert await reads.web_access_of(world.engines, browser.cookie) is None
    assert await reads.access_of(world.engines, bob.token) is not None


async def test_a_locked_account_is_out_at_once_and_in_again_when_unlocked(world: World) -> None:
    ann = await world.person("ann")
    pair = await begun_at_api(world)
    assert await reads.access_of(world.engines, ann.token) is not None
    await staff.lock(world.engines, OPERATOR, ann.id)
    assert await reads.access_of(world.engines, ann.token) is None
    assert await reads.access_of(world.engines, pair.access_token) is None
    with pytest.raises(Forbidden):
        await begun_at_api(world)
    with pytest.raises(Unauthenticated):
        await actions.refresh(world.engines, pair.refresh_token)
    await staff.unlock(world.engines, OPERATOR, ann.id)
    assert await reads.access_of(world.engines, ann.token) is not None


async def test_a_warm_token_costs_no_statement(world: World) -> None:
    ann = await world.person("ann")
    async with world.counting_statements() as cold:
        await reads.access_of(world.engines, ann.token)
    async with world.counting_statements() as warm:
        await reads.access_of(world.engines, ann.token)
    assert (cold.number, warm.number) == (1, 0)


async def test_the_memory_of_tokens_is_bounded(world: World) -> None:
    recent = RecentAccess(world.engines.changes, tokens_max=2)
    for token in "abc":
        recent.keep(token, Access(None, frozenset()), began=recent.now(), asked_at_s=time.monotonic(), expires_at_s=1.0)
    assert [token for token in "abc" if recent.find(token, 0.0, heard=True)] == ["b", "c"]
    assert recent.find("c", 1.0, heard=True) is None


async def test_what_was_read_while_something_ended_is_not_remembered(world: World) -> None:
    changes = Changes(world.engines.valkey)
    recent = RecentAccess(changes)
    await changes.catch_up()
    began = recent.now()
    await changes.tell([change(Kind.ACCESS, 7)])
    await changes.catch_up()
    recent.keep("a", Access(None, frozenset(), token_id=7), began=began, asked_at_s=time.monotonic(), expires_at_s=1.0)
    assert recent.find("a", 0.0, heard=True) is None


async def test_a_cookie_is_no_refresh_token_and_the_other_way_round(world: World) -> None:
    await world.person("ann")
    browser = await begun_in_browser(world)
    pair = await begun_at_api(world)
    with pytest.raises(Unauthenticated):
        await actions.refresh(world.engines, browser.cookie)
    assert await reads.web_access_of(world.engines, browser.cookie) is not None
    assert await reads.web_access_of(world.engines, pair.refresh_token) is None


async def test_no_secret_is_stored_in_clear(world: World) -> None:
    ann = await world.person("ann")
    pair = await begun_at_api(world)
    browser = await begun_in_browser(world)
    app, secret = await apps.register_app(
        world.engines, name="Wren", redirect_uris="wren://", scopes="read", website=None
    )
    code = await apps.give_code(world.engines, app, ann.id, redirect_uri="wren://", scopes=("read",), challenge=None)
    stored = await world.engines.db.value(
        """
        select string_agg(row::text, '') from (
            select to_jsonb(t) as row from sessions t union all select to_jsonb(t) from session_secrets t
            union all select to_jsonb(t) from oauth_apps t union all select to_jsonb(t) from oauth_codes t
            union all select to_jsonb(t) from oauth_tokens t union all select to_jsonb(t) from users t
        ) all_rows
        """
    )
    assert app.client_id in stored
    for kept_from_us in (PASSWORD, pair.refresh_token, pair.access_token, browser.cookie, secret, code, ann.token):
        assert kept_from_us not in stored


async def test_what_has_ended_is_forgotten_a_week_later(world: World) -> None:
    await world.person("ann")
    pair = await begun_at_api(world)
    world.clock.move(days=13)
    await world.settle(periodics=True)
    assert await world.engines.db.value("select count(*) from sessions where id = $1", pair.session_id) == 1
    world.clock.move(days=2)
    await world.settle(periodics=True)
    assert await world.engines.db.value("select count(*) from sessions") == 0
    assert await world.engines.db.value("select count(*) from session_secrets") == 0


# Access tokens -------------------------------------------------------------------------------------------------------


def rs256_by_our_kid(claims: dict[str, Any], kid: str) -> str:
    """A token that names our key, and is signed by another kind of one."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, private, "RS256", headers={"kid": kid})


async def test_a_token_from_elsewhere_or_tampered_with_is_not_ours(world: World) -> None:
    ann = await world.person("ann")
    pair = await begun_at_api(world)
    rules, now = world.engines.config(TokenRules), world.engines.clock.now()
    issuer = world.engines.config(Site).public_url
    claims = jwt.decode(pair.access_token, options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "sub", "sid", "jti", "iat", "exp"}
    header = jwt.get_unverified_header(pair.access_token)
    assert (header["alg"], set(header)) == ("HS256", {"alg", "kid", "typ"})
    key = next(iter(rules.keys.values()))
    kid = {"kid": header["kid"]}
    whole = jwt.encode(claims, key, "HS256", headers=kid)
    assert await reads.access_of(world.engines, whole) is not None
    forged = [
        jwt.encode(claims, "", "none", headers=kid),
        jwt.encode(claims, "", "none"),
        rs256_by_our_kid(claims, header["kid"]),
        jwt.encode({**claims, "iat": claims["iat"] + 120}, key, "HS256", headers=kid),
        jwt.encode({**claims, "nbf": claims["iat"] + 120}, key, "HS256", headers=kid),
        jwt.encode({**claims, "exp": claims["iat"] - 1}, key, "HS256", headers=kid),
        jwt.encode(claims, key * 2, "HS512", headers=kid),
        jwt.encode(claims, b"x" * 32, "HS256", headers=kid),
        jwt.encode(claims, key, "HS256"),
        jwt.encode(claims, key, "HS256", headers={"kid": "unknown"}),
        jwt.encode({**claims, "sub": str(ann.id + 1)}, key, "HS256", headers=kid),
        jwt.encode({**claims, "sid": "1"}, key, "HS256", headers=kid),
        jwt.encode({**claims, "iss": "https://evil.example"}, key, "HS256", headers=kid),
        jwt.encode({**claims, "aud": "https://evil.example"}, key, "HS256", headers=kid),
        jwt.encode({name: claims[name] for name in claims if name != "exp"}, key, "HS256", headers=kid),
        whole[:-2] + ("AA" if whole[-2:] != "AA" else "BB"),
        "a.b.c",
        "..",
        "x" * 5000 + "..",
    ]
    for token in forged:
        assert await reads.access_of(world.engines, token) is None
    assert verify(rules, whole, issuer=issuer, at=now + timedelta(minutes=16)) is None


def test_secrets_rotate_without_signing_anyone_out(world: World) -> None:
    now = world.engines.clock.now()
    old, new = TokenRules(("o" * 32,)), TokenRules(("n" * 32, "o" * 32))
    token = sign(old, issuer="https://a", account_id=1, session_id=2, at=now)
    assert verify(new, token, issuer="https://a", at=now) is not None
    newer = sign(new, issuer="https://a", account_id=1, session_id=2, at=now)
    assert verify(old, newer, issuer="https://a", at=now) is None


# Scopes and redirect URIs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "needed", "allowed"),
    [
        ("read", "read", True),
        ("read", "read:statuses", True),
        ("read:statuses", "read:statuses", True),
        ("read:statuses", "read", False),
        ("read:statuses", "read:lists", False),
        ("write", "read:statuses", False),
        ("follow", "write:follows", True),
        ("follow", "read:blocks", True),
        ("follow", "write:mutes", True),
        ("follow", "write:statuses", False),
        ("follow", "read:accounts", False),
        ("read", "profile", True),
        ("read:accounts", "profile", True),
        ("profile", "profile", True),
        ("profile", "read:accounts", False),
        ("write", "profile", False),
        ("admin:read", "admin:read:reports", True),
        ("admin:read:reports", "admin:read", False),
        ("read", "admin:read:reports", False),
        ("admin", "admin:read", False),
        ("push", "push", True),
    ],
)
def test_a_scope_allows_what_is_within_it(granted: str, needed: str, *, allowed: bool) -> None:
    assert scopes.allows(frozenset(granted.split()), needed) is allowed


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("https://app.example:8443/cb", "app.example:8443"),
        ("https://user@app.example/cb", "app.example"),
        ("icecubesapp://", "icecubesapp:"),
    ],
)
def test_people_read_where_they_will_be_sent(uri: str, place: str) -> None:
    assert redirects.problem_of(uri) is None
    assert redirects.destination(uri) == place
