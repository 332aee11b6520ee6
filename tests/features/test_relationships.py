"""Stories about relationships: follows and requests, blocks, mutes, notes, and the lists of them."""

import asyncio
from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.accounts import reads as profiles
from linnet.features.accounts.models import ProfileChanges, Viewer
from linnet.features.relationships import actions, jobs, models, reads
from linnet.features.relationships.events import Blocked, Followed, FollowRequested, FollowRequestRemoved, Unfollowed
from linnet.features.relationships.models import FollowOptions, Relationship
from linnet.platform.engines import Transaction
from linnet.platform.errors import Forbidden, Invalid, NotFound
from linnet.platform.jobs import Event
from linnet.platform.paging import Window
from world import Person, World


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event between two accounts, as it is recorded (which it is all the same)."""
    events: list[Event] = []
    record = Transaction.record

    async def listen(tx: Transaction, event: Event) -> None:
        if type(event).__module__ == Followed.__module__:
            events.append(event)
        await record(tx, event)

    monkeypatch.setattr(Transaction, "record", listen)
    return events


async def between(world: World, one: Person, other: Person) -> Relationship:
    return (await reads.load(world.engines.db, one.viewer, [other.id]))[other.id]


async def counts(world: World, person: Person) -> tuple[int, int]:
    """Followers and following."""
    account = await profiles.show(world.engines.db, person.id)
    return account.followers, account.following


async def lock(world: World, person: Person, *, locked: bool = True) -> None:
    await accounts.update_profile(world.engines, person.viewer, ProfileChanges(locked=locked))


async def test_following_is_seen_from_both_sides_and_a_second_time_changes_nothing(
    world: World, recorded: list[Event]
) -> None:
    alice, bob = await world.people("alice", "bob")
    await actions.follow(world.engines, bob.viewer, alice.id)
    await actions.follow(world.engines, bob.viewer, alice.id)
    mine, theirs = await between(world, bob, alice), await between(world, alice, bob)
    assert (mine.following, mine.showing_reblogs, mine.notifying, mine.followed_by) == (True, True, False, False)
    assert (theirs.following, theirs.followed_by) == (False, True)
    assert await counts(world, alice) == (1, 0)
    assert await counts(world, bob) == (0, 1)
    assert recorded == [Followed(account_id=bob.id, target_id=alice.id)]
    await actions.unfollow(world.engines, bob.viewer, alice.id)
    await actions.unfollow(world.engines, bob.viewer, alice.id)
    assert not (await between(world, bob, alice)).following
    assert (await counts(world, alice), await counts(world, bob)) == ((0, 0), (0, 0))
    assert recorded[1:] == [Unfollowed(account_id=bob.id, target_id=alice.id)]


async def test_following_again_changes_only_the_options_that_are_given(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await actions.follow(world.engines, bob.viewer, alice.id, FollowOptions(reblogs=False, languages=("de", "fr")))
    await actions.follow(world.engines, bob.viewer, alice.id, FollowOptions(notify=True))
    relation = await between(world, bob, alice)
    assert (relation.showing_reblogs, relation.notifying, relation.languages) == (False, True, ("de", "fr"))
    await actions.follow(world.engines, bob.viewer, alice.id, FollowOptions(reblogs=True, languages=()))
    relation = await between(world, bob, alice)
    assert (relation.showing_reblogs, relation.notifying, relation.languages) == (True, True, None)
    assert await counts(world, alice) == (1, 0)
    with pytest.raises(Invalid):
        await actions.follow(world.engines, bob.viewer, alice.id, FollowOptions(languages=("x" * 100,)))


async def test_simultaneous_follows_count_once(world: World, recorded: list[Event]) -> None:
    alice, bob = await world.people("alice", "bob")
    await asyncio.gather(*(actions.follow(world.engines, bob.viewer, alice.id) for _ in range(8)))
    assert await counts(world, alice) == (1, 0)
    await asyncio.gather(*(actions.unfollow(world.engines, bob.viewer, alice.id) for _ in range(8)))
    assert await counts(world, alice) == (0, 0)
    assert [type(event) for event in recorded] == [Followed, Unfollowed]


async def test_a_follow_and_a_block_at_the_same_moment_never_leave_both(world: World) -> None:
    for number in range(10):
        alice, bob = await world.people(f"alice{number}", f"bob{number}")
        results = await asyncio.gather(
            actions.follow(world.engines, bob.viewer, alice.id),
            actions.block(world.engines, alice.viewer, bob.id),
            return_exceptions=True,
        )
        assert [error for error in results if error is not None and not isinstance(error, Forbidden)] == []
        relation = await between(world, bob, alice)
        assert (relation.following, relation.blocked_by) == (False, True)
        assert await counts(world, alice) == (0, 0)


async def test_whom_one_cannot_follow_and_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob, carol, dave = await world.people("alice", "bob", "carol", "dave")
    engines = world.engines
    await actions.block(engines, alice.viewer, bob.id)
    await actions.block(engines, dave.viewer, alice.id)
    await engines.db.execute("update accounts set suspended_at = now() where id = $1", carol.id)
    refusals: list[tuple[Viewer, int, type[Exception]]] = [
        (alice.viewer, alice.id, Invalid),
        (alice.viewer, bob.id, Forbidden),
        (bob.viewer, alice.id, Forbidden),
        (alice.viewer, dave.id, Forbidden),
        (bob.viewer, carol.id, Forbidden),
        (bob.viewer, 1, NotFound),
    ]
    for viewer, target_id, error in refusals:
        with pytest.raises(error):
            await actions.follow(engines, viewer, target_id)
    monkeypatch.setattr(actions, "FOLLOWS_MAX", 1)
    erin = await world.person("erin")
    await actions.follow(engines, bob.viewer, erin.id)
    with pytest.raises(Invalid, match="more than 1"):
        await actions.follow(engines, bob.viewer, dave.id)
    assert await engines.db.value("select count(*) from follows") == 1


async def test_a_locked_account_is_asked_and_answers(world: World, recorded: list[Event]) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    engines = world.engines
    await lock(world, alice)
    recorded.clear()
    await actions.follow(engines, bob.viewer, alice.id, FollowOptions(reblogs=False, notify=True))
    await actions.follow(engines, bob.viewer, alice.id)
    await actions.follow(engines, carol.viewer, alice.id)
    assert (await between(world, bob, alice)).requested
    assert (await between(world, alice, bob)).requested_by
    assert await reads.follow_requests_count(engines.db, alice.viewer) == 2
    waiting = await reads.follow_requests(engines.db, alice.viewer, Window())
    assert [account_id for _, account_id in waiting] == [carol.id, bob.id]
    await actions.accept_request(engines, alice.viewer, bob.id)
    await actions.accept_request(engines, alice.viewer, bob.id)
    await actions.reject_request(engines, alice.viewer, carol.id)
    await actions.reject_request(engines, alice.viewer, carol.id)
    relation = await between(world, bob, alice)
    assert (relation.following, relation.requested, relation.showing_reblogs, relation.notifying) == (
        True,
        False,
        False,
        True,
    )
    refused = await between(world, carol, alice)
    assert (refused.following, refused.requested) == (False, False)
    assert await counts(world, alice) == (1, 0)
    with pytest.raises(NotFound):
        await actions.accept_request(engines, alice.viewer, carol.id)
    assert recorded == [
        FollowRequested(account_id=bob.id, target_id=alice.id),
        FollowRequested(account_id=carol.id, target_id=alice.id),
        Followed(account_id=bob.id, target_id=alice.id, accepted=True),
        FollowRequestRemoved(account_id=carol.id, target_id=alice.id),
    ]


async def test_a_request_can_be_taken_back(world: World, recorded: list[Event]) -> None:
    alice, bob = await world.people("alice", "bob")
    await lock(world, alice)
    await actions.follow(world.engines, bob.viewer, alice.id)
    await actions.unfollow(world.engines, bob.viewer, alice.id)
    assert not (await between(world, bob, alice)).requested
    assert recorded[-1] == FollowRequestRemoved(account_id=bob.id, target_id=alice.id)


async def test_an_account_that_opens_up_lets_in_whoever_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 2)
    alice = await world.person("alice")
    askers = [await world.person() for _ in range(5)]
    await lock(world, alice)
    for asker in askers:
        await actions.follow(world.engines, asker.viewer, alice.id)
    await lock(world, alice)
    await world.settle()
    assert await counts(world, alice) == (0, 0)
    await lock(world, alice, locked=False)
    await world.settle()
    assert await counts(world, alice) == (5, 0)
    assert await counts(world, askers[0]) == (0, 1)
    assert await reads.follow_requests_count(world.engines.db, alice.viewer) == 0


async def test_a_block_ends_follows_and_requests_both_ways(world: World, recorded: list[Event]) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    engines = world.engines
    await actions.follow(engines, alice.viewer, bob.id)
    await actions.follow(engines, bob.viewer, alice.id)
    await lock(world, alice)
    await actions.follow(engines, carol.viewer, alice.id)
    recorded.clear()
    for other in (bob, carol):
        await actions.block(engines, alice.viewer, other.id)
        await actions.block(engines, alice.viewer, other.id)
    relation = await between(world, alice, bob)
    assert (relation.following, relation.followed_by, relation.blocking, relation.blocked_by) == (
        False,
        False,
        True,
        False,
    )
    assert not (await between(world, alice, carol)).requested_by
    assert await counts(world, alice) == (0, 0)
    assert await counts(world, bob) == (0, 0)
    assert recorded == [
        Blocked(account_id=alice.id, target_id=bob.id),
        Blocked(account_id=alice.id, target_id=carol.id),
    ]
    await actions.unblock(engines, alice.viewer, bob.id)
    await actions.follow(engines, bob.viewer, alice.id)
    assert (await between(world, bob, alice)).requested
    with pytest.raises(Invalid):
        await actions.block(engines, alice.viewer, alice.id)


async def test_a_timed_mute_ends_by_itself_and_is_swept_away(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    engines = world.engines
    await actions.mute(engines, alice.viewer, bob.id, notifications=False, duration_s=3600)
    await actions.mute(engines, alice.viewer, carol.id)
    relation = await between(world, alice, bob)
    assert (relation.muting, relation.muting_notifications) == (True, False)
    assert relation.muting_expires_at is not None
    assert await reads.silenced_by(engines.db, alice.viewer, [bob.id, carol.id]) == {bob.id, carol.id}
    await engines.db.execute("update mutes set expires_at = now() - interval '1 second' where target_id = $1", bob.id)
    assert not (await between(world, alice, bob)).muting
    assert await reads.silenced_by(engines.db, alice.viewer, [bob.id, carol.id]) == {carol.id}
    assert [row.account_id for row in await reads.mutes(engines.db, alice.viewer, Window())] == [carol.id]
    await jobs.drop_expired_mutes(engines)
    assert await engines.db.value("select array_agg(target_id) from mutes") == [carol.id]


async def test_muting_again_changes_how(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await actions.mute(world.engines, alice.viewer, bob.id, duration_s=60)
    await actions.mute(world.engines, alice.viewer, bob.id, notifications=False)
    relation = await between(world, alice, bob)
    assert (relation.muting, relation.muting_notifications, relation.muting_expires_at) == (True, False, None)
    for duration_s in (-1, models.MUTE_S_MAX + 1):
        with pytest.raises(Invalid):
            await actions.mute(world.engines, alice.viewer, bob.id, duration_s=duration_s)
    with pytest.raises(Invalid):
        await actions.mute(world.engines, alice.viewer, alice.id)
    await actions.unmute(world.engines, alice.viewer, bob.id)
    await actions.unmute(world.engines, alice.viewer, bob.id)
    assert not (await between(world, alice, bob)).muting


async def test_blocks_silence_both_ways(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await actions.block(world.engines, alice.viewer, bob.id)
    db, everyone = world.engines.db, [alice.id, bob.id, carol.id]
    assert await reads.silenced_by(db, alice.viewer, everyone) == {bob.id}
    assert await reads.silenced_by(db, bob.viewer, everyone) == {alice.id}
    assert await reads.silenced_by(db, carol.viewer, everyone) == set()


async def test_a_removed_follower_may_come_back_and_notes_are_private(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    engines = world.engines
    await actions.follow(engines, bob.viewer, alice.id)
    await actions.remove_from_followers(engines, alice.viewer, bob.id)
    assert await counts(world, alice) == (0, 0)
    await actions.follow(engines, bob.viewer, alice.id)
    assert await counts(world, alice) == (1, 0)
    await actions.set_note(engines, alice.viewer, bob.id, "met at sea")
    await actions.set_note(engines, alice.viewer, bob.id, "owes me a book")
    assert (await between(world, alice, bob)).note == "owes me a book"
    assert (await between(world, bob, alice)).note == ""
    await actions.set_note(engines, alice.viewer, bob.id, "")
    assert (await between(world, alice, bob)).note == ""
    with pytest.raises(Invalid):
        await actions.set_note(engines, alice.viewer, bob.id, "x" * 2001)


async def test_followers_are_paged_without_gap_or_repeat_and_slices_cover_them(world: World) -> None:
    alice = await world.person("alice")
    fans = [await world.person() for _ in range(7)]
    for fan in fans:
        await actions.follow(world.engines, fan.viewer, alice.id)
    db, newest_first = world.engines.db, [fan.id for fan in reversed(fans)]
    seen: list[int] = []
    window: Window | None = Window(limit=3)
    while window is not None:
        page = await reads.followers(db, None, alice.id, window)
        seen += [account_id for _, account_id in page]
        window = Window(max_id=page[-1][0], limit=3) if page else None
    assert seen == newest_first
    oldest = (await reads.followers(db, None, alice.id, Window(limit=7)))[-1][0]
    forward = await reads.followers(db, None, alice.id, Window(min_id=oldest, limit=3))
    assert [account_id for _, account_id in forward] == newest_first[-4:-1]
    slices: list[int] = []
    while part := await reads.follower_ids_page(db, alice.id, slices[-1] if slices else 0, 3):
        slices += part
    assert slices == sorted(newest_first)
    assert await reads.following_ids(db, fans[0].id) == [alice.id]


async def test_hidden_lists_and_blocked_people_are_not_shown(world: World) -> None:
    alice, bob, carol, dave = await world.people("alice", "bob", "carol", "dave")
    engines = world.engines
    for fan in (bob, carol, dave):
        await actions.follow(engines, fan.viewer, alice.id)

    async def followers_for(viewer: Person | None) -> list[int]:
        found = await reads.followers(engines.db, viewer.viewer if viewer else None, alice.id, Window())
        return [account_id for _, account_id in found]

    assert await followers_for(None) == [dave.id, carol.id, bob.id]
    await actions.block(engines, carol.viewer, dave.id)
    assert await followers_for(dave) == [dave.id, bob.id]
    assert await followers_for(carol) == [carol.id, bob.id]
    await actions.block(engines, alice.viewer, bob.id)
    assert await followers_for(bob) == []
    assert await followers_for(None) == [dave.id, carol.id]
    await accounts.update_profile(engines, alice.viewer, ProfileChanges(hides_collections=True))
    assert (await followers_for(None), await followers_for(alice)) == ([], [dave.id, carol.id])
    await engines.db.execute("update accounts set suspended_at = now() where id = $1", dave.id)
    assert await followers_for(alice) == [carol.id]


async def test_familiar_followers_are_those_one_follows_oneself(world: World) -> None:
    alice, bob, carol, dave = await world.people("alice", "bob", "carol", "dave")
    engines = world.engines
    for follower, followed in [(alice, bob), (alice, carol), (bob, dave), (carol, dave), (dave, bob)]:
        await actions.follow(engines, follower.viewer, followed.id)
    found = await reads.familiar_followers(engines.db, alice.viewer, [dave.id, bob.id])
    assert found == {dave.id: [carol.id, bob.id], bob.id: []}
    await accounts.update_profile(engines, carol.viewer, ProfileChanges(hides_collections=True))
    assert await reads.familiar_followers(engines.db, alice.viewer, [dave.id]) == {dave.id: [bob.id]}


async def named(world: World, **names: str) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for username, display_name in names.items():
        people[username] = await world.person(username)
        await accounts.update_profile(world.engines, people[username].viewer, ProfileChanges(display_name=display_name))
    return people


async def test_search_puts_the_very_name_first_then_prefixes_then_whom_one_follows(world: World) -> None:
    people = await named(world, ann="Ann", anna="Anna B", annabel="Bel", joanna="Jo", zoe="Zoë Ännchen", bob="Bob")
    bob = people["bob"]
    by_id = {person.id: name for name, person in people.items()}

    async def search(query: str, viewer: Person | None = bob, **more: Any) -> list[str]:
        found = await reads.search_accounts(world.engines, viewer.viewer if viewer else None, query, limit=10, **more)
        return [by_id[account_id] for account_id in found]

    assert (await search("ANN"))[0] == "ann"
    assert set((await search("ann"))[1:3]) == {"anna", "annabel"}
    assert "joanna" in await search("ann")
    assert await search("ännch") == ["zoe"]
    assert await search("annabell") == ["annabel"]
    assert await search("z") == ["zoe"]
    assert await search("bel") == ["annabel"]
    assert await search("100%_") == []
    assert await search("  ") == []
    await actions.follow(world.engines, bob.viewer, people["annabel"].id)
    assert (await search("anna"))[:3] == ["anna", "annabel", "joanna"]
    assert await search("ann", following_only=True) == ["annabel"]
    assert await search("ann", None, following_only=True) == []
    assert (await search("ann", offset=1))[0] == "annabel"
    await actions.block(world.engines, people["ann"].viewer, bob.id)
    assert "ann" not in await search("ann")
    assert "ann" in await search("ann", None)
    await world.engines.db.execute("update users set approved_at = null where account_id = $1", people["anna"].id)
    assert "anna" not in await search("anna", None)


async def test_relationships_of_a_page_are_one_statement(world: World) -> None:
    alice = await world.person("alice")
    people = [await world.person() for _ in range(4)]
    for some in (people[:1], people):
        async with world.counting_statements() as sent:
            found = await reads.load(world.engines.db, alice.viewer, [person.id for person in some])
        assert sent.number == 1
        assert found == {person.id: Relationship(person.id) for person in some}
