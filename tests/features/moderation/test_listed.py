"""Stories of words and domains that moderators listed, and of texts that have them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from linnet.features.accounts.models import Role
from linnet.features.moderation.listed import Listed, ListedKind, Matcher, NewListed, checked
from linnet.features.moderation.measures import Measure
from linnet.platform.errors import Invalid
from world import SCOPES, Person, World

LISTED = "/api/v1/admin/listed"
NOW = datetime(2026, 11, 30, tzinfo=UTC)


async def moderator(world: World) -> Person:
    return await world.person("maud", role=Role.MODERATOR, scopes=(*SCOPES, "admin:read", "admin:write"))


def matcher(*listed: tuple[str, str, Measure]) -> Matcher:
    new = [checked(NewListed(ListedKind(kind), value, measure), NOW) for kind, value, measure in listed]
    return Matcher([Listed(1, one.kind, one.value, one.measure, "", None, NOW, None) for one in new])


def found(one: Matcher, text: str) -> list[str]:
    return [text[finding.span.start : finding.span.end] for finding in one.find(text, NOW)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Buy Frobnitz now", ["Frobnitz"]),
        ("ＦＲÓＢＮＩＴＺ!", ["ＦＲÓＢＮＩＴＺ"]),
        ("frob\u200bnitz", ["frob\u200bnitz"]),
        ("frobnitzes and xfrobnitz", []),
        ("green  eggs", []),
        ("some green eggs.", ["green eggs"]),
        ("see https://a.b.spam.example/x and notspam.example", ["https://a.b.spam.example/x"]),
        ("spam.example.org is another", []),
        ("http://bücher.example", ["http://bücher.example"]),
        ("nothing", []),
    ],
)
def test_listed_things_are_found_as_they_read_and_only_whole(text: str, spans: list[str]) -> None:
    one = matcher(
        ("word", "Fröbnitz", Measure.HOLD),
        ("word", "green eggs", Measure.HOLD),
        ("domain", "*.Spam.Example", Measure.HOLD),
        ("domain", "Bücher.example", Measure.HOLD),
    )
    assert found(one, text) == spans


def test_of_words_and_domains_only_what_is_meant_harder_counts() -> None:
    one = matcher(("word", "frobnitz", Measure.LABEL), ("domain", "spam.example", Measure.REJECT))
    (finding,) = one.find("frobnitz at https://spam.example/x", NOW)
    assert (finding.reason, finding.score) == ("listed_domain", 0.97)


@pytest.mark.parametrize(
    "new",
    [
        NewListed(ListedKind.WORD, " ", Measure.HOLD),
        NewListed(ListedKind.WORD, "x", Measure.HOLD),
        NewListed(ListedKind.WORD, "x" * 201, Measure.HOLD),
        NewListed(ListedKind.WORD, "word", Measure.ALLOW),
        NewListed(ListedKind.WORD, "word", Measure.HOLD, "x" * 501),
        NewListed(ListedKind.WORD, "word", Measure.HOLD, "", NOW),
        NewListed(ListedKind.DOMAIN, "nowhere", Measure.HOLD),
        NewListed(ListedKind.DOMAIN, "a b.example", Measure.HOLD),
    ],
)
def test_what_cannot_be_listed_is_refused(new: NewListed) -> None:
    with pytest.raises(Invalid):
        checked(new, NOW)


async def test_what_moderators_say_is_done_about_a_listed_word_and_the_author_is_told_why(world: World) -> None:
    maud = await moderator(world)
    ann = await world.person("ann")
    await ann.post("A frobnitz for everybody")
    made = await maud.do("POST", LISTED, kind="word", value="Frobnitz", measure="reject", comment="a scam")
    assert (made["value"], made["measure"], made["added_by_account_id"]) == ("frobnitz", "reject", str(maud.id))
    refused = await ann.ask("POST", "/api/v1/statuses", json={"status": "A FROBNITZ for everybody"})
    assert refused.status_code == 422
    assert "“FROBNITZ”" in refused.json()["error"]
    assert "moderators have listed" in refused.json()["error"]
    await maud.do("POST", LISTED, kind="word", value="frobnitz", measure="hold")
    held = await ann.post("A frobnitz, again")
    assert (await maud.ask("GET", f"/api/v1/statuses/{held['id']}")).status_code == 404
    await maud.do("POST", LISTED, kind="word", value="frobnitz", measure="label")
    labelled = await ann.post("A frobnitz, once more")
    shown = await maud.get(f"/api/v1/statuses/{labelled['id']}")
    assert (shown["sensitive"], shown["spoiler_text"]) == (True, "May contain something that this server warns of")
    await maud.do("DELETE", f"{LISTED}/{made['id']}")
    free = await ann.post("A frobnitz, at last")
    assert (await maud.get(f"/api/v1/statuses/{free['id']}"))["sensitive"] is False
    acts = [one["action"] for one in await maud.get("/api/v1/admin/audit_log")]
    assert acts[:4] == ["listed.remove", "listed.add", "listed.add", "listed.add"]


async def test_a_listed_domain_ends_by_itself(world: World) -> None:
    maud = await moderator(world)
    ann = await world.person("ann")
    ends = (world.clock.now().replace(microsecond=0)).isoformat()
    late = await maud.ask("POST", LISTED, json={"kind": "domain", "value": "birds.example", "expires_at": ends})
    assert late.status_code == 422
    world.clock.move(hours=-1)
    await maud.do("POST", LISTED, kind="domain", value="birds.example", measure="reject", expires_at=ends)
    body = {"status": "Look at https://birds.example/linnets"}
    assert (await ann.ask("POST", "/api/v1/statuses", json=body)).status_code == 422
    world.clock.move(hours=2)
    assert (await ann.ask("POST", "/api/v1/statuses", json=body)).status_code == 200
    await world.settle(periodics=True)
    assert await maud.get(LISTED, kind="domain") == []


async def test_lists_travel_as_csv_whole_or_not_at_all(world: World) -> None:
    maud = await moderator(world)
    lines = ("kind,value,measure,comment,expires_at", 'word,Frobnitz,hold,"a, scam",')
    text = "\n".join((*lines, "domain,spam.example,reject,,2999-01-01T00:00:00Z\n"))
    assert await bring(maud, text) == (200, {"number": 2})
    taken = (await maud.ask("GET", f"{LISTED}/export")).text
    assert sorted(taken.splitlines()) == sorted(
        ["kind,value,measure,comment,expires_at", 'word,frobnitz,hold,"a, scam",',
         "domain,spam.example,reject,,2999-01-01T00:00:00+00:00"]
    )  # fmt: skip
    assert await bring(maud, taken) == (200, {"number": 2})
    assert len(await maud.get(LISTED)) == len(await maud.get(LISTED, kind="domain")) == 1
    status, answer = await bring(maud, "kind,value,measure\nword,another,hold\nword,third,gently\n")
    assert (status, "Line 3" in answer["error"]) == (422, True)
    assert len(await maud.get(LISTED)) == 1
    assert (await bring(maud, "name\nx\n"))[0] == 422


async def bring(person: Person, text: str) -> tuple[int, Any]:
    answer = await person.ask("POST", f"{LISTED}/import", files={"data": ("listed.csv", text.encode())})
    return answer.status_code, answer.json()
