"""Stories of networks that may not join, or not come at all, and of mailboxes that nobody joins with."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.accounts.models import Role
from linnet.features.accounts.signup import SignupMode, SignupRules
from linnet.platform.changes import Changes
from linnet.platform.embedded import EmbeddedEngines
from world import PASSWORD, SCOPES, Person, World, open_world

EVERY_SCOPE = (*SCOPES, "admin:read", "admin:write")
BLOCKS = "/api/v1/admin/ip_blocks"
MAILBOXES = "/api/v1/admin/canonical_email_blocks"
HERE = "127.0.0.1"
ELSEWHERE = "203.0.113.9"


@pytest_asyncio.fixture(scope="session")
async def open_proxied_world(servers: EmbeddedEngines) -> AsyncIterator[World]:
    trusted = {"trusted_proxies": f"{HERE}/32", "contact_email": "help@linnet.test"}
    async with open_world(servers.database_url, servers.valkey_url, **trusted) as world:
        yield world


@pytest_asyncio.fixture
async def proxied(open_proxied_world: World) -> World:
    """Like `world`, behind a proxy that says where calls come from."""
    await open_proxied_world.clear()
    return open_proxied_world


async def from_at(world: World, address: str, path: str = "/api/v2/instance", **headers: str) -> httpx.Response:
    return await world.client.get(path, headers={"X-Forwarded-For": address, **headers})


async def sign_up(world: World, address: str, name: str = "ann", **others: Any) -> httpx.Response:
    form = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "agreement": True, **others}
    return await world.client.post("/api/v1/auth/signup", json=form, headers={"X-Forwarded-For": address})


async def moderator(world: World) -> Person:
    return await world.person("maud", role=Role.MODERATOR, scopes=EVERY_SCOPE)


async def test_a_network_that_is_shut_out_gets_nothing_and_is_told_whom_to_ask(proxied: World) -> None:
    maud = await moderator(proxied)
    ann = await proxied.person("ann")
    assert (await from_at(proxied, ELSEWHERE)).status_code == 200
    made = await maud.do("POST", BLOCKS, ip="203.0.113.77/24", severity="no_access", comment="a flood")
    assert (made["ip"], made["severity"], made["comment"], made["expires_at"]) == (
        "203.0.113.0/24", "no_access", "a flood", None,
    )  # fmt: skip
    for path in ("/api/v2/instance", "/", "/api/v1/timelines/home", "/nowhere"):
        answer = await from_at(proxied, ELSEWHERE, path, **ann.headers)
        assert answer.status_code == 403, path
        assert "help@linnet.test" in answer.json()["error"]
        assert answer.headers["x-request-id"]
    assert (await from_at(proxied, ELSEWHERE)).headers["access-control-allow-origin"] == "*"
    assert (await from_at(proxied, f"::ffff:{ELSEWHERE}")).status_code == 403
    assert (await from_at(proxied, "203.0.114.1")).status_code == 200
    assert (await from_at(proxied, ELSEWHERE, "/health")).status_code == 200
    await maud.do("DELETE", f"{BLOCKS}/{made['id']}")
    assert (await from_at(proxied, ELSEWHERE)).status_code == 200


async def test_a_whole_network_of_version_6_is_one_block(proxied: World) -> None:
    maud = await moderator(proxied)
    made = await maud.do("POST", BLOCKS, ip="2001:db8:1::5/48", severity="no_access")
    assert made["ip"] == "2001:db8:1::/48"
    assert (await from_at(proxied, "2001:db8:1:ffff::1")).status_code == 403
    assert (await from_at(proxied, "2001:db8:2::1")).status_code == 200


async def test_other_processes_hear_of_a_block_by_the_log_of_changes(proxied: World) -> None:
    maud = await moderator(proxied)
    changes = Changes(proxied.engines.valkey)
    other = Gate(changes)
    await changes.catch_up()
    await other.refresh(proxied.engines)
    await maud.do("POST", BLOCKS, ip=ELSEWHERE, severity="no_access")
    assert other.may_enter(ELSEWHERE, proxied.clock.now())
    await changes.catch_up()
    assert not other.is_fresh
    await other.refresh(proxied.engines)
    assert not other.may_enter(ELSEWHERE, proxied.clock.now())


async def test_a_block_ends_by_itself_and_can_be_changed_before(proxied: World) -> None:
    maud = await moderator(proxied)
    made = await maud.do("POST", BLOCKS, ip=ELSEWHERE, severity="no_access", expires_in=3600)
    proxied.clock.move(minutes=59)
    assert (await from_at(proxied, ELSEWHERE)).status_code == 403
    proxied.clock.move(minutes=2)
    assert (await from_at(proxied, ELSEWHERE)).status_code == 200
    changed = await maud.do("PUT", f"{BLOCKS}/{made['id']}", expires_in=60)
    assert (changed["ip"], changed["severity"]) == (f"{ELSEWHERE}/32", "no_access")
    assert (await from_at(proxied, ELSEWHERE)).status_code == 403
    await maud.do("PUT", f"{BLOCKS}/{made['id']}", severity="sign_up_block", expires_in=0)
    assert (await from_at(proxied, ELSEWHERE)).status_code == 200
    assert (await maud.get(f"{BLOCKS}/{made['id']}"))["expires_at"] is None
    await maud.do("PUT", f"{BLOCKS}/{made['id']}", expires_in=1)
    proxied.clock.move(seconds=2)
    await proxied.settle(periodics=True)
    assert await maud.get(BLOCKS) == []


async def test_staff_do_not_lock_themselves_out_unless_they_say_so(proxied: World) -> None:
    maud = await moderator(proxied)
    answer = await maud.ask("POST", BLOCKS, json={"ip": "127.0.0.0/8", "severity": "no_access"})
    assert answer.status_code == 422
    assert answer.json()["details"]["ip"][0]["error"] == "ERR_LOCKS_YOU_OUT"
    mild = await maud.do("POST", BLOCKS, ip="127.0.0.0/8", severity="sign_up_block")
    harder = await maud.ask("PUT", f"{BLOCKS}/{mild['id']}", json={"severity": "no_access"})
    assert harder.status_code == 422
    await maud.do("PUT", f"{BLOCKS}/{mild['id']}", severity="no_access", locks_me_out=True)
    assert (await maud.ask("GET", BLOCKS)).status_code == 403


async def test_newcomers_from_a_network_are_refused_or_wait_for_approval(
    proxied: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(proxied.engines.configs, SignupRules, SignupRules(SignupMode.OPEN))  # type: ignore[arg-type]
    maud = await moderator(proxied)
    made = await maud.do("POST", BLOCKS, ip="203.0.113.0/24", severity="sign_up_requires_approval")
    await maud.do("POST", BLOCKS, ip="203.0.113.128/25", severity="sign_up_block")
    assert (await sign_up(proxied, ELSEWHERE)).status_code == 200
    assert [one["username"] for one in await maud.get("/api/v1/admin/accounts", pending=True)] == ["ann"]
    assert (await sign_up(proxied, "203.0.113.200", "ben")).status_code == 403
    assert (await sign_up(proxied, "203.0.114.1", "cem")).status_code == 200
    assert [one["username"] for one in await maud.get("/api/v1/admin/accounts", pending=True)] == ["ann"]
    page = {"X-Forwarded-For": "203.0.113.200"}
    assert (await proxied.client.get("/signup", headers=page)).status_code == 200
    await maud.do("DELETE", f"{BLOCKS}/{made['id']}")
    assert (await sign_up(proxied, ELSEWHERE, "dan")).json()["account"]["username"] == "dan"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"severity": "no_access"}, "ip"),
        ({"ip": "the neighbours", "severity": "no_access"}, "ip"),
        ({"ip": ELSEWHERE}, "severity"),
        ({"ip": ELSEWHERE, "severity": "sometimes"}, "severity"),
        ({"ip": ELSEWHERE, "severity": "no_access", "comment": "x" * 501}, "comment"),
        ({"ip": ELSEWHERE, "severity": "no_access", "expires_in": -1}, "expires_in"),
    ],
)
async def test_what_is_wrong_with_a_block_is_said_by_field(world: World, body: dict[str, Any], field: str) -> None:
    maud = await moderator(world)
    answer = await maud.ask("POST", BLOCKS, json=body)
    assert (answer.status_code, list(answer.json()["details"])) == (422, [field])


async def test_a_network_is_blocked_once_and_every_act_is_in_the_audit_log(world: World) -> None:
    maud = await moderator(world)
    made = await maud.do("POST", BLOCKS, ip=ELSEWHERE, severity="no_access")
    again = await maud.ask("POST", BLOCKS, json={"ip": ELSEWHERE, "severity": "sign_up_block"})
    assert again.json()["details"]["ip"][0]["error"] == "ERR_TAKEN"
    other = await maud.do("POST", BLOCKS, ip="203.0.113.10", severity="no_access")
    clash = await maud.ask("PUT", f"{BLOCKS}/{other['id']}", json={"ip": ELSEWHERE})
    assert clash.json()["details"]["ip"][0]["error"] == "ERR_TAKEN"
    await maud.do("PUT", f"{BLOCKS}/{made['id']}", severity="sign_up_block")
    await maud.do("DELETE", f"{BLOCKS}/{made['id']}")
    acts = await maud.get("/api/v1/admin/audit_log")
    assert [one["action"] for one in acts][:4] == [
        "ip_block.delete", "ip_block.update", "ip_block.create", "ip_block.create",
    ]  # fmt: skip
    assert acts[1]["detail"]["severity"] == "sign_up_block"
    assert (await maud.ask("GET", f"{BLOCKS}/{made['id']}")).status_code == 404


async def test_a_mailbox_that_is_blocked_joins_under_none_of_its_names(world: World) -> None:
    maud = await moderator(world)
    made = await maud.do("POST", MAILBOXES, email="S.Pam+1@Example.org")
    assert made["canonical_email_hash"] == "97fd335e5c6a917a691ecf43794c319b6584c651a2a556b469b206c374f894c9"
    for email in ("spam@example.org", "s.p.a.m+2@EXAMPLE.org"):
        answer = await sign_up(world, HERE, email=email)
        assert answer.json()["details"]["email"][0]["error"] == "ERR_BLOCKED", email
        assert await maud.do("POST", f"{MAILBOXES}/test", email=email) == [made]
    assert await maud.do("POST", f"{MAILBOXES}/test", email="ham@example.org") == []
    assert (await sign_up(world, HERE, email="ham@example.org")).status_code == 200
    again = await maud.ask("POST", MAILBOXES, json={"canonical_email_hash": made["canonical_email_hash"].upper()})
    assert again.json()["details"]["canonical_email_hash"][0]["error"] == "ERR_TAKEN"
    kept = await world.engines.db.rows("select * from canonical_email_blocks")
    assert "spam" not in str([dict(row) for row in kept])
    await maud.do("DELETE", f"{MAILBOXES}/{made['id']}")
    assert (await sign_up(world, HERE, name="ben", email="spam@example.org")).status_code == 200
    acts = await maud.get("/api/v1/admin/audit_log")
    assert [one["action"] for one in acts][:2] == ["canonical_email_block.delete", "canonical_email_block.create"]
    assert "example.org" not in str(acts)


@pytest.mark.parametrize("body", [{}, {"email": "nobody"}, {"canonical_email_hash": "abc"}])
async def test_a_mailbox_is_an_address_or_a_digest(world: World, body: dict[str, str]) -> None:
    maud = await moderator(world)
    assert (await maud.ask("POST", MAILBOXES, json=body)).status_code == 422
