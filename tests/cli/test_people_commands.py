"""What an operator types about people: staff acts, invitations, mail domains, the audit log."""

from cli.conftest import Linnet
from linnet.features.accounts import proofs
from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.accounts.models import Role
from world import World


async def test_an_operator_suspends_and_turns_down(linnet: Linnet, world: World) -> None:
    ada = await world.person("ada")
    linnet.run("account", "suspend", "ada")
    assert (await ada.ask("GET", "/api/v1/timelines/home")).status_code == 401
    linnet.run("account", "unsuspend", "ada")
    assert (await ada.ask("GET", "/api/v1/timelines/home")).status_code == 200
    assert "does not wait for approval" in linnet.error("account", "reject", "ada", code=1)
    await world.engines.db.execute("update users set approved_at = null")
    linnet.run("account", "reject", "ada")
    assert linnet.json("account", "list") == []


async def test_the_last_admin_stays_for_the_operator_too(linnet: Linnet, world: World) -> None:
    await world.person("ada", role=Role.ADMIN)
    for command in (["role", "ada", "user"], ["lock", "ada"], ["suspend", "ada"], ["delete", "ada", "--yes"]):
        assert "last admin" in linnet.error("account", *command, code=1)


async def test_the_audit_log_tells_what_operators_did(linnet: Linnet, world: World) -> None:
    await world.person("ada")
    linnet.run("account", "lock", "ada")
    linnet.run("account", "password", "ada", "--password", "another-one-77")
    told = linnet.json("audit", "--about", "ada")
    assert [(one["action"], one["actor_id"]) for one in told] == [
        ("account.password", None),
        ("account.lock", None),
        ("token.create", None),
        ("account.create", None),
    ]
    assert "another-one-77" not in linnet.run("audit").stdout
    assert linnet.json("audit", "--action", "account.suspend") == []
    assert "operator" in linnet.run("audit", "--limit", "1").stdout


async def test_invitations_are_made_listed_and_taken_back(linnet: Linnet, world: World) -> None:
    address = linnet.run("invite", "create", "--uses", "2", "--expires", "7d").stdout.splitlines()[-1]
    code = address.partition("invite_code=")[2]
    form = {"username": "ada", "email": "ada@example.org", "password": "tangerine-lighthouse-42", "agreement": True}
    assert (await world.client.post("/api/v1/auth/signup", json={**form, "invite_code": code})).status_code == 200
    listed = linnet.json("invite", "list")
    assert [(one["code"], one["uses"], one["uses_max"], one["is_alive"]) for one in listed] == [(code, 1, 2, True)]
    linnet.run("invite", "revoke", code)
    assert [one["is_alive"] for one in linnet.json("invite", "list")] == [False]
    assert "no invitation" in linnet.error("invite", "revoke", "made-up", code=1)


async def test_mail_domains_are_refused_and_taken(linnet: Linnet, world: World) -> None:
    linnet.run("mail-domains", "block", "Spam.Example")
    assert [one["domain"] for one in linnet.json("mail-domains", "list")] == ["spam.example"]
    form = {"username": "ada", "email": "ada@mx.spam.example", "password": "tangerine-lighthouse-42", "agreement": True}
    assert (await world.client.post("/api/v1/auth/signup", json=form)).status_code == 422
    linnet.run("mail-domains", "unblock", "spam.example")
    assert (await world.client.post("/api/v1/auth/signup", json=form)).status_code == 200
    assert "not among the domains" in linnet.error("mail-domains", "unblock", "spam.example", code=1)


async def test_networks_are_blocked_and_let_in_again_from_the_console(linnet: Linnet, world: World) -> None:
    linnet.run("ip-block", "add", "127.0.0.1", "--severity", "no_access", "--days", "1", "--comment", "it floods")
    (listed,) = linnet.json("ip-block", "list")
    assert (listed["network"], listed["severity"], listed["comment"]) == ("127.0.0.1/32", "no_access", "it floods")
    world.engines.config(Gate).forget()  # here nobody keeps up with the log of changes while nobody asks
    assert (await world.get("/api/v2/instance")).status_code == 403
    linnet.run("ip-block", "remove", "127.0.0.1")
    world.engines.config(Gate).forget()
    assert (await world.get("/api/v2/instance")).status_code == 200
    assert "not among the networks" in linnet.error("ip-block", "remove", "127.0.0.1", code=1)


async def test_a_password_from_the_operator_puts_out_whoever_was_in(linnet: Linnet, world: World) -> None:
    """An account that somebody stole is taken back by it: their sessions, their tokens and their letters end."""
    ada = await world.person("ada")
    form = {"identifier": "ada", "password": "tangerine-lighthouse-42"}
    tokens = (await world.client.post("/api/v1/auth/login", json=form)).json()
    proof = await proofs.mint(world.engines.db, ada.id, proofs.Purpose.RESET, 3600, at=world.engines.clock.now())
    linnet.run("account", "password", "ada", "--password", "another-one-77")
    assert (await ada.ask("GET", "/api/v1/timelines/home")).status_code == 401
    refresh = {"refresh_token": tokens["refresh_token"]}
    assert (await world.client.post("/api/v1/auth/refresh", json=refresh)).status_code == 401
    stolen = {"token": proof, "password": "violet-harbour-977"}
    assert (await world.client.post("/api/v1/auth/password/reset", json=stolen)).status_code == 403
    form = {"identifier": "ada", "password": "another-one-77", "device_token": tokens["device_token"]}
    answer = await world.client.post("/api/v1/auth/login", json=form)
    assert (answer.status_code, answer.json()["device_token"] == tokens["device_token"]) == (200, False)
