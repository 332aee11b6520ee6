"""What moderators and admins do over HTTP, as Mastodon's moderation apps ask for it."""

from dataclasses import replace
from typing import Any

import pytest

from linnet.features.accounts.models import Role
from linnet.features.accounts.signup import SignupMode, SignupRules
from world import PASSWORD, SCOPES, Person, World

EVERY_SCOPE = (*SCOPES, "admin:read", "admin:write")
ACCOUNTS = "/api/v1/admin/accounts"


async def staff_of(world: World) -> tuple[Person, Person]:
    """A moderator and an admin."""
    return (
        await world.person("maud", role=Role.MODERATOR, scopes=EVERY_SCOPE),
        await world.person("ada", role=Role.ADMIN, scopes=EVERY_SCOPE),
    )


async def waiting(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> dict[str, Any]:
    """Somebody who waits for approval: their tokens."""
    monkeypatch.setitem(world.engines.configs, SignupRules, SignupRules(SignupMode.APPROVAL))  # type: ignore[arg-type]
    form = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "agreement": True}
    answer = await world.client.post("/api/v1/auth/signup", json={**form, "reason": "I like birds"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def at_a_session(person: Person) -> Person:
    """The same person in a client of ours, where they have just typed their password."""
    login = {"identifier": person.username, "password": PASSWORD}
    answer = await person.world.client.post("/api/v1/auth/login", json=login)
    return replace(person, token=answer.json()["access_token"])


async def names(person: Person, path: str = ACCOUNTS, **params: Any) -> list[str]:
    return [one["username"] for one in await person.get(path, **params)]


async def test_staff_see_members_with_their_private_half_and_others_do_not(world: World) -> None:
    maud, ada = await staff_of(world)
    ann = await world.person("ann", scopes=EVERY_SCOPE)
    await world.client.post("/api/v1/auth/login", json={"identifier": "ann", "password": PASSWORD})
    for person in (maud, ada):
        shown = await person.get(f"{ACCOUNTS}/{ann.id}")
        assert shown["account"]["id"] == shown["id"] == str(ann.id)
        assert (shown["username"], shown["email"], shown["domain"]) == ("ann", "ann@example.org", None)
        assert shown["role"]["id"] == "-99"
        assert shown["ip"] == shown["ips"][0]["ip"] == "127.0.0.1"
        assert (shown["confirmed"], shown["approved"], shown["disabled"], shown["suspended"]) == (
            True,
            True,
            False,
            False,
        )
    for path in (ACCOUNTS, f"{ACCOUNTS}/{ann.id}", "/api/v2/admin/accounts", "/api/v1/admin/audit_log"):
        answer = await ann.ask("GET", path)
        assert (answer.status_code, answer.json()) == (403, {"error": "This action is not allowed"})
    assert (await maud.ask("GET", f"{ACCOUNTS}/1")).status_code == 404


async def test_members_are_filtered_and_paged(world: World) -> None:
    maud, ada = await staff_of(world)
    ann, bob = await world.people("ann", "bob")
    await ada.do("POST", f"{ACCOUNTS}/{bob.id}/action", type="suspend")
    await ada.do("POST", f"{ACCOUNTS}/{ann.id}/action", type="disable")
    assert await names(maud) == ["bob", "ann", "ada", "maud"]
    assert await names(maud, staff=True) == ["ada", "maud"]
    assert await names(maud, suspended=True) == ["bob"]
    assert await names(maud, disabled=True) == ["ann"]
    assert await names(maud, active=True) == ["ada", "maud"]
    assert await names(maud, username="AN") == ["ann"]
    assert await names(maud, email="bob@example.org") == ["bob"]
    assert await names(maud, ip="203.0.113.1") == await names(maud, remote=True) == []
    v2 = "/api/v2/admin/accounts"
    assert await names(maud, v2, status="suspended") == ["bob"]
    assert await names(maud, v2, permissions="staff", **{"role_ids[]": ["3"]}) == ["ada"]
    assert await names(maud, v2, origin="remote") == []
    page = await maud.ask("GET", ACCOUNTS, params={"limit": 2})
    assert [one["username"] for one in page.json()] == ["bob", "ann"]
    assert f"max_id={ann.id}" in page.headers["link"]
    assert await names(maud, max_id=ann.id) == ["ada", "maud"]
    assert await names(maud, min_id=maud.id, limit=1) == ["ada"]


async def test_a_page_of_members_takes_the_same_statements_however_long(world: World) -> None:
    maud, _ = await staff_of(world)
    await maud.get(ACCOUNTS)
    async with world.counting_statements() as few:
        await maud.get(ACCOUNTS, limit=1)
    for _ in range(6):
        await world.person()
    async with world.counting_statements() as many:
        await maud.get(ACCOUNTS)
    assert many.number == few.number


async def test_a_moderator_lets_people_in_and_turns_them_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    maud, _ = await staff_of(world)
    good, bad = [await waiting(world, monkeypatch, name) for name in ("good", "bad")]
    assert await names(maud, pending=True) == ["bad", "good"]
    shown = await maud.get(f"{ACCOUNTS}/{bad['account']['id']}")
    assert (shown["approved"], shown["invite_request"]) == (False, "I like birds")

    assert (await maud.do("POST", f"{ACCOUNTS}/{good['account']['id']}/approve"))["approved"] is True
    again = await maud.ask("POST", f"{ACCOUNTS}/{good['account']['id']}/approve")
    assert (again.status_code, again.json()["error"]) == (403, "This account does not wait for approval")
    login = await world.client.post("/api/v1/auth/login", json={"identifier": "good", "password": PASSWORD})
    assert login.status_code == 200

    await maud.do("POST", f"{ACCOUNTS}/{bad['account']['id']}/reject")
    await world.settle()
    assert await names(maud, pending=True) == []
    headers = {"Authorization": f"Bearer {bad['access_token']}"}
    assert (await world.client.get("/oauth/userinfo", headers=headers)).status_code == 401
    assert await world.engines.db.value("select count(*) from sessions where account_id = $1", int(shown["id"])) == 0
    await waiting(world, monkeypatch, "bad")


async def test_a_suspended_account_is_gone_at_once_and_comes_back_whole(world: World) -> None:
    maud, ada = await staff_of(world)
    ann = await world.person("ann")
    post = await ann.post("Hello")
    assert await maud.do("POST", f"{ACCOUNTS}/{ann.id}/action", type="suspend", text="spam") == {}
    assert (await ann.ask("GET", "/api/v1/timelines/home")).status_code == 401
    assert (await world.get(f"/api/v1/statuses/{post['id']}")).status_code == 404
    assert (await maud.get(f"{ACCOUNTS}/{ann.id}"))["suspended"] is True
    assert (await maud.ask("DELETE", f"{ACCOUNTS}/{ann.id}")).status_code == 403  # an admin's to do
    await maud.do("POST", f"{ACCOUNTS}/{ann.id}/unsuspend")
    assert (await ann.get("/api/v1/timelines/home"))[0]["id"] == post["id"]
    assert (await world.get(f"/api/v1/statuses/{post['id']}")).status_code == 200
    await ada.do("POST", f"{ACCOUNTS}/{ann.id}/action", type="suspend")
    await ada.do("DELETE", f"{ACCOUNTS}/{ann.id}")
    await world.settle()
    assert (await maud.ask("GET", f"{ACCOUNTS}/{ann.id}")).status_code == 404


async def test_a_locked_account_cannot_sign_in_until_it_is_enabled(world: World) -> None:
    maud, _ = await staff_of(world)
    ann = await world.person("ann")
    await maud.do("POST", f"{ACCOUNTS}/{ann.id}/action", type="disable")
    login = {"identifier": "ann", "password": PASSWORD}
    assert (await world.client.post("/api/v1/auth/login", json=login)).status_code == 403
    assert (await maud.do("POST", f"{ACCOUNTS}/{ann.id}/enable"))["disabled"] is False
    assert (await world.client.post("/api/v1/auth/login", json=login)).status_code == 200


async def test_moderators_see_who_tried_to_sign_in_and_let_the_owner_in(world: World) -> None:
    maud, _ = await staff_of(world)
    ann = await world.person("ann")
    for _ in range(3):
        wrong = await world.client.post("/api/v1/auth/login", json={"identifier": "ann", "password": "wrong"})
        assert wrong.status_code == 401
    login = {"identifier": "ann", "password": PASSWORD}
    assert (await world.client.post("/api/v1/auth/login", json=login)).status_code == 429
    tries = await maud.get(f"{ACCOUNTS}/{ann.id}/sign_ins")
    assert [one["address"] for one in tries] == ["127.0.0.1"] * 3
    assert (await ann.ask("GET", f"{ACCOUNTS}/{ann.id}/sign_ins")).status_code == 403
    await maud.do("POST", f"{ACCOUNTS}/{ann.id}/enable")
    assert (await world.client.post("/api/v1/auth/login", json=login)).status_code == 200


@pytest.mark.parametrize("kind", ["", "explode", "warn"])
async def test_an_action_that_is_not_there_is_refused(world: World, kind: str) -> None:
    maud, _ = await staff_of(world)
    ann = await world.person("ann")
    answer = await maud.ask("POST", f"{ACCOUNTS}/{ann.id}/action", json={"type": kind})
    assert answer.status_code == 422
    assert answer.json()["details"]["type"][0]["error"] == "ERR_INCLUSION"


async def test_an_admin_changes_roles_and_it_counts_at_once(world: World) -> None:
    maud, ada = await staff_of(world)
    ann = await world.person("ann", scopes=EVERY_SCOPE)
    path = f"{ACCOUNTS}/{ann.id}/role"
    assert (await (await at_a_session(maud)).ask("PUT", path, json={"role": "moderator"})).status_code == 403
    assert (await ada.ask("PUT", path, json={"role": "moderator"})).status_code == 403  # an app's token
    ada = await at_a_session(ada)
    assert (await ada.do("PUT", path, role="moderator"))["role"]["name"] == "Moderator"
    assert len(await ann.get(ACCOUNTS)) == 3
    assert (await ann.get("/api/v1/accounts/verify_credentials"))["roles"][0]["name"] == "Moderator"
    await ada.do("PUT", path, role="user")
    assert (await ann.ask("GET", ACCOUNTS)).status_code == 403
    assert (await ada.ask("PUT", path, json={"role": "king"})).status_code == 422
    refused = await ada.ask("PUT", f"{ACCOUNTS}/{ada.id}/role", json={"role": "user"})
    assert (refused.status_code, "last admin" in refused.json()["error"]) == (403, True)


async def test_a_role_is_changed_only_soon_after_a_proof(world: World) -> None:
    ada, ann = await world.person("ada", role=Role.ADMIN), await world.person("ann")
    ada = await at_a_session(ada)
    world.clock.move(minutes=14)
    await ada.do("PUT", f"{ACCOUNTS}/{ann.id}/role", role="moderator")
    ada = await at_a_session(ada)
    await world.engines.db.execute("update sessions set created_at = created_at - interval '16 minutes'")
    refused = await ada.ask("PUT", f"{ACCOUNTS}/{ann.id}/role", json={"role": "admin"})
    assert (refused.status_code, refused.json()["error_code"]) == (403, "step_up_required")
    assert (await ada.ask("POST", "/api/v1/auth/step_up", json={"password": PASSWORD})).is_success
    await ada.do("PUT", f"{ACCOUNTS}/{ann.id}/role", role="admin")


async def test_the_audit_log_is_read_by_staff_and_paged(world: World) -> None:
    maud, ada = await staff_of(world)
    ann = await world.person("ann")
    await maud.do("POST", f"{ACCOUNTS}/{ann.id}/action", type="none")
    await (await at_a_session(ada)).do("PUT", f"{ACCOUNTS}/{ann.id}/role", role="moderator")
    about_ann = await maud.get("/api/v1/admin/audit_log", target_id=ann.id)
    assert [(one["action"], one["detail"]) for one in about_ann] == [
        ("account.role", {"from": "user", "to": "moderator"}),
        ("account.warn", {}),
        ("token.create", {"scopes": "read write follow push"}),
        ("account.create", {"role": "user"}),
    ]
    assert (about_ann[0]["actor"]["id"], about_ann[0]["target"]["id"]) == (str(ada.id), str(ann.id))
    assert about_ann[0]["address"] == "127.0.0.1"
    assert about_ann[2]["actor"] is None
    assert [one["action"] for one in await maud.get("/api/v1/admin/audit_log", actor_id=maud.id)] == ["account.warn"]
    page = await maud.ask("GET", "/api/v1/admin/audit_log", params={"limit": 1})
    older = await maud.get("/api/v1/admin/audit_log", limit=1, max_id=page.json()[0]["id"])
    assert older[0]["action"] == "account.warn"


async def test_a_token_without_the_scope_does_not_act_even_for_an_admin(world: World) -> None:
    ada = await world.person("ada", role=Role.ADMIN, scopes=(*SCOPES, "admin:read"))
    ann = await world.person("ann")
    assert (await ada.ask("GET", f"{ACCOUNTS}/{ann.id}")).status_code == 200
    answer = await ada.ask("POST", f"{ACCOUNTS}/{ann.id}/action", json={"type": "suspend"})
    assert answer.json() == {"error": "This action is outside the authorized scopes"}
