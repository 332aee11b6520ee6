"""Stories about polls, told through the API."""

import asyncio
from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.notifications import jobs as notifying
from linnet.features.statuses.polls.models import DURATION_MAX_S, DURATION_MIN_S
from world import Person, World

BIRDS = {"options": ["linnet", "wren", "finch"], "expires_in": 3600}


async def ask(person: Person, **poll: Any) -> Any:
    """A status with a poll."""
    return await person.post("Which one?", poll={**BIRDS, **poll})


async def vote(person: Person, poll_id: str, *choices: Any) -> Any:
    return await person.do("POST", f"/api/v1/polls/{poll_id}/votes", choices=list(choices))


async def refused(person: Person, poll_id: str, *choices: Any) -> tuple[int, str]:
    answer = await person.ask("POST", f"/api/v1/polls/{poll_id}/votes", json={"choices": list(choices)})
    return answer.status_code, answer.json()["error"]


def counts(poll: Any) -> list[int | None]:
    return [option["votes_count"] for option in poll["options"]]


async def test_a_poll_is_asked_answered_and_seen_by_everybody_with_their_own_votes(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    posted = await ask(alice)
    poll = posted["poll"]
    assert [option["title"] for option in poll["options"]] == ["linnet", "wren", "finch"]
    assert (poll["expired"], poll["multiple"], poll["votes_count"], poll["voters_count"]) == (False, False, 0, None)
    assert (poll["voted"], poll["own_votes"], poll["emojis"]) == (True, [], [])
    await world.settle()
    assert (await bob.home())[0]["poll"] == {**poll, "voted": False, "own_votes": []}

    voted = await vote(bob, poll["id"], 1)
    assert (voted["voted"], voted["own_votes"], counts(voted), voted["votes_count"]) == (True, [1], [0, 1, 0], 1)
    assert (await bob.home())[0]["poll"] == voted
    assert (await carol.get(f"/api/v1/polls/{poll['id']}"))["own_votes"] == []
    public = (await world.get(f"/api/v1/polls/{poll['id']}")).json()
    assert counts(public) == [0, 1, 0]
    assert "voted" not in public
    assert "own_votes" not in public
    await vote(carol, poll["id"], "0")
    await world.settle(periodics=True)
    assert counts((await bob.get(f"/api/v1/statuses/{posted['id']}"))["poll"]) == [1, 1, 0]
    assert counts((await alice.home())[0]["poll"]) == [1, 1, 0]


async def test_a_poll_comes_in_every_form_that_clients_send(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    form = {"status": "?", "poll[options][]": ["a", "b"], "poll[expires_in]": "300", "poll[multiple]": "true"}
    poll = (await alice.ask("POST", "/api/v1/statuses", data=form)).json()["poll"]
    assert ([option["title"] for option in poll["options"]], poll["multiple"]) == (["a", "b"], True)
    answer = await bob.ask("POST", f"/api/v1/polls/{poll['id']}/votes", data={"choices[]": ["0", "1"]})
    assert (answer.json()["own_votes"], answer.json()["voters_count"], counts(answer.json())) == ([0, 1], 1, [1, 1])
    carol = await world.person("carol")
    answer = await carol.ask("POST", f"/api/v1/polls/{poll['id']}/votes?choices[]=1")
    assert answer.json()["own_votes"] == [1]
    dan = await world.person("dan")
    assert (await vote(dan, poll["id"], 0))["votes_count"] == 4


@pytest.mark.parametrize(
    ("poll", "word"),
    [
        ({"options": ["only"]}, "two"),
        ({"options": ["one", "  "]}, "two"),
        ({"options": list("abcde")}, "4"),
        ({"options": ["x" * 51, "y"]}, "50"),
        ({"options": ["same", " same "]}, "differ"),
        ({"expires_in": DURATION_MIN_S - 1}, "minutes"),
        ({"expires_in": DURATION_MAX_S + 1}, "month"),
        ({"expires_in": -(2**62)}, "minutes"),
    ],
)
async def test_a_poll_has_limits(world: World, poll: dict[str, Any], word: str) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("POST", "/api/v1/statuses", json={"status": "?", "poll": {**BIRDS, **poll}})
    assert answer.status_code == 422
    assert word in answer.json()["error"]
    posted = await alice.post("a plain one")
    edit = {"status": "?", "poll": {**BIRDS, **poll}}
    assert (await alice.ask("PUT", f"/api/v1/statuses/{posted['id']}", json=edit)).status_code == 422


async def test_the_server_says_what_it_takes(world: World) -> None:
    limits = (await world.get("/api/v2/instance")).json()["configuration"]["polls"]
    assert limits == {
        "max_options": 4,
        "max_characters_per_option": 50,
        "min_expiration": 300,
        "max_expiration": 2629746,
    }


async def test_what_is_no_vote_is_refused_with_a_sentence(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    poll = (await ask(alice))["poll"]
    assert (await refused(bob, poll["id"]))[0] == 422
    assert (await refused(bob, poll["id"], 3))[1] == "This poll has no such option."
    assert (await refused(bob, poll["id"], -1))[1] == "This poll has no such option."
    assert (await refused(bob, poll["id"], 0, 1))[1] == "This poll takes one option only."
    assert (await refused(alice, poll["id"], 0))[1] == "You cannot vote in your own poll."
    assert (await refused(bob, "1", 0))[0] == 404
    await vote(bob, poll["id"], 1)
    assert (await refused(bob, poll["id"], 0))[1] == "You have already voted in this poll."
    world.clock.move(seconds=3601)
    carol = await world.person("carol")
    assert (await refused(carol, poll["id"], 0))[1] == "This poll is over."
    assert counts(await alice.get(f"/api/v1/polls/{poll['id']}")) == [0, 1, 0]


async def test_whoever_may_not_see_the_status_knows_of_no_poll(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    poll = (await alice.post("?", poll=BIRDS, visibility="private"))["poll"]
    assert (await bob.ask("GET", f"/api/v1/polls/{poll['id']}")).status_code == 404
    assert (await world.get(f"/api/v1/polls/{poll['id']}")).status_code == 404
    assert (await refused(bob, poll["id"], 0))[0] == 404
    await bob.follow(alice)
    assert counts(await vote(bob, poll["id"], 0)) == [1, 0, 0]


async def test_totals_may_be_kept_back_until_the_end(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    poll = (await ask(alice, hide_totals=True))["poll"]
    voted = await vote(bob, poll["id"], 2)
    assert (counts(voted), voted["votes_count"], voted["own_votes"]) == ([None, None, None], 1, [2])
    assert counts(await alice.get(f"/api/v1/polls/{poll['id']}")) == [None, None, None]
    await world.settle()
    assert counts((await bob.home())[0]["poll"]) == [None, None, None]
    world.clock.move(seconds=3601)
    await world.settle(periodics=True)
    (shown,) = await bob.home()
    assert (counts(shown["poll"]), shown["poll"]["expired"]) == ([0, 0, 1], True)


async def test_each_of_many_who_vote_at_once_counts_once(world: World) -> None:
    alice = await world.person("alice")
    voters = [await world.person() for _ in range(8)]
    poll = (await ask(alice, multiple=True))["poll"]
    asked = [
        person.ask("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": choices})
        for number, person in enumerate(voters)
        for choices in ([number % 3], [0, 1], [2])
    ]
    answers = await asyncio.gather(*asked, return_exceptions=False)
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [422] * 16
    rows = await world.engines.db.rows("select choices from poll_votes")
    recounted = [sum(row["choices"] >> place & 1 for row in rows) for place in range(3)]
    before = await alice.get(f"/api/v1/polls/{poll['id']}")
    await world.settle(periodics=True)
    await world.settle(periodics=True)
    after = await alice.get(f"/api/v1/polls/{poll['id']}")
    assert (counts(before), before["voters_count"]) == (recounted, 8)
    assert after == before
    assert not await world.engines.db.value("select count(*) from poll_tally_changes")


async def test_a_poll_that_asks_something_else_begins_anew(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    posted = await ask(alice)
    await world.settle()
    await bob.home()
    await vote(bob, posted["poll"]["id"], 1)
    edit = {"status": "Which other one?", "poll": {"options": ["robin", "wren"], "expires_in": 600}}
    edited = await alice.do("PUT", f"/api/v1/statuses/{posted['id']}", **edit)
    assert (edited["poll"]["votes_count"], counts(edited["poll"])) == (0, [0, 0])
    assert edited["poll"]["id"] != posted["poll"]["id"]
    assert (await refused(bob, posted["poll"]["id"], 0))[0] == 404
    (shown,) = await bob.home()
    assert (shown["poll"]["voted"], shown["poll"]["own_votes"]) == (False, [])
    await vote(bob, edited["poll"]["id"], 1)
    await world.settle(periodics=True)
    assert counts((await bob.home())[0]["poll"]) == [0, 1]
    assert await world.engines.db.value("select count(*) from poll_votes") == 1
    first, second = await alice.get(f"/api/v1/statuses/{posted['id']}/history")
    assert [option["title"] for option in first["poll"]["options"]] == ["linnet", "wren", "finch"]
    assert [option["title"] for option in second["poll"]["options"]] == ["robin", "wren"]


async def test_votes_hold_while_the_same_is_asked_and_are_gone_with_the_poll(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    posted = await ask(alice)
    await vote(bob, posted["poll"]["id"], 1)
    path = f"/api/v1/statuses/{posted['id']}"
    longer = await alice.do("PUT", path, status="Which?", poll={**BIRDS, "expires_in": 7200, "hide_totals": True})
    assert (longer["poll"]["id"], longer["poll"]["votes_count"]) == (posted["poll"]["id"], 1)
    assert longer["poll"]["expires_at"] > posted["poll"]["expires_at"]
    without = await alice.do("PUT", path, status="Never mind")
    assert without["poll"] is None
    assert (await bob.ask("GET", f"/api/v1/polls/{posted['poll']['id']}")).status_code == 404
    await world.settle()
    assert await world.engines.db.value("select count(*) from polls") == 0
    assert await world.engines.db.value("select count(*) from poll_votes") == 0
    with_one = await alice.do("PUT", path, status="Well…", poll=BIRDS)
    assert counts(await vote(bob, with_one["poll"]["id"], 2)) == [0, 0, 1]


async def test_a_poll_that_is_made_longer_opens_again(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    posted = await ask(alice)
    world.clock.move(seconds=3601)
    await world.settle(periodics=True)
    assert (await bob.get(f"/api/v1/polls/{posted['poll']['id']}"))["expired"]
    await alice.do("PUT", f"/api/v1/statuses/{posted['id']}", status="Which one?", poll=BIRDS)
    assert not (await bob.get(f"/api/v1/polls/{posted['poll']['id']}"))["expired"]
    assert counts(await vote(bob, posted["poll"]["id"], 0)) == [1, 0, 0]


async def test_nobody_votes_in_a_poll_while_it_becomes_another(world: World) -> None:
    alice = await world.person("alice")
    voters = [await world.person() for _ in range(6)]
    posted = await ask(alice)
    edit = alice.ask(
        "PUT", f"/api/v1/statuses/{posted['id']}", json={"status": "?", "poll": {**BIRDS, "multiple": True}}
    )
    votes = [p.ask("POST", f"/api/v1/polls/{posted['poll']['id']}/votes", json={"choices": [0]}) for p in voters]
    answers = await asyncio.gather(*votes[:3], edit, *votes[3:])
    assert {answer.status_code for answer in answers} <= {200, 404}
    await world.settle(periodics=True)
    poll = (await alice.get(f"/api/v1/statuses/{posted['id']}"))["poll"]
    assert poll["votes_count"] == 0
    assert await world.engines.db.value("select count(*) from poll_votes") == 0


async def test_polls_and_votes_go_with_the_status_and_with_the_account(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    kept, gone = await ask(alice), await ask(alice)
    for status in (kept, gone):
        await vote(bob, status["poll"]["id"], 0)
        await vote(carol, status["poll"]["id"], 1)
    assert (await alice.ask("DELETE", f"/api/v1/statuses/{gone['id']}")).status_code == 200
    await world.settle(periodics=True)
    tables = ("polls", "poll_tallies", "poll_votes", "poll_tally_changes")
    sizes = [await world.engines.db.value(f"select count(*) from {table}") for table in tables]
    assert sizes == [1, 2, 2, 0]
    await accounts.delete(world.engines, bob.id)
    await world.settle(periodics=True)
    poll = await alice.get(f"/api/v1/polls/{kept['poll']['id']}")
    assert (counts(poll), poll["votes_count"]) == ([0, 1, 0], 1)


async def test_a_repeated_key_asks_once(world: World) -> None:
    alice = await world.person("alice")
    asked = {"json": {"status": "?", "poll": BIRDS}, "headers": {"Idempotency-Key": "k"}}
    answers = await asyncio.gather(*(alice.ask("POST", "/api/v1/statuses", **asked) for _ in range(4)))
    assert len({answer.json()["poll"]["id"] for answer in answers}) == 1
    assert await world.engines.db.value("select count(*) from polls") == 1


async def test_reblogs_and_quotes_show_the_poll_and_what_the_reader_chose(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await carol.follow(bob)
    posted = await ask(alice)
    await bob.mark("reblog", posted)
    await bob.post("look", quoted_status_id=posted["id"])
    await world.settle()
    await carol.home()
    await vote(carol, posted["poll"]["id"], 2)
    quote, reblog = await carol.home()
    for _ in range(2):
        assert [quote, reblog] == await carol.home()
        assert reblog["reblog"]["poll"]["own_votes"] == [2]
        assert quote["quote"]["quoted_status"]["poll"]["own_votes"] == [2]
    assert (await alice.get(f"/api/v1/statuses/{reblog['id']}"))["reblog"]["poll"]["voted"] is True


async def test_when_a_poll_is_over_its_author_and_its_voters_are_told_once(world: World) -> None:
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    posted = await ask(alice)
    for voter in (bob, carol):
        await vote(voter, posted["poll"]["id"], 1)
    await carol.relate("block", alice)
    await world.settle(periodics=True)
    assert await bob.get("/api/v1/notifications") == []
    world.clock.move(seconds=3601)
    for _ in range(2):
        await world.settle(periodics=True)
        await world.settle()
        for person in (alice, bob):
            (told,) = await person.get("/api/v1/notifications")
            assert (told["type"], told["account"]["id"]) == ("poll", str(alice.id))
            assert (told["status"]["id"], told["status"]["poll"]["expired"]) == (posted["id"], True)
        for person in (carol, dan):
            assert await person.get("/api/v1/notifications") == []


async def test_all_of_many_voters_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifying, "SLICE", 2)
    alice = await world.person("alice")
    voters = [await world.person() for _ in range(5)]
    posted = await ask(alice)
    for voter in voters:
        await vote(voter, posted["poll"]["id"], 1)
    world.clock.move(seconds=3601)
    await world.settle(periodics=True)
    await world.settle()
    for person in (alice, *voters):
        assert [one["type"] for one in await person.get("/api/v1/notifications")] == ["poll"]


async def test_what_a_poll_offers_is_found_and_filtered_like_the_words_of_its_post(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    posted = await ask(alice)
    await alice.post("a wren, without asking anybody")
    await world.settle(periodics=True)
    for query in ("wren has:poll", "which finch"):
        found = await bob.get("/api/v2/search", q=query, type="statuses")
        assert [one["id"] for one in found["statuses"]] == [posted["id"]]
    await bob.follow(alice)
    await bob.do("POST", "/api/v1/filters", phrase="finch", context=["home"])
    await world.settle()
    (shown,) = [one for one in await bob.home() if one["id"] == posted["id"]]
    assert [one["keyword_matches"] for one in shown["filtered"]] == [["finch"]]


async def test_polls_cost_a_warm_home_no_statement_and_a_cold_one_none_more(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await world.let_everything_pass()
    await bob.follow(alice)
    for _ in range(3):
        await ask(alice)
    await world.settle()
    polls = [one["poll"]["id"] for one in await bob.home()]
    async with world.counting_statements() as warm:
        await bob.home()
    assert warm.number == 0
    for poll_id in polls:
        await vote(bob, poll_id, 0)
    async with world.counting_statements() as three:
        assert all(one["poll"]["voted"] for one in await bob.home())
    for _ in range(9):
        await vote(bob, (await ask(alice))["poll"]["id"], 0)
    await world.settle()
    async with world.counting_statements() as twelve:
        assert len(await bob.home()) == 12
    assert twelve.number <= three.number
