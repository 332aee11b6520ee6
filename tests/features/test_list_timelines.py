"""Stories about lists: who and what is on them, what their timelines show, and what they keep out of a home."""

from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.timelines.lists import actions, reads
from linnet.features.timelines.lists.models import RepliesPolicy
from linnet.platform.errors import Invalid, NotFound
from world import Person, World


def ids(statuses: list[dict[str, Any]]) -> list[str]:
    return [status["id"] for status in statuses]


async def make(owner: Person, *members: Person, tags: tuple[str, ...] = (), **more: Any) -> str:
    """A list with people on it, whom its owner follows from now on; its id."""
    list_id = (await owner.do("POST", "/api/v1/lists", title="Birds", **more))["id"]
    for member in members:
        if member is not owner:
            await owner.follow(member)
    if members:
        await owner.do("POST", f"/api/v1/lists/{list_id}/accounts", account_ids=[str(one.id) for one in members])
    if tags:
        await owner.do("POST", f"/api/v1/lists/{list_id}/tags", tags=list(tags))
    return list_id


async def shown(owner: Person, list_id: str, **params: Any) -> list[str]:
    return ids(await owner.get(f"/api/v1/timelines/list/{list_id}", **params))


async def test_a_list_shows_what_those_on_it_post_and_nothing_else(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob)
    await alice.follow(carol)
    by_bob = await bob.post("on the list")
    await carol.post("not on it")
    await alice.post("its owner neither")
    kept = await bob.post("for followers", visibility="private")
    await bob.post(f"@{alice.username} for one", visibility="direct")
    assert await shown(alice, birds) == [kept["id"], by_bob["id"]]


async def test_it_has_no_bottom_and_can_be_read_both_ways(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob, carol)
    posted = [(await (bob, carol)[n % 2].post(f"number {n}"))["id"] for n in range(12)]
    assert await shown(alice, birds, limit=5) == posted[:-6:-1]
    assert await shown(alice, birds, limit=40, max_id=posted[4]) == posted[3::-1]
    assert await shown(alice, birds, limit=2, min_id=posted[4]) == [posted[6], posted[5]]
    assert await shown(alice, birds, since_id=posted[9]) == [posted[11], posted[10]]
    assert await shown(alice, birds, since_id=2**63 - 1) == []


@pytest.mark.parametrize("verb", ["unfollow", "block", "mute"])
async def test_whom_one_leaves_is_gone_from_the_list_at_once(world: World, verb: str) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob)
    await bob.post("hello")
    await alice.relate(verb, bob)
    assert await shown(alice, birds) == []


async def test_a_membership_ends_with_the_follow_it_stands_on(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob)
    posted = await bob.post("hello")
    await alice.relate("unfollow", bob)
    await alice.follow(bob)
    assert await shown(alice, birds) == []
    assert await alice.get(f"/api/v1/lists/{birds}/accounts") == []
    assert await alice.get(f"/api/v1/accounts/{bob.id}/lists") == []
    await world.settle()
    assert await world.engines.db.value("select count(*) from list_accounts") == 0
    await alice.do("POST", f"/api/v1/lists/{birds}/accounts", account_ids=[str(bob.id)])
    assert await shown(alice, birds) == [posted["id"]]


async def test_who_is_put_back_before_the_job_has_run_stays(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob)
    await alice.relate("unfollow", bob)
    await alice.follow(bob)
    await alice.do("POST", f"/api/v1/lists/{birds}/accounts", account_ids=[str(bob.id)])
    await world.settle()
    assert [one["id"] for one in await alice.get(f"/api/v1/lists/{birds}/accounts")] == [str(bob.id)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("none", {"self", "owner"}),
        ("list", {"self", "owner", "member"}),
        ("followed", {"self", "owner", "member", "followed"}),
    ],
)
async def test_the_policy_says_which_replies_are_shown(world: World, policy: str, expected: set[str]) -> None:
    alice, bob, carol, dan, eve = await world.people("alice", "bob", "carol", "dan", "eve")
    birds = await make(alice, bob, carol, replies_policy=policy)
    await alice.follow(dan)
    answered = {"self": bob, "owner": alice, "member": carol, "followed": dan, "stranger": eve}
    replies: dict[str, str] = {}
    for name, person in answered.items():
        root = await person.post(f"I am {name}")
        replies[(await bob.post("an answer", in_reply_to_id=root["id"]))["id"]] = name
    found = [replies[one] for one in await shown(alice, birds) if one in replies]
    assert set(found) == expected


async def test_reblogs_are_shown_as_at_home_and_not_of_whom_one_has_silenced(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob)
    by_carol = await carol.post("passed on")
    await bob.mark("reblog", by_carol)
    (reblog,) = await alice.get(f"/api/v1/timelines/list/{birds}")
    assert reblog["reblog"]["id"] == by_carol["id"]
    await alice.follow(bob, reblogs=False)
    assert await shown(alice, birds) == []
    await alice.follow(bob, reblogs=True)
    await alice.relate("mute", carol)
    assert await shown(alice, birds) == []


async def test_hashtags_bring_public_posts_of_everybody(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob, tags=("#Finch", "wren"))
    mine = await bob.post("no tag at all")
    under = await carol.post("a #FINCH")
    await carol.post("a #finch for few", visibility="unlisted")
    both = await bob.post("#finch and #wren")
    reply = await carol.post("the same #wren", in_reply_to_id=both["id"])
    assert await shown(alice, birds) == [reply["id"], both["id"], under["id"], mine["id"]]
    await alice.do("PUT", f"/api/v1/lists/{birds}", replies_policy="none")
    assert await shown(alice, birds) == [both["id"], under["id"], mine["id"]]
    await alice.relate("mute", carol)
    assert await shown(alice, birds) == [both["id"], mine["id"]]
    left = await alice.do("DELETE", f"/api/v1/lists/{birds}/tags", tags=["FINCH"])
    assert [tag["name"] for tag in left] == ["wren"]
    assert await shown(alice, birds) == [both["id"], mine["id"]]


async def test_an_exclusive_list_keeps_those_on_it_out_of_the_home(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob, exclusive=True)
    await alice.follow(carol)
    by_bob, by_carol = await bob.post("on the list"), await carol.post("at home")
    await world.settle()
    for _ in range(2):
        assert ids(await alice.home()) == [by_carol["id"]]
    assert await shown(alice, birds) == [by_bob["id"]]
    passed = await carol.mark("reblog", by_bob)
    await world.settle()
    assert ids(await alice.home()) == [passed["id"], by_carol["id"]]
    await alice.do("PUT", f"/api/v1/lists/{birds}", exclusive=False)
    assert by_bob["id"] in ids(await alice.home(max_id=passed["id"]))


@pytest.mark.parametrize("ending", ["take off", "drop", "unfollow and follow", "open"])
async def test_whatever_ends_that_brings_them_home_again(world: World, ending: str) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob, exclusive=True)
    posted = await bob.post("hello")
    await world.settle()
    assert await alice.home() == []
    if ending == "take off":
        await alice.do("DELETE", f"/api/v1/lists/{birds}/accounts", account_ids=[str(bob.id)])
    elif ending == "drop":
        await alice.do("DELETE", f"/api/v1/lists/{birds}")
    elif ending == "open":
        await alice.do("PUT", f"/api/v1/lists/{birds}", exclusive="0")
    else:
        await alice.relate("unfollow", bob)
        await alice.follow(bob)
    assert ids(await alice.home()) == [posted["id"]]


async def test_of_two_exclusive_lists_one_is_enough(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    first, second = [await make(alice, bob, exclusive=True) for _ in range(2)]
    await bob.post("hello")
    await world.settle()
    await alice.do("DELETE", f"/api/v1/lists/{first}")
    assert await alice.home() == []
    await alice.do("DELETE", f"/api/v1/lists/{second}/accounts", account_ids=[str(bob.id)])
    assert len(await alice.home()) == 1


async def test_their_owner_may_be_on_a_list_and_stays_at_home(world: World) -> None:
    alice = await world.person("alice")
    birds = await make(alice, alice, exclusive=True)
    posted = await alice.post("me")
    assert await shown(alice, birds) == [posted["id"]]
    assert ids(await alice.home()) == [posted["id"]]


async def test_everybody_on_a_list_comes_at_once_with_a_limit_of_nothing(world: World) -> None:
    alice = await world.person("alice")
    people = [await world.person() for _ in range(45)]
    birds = await make(alice, *people)
    path = f"/api/v1/lists/{birds}/accounts"
    assert len(await alice.get(path)) == 40
    answer = await alice.ask("GET", path, params={"limit": 0})
    assert [one["id"] for one in answer.json()] == [str(one.id) for one in reversed(people)]
    assert "next" not in answer.links
    assert (await alice.ask("GET", answer.links["prev"]["url"])).json() == []
    counted: list[int] = []
    for limit in (2, 40):
        async with world.counting_statements() as statements:
            await alice.get(path, limit=limit)
        counted.append(statements.number)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("encoding", ["json", "data", "params", "files"])
async def test_people_are_put_on_and_taken_off_by_bodies_of_every_form(world: World, encoding: str) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice)
    await alice.follow(bob)
    sent: Any = {"account_ids": [str(bob.id)]} if encoding == "json" else {"account_ids[]": str(bob.id)}
    if encoding == "files":
        sent = {name: (None, value) for name, value in sent.items()}
    for method, left in (("POST", 1), ("DELETE", 0)):
        answer = await alice.ask(method, f"/api/v1/lists/{birds}/accounts", **{encoding: sent})
        assert (answer.status_code, answer.json()) == (200, {})
        assert len(await alice.get(f"/api/v1/lists/{birds}/accounts")) == left


async def test_lists_are_their_owners_alone(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob)
    below = ("/accounts", "/tags")
    for path, methods in (("", ("GET", "PUT", "DELETE")), *((one, ("GET", "POST", "DELETE")) for one in below)):
        for method in methods:
            answer = await bob.ask(method, f"/api/v1/lists/{birds}{path}", json={"title": "mine now"})
            assert answer.status_code == 404, (method, path)
    assert (await bob.ask("GET", f"/api/v1/timelines/list/{birds}")).status_code == 404
    assert (await alice.get(f"/api/v1/lists/{birds}"))["title"] == "Birds"


async def test_only_whom_one_follows_can_be_put_on_a_list(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob)
    path = f"/api/v1/lists/{birds}/accounts"
    answer = await alice.ask("POST", path, json={"account_ids": [str(bob.id), str(carol.id)]})
    assert answer.status_code == 404
    assert [one["id"] for one in await alice.get(path)] == [str(bob.id)]


async def test_nothing_of_a_deleted_account_is_left(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await make(alice, bob, tags=("wren",))
    await make(carol, bob)
    await make(bob, alice, carol, tags=("wren",))
    await accounts.delete(world.engines, bob.id)
    await world.settle()
    count = "select (select count(*) from lists where account_id = $1) + (select count(*) from list_accounts)"
    assert await world.engines.db.value(count, bob.id) == 0
    assert await world.engines.db.value("select count(*) from list_tags") == 1


async def test_streams_ask_which_lists_a_status_may_belong_on(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    by_account, by_tag, neither = (
        int(await make(alice, bob)),
        int(await make(carol, tags=("wren",))),
        int(await make(carol)),
    )
    posted = await bob.post("a #wren")
    status_id = int(posted["id"])
    connected = [by_account, by_tag, neither]
    db = world.engines.db
    found = await reads.opened_with(db, connected, {bob.id}, {"wren"})
    assert {one.list.id: one.account_ids for one in found} == {by_account: {bob.id}, by_tag: set()}
    assert [one.list.id for one in await reads.opened_with(db, connected, {bob.id}, set())] == [by_account]
    assert (await reads.among(world.engines, alice.viewer, by_account, [status_id])).ids == (status_id,)
    assert (await reads.among(world.engines, carol.viewer, neither, [status_id])).ids == ()
    with pytest.raises(NotFound):
        await reads.among(world.engines, alice.viewer, by_tag, [status_id])


async def test_limits_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for name in ("LISTS_MAX", "ACCOUNTS_MAX", "TAGS_MAX"):
        monkeypatch.setattr(actions, name, 1)
    birds = await make(alice, bob, tags=("wren",))
    await alice.follow(carol)
    with pytest.raises(Invalid, match="maximum number of lists"):
        await actions.make(world.engines, alice.viewer, "More", RepliesPolicy.NONE)
    with pytest.raises(Invalid, match="room for 1 accounts"):
        await actions.put_accounts(world.engines, alice.viewer, int(birds), [carol.id])
    with pytest.raises(Invalid, match="room for 1 hashtags"):
        await actions.put_tags(world.engines, alice.viewer, int(birds), ["finch"])
    assert len(await alice.get(f"/api/v1/lists/{birds}/tags")) == 1


async def test_a_page_takes_as_many_statements_however_long_it_is(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob, carol, tags=("wren",))
    for number in range(30):
        await (bob, carol)[number % 2].post(f"number {number} #wren")
    counted: list[int] = []
    for limit in (2, 20):
        await alice.get(f"/api/v1/timelines/list/{birds}", limit=40)
        async with world.counting_statements() as statements:
            await alice.get(f"/api/v1/timelines/list/{birds}", limit=limit)
        counted.append(statements.number)
    assert counted[0] == counted[1] <= 3


async def test_who_was_only_asked_is_on_the_list_and_heard_there_once_they_say_yes(world: World) -> None:
    alice, locked, other = await world.people("alice", "locked", "other")
    for person in (locked, other):
        await person.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
        await alice.follow(person)
    birds = (await alice.do("POST", "/api/v1/lists", title="Birds", exclusive=True))["id"]
    ids = [str(locked.id), str(other.id)]
    await alice.do("POST", f"/api/v1/lists/{birds}/accounts", account_ids=ids)
    path, home = f"/api/v1/timelines/list/{birds}", "/api/v1/timelines/home"

    async def members() -> set[str]:
        return {one["username"] for one in await alice.get(f"/api/v1/lists/{birds}/accounts")}

    await locked.post("before")
    assert (await members(), await alice.get(path)) == ({"locked", "other"}, [])
    await locked.do("POST", f"/api/v1/follow_requests/{alice.id}/authorize")
    await other.do("POST", f"/api/v1/follow_requests/{alice.id}/reject")
    after = await locked.post("after", visibility="private")
    await world.settle()
    assert await members() == {"locked"}
    assert (await alice.get(path))[0]["id"] == after["id"]
    assert await alice.get(home) == [], "the list is exclusive"
    await alice.relate("unfollow", locked)
    await alice.follow(locked)
    await world.settle()
    assert (await members(), await alice.get(path)) == (set(), []), "another request is another membership"
