"""Stories of reports: what can be reported, what staff see of it, and who is told."""

from typing import Any

import pytest

from linnet.features.accounts import staff
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import reads
from linnet.features.cases.models import Choice, ReportChoice, SubjectKind
from linnet.platform.paging import Window
from world import SCOPES, Person, World

STAFF = (*SCOPES, "admin:read", "admin:write")


async def report(reporter: Person, target: Person, **more: Any) -> Any:
    return await reporter.do("POST", "/api/v1/reports", account_id=str(target.id), **more)


async def told(person: Person, kind: str) -> list[Any]:
    return [one for one in await person.get("/api/v1/notifications") if one["type"] == kind]


async def test_a_report_says_what_was_reported_and_staff_are_told(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=STAFF)
    bad = await mallory.post("Buy followers at once")
    made = await report(ann, mallory, status_ids=[bad["id"]], category="spam", comment="Spam, again", forward=True)
    assert made["status_ids"] == [bad["id"]]
    assert (made["category"], made["comment"], made["forwarded"]) == ("spam", "Spam, again", False)
    assert (made["action_taken"], made["action_taken_at"], made["rule_ids"]) == (False, None, [])
    assert made["target_account"]["username"] == "mallory"
    await world.settle()
    (notice,) = await told(maud, "admin.report")
    assert notice["account"]["username"] == "ann"
    assert notice["report"]["id"] == made["id"]
    (group,) = (await maud.get("/api/v2/notifications", types="admin.report"))["notification_groups"]
    assert group["report"]["comment"] == "Spam, again"
    assert not await told(ann, "admin.report")
    assert not await told(mallory, "admin.report")


async def test_what_was_reported_stays_as_it_was_when_its_author_edits_or_deletes_it(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    first, second = await mallory.post("You are a fool"), await mallory.post("And so is your cat")
    made = await report(ann, mallory, status_ids=[first["id"], second["id"]])
    await mallory.do("PUT", f"/api/v1/statuses/{first['id']}", status="You are lovely")
    await mallory.do("DELETE", f"/api/v1/statuses/{second['id']}")
    await world.settle()
    kept = await reads.show_report(world.engines, OPERATOR, int(made["id"]))
    assert [one.text for one in kept.subjects] == ["You are a fool", "And so is your cat"]


async def test_private_messages_are_reported_by_who_is_in_on_them_and_staff_see_exactly_those(world: World) -> None:
    ann, mallory, eve = await world.people("ann", "mallory", "eve")
    nasty = await mallory.post("@ann I know where you live", visibility="direct")
    other = await mallory.post("@ann and I like soup", visibility="direct")
    private = await mallory.post("For followers only", visibility="private")
    made = await report(ann, mallory, status_ids=[nasty["id"], private["id"]])
    assert made["status_ids"] == [nasty["id"]], "ann does not follow mallory, and sees no private post"
    kept = await reads.show_report(world.engines, OPERATOR, int(made["id"]))
    assert [(one.kind, one.text) for one in kept.subjects] == [(SubjectKind.MESSAGE, "@ann I know where you live")]
    stranger = await report(eve, mallory, status_ids=[nasty["id"], other["id"]], category="spam")
    assert stranger["status_ids"] == []


async def test_others_posts_in_a_report_are_left_out(world: World) -> None:
    ann, mallory, bob = await world.people("ann", "mallory", "bob")
    innocent = await bob.post("Hello")
    passed_on = await mallory.mark("reblog", innocent)
    made = await report(ann, mallory, status_ids=[innocent["id"], passed_on["id"], "99", "no id"])
    assert made["status_ids"] == []


async def test_reports_of_one_kind_about_one_account_are_one_case_and_legal_ones_are_each_their_own(
    world: World,
) -> None:
    mallory, *people = await world.people("mallory", "ann", "bob", "cleo")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=STAFF)
    for person in people:
        await report(person, mallory, category="spam")
        await report(person, mallory, category="legal")
    await report(people[0], mallory, category="spam", comment="again")
    found = await reads.page(world.engines, OPERATOR, Window(), Choice())
    assert sorted((one.category, one.reporters) for one in found) == [("legal", 1)] * 3 + [("spam", 3)]
    await world.settle()
    assert len(await told(maud, "admin.report")) == 4, "of a case that is open, staff know"
    made = await reads.reports_page(world.engines, OPERATOR, Window(), ReportChoice(account_id=people[0].id))
    assert [one.comment for one in made] == ["again", "", ""]


async def test_what_cannot_be_reported_is_refused_with_a_sentence(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")

    async def refused(**body: Any) -> tuple[int, str]:
        answer = await ann.ask("POST", "/api/v1/reports", json=body)
        return answer.status_code, answer.json()["error"]

    assert (await refused(account_id=str(ann.id)))[1].startswith("You cannot report your own account")
    assert (await refused(account_id="12"))[0] == 404
    assert (await refused(account_id="x"))[0] == 404
    assert (await refused(account_id=str(mallory.id), rule_ids=["7"]))[0] == 422
    assert "1000" in (await refused(account_id=str(mallory.id), comment="x" * 1001))[1]
    assert (await refused(account_id=str(mallory.id), category="boring"))[0] == 422


@pytest.mark.parametrize("limit", [3])
async def test_nobody_reports_without_end(world: World, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linnet.features.cases.reporting.REPORTS_A_DAY_MAX", limit)
    ann, mallory = await world.people("ann", "mallory")
    for _ in range(limit):
        await report(ann, mallory)
    answer = await ann.ask("POST", "/api/v1/reports", json={"account_id": str(mallory.id)})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "86400"
    world.clock.move(days=1, hours=1)
    await report(ann, mallory)


async def test_a_moderator_never_sees_what_is_reported_about_themselves(world: World) -> None:
    ann = await world.person("ann")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=STAFF)
    milo = await world.person("milo", role=Role.MODERATOR, scopes=STAFF)
    await report(ann, maud, comment="Maud is unfair")
    await world.settle()
    assert not await told(maud, "admin.report")
    assert len(await told(milo, "admin.report")) == 1
    assert not await reads.page(world.engines, maud.acting(Role.MODERATOR), Window(), Choice())
    assert len(await reads.page(world.engines, milo.acting(Role.MODERATOR), Window(), Choice())) == 1


async def test_who_is_no_moderator_any_more_reads_no_reports_among_their_notifications(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=STAFF)
    ada = await world.person("ada", role=Role.ADMIN, scopes=STAFF)
    await report(ann, mallory, comment="Look at this")
    await world.settle()
    assert len(await told(maud, "admin.report")) == 1
    await staff.change_role(world.engines, ada.acting(Role.ADMIN), maud.id, Role.USER)
    assert not await told(maud, "admin.report")
