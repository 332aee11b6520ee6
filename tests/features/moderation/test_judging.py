"""Words on their way to others: what the engine stops, holds, limits and warns of, and how its author is told."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from linnet.features.moderation import decisions, engine, policies
from linnet.features.moderation.measures import Decision, Measure
from linnet.features.statuses import withholding
from linnet.platform.paging import Window
from world import Person, World

WINNING = (
    "Congratulations!! You have won a $1000 gift card. Claim now at http://bit.ly/3xYzabc or whatsapp +1 555 123 4567"
)
SLUR = "you stupid faggot"
FORTUNE = "I earned $5000 last week from home with bitcoin! Guaranteed profit, join my telegram t.me/cryptoking"
MASH = "asdkjh qwlekj zxcmnb qwoieu zmxnbc lkjasd qpwoei"
PHISHING = "Please log in at https://paypa1.com/login to keep your account"


async def send(person: Person, text: str, **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    return await person.ask("POST", "/api/v1/statuses", json={"status": text, **more}, headers=headers)


async def decided(world: World, person: Person) -> list[Decision]:
    """What was decided about somebody's words, the latest first."""
    return await decisions.of_account(world.engines.db, person.id, Window())


async def ids(person: Person, path: str) -> list[str]:
    return [one["id"] for one in await person.get(f"/api/v1/{path}")]


async def test_what_is_spam_beyond_doubt_is_refused_with_reason_and_place(world: World) -> None:
    alice = await world.person("alice")
    answer = await send(alice, WINNING)
    assert answer.status_code == 422
    told = answer.json()
    assert told["error_code"] == "moderation"
    assert told["error"].startswith("Your post was not published. It contains ")
    assert "you can appeal" in told["error"]
    reasons = {one["code"]: one for one in told["moderation"]["reasons"]}
    contact = reasons["spam_contact"]
    assert WINNING[contact["start"] : contact["end"]] == contact["excerpt"]
    assert contact["field"] == "status"
    assert contact["text"] == "an invitation to write to a number or name elsewhere"
    assert told["details"]["status"][0]["error"] == "ERR_MODERATION"
    [kept] = await decided(world, alice)
    assert (str(kept.id), kept.ruling.measure) == (told["moderation"]["decision_id"], Measure.REJECT)
    assert kept.ruling.text == WINNING, "nothing else keeps what was not published, and an appeal is about it"
    assert await ids(alice, f"accounts/{alice.id}/statuses") == []


async def test_a_link_that_passes_for_another_is_refused_and_shown(world: World) -> None:
    alice = await world.person("alice")
    told = (await send(alice, PHISHING, spoiler_text="Hello 👋")).json()
    [reason] = told["moderation"]["reasons"]
    assert reason["code"] == "url_lookalike"
    assert (reason["field"], reason["excerpt"]) == ("status", "https://paypa1.com/login")
    assert (reason["start"], reason["end"]) == (17, 41)
    assert "looks like that of a well-known site" in told["error"]


async def test_strong_language_to_a_stranger_is_warned_of_and_published_when_sent_again(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    rude = "@bob you are a fucking idiot"
    first = await send(alice, rude, headers={"Idempotency-Key": "one"})
    assert first.status_code == 422
    told = first.json()
    assert "send it again as it is within 15 minutes" in told["error"]
    assert told["moderation"]["measure"] == "warn"
    second = await send(alice, rude, headers={"Idempotency-Key": "one"})
    assert second.status_code == 200, "an app that sends it again does so with the same key"
    assert "moderation" not in second.json()
    third = await send(alice, rude, headers={"Idempotency-Key": "one"})
    assert third.json()["id"] == second.json()["id"]
    await world.settle()
    assert len(await bob.get("/api/v1/notifications")) == 1
    published, warned = await decided(world, alice)
    assert [one.ruling.measure for one in (published, warned)] == [Measure.WARN, Measure.WARN]
    assert (published.ruling.subject_id, warned.ruling.subject_id) == (int(second.json()["id"]), None)
    assert warned.ruling.text is None, "what was published, or given up, is nobody's business twice"


async def test_the_same_words_to_a_friend_are_nobodys_business(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    assert (await send(alice, "@bob what the f u c k")).status_code == 200


async def test_a_warning_is_forgotten_after_a_while(world: World) -> None:
    alice, _ = await world.people("alice", "bob")
    await send(alice, "@bob you are a fucking idiot")
    await world.engines.valkey.forget_everything()  # as if a quarter of an hour had passed
    assert (await send(alice, "@bob you are a fucking idiot")).status_code == 422
    assert (await send(alice, "@bob you are a fucking fool")).status_code == 422, "these are other words"


async def test_a_slur_at_somebody_is_held_until_somebody_releases_it(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    post = (await send(alice, f"@bob {SLUR}")).json()
    told = post["moderation"]
    assert (told["withheld"], told["measure"]) == (True, "hold")
    assert told["text"].startswith("Only you see this post until a moderator has looked at it")
    assert {one["code"] for one in told["reasons"]} == {"slur", "abuse"}
    slur = next(one for one in told["reasons"] if one["code"] == "slur")
    assert (slur["excerpt"], slur["start"], slur["end"]) == ("fag", 16, 19)
    assert (await alice.get(f"/api/v1/statuses/{post['id']}"))["moderation"] == told
    await world.settle(periodics=True)
    assert await ids(bob, "notifications") == await ids(bob, "timelines/home") == []
    assert await ids(bob, "timelines/public") == []
    assert await ids(alice, "timelines/home") == [post["id"]]
    [kept] = await decided(world, alice)
    assert (str(kept.id), kept.ruling.subject_id) == (told["decision_id"], int(post["id"]))
    async with world.engines.transaction() as tx:
        await decisions.review(tx, kept.id, None, world.clock.now(), upheld=False)
        await withholding.release(tx, int(post["id"]))
    await world.settle()
    assert await ids(bob, "timelines/home") == [post["id"]]
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["mention"]


async def test_a_slur_at_a_stranger_is_refused(world: World) -> None:
    alice, _ = await world.people("alice", "bob")
    answer = await send(alice, f"@bob {SLUR}")
    assert answer.status_code == 422
    assert "a slur against a group of people (“fag”)" in answer.json()["error"]


async def test_gibberish_reaches_followers_only_and_its_author_is_told(world: World) -> None:
    alice, bob, carl = await world.people("alice", "bob", "carl")
    await bob.follow(alice)
    post = (await send(alice, MASH)).json()
    assert (post["moderation"]["limited"], post["moderation"]["measure"]) == (True, "limit_reach")
    assert post["moderation"]["reasons"][0]["text"] == "letters that are no words"
    assert "in no public timeline" in post["moderation"]["text"]
    await world.settle()
    assert await ids(bob, "timelines/home") == [post["id"]]
    assert await ids(carl, "timelines/public") == []
    assert await ids(carl, f"accounts/{alice.id}/statuses") == [post["id"]]
    assert "moderation" not in (await carl.get(f"/api/v1/statuses/{post['id']}"))


async def test_a_slur_that_is_said_to_nobody_stands_behind_a_warning(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    post = (await send(alice, "They called him a faggot at school")).json()
    assert post["moderation"]["labels"] == ["slur"]
    seen = await bob.get(f"/api/v1/statuses/{post['id']}")
    assert (seen["spoiler_text"], seen["sensitive"]) == ("May contain a slur", True)


async def test_an_ordinary_post_costs_no_statement_and_leaves_no_decision(world: World) -> None:
    alice = await world.person("alice")
    await alice.post("Good morning from Scunthorpe")
    async with world.counting_statements() as counted:
        await alice.post("A linnet sang in the hedge, and I was late for work")
    assert counted.number <= 3
    async with world.counting_statements() as with_finding:
        await alice.post("This damn bus is late again, fuck")
    assert with_finding.number <= counted.number + 2, "to know the policy and how she stands, once"
    kept = await decided(world, alice)
    assert [one.ruling.measure for one in kept] == [Measure.ALLOW], "what was found is kept with what was decided"


async def test_new_words_of_a_post_are_looked_at_and_old_ones_pass(world: World) -> None:
    alice = await world.person("alice")
    post = await alice.post("Hello")
    path = f"/api/v1/statuses/{post['id']}"
    refused = await alice.ask("PUT", path, json={"status": WINNING})
    assert refused.json()["error_code"] == "moderation"
    assert (await alice.get(path))["content"] == "<p>Hello</p>"
    edited = await alice.do("PUT", path, status=MASH)
    assert edited["moderation"]["limited"] is True
    decisions_before = len(await decided(world, alice))
    again = await alice.do("PUT", path, status=MASH, sensitive=True)
    assert again["moderation"]["reasons"][0]["excerpt"] != ""
    assert len(await decided(world, alice)) == decisions_before
    calm = await alice.do("PUT", path, status="Good evening to you all")
    assert calm["moderation"]["reasons"][0]["excerpt"] == "", "it was about other words"


async def test_a_post_for_later_is_judged_while_its_author_is_there_and_held_when_not(world: World) -> None:
    alice = await world.person("alice")
    at = (world.clock.now() + timedelta(hours=1)).isoformat()
    assert (await send(alice, WINNING, scheduled_at=at)).json()["error_code"] == "moderation"
    made = (await send(alice, "You have won!", scheduled_at=at)).json()
    await use(world, STRICT)
    world.clock.move(hours=2)
    await world.settle(periodics=True)
    await world.settle()
    [post] = await alice.get(f"/api/v1/accounts/{alice.id}/statuses")
    assert made["id"]
    assert (post["moderation"]["withheld"], post["moderation"]["measure"]) == (True, "hold")


STRICT = """
[[rule]]
name = "anything like spam"
surfaces = ["post"]
measure = "reject"
when = { spam = 0.1 }
"""


async def test_a_stranger_is_not_sent_spam_in_private_and_a_friend_may_be(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    refused = await send(alice, f"@bob {FORTUNE}", visibility="direct")
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("Your message was not published.")
    [kept] = await decided(world, alice)
    assert kept.ruling.about == "message"
    rude = "@bob you are a fucking idiot"
    assert (await send(alice, rude, visibility="direct")).json()["moderation"]["measure"] == "warn"
    assert (await send(alice, rude, visibility="direct")).status_code == 200
    await bob.follow(alice)
    await world.settle()
    assert (await send(alice, f"@bob {FORTUNE}", visibility="direct")).status_code == 200


async def test_the_words_of_a_profile_are_looked_at_by_field(world: World) -> None:
    alice = await world.person("alice")
    path = "/api/v1/accounts/update_credentials"
    refused = await alice.ask("PATCH", path, json={"display_name": "Alice", "note": f"All {SLUR}s must go"})
    assert refused.status_code == 422
    told = refused.json()
    assert told["error"].startswith("Your profile was not published.")
    assert told["moderation"]["reasons"][0]["field"] == "note"
    assert "note" in told["details"]
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["display_name"] == ""
    assert (await alice.do("PATCH", path, display_name="Alice", note="I like linnets"))[
        "note"
    ] == "<p>I like linnets</p>"


async def test_when_the_engine_breaks_posts_go_through_for_somebody_to_look_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = await world.people("alice", "bob")

    def broken(*_: object) -> list[Any]:
        raise ZeroDivisionError

    monkeypatch.setattr(engine.wording, "detect_folded", broken)
    before = failures()
    post = (await send(alice, "Good morning")).json()
    assert "moderation" not in post
    assert await ids(bob, "timelines/public") == [post["id"]]
    [kept] = await decisions.waiting(world.engines.db, Window())
    assert (kept.ruling.failed, kept.ruling.subject_id) == (True, int(post["id"]))
    assert failures() == before + 1
    assert (await send(alice, "@bob hello", visibility="direct")).status_code == 200
    assert await alice.do("PATCH", "/api/v1/accounts/update_credentials", note="Hello")


async def test_a_policy_that_cannot_be_read_stops_nobody(world: World) -> None:
    alice = await world.person("alice")
    async with world.engines.transaction() as tx:
        number = await policies.add(tx, STRICT, None, world.clock.now())
        await policies.activate(tx, number, None, world.clock.now())
    await world.engines.db.execute("update policies set source = 'no TOML' where version = $1", number)
    assert (await send(alice, WINNING)).status_code == 200
    [kept] = await decided(world, alice)
    assert kept.ruling.failed


def failures() -> float:
    return REGISTRY.get_sample_value("linnet_moderation_failures_total", {"about": "status"}) or 0.0


HARSH = """
[[rule]]
name = "fortunes"
surfaces = ["post"]
measure = "limit_account"
when = { spam = 0.9 }

[[rule]]
name = "gibberish in a report"
surfaces = ["report"]
measure = "warn"
when = { gibberish = 0.9 }
"""


async def use(world: World, source: str) -> None:
    async with world.engines.transaction() as tx:
        number = await policies.add(tx, source, None, world.clock.now())
        await policies.activate(tx, number, None, world.clock.now())


async def test_a_policy_may_limit_the_account_until_somebody_has_looked(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    earlier = await alice.post("Good morning")
    await use(world, HARSH)
    told = (await send(alice, FORTUNE)).json()
    assert told["moderation"]["measure"] == "limit_account"
    assert "reaches your followers only until a moderator has looked" in told["error"]
    await world.settle()
    assert await ids(bob, "timelines/public") == []
    assert await ids(bob, f"accounts/{alice.id}/statuses") == [earlier["id"]]
    [kept] = await decisions.waiting(world.engines.db, Window())
    assert str(kept.id) == told["moderation"]["decision_id"]


async def test_what_is_said_in_a_report_is_looked_at_and_nearly_always_taken(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.do("POST", "/api/v1/reports", account_id=str(bob.id), comment="He called me a stupid faggot")
    [kept] = await decided(world, alice)
    assert (kept.ruling.about, kept.ruling.measure, kept.ruling.text) == ("report", Measure.ALLOW, None)
    assert kept.ruling.subject_id is not None
    await use(world, HARSH)
    body = {"account_id": str(bob.id), "comment": MASH}
    assert (await alice.ask("POST", "/api/v1/reports", json=body)).json()["error_code"] == "moderation"
    assert (await alice.ask("POST", "/api/v1/reports", json=body)).status_code == 200


async def test_links_alone_are_no_spam_and_those_to_this_server_no_risk(world: World) -> None:
    alice = await world.person("alice")
    for text in (
        "https://en.wikipedia.org/wiki/Linnet_(bird)",
        "Slides of my talk: https://speakerdeck.com/ada/linnets",
        "https://linnet.test/oauth/token",
        "Subscribe",
        "Check this out!",
    ):
        assert "moderation" not in (await send(alice, text)).json(), text
    assert (await send(alice, "see http://45.33.12.9:8081/wp/login.php")).json()["moderation"]["withheld"] is True
