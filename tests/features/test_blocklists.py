"""Stories about blocklists: what one keeps, others subscribe to, and everything that honours blocks honours."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.features.accounts import actions as accounts
from linnet.features.relationships.blocklists import actions, models
from linnet.features.relationships.blocklists.models import Edge, Pair, due
from world import Person, World

PATH = "/api/v1/blocklists"


async def keep(owner: Person, *members: Person, **more: Any) -> str:
    """The path of a new list with these people in it."""
    ids = [str(one.id) for one in members]
    return f"{PATH}/{(await owner.do('POST', PATH, name='Loud birds', account_ids=ids, **more))['id']}"


async def between(viewer: Person, other: Person) -> tuple[bool, bool]:
    """Whether the viewer blocks and mutes somebody."""
    found = (await viewer.get("/api/v1/accounts/relationships", **{"id[]": str(other.id)}))[0]
    return found["blocking"], found["muting"]


async def test_whoever_subscribes_has_the_accounts_of_a_list_blocked_now_and_later(world: World) -> None:
    keeper, reader, troll, later = await world.people("keeper", "reader", "troll", "later")
    path = await keep(keeper, troll, description="They shout")
    await troll.follow(reader)
    hello = await reader.post("Hello")
    found = await reader.do("POST", f"{path}/subscribe", effect="block")
    assert (found["subscribed"], found["accounts_count"], found["subscribers_count"]) == ("block", 1, 1)
    await world.settle()
    assert await between(reader, troll) == (True, False)
    assert (await troll.ask("GET", f"/api/v1/statuses/{hello['id']}")).status_code == 404
    assert [one["id"] for one in await troll.home()] == []
    assert (await reader.get(f"/api/v1/accounts/{reader.id}"))["followers_count"] == 0
    await keeper.do("POST", f"{path}/accounts", account_ids=[str(later.id)])
    await world.settle()
    assert await between(reader, later) == (True, False)
    assert [one["username"] for one in await reader.get("/api/v1/blocks")] == ["later", "troll"]
    await keeper.do("DELETE", f"{path}/accounts", account_ids=[str(troll.id)])
    await world.settle()
    assert (await between(reader, troll), await between(reader, later)) == ((False, False), (True, False))


async def test_a_list_that_mutes_takes_its_accounts_out_of_what_one_reads(world: World) -> None:
    keeper, reader, troll = await world.people("keeper", "reader", "troll")
    shout = await troll.post("LOUD")
    path = await keep(keeper, troll)
    await reader.do("POST", f"{path}/subscribe")
    await world.settle()
    assert await between(reader, troll) == (False, True)
    assert shout["id"] not in [one["id"] for one in await reader.get("/api/v1/timelines/public")]
    await reader.do("POST", f"{path}/subscribe", effect="block")
    await world.settle()
    assert await between(reader, troll) == (True, False)
    await reader.do("POST", f"{path}/unsubscribe")
    await world.settle()
    assert await between(reader, troll) == (False, False)
    assert shout["id"] in [one["id"] for one in await reader.get("/api/v1/timelines/public")]


async def test_whom_one_follows_or_lets_off_by_hand_no_list_touches(world: World) -> None:
    keeper, reader, friend, troll = await world.people("keeper", "reader", "friend", "troll")
    await reader.follow(friend)
    path = await keep(keeper, friend, troll)
    await reader.do("POST", f"{path}/subscribe", effect="block")
    await world.settle()
    assert (await between(reader, friend), await between(reader, troll)) == ((False, False), (True, False))
    await reader.relate("unblock", troll)
    await keeper.do("DELETE", f"{path}/accounts", account_ids=[str(troll.id)])
    await keeper.do("POST", f"{path}/accounts", account_ids=[str(troll.id)])
    await world.settle()
    assert await between(reader, troll) == (False, False)


async def test_a_follow_ends_a_mute_of_a_list_but_not_one_by_hand(world: World) -> None:
    keeper, reader, one, other = await world.people("keeper", "reader", "one", "other")
    await reader.do("POST", f"{await keep(keeper, one, other)}/subscribe")
    await world.settle()
    await reader.relate("mute", other)
    await reader.follow(one)
    await reader.follow(other)
    assert (await between(reader, one), await between(reader, other)) == ((False, False), (False, True))


async def test_what_was_done_by_hand_outlives_the_list(world: World) -> None:
    keeper, reader, before, after, listed = await world.people("keeper", "reader", "before", "after", "listed")
    await reader.relate("block", before)
    path = await keep(keeper, before, after, listed)
    await reader.do("POST", f"{path}/subscribe", effect="block")
    await world.settle()
    await reader.relate("block", after)
    await keeper.do("DELETE", path)
    await world.settle()
    assert [await between(reader, one) for one in (before, after, listed)] == [
        (True, False),
        (True, False),
        (False, False),
    ]
    assert await reader.get(PATH) == []


async def test_of_two_lists_the_other_still_blocks(world: World) -> None:
    keeper, reader, troll = await world.people("keeper", "reader", "troll")
    first, second = await keep(keeper, troll), await keep(keeper, troll)
    for path in (first, second):
        await reader.do("POST", f"{path}/subscribe", effect="block")
    await world.settle()
    await reader.do("POST", f"{first}/unsubscribe")
    await world.settle()
    assert await between(reader, troll) == (True, False)
    await keeper.do("DELETE", second)
    await world.settle()
    assert await between(reader, troll) == (False, False)


async def test_lists_of_a_deleted_account_go_with_what_they_did(world: World) -> None:
    keeper, reader, troll = await world.people("keeper", "reader", "troll")
    await reader.do("POST", f"{await keep(keeper, troll)}/subscribe", effect="block")
    await world.settle()
    await accounts.delete(world.engines, keeper.id)
    await world.settle()
    assert await between(reader, troll) == (False, False)
    row = await world.engines.db.row(
        """
        select (select count(*) from blocklists), (select count(*) from blocklist_entries),
            (select count(*) from blocklist_subscriptions)
        """
    )
    assert row is not None
    assert tuple(row) == (0, 0, 0)


async def test_a_list_that_is_not_public_is_its_owners_and_subscribers(world: World) -> None:
    keeper, reader, stranger = await world.people("keeper", "reader", "stranger")
    path = await keep(keeper)
    await reader.do("POST", f"{path}/subscribe")
    changed = await keeper.do("PATCH", path, public=False, name="Quiet")
    assert (changed["public"], changed["name"], changed["description"]) == (False, "Quiet", "")
    assert (await stranger.ask("GET", path)).status_code == 404
    assert (await stranger.ask("POST", f"{path}/subscribe")).status_code == 404
    assert (await reader.get(path))["subscribed"] == "mute"
    assert await stranger.get(f"/api/v1/accounts/{keeper.id}/blocklists") == []
    assert len(await keeper.get(f"/api/v1/accounts/{keeper.id}/blocklists")) == 1


async def test_bad_input_is_refused_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, reader, other = await world.people("keeper", "reader", "other")
    blank = await keeper.ask("POST", PATH, json={"name": "  ", "description": "x" * 501})
    assert blank.status_code == 422
    assert set(blank.json()["details"]) == {"name", "description"}
    path = await keep(keeper, keeper, other)
    assert (await keeper.get(path))["accounts_count"] == 1
    own = await keeper.ask("POST", f"{path}/subscribe")
    assert (own.status_code, "your own list" in own.json()["error"]) == (422, True)
    assert (await reader.ask("POST", f"{path}/subscribe", json={"effect": "banish"})).status_code == 422
    assert (await reader.ask("POST", f"{path}/accounts", json={"account_ids": [str(other.id)]})).status_code == 403
    many = [str(10**15 + number) for number in range(201)]
    assert "at once" in (await keeper.ask("POST", f"{path}/accounts", json={"account_ids": many})).json()["error"]
    monkeypatch.setattr(actions, "ENTRIES_MAX", 1)
    full = await keeper.ask("POST", f"{path}/accounts", json={"account_ids": [str(reader.id)]})
    assert (full.status_code, (await keeper.get(path))["accounts_count"]) == (422, 1)
    monkeypatch.setattr(actions, "SUBSCRIPTIONS_MAX", 1)
    second = await keep(keeper)
    assert (await reader.ask("POST", f"{path}/subscribe")).status_code == 200
    assert (await reader.ask("POST", f"{path}/subscribe", json={"effect": "block"})).status_code == 200
    assert "leave one first" in (await reader.ask("POST", f"{second}/subscribe")).json()["error"]
    for _ in range(models.BLOCKLISTS_MAX - 2):
        await keep(keeper)
    assert "delete one first" in (await keeper.ask("POST", PATH, json={"name": "One more"})).json()["error"]


EDGES = st.none() | st.builds(Edge, st.none() | st.integers(1, 3))
PAIRS = st.builds(Pair, st.just(9), EDGES, EDGES, st.none() | st.integers(1, 3), st.none() | st.integers(1, 3))


@given(PAIRS)
def test_what_is_due_leads_to_what_the_lists_want_and_leaves_the_rest(pair: Pair) -> None:
    found = due([pair])
    block, mute = pair.block, pair.mute
    if found.block:
        assert block is None or block.blocklist_id is not None
        block = Edge(found.block[9])
    if found.unblock:
        assert block
        assert block.blocklist_id is not None
        block = None
    if found.mute:
        assert mute is None or mute.blocklist_id is not None
        mute = Edge(found.mute[9])
    if found.unmute:
        assert mute
        assert mute.blocklist_id is not None
        mute = None
    after = Pair(9, block, mute, pair.blocking_list_id, pair.muting_list_id)
    assert due([after]) == models.Due({}, (), {}, ())
    assert (block is not None) == (pair.blocking_list_id is not None or pair.block == Edge(None))
    wants_mute = pair.muting_list_id is not None and pair.blocking_list_id is None
    assert (mute is not None) == (wants_mute or pair.mute == Edge(None))
