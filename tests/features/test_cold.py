"""First reads: people who come at the same moment share the statements, and each sees their own home all the same."""

import asyncio
from functools import partial

import pytest

from linnet.features.accounts.ip_blocks.gate import gate_now
from linnet.features.timelines import filling, store
from linnet.platform.embedded import EmbeddedEngines
from world import World, open_world

READERS = 8


async def test_first_readers_who_come_together_share_their_statements(world: World, servers: EmbeddedEngines) -> None:
    ann, bob = await world.people("ann", "bob")
    readers = await world.people(*(f"reader{number}" for number in range(READERS)))
    for number, reader in enumerate(readers):
        await reader.follow((ann, bob)[number % 2])
    posts = [await author.post(f"by {author.username}") for author in (ann, bob)]
    await readers[0].mark("favourite", posts[0])
    await readers[2].relate("mute", ann)
    await world.settle()
    spent: list[int] = []
    for company in (readers[:1], readers):
        await world.engines.valkey.forget_everything()
        async with (
            open_world(servers.database_url, servers.valkey_url) as another,
            another.counting_statements() as sent,
        ):
            pages = await asyncio.gather(
                *(another.client.get("/api/v1/timelines/home", headers=one.headers) for one in company)
            )
        spent.append(sent.number)
        for number, page in enumerate(pages):
            shown = [(one["id"], one["favourited"]) for one in page.json()]
            mine = posts[number % 2]
            assert shown == ([] if number == 2 else [(mine["id"], number == 0)])
    assert spent[1] < READERS * spent[0] / 2


async def test_a_page_after_the_first_asks_nothing(world: World, servers: EmbeddedEngines) -> None:
    ann, bob = await world.people("ann", "bob")
    await bob.follow(ann)
    for number in range(3):
        await ann.post(f"post {number}")
    await world.settle()
    expected = await bob.home(limit=2)
    async with open_world(servers.database_url, servers.valkey_url) as another:
        ask = partial(another.client.get, "/api/v1/timelines/home", params={"limit": 2}, headers=bob.headers)
        await gate_now(another.engines)
        first = await ask()
        async with another.counting_statements() as sent:
            again = await ask()
        assert first.json() == again.json() == expected
        assert first.headers["link"] == again.headers["link"]
        assert sent.number == 0


async def test_who_was_here_today_is_not_written_to_again(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    today = world.clock.now().date()
    await store.note_visits(world.engines.db, [ann.id], [today])
    written = "select account_id, ctid::text, xmax::text, visited_on from home_visits order by account_id"
    [before] = await world.engines.db.rows(written)
    await store.note_visits(world.engines.db, [bob.id, ann.id, ann.id, bob.id], [today] * 4)
    assert (await world.engines.db.rows(written))[0] == before
    world.clock.move(days=1)
    tomorrow = world.clock.now().date()
    await store.note_visits(world.engines.db, [bob.id, bob.id], [today, tomorrow])
    assert [row["visited_on"] for row in await world.engines.db.rows(written)] == [today, tomorrow]


async def test_homes_are_filled_as_far_as_they_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "FILLED", 3)
    ann, bob, carol = await world.people("ann", "bob", "carol")
    await bob.follow(ann)
    ids = [int((await ann.post(f"post {number}"))["id"]) for number in range(4)]
    found = await store.homes_ids(world.engines.db, {ann.id, bob.id, carol.id}, 0, ids[-1], 2)
    assert found[ann.id] == found[bob.id] == b"".join(one.to_bytes(8) for one in ids[1:3])
    assert found[carol.id] == b""
    assert await store.home_ids(world.engines.db, bob.id, ids[0], ids[3], 5) == [ids[2], ids[1]]
    await world.engines.valkey.forget_everything()
    filled = await filling.fill(world.engines, bob.viewer)
    assert filled == b"".join(one.to_bytes(8) for one in (ids[1], *ids[1:]))
    assert await filling.fill(world.engines, carol.viewer) == (1).to_bytes(8)
