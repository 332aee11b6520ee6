"""What an operator types, and what comes of it."""

from pathlib import Path

import httpx
from pyotp.totp import TOTP

from cli.conftest import Linnet
from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.jobs import ERASE
from linnet.features.sessions import factors
from linnet.features.sessions.factors import totp
from linnet.features.sessions.reads import access_of
from linnet.platform.jobs import store
from linnet.platform.jobs.store import Failure
from world import World


def test_help_names_every_command(linnet: Linnet) -> None:
    shown = linnet.run("--help").stdout
    for command in ("serve", "migrate", "doctor", "account", "token", "jobs", "demo", "settings"):
        assert f"\n  {command} " in shown
    assert "Exit codes: 0 done" in " ".join(shown.split())


def test_a_command_nobody_knows_is_wrong_usage(linnet: Linnet) -> None:
    assert "No such command" in linnet.error("sing", code=2)
    assert "--email" in linnet.run("account", "create", "ada", code=2).stderr


async def test_a_created_account_can_sign_in_at_once(linnet: Linnet, world: World) -> None:
    linnet.run("account", "create", "ada", "--email", "ada@example.org", "--password", "pw-of-ada-1", "--role", "admin")
    signed_in = await world.client.post("/api/v1/auth/login", json={"identifier": "ada", "password": "pw-of-ada-1"})
    assert signed_in.status_code == 200
    listed = linnet.json("account", "list")
    assert [(one["username"], one["role"], one["is_locked"]) for one in listed] == [("ada", "admin", False)]
    assert isinstance(listed[0]["account_id"], str)


async def test_a_password_is_made_and_printed_when_none_is_given(linnet: Linnet, world: World) -> None:
    printed = linnet.run("account", "create", "bob", "--email", "bob@example.org").stdout
    password = printed.splitlines()[-1].removeprefix("Password: ")
    signed_in = await world.client.post("/api/v1/auth/login", json={"identifier": "bob", "password": password})
    assert signed_in.status_code == 200


async def test_locking_keeps_out_and_unlocking_lets_in(linnet: Linnet, world: World) -> None:
    ada = await world.person("ada")
    linnet.run("account", "lock", "ada")
    assert [one["is_locked"] for one in linnet.json("account", "list")] == [True]
    login = {"identifier": "ada", "password": "tangerine-lighthouse-42"}
    assert (await world.client.post("/api/v1/auth/login", json=login)).status_code == 403
    linnet.run("account", "unlock", "ada")
    assert (await ada.ask("GET", "/api/v1/accounts/verify_credentials")).status_code == 200


async def test_roles_and_passwords_change(linnet: Linnet, world: World) -> None:
    await world.person("ada")
    linnet.run("account", "role", "ada", "moderator")
    linnet.run("account", "password", "ada", "--password", "another-one-77")
    assert linnet.json("account", "list")[0]["role"] == "moderator"
    login = {"identifier": "ada", "password": "another-one-77"}
    assert (await world.client.post("/api/v1/auth/login", json=login)).status_code == 200


async def test_deleting_asks_first_and_then_erases(linnet: Linnet, world: World) -> None:
    ada = await world.person("ada")
    post = await ada.post("Soon gone")
    assert "--yes" in linnet.error("account", "delete", "ada", code=1)
    linnet.run("account", "delete", "ada", "--yes")
    await world.settle()
    assert (await world.get(f"/api/v1/statuses/{post['id']}")).status_code == 404


def test_who_is_not_there_gets_a_sentence(linnet: Linnet) -> None:
    assert linnet.error("account", "lock", "nobody_here", code=1) == "Error: There is no account called nobody_here"


async def test_a_token_is_on_the_last_line_and_does_what_it_may(linnet: Linnet, world: World) -> None:
    await world.person("ada")
    token = linnet.run("token", "create", "ada", "--scopes", "read write:statuses").stdout.splitlines()[-1]
    access = await access_of(world.engines, token)
    assert access is not None
    assert access.allows("write:statuses")
    assert not access.allows("write:follows")
    assert "scopes that do not exist: fly" in linnet.error("token", "create", "ada", "--scopes", "fly", code=1)


async def test_dead_jobs_are_listed_retried_and_dropped(linnet: Linnet, world: World) -> None:
    db = world.engines.db
    await store.enqueue(db, [(ERASE, AccountDeleted(account_id=n)) for n in (1, 2)])
    worker = await store.register(db, "test", 0)
    claims = await store.claim(db, worker, [ERASE])
    await store.fail(db, worker, [Failure(claim.id, "ValueError: no luck", None) for claim in claims])

    listed = linnet.json("jobs", "list")
    assert [(one["name"], one["state"], one["last_error"]) for one in listed] == [
        ("accounts.erase", "dead", "ValueError: no luck")
    ] * 2
    assert "accounts.erase" in linnet.run("jobs", "stats").stdout
    linnet.run("jobs", "retry", str(listed[0]["id"]))
    assert len(linnet.json("jobs", "list")) == 1
    assert "None of these jobs is dead" in linnet.error("jobs", "drop", "999999", code=1)
    assert linnet.run("jobs", "drop", "--all").stdout == "1 jobs dropped.\n"
    assert "either ids or --all" in linnet.error("jobs", "drop", code=2)


def test_migrating_twice_changes_nothing(linnet: Linnet) -> None:
    assert linnet.json("migrate") == []


def test_settings_show_no_secret(linnet: Linnet) -> None:
    shown = linnet.run("settings", "--changed", JWT_SECRET="s3cret-that-is-l0ng-enough-for-it").stdout
    assert "s3cret" not in shown
    assert "[redacted]" in shown
    assert "LINNET_BCRYPT_COST" in shown
    assert "LINNET_TITLE" not in shown


def test_a_bad_setting_is_named(linnet: Linnet) -> None:
    assert "LINNET_PORT='many' cannot be used" in linnet.error("serve", code=2, LINNET_PORT="many")


def test_engines_that_are_away_have_an_exit_code_of_their_own(linnet: Linnet) -> None:
    away = {"LINNET_DATABASE_URL": "postgresql://127.0.0.1:1/linnet"}
    assert "PostgreSQL does not answer" in linnet.error("account", "list", code=3, **away)


def test_the_doctor_finds_a_healthy_server_healthy(linnet: Linnet) -> None:
    findings = {one["check"]: one["verdict"] for one in linnet.json("doctor")}
    for check in ("PostgreSQL", "Valkey", "schema", "letters", "clocks", "dead jobs"):
        assert findings[check] == "ok"


def test_the_doctor_says_what_is_wrong_and_what_to_do(linnet: Linnet, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "jwt").write_text("for everybody to see")
    (secrets / "jwt").chmod(0o644)
    ill = {
        "LINNET_DATA_DIR": str(tmp_path),
        "LINNET_VALKEY_URL": "valkey://127.0.0.1:1",
        "LINNET_PUBLIC_URL": "http://social.example",
        "LINNET_PROT": "80",
        "JWT_SECRET": "changeme",
    }
    report = linnet.run("doctor", code=1, **ill).stdout
    for part in (
        "LINNET_PROT is no setting",
        "put a proxy with TLS",
        "too weak",
        "chmod 600",
        "Valkey: does not answer",
    ):
        assert part in " ".join(report.split())
    assert "PostgreSQL: version" in report


async def test_the_demo_fills_an_empty_server_once(linnet: Linnet, world: World) -> None:
    filled = linnet.json("demo", "--people", "30", "--statuses", "200")
    login = {"identifier": filled["username"], "password": filled["password"]}
    signed_in = (await world.client.post("/api/v1/auth/login", json=login)).json()
    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    home: httpx.Response = await world.client.get("/api/v1/timelines/home?limit=40", headers=bearer)
    assert len(home.json()) > 20
    assert home.json() == sorted(home.json(), key=lambda status: int(status["id"]), reverse=True)
    told = await world.client.get("/api/v1/notifications", headers=bearer)
    assert {"favourite", "follow"} <= {one["type"] for one in told.json()}
    assert "--force" in linnet.error("demo", code=1)


async def test_what_the_demo_counts_is_what_is_there(linnet: Linnet, world: World) -> None:
    linnet.run("demo", "--people", "25", "--statuses", "300", "--seed", "3")
    wrong = await world.engines.db.rows(
        """
        select s.id from statuses s left join status_counters c on c.status_id = s.id
        where coalesce(c.replies, 0) <> (select count(*) from statuses r where r.in_reply_to_id = s.id)
            or coalesce(c.reblogs, 0) <> (select count(*) from statuses r where r.reblog_of_id = s.id)
            or coalesce(c.quotes, 0) <> (select count(*) from statuses q where q.quote_of_id = s.id)
            or coalesce(c.favourites, 0) <> (select count(*) from favourites f where f.status_id = s.id)
            or s.created_at <> to_timestamp((s.id >> 16) / 1000.0) and abs(extract(epoch from s.created_at)
                - (s.id >> 16) / 1000.0) > 0.002
            or s.in_reply_to_id is not null
                and s.thread_id <> (select p.thread_id from statuses p where p.id = s.in_reply_to_id)
        union all
        select a.id from accounts a join account_counters c on c.account_id = a.id
        where c.followers <> (select count(*) from follows f where f.target_id = a.id)
            or c.following <> (select count(*) from follows f where f.account_id = a.id)
            or c.statuses <> (select count(*) from statuses s where s.account_id = a.id)
        """
    )
    assert wrong == []
    assert await world.engines.db.value("select count(*) from statuses") == 300
    assert await world.engines.db.value("select count(*) from account_counter_changes") == 0


async def test_an_operator_takes_lost_factors_away(linnet: Linnet, world: World) -> None:
    ada = await world.person("ada")
    assert "no second factor" in linnet.run("account", "reset-factors", "ada").stdout
    enrolment = await totp.enrol(world.engines, ada.id)
    await totp.confirm(world.engines, ada.id, TOTP(enrolment.secret).at(world.clock.now()), session_id=0)
    assert await factors.wanted(world.engines, ada.id) == ("totp", "recovery")
    assert "password alone" in linnet.run("account", "reset-factors", "ada").stdout
    assert await factors.wanted(world.engines, ada.id) == ()
    assert linnet.json("audit", "--about", "ada")[0]["action"] == "factors.reset"
    told = await world.engines.db.rows("select work from jobs where name like '%factors%' order by id")
    assert ["totp_added" in told[0]["work"], "factors_reset" in told[1]["work"]] == [True, True]
