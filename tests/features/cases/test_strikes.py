"""Stories of strikes: what staff do about an account, what its person is told, and how it is taken back."""

from datetime import timedelta
from typing import Any

import pytest

from linnet.features.accounts.audit import About, page
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions, reads
from linnet.features.cases.models import Act, Action, Choice, Outcome
from linnet.platform.errors import Conflict, Forbidden, Invalid, NotFound
from linnet.platform.paging import Window
from world import Person, World


async def strike(world: World, target: Person, action: Action, **more: Any) -> int:
    found = await actions.act(world.engines, OPERATOR, Act(account_id=target.id, action=action, **more))
    assert found is not None
    return found


async def warnings(person: Person) -> list[Any]:
    page = await person.get("/api/v1/notifications", types="moderation_warning")
    return [one["moderation_warning"] for one in page]


async def letters(world: World) -> list[tuple[str, str]]:
    rows = await world.engines.db.rows("select recipient, text from outbox order by id")
    return [(row["recipient"], row["text"]) for row in rows]


async def test_a_warning_reaches_its_person_as_a_notification_and_by_mail_in_words(world: World) -> None:
    mallory = await world.person("mallory")
    post = await mallory.post("You are all fools")
    strike_id = await strike(
        world, mallory, Action.WARN, text="Please be kind.\n\nRule 2 says so.", status_ids=(int(post["id"]),)
    )
    await world.settle()
    (told,) = await warnings(mallory)
    assert told["id"] == str(strike_id)
    assert (told["action"], told["appeal"], told["status_ids"]) == ("none", None, [post["id"]])
    assert told["text"] == "Please be kind.\n\nRule 2 says so."
    assert told["target_account"]["username"] == "mallory"
    (group,) = (await mallory.get("/api/v2/notifications"))["notification_groups"]
    assert (group["type"], group["moderation_warning"]["id"]) == ("moderation_warning", str(strike_id))
    ((to, body),) = await letters(world)
    assert to == "mallory@example.org"
    assert "Please be kind." in body
    assert "within 20 days" in body


async def test_no_letter_where_none_is_wanted(world: World) -> None:
    mallory = await world.person("mallory")
    await strike(world, mallory, Action.WARN, text="Be kind", by_mail=False)
    await world.settle()
    assert len(await warnings(mallory)) == 1
    assert not await letters(world)


async def test_posts_are_deleted_or_put_behind_a_warning_and_only_those_of_the_account(world: World) -> None:
    mallory, ann = await world.people("mallory", "ann")
    bad, worse, other = await mallory.post("bad"), await mallory.post("worse"), await ann.post("fine")
    both = (int(bad["id"]), int(other["id"]))
    marked = await strike(world, mallory, Action.MARK_SENSITIVE, status_ids=both)
    assert (await ann.get(f"/api/v1/statuses/{bad['id']}"))["sensitive"] is True
    assert (await ann.get(f"/api/v1/statuses/{other['id']}"))["sensitive"] is False
    await strike(world, mallory, Action.DELETE_POSTS, status_ids=(int(worse["id"]), int(other["id"])))
    assert (await ann.ask("GET", f"/api/v1/statuses/{worse['id']}")).status_code == 404
    assert (await ann.ask("GET", f"/api/v1/statuses/{other['id']}")).status_code == 200
    await actions.undo(world.engines, OPERATOR, marked)
    assert (await ann.get(f"/api/v1/statuses/{bad['id']}"))["sensitive"] is False
    with pytest.raises(Conflict):
        await actions.undo(world.engines, OPERATOR, marked)


async def test_what_two_strikes_took_is_given_back_with_the_second(world: World) -> None:
    mallory = await world.person("mallory")
    first = await strike(world, mallory, Action.LIMIT)
    second = await strike(world, mallory, Action.LIMIT)

    async def is_limited() -> bool:
        return await world.engines.db.value("select silenced_at is not null from accounts where id = $1", mallory.id)

    await actions.undo(world.engines, OPERATOR, first)
    assert await is_limited()
    await actions.undo(world.engines, OPERATOR, second)
    assert not await is_limited()
    await strike(world, mallory, Action.LIMIT)
    await actions.lift_all(world.engines, OPERATOR, mallory.id, Action.LIMIT)
    assert not await is_limited()


async def test_an_act_closes_its_case_and_all_of_it_is_in_the_logs(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await world.person("maud", role=Role.MODERATOR)
    made = await ann.do("POST", "/api/v1/reports", account_id=str(mallory.id), category="spam")
    (case,) = await reads.page(world.engines, OPERATOR, Window(), Choice(resolved=False))
    wanted = Act(account_id=mallory.id, action=Action.LIMIT, text="Spam", case_id=case.id)
    await actions.act(world.engines, maud.acting(Role.MODERATOR), wanted)
    file = await reads.dossier(world.engines, OPERATOR, case.id)
    assert file.case.outcome is Outcome.UPHELD
    assert [one.kind for one in file.entries] == ["acted", "resolved"]
    assert {one.account_id for one in file.entries} == {maud.id}
    assert [one.action for one in file.strikes] == [Action.LIMIT]
    assert file.records[ann.id].made_upheld == 1
    assert file.records[mallory.id].received_upheld == 1
    assert (await reads.own_report(world.engines, ann.viewer, int(made["id"]))).resolved_at is not None
    acts = await page(world.engines, OPERATOR, Window(), About(target_id=mallory.id))
    assert acts[0].action == "strike.limit"
    again = await ann.do("POST", "/api/v1/reports", account_id=str(mallory.id), category="spam")
    assert again["action_taken"] is False
    assert len(await reads.page(world.engines, OPERATOR, Window(), Choice())) == 2


async def test_who_acts_on_whom(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await world.person("maud", role=Role.MODERATOR)
    milo = await world.person("milo", role=Role.MODERATOR)
    for actor, target in ((ann.acting(Role.USER), mallory), (maud.acting(Role.MODERATOR), milo)):
        with pytest.raises(Forbidden):
            await actions.act(world.engines, actor, Act(account_id=target.id, action=Action.SUSPEND))
    with pytest.raises(Forbidden):
        await actions.act(world.engines, maud.acting(Role.MODERATOR), Act(account_id=maud.id, action=Action.LIMIT))
    for wanted in (
        Act(account_id=mallory.id, action=Action.DELETE_POSTS),
        Act(account_id=mallory.id, action=Action.WARN),
        Act(account_id=mallory.id, action=Action.WARN, text="x" * 5001),
    ):
        with pytest.raises(Invalid):
            await actions.act(world.engines, maud.acting(Role.MODERATOR), wanted)
    with pytest.raises(NotFound):
        await actions.act(world.engines, OPERATOR, Act(account_id=mallory.id, action=Action.LIMIT, case_id=7))
    with pytest.raises(NotFound):
        await actions.undo(world.engines, OPERATOR, 7)


async def test_a_suspended_account_can_be_brought_back_for_thirty_days_and_is_erased_then(world: World) -> None:
    mallory, eve, ann = await world.people("mallory", "eve", "ann")
    await strike(world, mallory, Action.SUSPEND, text="Spam")
    back = await strike(world, eve, Action.SUSPEND, text="Spam")
    await ann.do("POST", "/api/v1/reports", account_id=str(mallory.id))
    world.clock.move(days=29)
    await world.settle(periodics=True)
    assert (await ann.get(f"/api/v1/accounts/{mallory.id}"))["suspended"] is True
    await actions.undo(world.engines, OPERATOR, back)
    assert "suspended" not in await ann.get(f"/api/v1/accounts/{eve.id}")
    world.clock.move(days=2)
    await world.settle(periodics=True)
    await world.settle()
    assert (await ann.ask("GET", f"/api/v1/accounts/{mallory.id}")).status_code == 404
    assert (await ann.ask("GET", f"/api/v1/accounts/{eve.id}")).status_code == 200
    left = await world.engines.db.value("select count(*) from cases where account_id = $1", mallory.id)
    strikes = await world.engines.db.value("select count(*) from strikes where account_id = $1", mallory.id)
    assert (left, strikes) == (0, 0)


async def test_reported_words_are_forgotten_half_a_year_after_their_case_was_closed(world: World) -> None:
    ann, mallory = await world.people("ann", "mallory")
    bad = await mallory.post("You are a fool")
    made = await ann.do("POST", "/api/v1/reports", account_id=str(mallory.id), status_ids=[bad["id"]], comment="Look")
    (case,) = await reads.page(world.engines, OPERATOR, Window(), Choice())
    await strike(world, mallory, Action.WARN, text="Be kind", case_id=case.id)

    async def words() -> tuple[str, str]:
        kept = await reads.show_report(world.engines, OPERATOR, int(made["id"]))
        return kept.comment, kept.subjects[0].text

    world.clock.ahead += timedelta(days=179)
    await world.settle(periodics=True)
    assert await words() == ("Look", "You are a fool")
    world.clock.ahead += timedelta(days=2)
    await world.settle(periodics=True)
    assert await words() == ("", "")
