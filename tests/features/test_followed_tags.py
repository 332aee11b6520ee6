"""Stories about hashtags that people follow, which come into their homes, and those they feature on their profiles."""

from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.statuses.tags import actions
from linnet.platform.changes import Kind
from linnet.platform.errors import Invalid
from world import Person, World


def ids(statuses: list[dict[str, Any]]) -> list[str]:
    return [status["id"] for status in statuses]


async def turn(person: Person, verb: str, tag: str) -> Any:
    return await person.do("POST", f"/api/v1/tags/{tag}/{verb}")


async def test_public_posts_under_a_followed_tag_come_home_at_once(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    old = await bob.post("a #Finch from before")
    followed = await turn(alice, "follow", "finch")
    assert (followed["name"], followed["following"]) == ("finch", True)
    assert ids(await alice.home()) == [old["id"]]
    new = await bob.post("another #finch")
    await bob.post("a #finch for few", visibility="unlisted")
    await bob.post("a #finch for followers", visibility="private")
    await bob.post("a wren")
    for _ in range(2):
        assert ids(await alice.home()) == [new["id"], old["id"]]
    await world.settle()
    assert ids(await alice.home()) == [new["id"], old["id"]]
    assert (await turn(alice, "unfollow", "FINCH"))["following"] is False
    assert await alice.home() == []


@pytest.mark.parametrize("verb", ["mute", "block"])
async def test_of_whom_one_has_silenced_nothing_comes_by_a_tag(world: World, verb: str) -> None:
    alice, bob = await world.people("alice", "bob")
    await turn(alice, "follow", "finch")
    await bob.post("a #finch")
    assert len(await alice.home()) == 1
    await alice.relate(verb, bob)
    assert await alice.home() == []


async def test_a_post_by_somebody_followed_is_there_once(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.follow(bob)
    await turn(alice, "follow", "finch")
    by_carol = await carol.post("who likes the #finch")
    reply = await bob.post("I like the #finch", in_reply_to_id=by_carol["id"])
    await world.settle()
    assert ids(await alice.home()) == [reply["id"], by_carol["id"]]
    reblog = await bob.mark("reblog", by_carol)
    await world.settle()
    assert ids(await alice.home(limit=2)) == [reblog["id"], reply["id"]]


async def test_an_edit_brings_a_post_under_a_tag_and_away_from_it(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await turn(alice, "follow", "finch")
    posted = await bob.post("a bird")
    assert await alice.home() == []
    await bob.do("PUT", f"/api/v1/statuses/{posted['id']}", status="a #finch")
    assert ids(await alice.home()) == [posted["id"]]
    await bob.do("PUT", f"/api/v1/statuses/{posted['id']}", status="a bird after all")
    assert await alice.home() == []


async def test_who_dies_before_telling_has_told_by_a_job(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await turn(alice, "follow", "finch")
    assert await alice.home() == []
    silent = type(world.engines.changes).tell
    try:
        type(world.engines.changes).tell = lambda *_: silent(world.engines.changes, ())  # type: ignore[method-assign]
        posted = await bob.post("a #finch")
    finally:
        type(world.engines.changes).tell = silent
    assert await alice.home() == []
    await world.settle()
    assert ids(await alice.home()) == [posted["id"]]


async def test_a_long_home_with_tags_is_read_to_its_end_both_ways(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.follow(bob)
    await turn(alice, "follow", "finch")
    posted = [(await (bob if n % 3 else carol).post(f"{n} #finch"))["id"] for n in range(21)]
    await world.settle()
    down: list[str] = []
    while page := ids(await alice.home(limit=4, **({"max_id": down[-1]} if down else {}))):
        down += page
    assert down == posted[::-1]
    up = ids(await alice.home(limit=4, min_id=posted[4]))
    assert up == posted[8:4:-1]
    await world.engines.valkey.forget_everything()
    assert ids(await alice.home(limit=40)) == posted[::-1]


async def test_a_warm_home_with_tags_asks_no_sql(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await turn(alice, "follow", "finch")
    for number in range(5):
        await bob.post(f"{number} #finch")
    await alice.home()
    await bob.post("one more #finch")
    async with world.counting_statements() as statements:
        assert len(await alice.home()) == 6
    assert statements.number == 0


async def test_a_tag_that_nobody_follows_is_told_to_nobody(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await turn(alice, "follow", "finch")
    heard: list[int] = []
    world.engines.changes.hear(lambda change: heard.append(change[0]), lambda: None)
    await bob.post("a #wren")
    await world.settle()
    await world.engines.changes.catch_up()
    assert Kind.TAGGED not in heard
    await bob.post("a #finch")
    await world.engines.changes.catch_up()
    assert Kind.TAGGED in heard


async def test_followed_tags_are_listed_with_how_they_are_used(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    for tag in ("wren", "Finch"):
        await turn(alice, "follow", tag)
    await bob.post("a #wren")
    finch, wren = await alice.get("/api/v1/followed_tags")
    assert (finch["name"], wren["name"], wren["following"]) == ("finch", "wren", True)
    assert (wren["history"][0]["uses"], finch["history"][0]["uses"]) == ("1", "0")
    assert (await alice.get("/api/v1/tags/wren"))["following"] is True
    assert (await bob.get("/api/v1/tags/wren"))["following"] is False
    assert "following" not in (await world.get("/api/v1/tags/wren")).json()


async def test_features_are_counted_where_everybody_may_see_them(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    featured = await alice.do("POST", "/api/v1/featured_tags", name="#SongBird")
    assert (featured["name"], featured["statuses_count"], featured["last_status_at"]) == ("SongBird", "0", None)
    for visibility in ("public", "unlisted", "private", "direct"):
        await alice.post("a #songbird", visibility=visibility)
    (shown,) = await bob.get(f"/api/v1/accounts/{alice.id}/featured_tags")
    assert (shown["statuses_count"], len(shown["last_status_at"])) == ("2", 10)
    assert (await alice.do("POST", "/api/v1/featured_tags", name="songbird"))["id"] == featured["id"]
    assert (await alice.get("/api/v1/tags/songbird"))["featuring"] is True
    found = await bob.get(f"/api/v1/accounts/{alice.id}/statuses", tagged="SongBird")
    assert len(found) == 2
    assert (await bob.ask("DELETE", f"/api/v1/featured_tags/{featured['id']}")).status_code == 404
    await alice.do("DELETE", f"/api/v1/featured_tags/{featured['id']}")
    assert await alice.get("/api/v1/featured_tags") == []
    assert (await turn(alice, "feature", "wren"))["featuring"] is True
    assert (await turn(alice, "unfeature", "wren"))["featuring"] is False


async def test_the_tags_one_uses_most_are_suggested(world: World) -> None:
    alice = await world.person("alice")
    for text in ("#wren", "#wren #finch", "#finch #wren", "#gull"):
        await alice.post(text)
    assert [tag["name"] for tag in await alice.get("/api/v1/featured_tags/suggestions")] == ["wren", "finch", "gull"]
    await turn(alice, "feature", "wren")
    assert [tag["name"] for tag in await alice.get("/api/v1/featured_tags/suggestions")] == ["finch", "gull"]


@pytest.mark.parametrize("text", ["", "#", "two words", "a-b", "123", "x" * 200, "%20"])
async def test_what_is_no_hashtag_is_refused(world: World, text: str) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("POST", "/api/v1/featured_tags", json={"name": text})
    assert answer.status_code == 422, answer.text
    with pytest.raises(Invalid):
        await actions.follow(world.engines, alice.viewer, text)


async def test_limits_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = await world.person("alice")
    for name in ("FOLLOWED_MAX", "FEATURED_MAX"):
        monkeypatch.setattr(actions, name, 1)
    for _ in range(2):
        await turn(alice, "follow", "wren")
        await turn(alice, "feature", "wren")
    for verb in ("follow", "feature"):
        assert (await alice.ask("POST", f"/api/v1/tags/finch/{verb}")).status_code == 422


async def test_nothing_of_a_deleted_account_is_left(world: World) -> None:
    alice = await world.person("alice")
    await turn(alice, "follow", "wren")
    await turn(alice, "feature", "wren")
    await accounts.delete(world.engines, alice.id)
    await world.settle()
    count = "select (select count(*) from tag_follows) + (select count(*) from featured_tags)"
    assert await world.engines.db.value(count) == 0
