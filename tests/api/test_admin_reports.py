"""Stories of moderation apps for Mastodon: reports, what is done about accounts, and how it is taken back."""

from typing import Any

import pytest

from linnet.features.accounts.models import Role
from world import SCOPES, Person, World

EVERY_SCOPE = (*SCOPES, "admin:read", "admin:write")
REPORTS, ACCOUNTS = "/api/v1/admin/reports", "/api/v1/admin/accounts"


async def moderator(world: World, name: str = "maud") -> Person:
    return await world.person(name, role=Role.MODERATOR, scopes=EVERY_SCOPE)


async def reported(by: Person, target: Person, **more: Any) -> str:
    made = await by.do("POST", "/api/v1/reports", account_id=str(target.id), **more)
    return made["id"]


async def names(person: Person, path: str = ACCOUNTS, **params: Any) -> list[str]:
    return [one["username"] for one in await person.get(path, **params)]


async def test_a_report_is_seen_with_both_sides_and_what_it_is_about(world: World) -> None:
    maud = await moderator(world)
    ann, mallory = await world.people("ann", "mallory")
    await ann.follow(mallory)
    await mallory.follow(ann)
    rude = await mallory.post("You fool")
    secret = await mallory.post("<b>fool</b>\nagain", visibility="private")
    ids = [rude["id"], secret["id"]]
    report_id = await reported(ann, mallory, status_ids=ids, comment="Look", category="spam")
    (listed,) = await maud.get(REPORTS)
    assert listed == await maud.get(f"{REPORTS}/{report_id}")
    assert (listed["comment"], listed["category"], listed["forwarded"]) == ("Look", "spam", False)
    assert (listed["account"]["username"], listed["target_account"]["username"]) == ("ann", "mallory")
    assert listed["target_account"]["email"] == "mallory@example.org"
    assert (listed["action_taken"], listed["assigned_account"], listed["action_taken_by_account"]) == (
        False,
        None,
        None,
    )
    shown = {one["id"]: one for one in listed["statuses"]}
    assert shown[rude["id"]]["content"] == rude["content"]
    kept = shown[secret["id"]]
    assert (kept["content"], kept["visibility"]) == ("<p>&lt;b&gt;fool&lt;/b&gt;<br>again</p>", "private")
    await mallory.do("DELETE", f"/api/v1/statuses/{rude['id']}")
    (listed,) = await maud.get(REPORTS)
    assert "You fool" in str(listed["statuses"])


async def test_a_report_is_taken_closed_and_opened_again(world: World) -> None:
    maud = await moderator(world)
    ann, mallory = await world.people("ann", "mallory")
    path = f"{REPORTS}/{await reported(ann, mallory)}"
    assert (await maud.do("POST", f"{path}/assign_to_self"))["assigned_account"]["username"] == "maud"
    assert (await maud.do("POST", f"{path}/unassign"))["assigned_account"] is None
    closed = await maud.do("POST", f"{path}/resolve")
    assert (closed["action_taken"], closed["action_taken_by_account"]["username"]) == (True, "maud")
    assert closed["action_taken_at"] == closed["updated_at"]
    assert await maud.do("POST", f"{path}/resolve") == closed
    assert await maud.get(REPORTS) == []
    assert [one["id"] for one in await maud.get(REPORTS, resolved=True)] == [closed["id"]]
    opened = await maud.do("POST", f"{path}/reopen")
    assert (opened["action_taken"], opened["action_taken_at"]) == (False, None)
    acts = [one["action"] for one in await maud.get("/api/v1/admin/audit_log", target_id=mallory.id)]
    assert acts[:4] == ["case.reopen", "case.resolve", "case.unassign", "case.assign"]
    for params in ({"account_id": ann.id}, {"target_account_id": mallory.id}):
        assert len(await maud.get(REPORTS, **params)) == 1
    assert await maud.get(REPORTS, account_id=mallory.id) == []


async def test_what_kind_a_report_is_of_can_be_said_anew(world: World) -> None:
    maud = await moderator(world)
    ann, mallory = await world.people("ann", "mallory")
    path = f"{REPORTS}/{await reported(ann, mallory)}"
    assert (await maud.do("PUT", path, category="legal"))["category"] == "legal"
    assert (await maud.do("PUT", path))["category"] == "legal"
    refused = await maud.ask("PUT", path, json={"rule_ids": ["99"]})
    assert (refused.status_code, list(refused.json()["details"])) == (422, ["rule_ids"])
    assert (await maud.ask("PUT", path, json={"category": "boring"})).status_code == 422


async def test_nobody_but_staff_sees_reports_and_staff_none_about_themselves(world: World) -> None:
    maud, milo = await moderator(world), await moderator(world, "milo")
    ann = await world.person("ann", scopes=EVERY_SCOPE)
    report_id = await reported(ann, milo)
    assert (await ann.ask("GET", REPORTS)).status_code == 403
    assert await milo.get(REPORTS) == []
    assert (await milo.ask("GET", f"{REPORTS}/{report_id}")).status_code == 404
    assert len(await maud.get(REPORTS)) == 1
    assert (await maud.ask("POST", f"{REPORTS}/{report_id}/resolve")).status_code == 403  # does not outrank milo


@pytest.mark.parametrize(
    ("kind", "state", "back"),
    [("silence", "silenced", "unsilence"), ("sensitive", "sensitized", "unsensitive"),
     ("suspend", "suspended", "unsuspend")],
)  # fmt: skip
async def test_what_is_done_about_an_account_shows_and_is_taken_back(
    world: World, kind: str, state: str, back: str
) -> None:
    maud = await moderator(world)
    ann, mallory = await world.people("ann", "mallory")
    report_id = await reported(ann, mallory)
    words = {"type": kind, "text": "Enough", "report_id": report_id, "send_email_notification": True}
    assert await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/action", **words) == {}
    assert (await maud.get(f"{ACCOUNTS}/{mallory.id}"))[state] is True
    assert await names(maud, ACCOUNTS, **{state: True}) == ["mallory"]
    if state != "sensitized":
        assert await names(maud, "/api/v2/admin/accounts", status=state) == ["mallory"]
    assert (await maud.get(f"{REPORTS}/{report_id}"))["action_taken"] is True
    await world.settle()
    letter = await world.engines.db.value("select text from outbox where recipient = 'mallory@example.org'")
    assert "Enough" in letter
    assert (await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/{back}"))[state] is False
    assert await world.engines.db.value("select undone_at is not null from strikes") is True
    assert await names(maud, ACCOUNTS, **{state: True}) == []
    assert (await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/{back}"))[state] is False


async def test_a_frozen_account_writes_again_once_it_is_enabled(world: World) -> None:
    maud = await moderator(world)
    mallory = await world.person("mallory")
    await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/action", type="freeze", text="Wait")
    assert (await mallory.ask("POST", "/api/v1/statuses", json={"status": "But"})).status_code == 403
    await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/enable")
    await mallory.post("Thanks")


async def test_none_is_a_warning_with_words_and_dismisses_a_report_without(world: World) -> None:
    maud = await moderator(world)
    ann, mallory = await world.people("ann", "mallory")
    await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/action", type="none", text="Be kind")
    await world.settle()
    (told,) = await mallory.get("/api/v1/notifications", types="moderation_warning")
    assert told["moderation_warning"]["text"] == "Be kind"
    report_id = await reported(ann, mallory)
    await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/action", type="none", report_id=report_id)
    assert (await maud.get(f"{REPORTS}/{report_id}"))["action_taken"] is True
    assert await world.engines.db.value("select outcome from cases") == "dismissed"
    another = await reported(mallory, ann)
    wrong = await maud.ask("POST", f"{ACCOUNTS}/{mallory.id}/action", json={"type": "silence", "report_id": another})
    assert wrong.status_code == 404  # it is about somebody else
    disabled = await reported(ann, mallory)
    await maud.do("POST", f"{ACCOUNTS}/{mallory.id}/action", type="disable", report_id=disabled)
    assert (await maud.get(f"{REPORTS}/{disabled}"))["action_taken"] is True


async def test_reports_are_counted_by_day(world: World) -> None:
    maud = await moderator(world)
    ann, mallory = await world.people("ann", "mallory")
    first = await reported(ann, mallory)
    await reported(maud, mallory)
    world.clock.move(days=1)
    await reported(ann, mallory, category="spam")
    await maud.do("POST", f"{REPORTS}/{first}/resolve")
    today = world.clock.now().date().isoformat()
    body = {"keys": ["opened_reports", "resolved_reports"], "end_at": today}
    opened, resolved = await maud.do("POST", "/api/v1/admin/measures", **body)
    assert (opened["total"], [one["value"] for one in opened["data"]][-2:]) == ("3", ["2", "1"])
    assert (resolved["total"], [one["value"] for one in resolved["data"]][-2:]) == ("2", ["0", "2"])
