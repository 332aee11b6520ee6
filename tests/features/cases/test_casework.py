"""Stories of casework through the API: the queue, who works on what, and a mob that wants somebody gone."""

from typing import Any

from linnet.features.accounts.models import Role
from linnet.features.moderation.standings import standing
from world import SCOPES, Person, World

STAFF = (*SCOPES, "admin:read", "admin:write")
CASES = "/api/v1/admin/cases"


async def report(reporter: Person, target: Person, **more: Any) -> Any:
    return await reporter.do("POST", "/api/v1/reports", account_id=str(target.id), **more)


async def moderator(world: World, name: str = "maud") -> Person:
    return await world.person(name, role=Role.MODERATOR, scopes=STAFF)


async def queue(staff: Person) -> list[str]:
    return [one["account"]["username"] for one in await staff.get(f"{CASES}/queue")]


async def test_a_case_has_all_that_was_reported_and_the_history_of_both_sides(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await moderator(world)
    first = await mallory.post("Buy now", spoiler_text="Ad")
    private = await mallory.post("@ann buy now!", visibility="direct")
    await report(ann, mallory, category="spam", status_ids=[first["id"], private["id"]], comment="Twice today")
    (case,) = await maud.get(CASES, resolved="false", category="spam", account_id=str(mallory.id))
    assert (case["reporters_count"], case["outcome"], case["assigned_to_account_id"]) == (1, None, None)
    file = await maud.get(f"{CASES}/{case['id']}")
    (made,) = file["reports"]
    assert (made["account"]["username"], made["comment"]) == ("ann", "Twice today")
    assert [(one["kind"], one["spoiler_text"], one["text"]) for one in made["subjects"]] == [
        ("status", "Ad", "Buy now"),
        ("message", "", "@ann buy now!"),
    ]
    assert file["history"]["cases"] == 1
    assert [(one["account"]["username"], one["reports_made"]) for one in file["reporters"]] == [("ann", 1)]


async def test_cases_are_taken_noted_acted_on_and_opened_again(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud, milo = await moderator(world), await moderator(world, "milo")
    bad = await mallory.post("bad")
    await report(ann, mallory, status_ids=[bad["id"]], category="violation")
    (case,) = await maud.get(CASES)
    at = f"{CASES}/{case['id']}"
    assert (await maud.do("POST", f"{at}/assign"))["assigned_to_account_id"] == str(maud.id)
    assert [one["id"] for one in await maud.get(CASES, assigned_to="me")] == [case["id"]]
    assert await milo.get(CASES, assigned_to="me") == []
    await milo.do("POST", f"{at}/notes", text="I know this one")
    done = await maud.do("POST", f"{at}/act", action="delete_posts", status_ids=[bad["id"]], text="Not here")
    assert (done["outcome"], done["resolved_by_account_id"]) == ("upheld", str(maud.id))
    kinds = [(one["kind"], one["text"], one["account_id"]) for one in done["entries"]]
    assert kinds == [
        ("assigned", "", str(maud.id)),
        ("note", "I know this one", str(milo.id)),
        ("acted", "delete_posts", str(maud.id)),
        ("resolved", "upheld", str(maud.id)),
    ]
    (strike,) = await maud.get(f"/api/v1/admin/accounts/{mallory.id}/strikes")
    assert (strike["action"], strike["case_id"], strike["by_account_id"]) == (
        "delete_statuses",
        case["id"],
        str(maud.id),
    )
    undone = await maud.do("POST", f"/api/v1/admin/strikes/{strike['id']}/undo")
    assert undone["undone_at"]
    opened = await milo.do("POST", f"{at}/reopen")
    assert (opened["outcome"], opened["resolved_at"]) == (None, None)
    closed = await milo.do("POST", f"{at}/act", action="none")
    assert closed["outcome"] == "dismissed"
    again = await milo.ask("POST", f"{at}/resolve", json={"outcome": "upheld"})
    assert again.status_code == 409
    await report(ann, mallory, category="violation")
    assert (await milo.ask("POST", f"{at}/reopen")).status_code == 409, "another one is open for it"


async def test_nonsense_is_refused_with_a_sentence(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await moderator(world)
    await report(ann, mallory)
    (case,) = await maud.get(CASES)
    for verb, body in (
        ("act", {"action": "banish"}),
        ("act", {"action": "delete_posts"}),
        ("act", {"action": "warn"}),
        ("resolve", {}),
        ("notes", {"text": " "}),
    ):
        answer = await maud.ask("POST", f"{CASES}/{case['id']}/{verb}", json=body)
        assert answer.status_code == 422, (verb, body)
        assert answer.json()["error"].startswith("Validation failed")


async def test_moderators_leave_cases_about_the_staff_to_admins(world: World) -> None:
    ann = await world.person("ann")
    maud, milo = await moderator(world), await moderator(world, "milo")
    ada = await world.person("ada", role=Role.ADMIN, scopes=STAFF)
    await report(ann, milo)
    (case,) = await maud.get(CASES)
    at = f"{CASES}/{case['id']}"
    assert (await maud.ask("POST", f"{at}/resolve", json={"outcome": "dismissed"})).status_code == 403
    assert (await milo.ask("GET", at)).status_code == 404
    assert (await milo.ask("POST", f"{at}/assign")).status_code == 404
    assert (await ada.do("POST", f"{at}/resolve", outcome="dismissed"))["outcome"] == "dismissed"


async def test_a_mob_of_newcomers_changes_nothing_waits_at_the_bottom_and_pays_for_it(world: World) -> None:
    good, mallory, ann = await world.people("good", "mallory", "ann")
    world.clock.move(days=60)
    mob = [await world.person() for _ in range(200)]
    maud = await moderator(world)
    hello = await good.post("Hello #birds")
    for person in mob:
        await report(person, good, category="spam", status_ids=[hello["id"]], comment="Spam!!!")
    await report(ann, mallory, category="spam")
    await world.settle(periodics=True)

    # Nobody has looked yet: all is as it was.
    shown = await ann.get(f"/api/v1/accounts/{good.id}")
    assert "limited" not in shown
    assert "suspended" not in shown
    assert hello["id"] in [one["id"] for one in await ann.get("/api/v1/timelines/tag/birds")]
    assert (await standing(world.engines, good.id)).reputation >= 0.5
    await good.post("And again")

    # One person whose word is something comes before 200 whose is not, and staff were told of two cases.
    assert await queue(maud) == ["mallory", "good"]
    told = await maud.get("/api/v1/notifications", types="admin.report")
    assert len(told) == 2
    (case,) = await maud.get(CASES, account_id=str(good.id))
    assert case["reporters_count"] == 200

    # To dismiss it costs those who reported, and not who was reported.
    of_good = (await standing(world.engines, good.id)).reputation
    of_one = (await standing(world.engines, mob[0].id)).reporter_weight
    await maud.do("POST", f"{CASES}/{case['id']}/resolve", outcome="dismissed")
    assert (await standing(world.engines, good.id)).reputation >= of_good
    assert (await standing(world.engines, mob[0].id)).reporter_weight < of_one
    assert (await standing(world.engines, mob[199].id)).reporter_weight < of_one
    await report(mob[0], mallory, category="other")
    await maud.do("POST", f"{CASES}/{case['id']}/reopen")
    assert abs((await standing(world.engines, mob[0].id)).reporter_weight - of_one) < 0.001


async def test_upheld_reports_and_strikes_cost_reputation_and_give_it_to_who_was_right(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await moderator(world)
    await report(ann, mallory, category="spam")
    (case,) = await maud.get(CASES)
    weight = (await standing(world.engines, ann.id)).reporter_weight
    before = (await standing(world.engines, mallory.id)).reputation
    await maud.do("POST", f"{CASES}/{case['id']}/act", action="limit", text="Spam")
    assert (await standing(world.engines, ann.id)).reporter_weight > weight
    after = (await standing(world.engines, mallory.id)).reputation
    assert after < before
    (strike,) = await maud.get(f"/api/v1/admin/accounts/{mallory.id}/strikes")
    await maud.do("POST", f"/api/v1/admin/strikes/{strike['id']}/undo")
    assert after < (await standing(world.engines, mallory.id)).reputation <= before
