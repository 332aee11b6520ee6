"""Stories of what comes after a decision: its author reads why, appeals once; a moderator answers, and that counts."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from linnet.features.accounts import staff as accounts
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions as casework
from linnet.features.cases.models import Act, Action
from linnet.features.moderation import decisions, policies, standings
from linnet.features.moderation.measures import About, Measure, Ruling
from linnet.features.moderation.models import Finding, Reason, Span, Surface
from linnet.features.statuses import withholding
from linnet.push.mail.delivery import outbox
from world import SCOPES, Person, World

OWN = "/api/v1/moderation"
ADMIN = "/api/v1/admin"
OFFER = "Make money fast, earn $5000 a week from home, free bitcoin, whatsapp me +1 555 123 4567"
PRIZE = "Claim your prize: earn 500 dollars a day from home, text me on WhatsApp +1 555 123 4567 http://bit.ly/x"


@dataclass
class Held:
    """A post that waits for a moderator."""

    author: Person
    fan: Person
    moderator: Person
    status: Any
    decision_id: str


async def held(world: World, text: str = OFFER) -> Held:
    author, fan = await world.people("ann", "fan")
    await fan.follow(author)
    status = await author.post(text)
    await world.settle()
    assert status["moderation"]["measure"] == "hold"
    return Held(author, fan, await staff(world, "mod"), status, status["moderation"]["decision_id"])


async def staff(world: World, name: str, role: Role = Role.MODERATOR) -> Person:
    return await world.person(name, role=role, scopes=(*SCOPES, "admin:read", "admin:write"))


async def decide(world: World, author: Person, measure: Measure, status: Any) -> str:
    """What the engine would do if it found an offer in a post."""
    finding = Finding(Span(0, 5), Reason.SPAM_FOLLOWERS, 0.95, "offers-1")
    verbs = {Measure.HOLD: withholding.withhold, Measure.LIMIT_REACH: withholding.limit}
    found = (finding,)
    ruling = Ruling(author.id, About.STATUS, Surface.POST, measure, found, found, subject_id=int(status["id"]))
    async with world.engines.transaction() as tx:
        if measure is Measure.LABEL:
            await withholding.label(tx, int(status["id"]), ("spam",))
        elif measure in verbs:
            await verbs[measure](tx, int(status["id"]))
        decision_id = await decisions.record(tx, ruling, world.clock.now())
    await world.settle()
    return str(decision_id)


async def appeal(case: Held, text: str = "It is a joke", status: int = 200) -> Any:
    path = f"{OWN}/decisions/{case.decision_id}/appeal"
    answer = await case.author.ask("POST", path, json={"text": text})
    assert answer.status_code == status, answer.text
    return answer.json()


async def letters(world: World) -> list[tuple[str, str, str]]:
    await world.settle()
    return [(one.to, one.subject, one.text) for one in await outbox(world.engines)]


async def precision(moderator: Person) -> dict[str, tuple[int, int]]:
    measured = await moderator.get(f"{ADMIN}/decisions/measured")
    return {one["name"]: (one["upheld"], one["overturned"]) for one in measured["by_reason"]}


async def reputation(world: World, person: Person) -> float:
    return (await standings.standing(world.engines, person.id)).reputation


async def test_a_held_post_is_explained_appealed_released_and_counted(world: World) -> None:
    case = await held(world)
    assert await case.fan.home() == []

    (told,) = await case.author.get(f"{OWN}/decisions")
    assert told["id"] == case.decision_id
    assert (told["measure"], told["about"], told["subject_id"]) == ("hold", "status", case.status["id"])
    assert told["sentence"] == (
        "Your post waits for a moderator, and only you see it until then. "
        f"It contains an offer of easy money or of goods (“earn $5000 ”); wording that is usual in spam (“{OFFER}”); "
        "an invitation to write to a number or name elsewhere (“whatsapp me +1 555 123 4567”)."
    )
    assert [one["code"] for one in told["reasons"]] == ["spam_offer", "spam_text", "spam_contact"]
    for one in told["reasons"]:
        assert told["text"][one["start"] : one["end"]] == one["excerpt"]
    assert "appeal within 20 days" in told["next_steps"][-1]
    assert told["appeal"] is None
    assert told["appeal_until"] is not None

    appealed = await appeal(case, "It is a <b>joke</b>\r\nabout \x07spam")
    assert appealed["appeal"]["state"] == "pending"
    assert appealed["appeal"]["text"] == "It is a <b>joke</b>\nabout spam"
    assert appealed["appeal_until"] is None

    (found,) = await case.moderator.get(f"{ADMIN}/appeals", state="pending")
    assert found["account"]["username"] == "ann"
    assert found["decision"]["text"] == OFFER
    assert next(one["reason"] for one in found["decision"]["findings"] if one["because"]) == "spam_offer"
    assert await precision(case.moderator) == {}
    answered = await case.moderator.do("POST", f"{ADMIN}/appeals/{found['id']}/approve", text="Funny indeed")
    assert (answered["state"], answered["answered_by_account_id"]) == ("approved", str(case.moderator.id))

    await world.settle()
    assert [one["id"] for one in await case.fan.home()] == [case.status["id"]]
    told = await case.author.get(f"{OWN}/decisions/{case.decision_id}")
    assert told["outcome"] == "overturned"
    assert told["sentence"] == "Your post was held back by mistake, and is published now."
    assert told["next_steps"] == []
    assert (told["appeal"]["state"], told["appeal"]["answer"]) == ("approved", "Funny indeed")
    ((to, subject, text),) = await letters(world)
    assert (to, subject) == ("ann@example.org", "Your appeal was approved")
    assert "Funny indeed" in text
    assert await precision(case.moderator) == {"spam_contact": (0, 1), "spam_offer": (0, 1), "spam_text": (0, 1)}
    acts = [one["action"] for one in await case.moderator.get(f"{ADMIN}/audit_log")]
    assert acts[:2] == ["appeal.approve", "decision.overturn"]


async def test_a_rejected_appeal_leaves_everything_as_it_is_and_was_the_only_one(world: World) -> None:
    case = await held(world)
    await appeal(case)
    (found,) = await case.moderator.get(f"{ADMIN}/appeals")
    await case.moderator.do("POST", f"{ADMIN}/appeals/{found['id']}/reject")
    await world.settle()
    assert await case.fan.home() == []
    told = await case.author.get(f"{OWN}/decisions/{case.decision_id}")
    assert told["outcome"] == "upheld"
    assert told["sentence"].startswith("Only you see your post.")
    assert told["sentence"].endswith("A moderator has looked at it, and it stays so.")
    assert told["appeal_until"] is None
    assert "already" in (await appeal(case, "But it is!", 422))["error"]
    for verb, status in (("reject", 200), ("approve", 409)):
        assert (await case.moderator.ask("POST", f"{ADMIN}/appeals/{found['id']}/{verb}")).status_code == status
    assert [subject for _, subject, _ in await letters(world)] == ["Your appeal was rejected"]
    assert await precision(case.moderator) == {"spam_contact": (1, 0), "spam_offer": (1, 0), "spam_text": (1, 0)}


async def test_of_appeals_sent_at_once_one_counts(world: World) -> None:
    case = await held(world)
    path = f"{OWN}/decisions/{case.decision_id}/appeal"
    answers = await asyncio.gather(*(case.author.ask("POST", path, json={"text": "A joke"}) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 422, 422, 422, 422]
    assert len(await case.moderator.get(f"{ADMIN}/appeals")) == 1


async def test_appeals_come_within_twenty_days_with_words_and_against_what_took_something(world: World) -> None:
    case = await held(world)
    assert "blank" in (await appeal(case, "  \n ", 422))["error"]
    assert "too long" in (await appeal(case, "x" * 2001, 422))["error"]
    warned = Held(case.author, case.fan, case.moderator, case.status, "")
    warned.decision_id = await decide(world, case.author, Measure.WARN, case.status)
    assert "took nothing" in (await appeal(warned, status=422))["error"]
    world.clock.move(days=20, minutes=1)
    assert "20 days" in (await appeal(case, status=422))["error"]
    told = await case.author.get(f"{OWN}/decisions/{case.decision_id}")
    assert told["appeal_until"] is None
    assert not any("appeal" in step for step in told["next_steps"])


async def test_strangers_learn_nothing_and_moderators_judge_neither_themselves_nor_those_above(world: World) -> None:
    case = await held(world)
    await appeal(case)
    for method, path in (
        ("GET", f"{OWN}/decisions/{case.decision_id}"),
        ("POST", f"{OWN}/decisions/{case.decision_id}/appeal"),
        ("GET", f"{OWN}/decisions/1"),
        ("GET", f"{OWN}/strikes/1"),
    ):
        assert (await case.fan.ask(method, path, json={"text": "mine"})).status_code == 404
    assert await case.fan.get(f"{OWN}/decisions") == []
    own = await case.moderator.post("Followers for everybody")
    own_id = await decide(world, case.moderator, Measure.LIMIT_REACH, own)
    refused = await case.moderator.ask("POST", f"{ADMIN}/decisions/{own_id}/overturn")
    assert refused.status_code == 403
    admin = await staff(world, "root", Role.ADMIN)
    assert (await admin.do("POST", f"{ADMIN}/decisions/{own_id}/overturn"))["outcome"] == "overturned"


async def test_the_queue_has_held_texts_first_the_oldest_first_and_loses_what_was_looked_at(world: World) -> None:
    case = await held(world)
    second = await case.author.post("Second offer for all")
    await decide(world, case.author, Measure.LIMIT_REACH, second)
    third = await case.author.post("Third offer for all")
    failed = Ruling(
        case.author.id, About.STATUS, Surface.POST, Measure.ALLOW, subject_id=int(second["id"]), failed=True
    )
    failed_id = str(await decisions.record(world.engines.db, failed, world.clock.now()))
    third_id = await decide(world, case.author, Measure.HOLD, third)

    async def queue(**asked: Any) -> list[str]:
        return [one["id"] for one in await case.moderator.get(f"{ADMIN}/decisions/queue", **asked)]

    assert await queue() == [case.decision_id, third_id, failed_id]
    assert await queue(after_id=third_id) == [failed_id]
    assert await queue(reason="spam_offer", limit=1) == [case.decision_id]
    assert await queue(measure="limit_account") == []
    await case.moderator.do("POST", f"{ADMIN}/decisions/{case.decision_id}/uphold")
    assert await queue() == [third_id, failed_id]
    listed = await case.moderator.get(f"{ADMIN}/decisions", measure="hold")
    assert [(one["id"], one["outcome"]) for one in listed] == [(third_id, None), (case.decision_id, "upheld")]
    for asked in ({"reviewed": "true"}, {"reason": "gibberish"}, {"surface": "profile"}, {"account_id": "1"}):
        expected = [case.decision_id] if "reviewed" in asked else []
        assert [one["id"] for one in await case.moderator.get(f"{ADMIN}/decisions", **asked)] == expected
    wrong = await case.moderator.ask("GET", f"{ADMIN}/decisions", params={"measure": "banish"})
    assert wrong.status_code == 422
    for verb, status in (("uphold", 200), ("overturn", 200), ("overturn", 200), ("uphold", 409)):
        answer = await case.moderator.ask("POST", f"{ADMIN}/decisions/{case.decision_id}/{verb}")
        assert answer.status_code == status, verb
    assert (await case.moderator.ask("POST", f"{ADMIN}/decisions/1/uphold")).status_code == 404


async def test_an_author_is_told_when_somebody_looked_and_may_still_appeal(world: World) -> None:
    case = await held(world)
    await case.moderator.do("POST", f"{ADMIN}/decisions/{case.decision_id}/uphold")
    ((to, subject, text),) = await letters(world)
    assert (to, subject) == ("ann@example.org", "A moderator has looked at it")
    assert "it stays so" in text
    (address,) = (await outbox(world.engines))[0].links
    page = await world.client.get(address.removeprefix("https://linnet.test"))
    assert "Only you see your post." in page.text
    await appeal(case)
    refused = await case.moderator.ask("POST", f"{ADMIN}/decisions/{case.decision_id}/overturn")
    assert refused.status_code == 409
    (found,) = await case.moderator.get(f"{ADMIN}/appeals")
    await case.moderator.do("POST", f"{ADMIN}/appeals/{found['id']}/approve")
    await world.settle()
    assert [one["id"] for one in await case.fan.home()] == [case.status["id"]]


async def test_what_a_mistake_did_is_taken_back_but_not_what_a_later_decision_did(world: World) -> None:
    case = await held(world)
    later = await decide(world, case.author, Measure.LABEL, case.status)
    await case.moderator.do("POST", f"{ADMIN}/decisions/{case.decision_id}/overturn")
    assert (await case.author.get(f"/api/v1/statuses/{case.status['id']}"))["moderation"]["withheld"] is True
    await case.moderator.do("POST", f"{ADMIN}/decisions/{later}/overturn")
    status = await case.author.get(f"/api/v1/statuses/{case.status['id']}")
    assert status["moderation"]["labels"] == []


async def test_words_that_were_changed_since_are_not_shown_as_what_was_judged(world: World) -> None:
    case = await held(world)
    world.clock.move(minutes=1)
    await case.author.do("PUT", f"/api/v1/statuses/{case.status['id']}", status="Something else")
    told = await case.author.get(f"{OWN}/decisions/{case.decision_id}")
    assert told["text"] is None
    assert {(one["excerpt"], one["start"], one["end"]) for one in told["reasons"]} == {("", 0, 0)}


async def test_a_strike_is_seen_appealed_and_undone(world: World) -> None:
    ann, moderator = await world.person("ann"), await staff(world, "mod")
    wanted = Act(account_id=ann.id, action=Action.LIMIT, text="You were rude")
    strike_id = await casework.act(world.engines, OPERATOR, wanted)
    (strike,) = await ann.get(f"{OWN}/strikes")
    assert (strike["id"], strike["action"], strike["text"]) == (str(strike_id), "silence", "You were rude")
    path = f"{OWN}/strikes/{strike_id}/appeal"
    assert (await ann.do("POST", path, text="I was not"))["appeal"]["state"] == "pending"
    assert (await ann.ask("POST", path, json={"text": "Really not"})).status_code == 422
    (found,) = await moderator.get(f"{ADMIN}/appeals", against="strike")
    assert found["decision"] is None
    assert found["strike"]["text"] == "You were rude"
    await moderator.do("POST", f"{ADMIN}/appeals/{found['id']}/approve")
    strike = await ann.get(f"{OWN}/strikes/{strike_id}")
    assert strike["undone_at"] is not None
    assert strike["appeal"]["state"] == "approved"
    limited = await world.engines.db.value("select silenced_at from accounts where id = $1", ann.id)
    assert limited is None
    assert "Your appeal was approved" in [subject for _, subject, _ in await letters(world)]


async def test_a_suspended_person_appeals_by_the_link_in_the_letter(world: World) -> None:
    ann, moderator = await world.person("ann"), await staff(world, "mod")
    await casework.act(world.engines, OPERATOR, Act(account_id=ann.id, action=Action.SUSPEND, text="<b>Spam</b>"))
    await world.settle()
    (letter,) = await outbox(world.engines)
    (address,) = letter.links
    assert (await ann.ask("GET", f"{OWN}/strikes")).status_code in {401, 403}
    path = address.removeprefix("https://linnet.test")
    shown = await world.client.get(path)
    assert shown.status_code == 200
    assert "&lt;b&gt;Spam&lt;/b&gt;" in shown.text
    token = re.search(r'name="form_token" value="([^"]+)"', shown.text)
    assert token
    blank = await world.client.post(path, data={"form_token": token[1], "text": " "})
    assert (blank.status_code, "blank" in blank.text) == (422, True)
    sent = await world.client.post(path, data={"form_token": token[1], "text": "I was on holiday"})
    assert "you will get a letter" in sent.text
    assert "A moderator will answer it" in (await world.client.get(path)).text
    assert (await world.client.get(f"{path[:-4]}aaaa")).status_code == 404
    (found,) = await moderator.get(f"{ADMIN}/appeals")
    assert found["text"] == "I was on holiday"
    await moderator.do("POST", f"{ADMIN}/appeals/{found['id']}/approve", text="Sorry")
    assert "Sorry" in (await world.client.get(path)).text
    assert (await ann.ask("GET", f"{OWN}/strikes")).status_code == 200


async def test_a_frozen_person_can_appeal(world: World) -> None:
    ann = await world.person("ann")
    frozen = Act(account_id=ann.id, action=Action.FREEZE, text="Stop")
    strike_id = await casework.act(world.engines, OPERATOR, frozen)
    assert (await ann.do("POST", f"{OWN}/strikes/{strike_id}/appeal", text="Why?"))["appeal"]["state"] == "pending"


async def test_words_that_were_refused_by_mistake_are_published_when_sent_again(world: World) -> None:
    ann, moderator = await world.person("ann"), await staff(world, "mod")
    refused = await ann.ask("POST", "/api/v1/statuses", json={"status": PRIZE})
    assert refused.status_code == 422
    decision_id = refused.json()["moderation"]["decision_id"]
    told = await ann.get(f"{OWN}/decisions/{decision_id}")
    assert told["sentence"].startswith("Your post was not published.")
    assert told["text"] == PRIZE
    before = await reputation(world, ann)
    await ann.do("POST", f"{OWN}/decisions/{decision_id}/appeal", text="I quote my grandfather")
    (found,) = await moderator.get(f"{ADMIN}/appeals")
    await moderator.do("POST", f"{ADMIN}/appeals/{found['id']}/approve")
    assert await reputation(world, ann) > before
    assert "send it again" in (await ann.get(f"{OWN}/decisions/{decision_id}"))["sentence"]
    assert "moderation" not in await ann.post(PRIZE)
    assert (await ann.ask("POST", "/api/v1/statuses", json={"status": f"{PRIZE}!"})).status_code == 422
    bob = await world.person("bob")
    assert (await bob.ask("POST", "/api/v1/statuses", json={"status": PRIZE})).status_code == 422


async def test_an_account_that_the_engine_limits_has_a_strike_which_goes_with_the_decision(world: World) -> None:
    ann, moderator = await world.person("ann"), await staff(world, "mod")
    source = '[[rule]]\nname = "spam"\nsurfaces = ["post"]\nmeasure = "limit_account"\nwhen = { spam = 0.9 }\n'
    async with world.engines.transaction() as tx:
        version = await policies.add(tx, source, None, world.clock.now())
        await policies.activate(tx, version, None, world.clock.now())
    refused = await ann.ask("POST", "/api/v1/statuses", json={"status": PRIZE})
    decision_id = refused.json()["moderation"]["decision_id"]
    await world.settle()
    (strike,) = await ann.get(f"{OWN}/strikes")
    assert strike["action"] == "silence"
    assert (await ann.get("/api/v1/notifications"))[0]["type"] == "moderation_warning"
    assert await world.engines.db.value("select silenced_at from accounts where id = $1", ann.id) is not None
    (queued,) = await moderator.get(f"{ADMIN}/decisions/queue")
    assert queued["id"] == decision_id
    await moderator.do("POST", f"{ADMIN}/decisions/{decision_id}/overturn")
    assert (await ann.get(f"{OWN}/strikes/{strike['id']}"))["undone_at"] is not None
    assert await world.engines.db.value("select silenced_at from accounts where id = $1", ann.id) is None


async def test_appeals_go_with_their_account(world: World) -> None:
    case = await held(world)
    await appeal(case)
    await accounts.delete(world.engines, OPERATOR, case.author.id)
    await world.settle()
    assert await world.engines.db.value("select count(*) from appeals") == 0
    assert await world.engines.db.value("select count(*) from decisions") == 0
