"""Pages of a home, wherever it comes from: Valkey, PostgreSQL below its floor, or authors merged while reading."""

from random import Random
from typing import Any, cast

import pytest

from linnet.features.timelines import filling, homes, packed
from linnet.features.timelines.strategy import Thresholds
from world import Person, World

EVERYBODY_IS_MERGED = Thresholds(hybrid_followers=0, pull_followers=0)
SOURCES = {
    "valkey alone": (400, Thresholds()),
    "across the floor": (12, Thresholds()),
    "merged": (400, EVERYBODY_IS_MERGED),
    "merged across the floor": (12, EVERYBODY_IS_MERGED),
}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of the ways in which a home comes together."""
    filled, thresholds = SOURCES[request.param]
    monkeypatch.setattr(filling, "FILLED", filled)
    monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), Thresholds, thresholds)
    return request.param


async def some_home(world: World) -> tuple[Person, list[int]]:
    """A reader with a home of 40, half of it there before the first read and half delivered after; ids newest first."""
    reader, star, friend = await world.people("reader", "star", "friend")
    for author in (star, friend):
        await reader.follow(author)
    await world.settle(periodics=True)
    posted: list[int] = []
    for n in range(40):
        if n == 20:
            await world.settle()
            await reader.home()
        posted.append(int((await (star, friend)[n % 2].post(f"no {n}"))["id"]))
    await world.settle()
    return reader, posted[::-1]


@pytest.mark.usefixtures("source")
async def test_any_window_of_a_home_shows_just_what_lies_in_it(world: World) -> None:
    reader, expected = await some_home(world)
    random = Random(7)
    for _ in range(60):
        limit, (low, high) = random.randint(1, 15), sorted(random.sample([0, *expected, 2**62], 2))
        names = random.choice((("since_id", "max_id"), ("min_id", "max_id"), ("max_id",), ("min_id",), ("since_id",)))
        inside = [i for i in expected if ("max_id" not in names or i < high) and (names == ("max_id",) or i > low)]
        shown = inside[-limit:] if "min_id" in names else inside[:limit]
        asked = {"max_id": high, "since_id": low, "min_id": low}
        page = await reader.home(limit=limit, **{name: str(asked[name]) for name in names})
        assert [int(status["id"]) for status in page] == shown, (names, low, high, limit)


@pytest.mark.usefixtures("source")
async def test_links_lead_through_heavy_reblogging_without_a_loss_and_without_a_repeat(world: World) -> None:
    reader, *authors = await world.people("reader", "ann", "ben", "cleo")
    for author in authors:
        await reader.follow(author)
    await world.settle(periodics=True)
    await reader.home()
    random, posted, rows = Random(3), list[Any](), set[int]()
    for n in range(50):
        author = random.choice(authors)
        if n > 5 and random.random() < 0.7:
            made = await author.mark("reblog", random.choice(posted))
        else:
            made = await author.post(f"no {n}")
            posted.append(made)
        rows.add(int(made["id"]))
    await world.settle()
    for first in ("limit=7", "limit=7&min_id=0"):
        shown, pages = await _walk(reader, first)
        assert len(shown) == len(set(shown))
        assert set(shown) <= rows
        subjects = {int((status["reblog"] or status)["id"]) for page in pages for status in page}
        assert subjects == {int(status["id"]) for status in posted}
        for page in pages:
            inside = [(status["reblog"] or status)["id"] for status in page]
            assert len(inside) == len(set(inside))


async def _walk(reader: Person, first: str) -> tuple[list[int], list[Any]]:
    shown, pages = list[int](), list[Any]()
    url = f"https://linnet.test/api/v1/timelines/home?{first}"
    while url:
        answer = await reader.ask("GET", url)
        if not answer.json():
            break
        shown += [int(status["id"]) for status in answer.json()]
        pages.append(answer.json())
        url = answer.links.get("prev" if "min_id" in first else "next", {}).get("url", "")
    return shown, pages


async def test_a_home_goes_on_below_thousands_of_entries_its_reader_does_not_want(world: World) -> None:
    reader, loud, quiet = await world.people("reader", "loud", "quiet")
    await reader.follow(loud, reblogs=False)
    await reader.follow(quiet)
    first = await quiet.post("far below")
    await world.engines.db.execute(
        """
        with original as (
            insert into statuses (id, account_id, visibility, text, html, thread_id)
            select snowflake(), $1, 'public', 'x', '<p>x</p>', 0 from generate_series(1, 2300) returning id
        )
        insert into statuses (account_id, visibility, reblog_of_id, thread_id) select $2, 'public', id, 0 from original
        """,
        quiet.id + 1,
        loud.id,
    )
    await world.engines.db.execute("insert into accounts (id, username) values ($1, 'elsewhere')", quiet.id + 1)
    last = await quiet.post("on top")
    await world.settle()
    shown = await _walk_past_short_pages(reader, "limit=5")
    assert shown == [int(last["id"]), int(first["id"])]
    shown = await _walk_past_short_pages(reader, "limit=5&min_id=0")
    assert shown == [int(first["id"]), int(last["id"])]


async def _walk_past_short_pages(reader: Person, first: str) -> list[int]:
    """What the links lead to; an empty page ends nothing as long as it has a link."""
    shown, pages = list[int](), 0
    url = f"https://linnet.test/api/v1/timelines/home?{first}"
    while url:
        answer = await reader.ask("GET", url)
        assert answer.is_success, answer.text
        shown += [int(status["id"]) for status in answer.json()]
        pages += 1
        assert pages < 20
        url = answer.links.get("prev" if "min_id" in first else "next", {}).get("url", "")
    return shown


async def test_a_home_whose_filling_died_is_filled_by_another_before_long(world: World) -> None:
    valkey = world.engines.valkey
    reader = await world.person("reader")
    mine = await reader.post("here")
    assert await homes.begin_filling(valkey, reader.id) is not None
    for _ in range(3):
        assert [status["id"] for status in await reader.home()] == [mine["id"]]
    assert 0 < await valkey.wire.call("TTL", homes.key_of(reader.id)) <= homes.FILLING_S
    await valkey.forget([homes.key_of(reader.id)])
    await reader.home()
    assert await homes.read(valkey, reader.id) == (packed.WHOLE, [int(mine["id"])])
    assert await valkey.wire.call("TTL", homes.key_of(reader.id)) > homes.FILLING_S


async def test_whom_an_edit_names_first_finds_the_answer_to_a_stranger_in_their_home(world: World) -> None:
    alice, bob, stranger = await world.people("alice", "bob", "stranger")
    await bob.follow(alice)
    await world.settle()
    asked = await stranger.post("Who knows this bird?")
    answer = await alice.post("@stranger not I", in_reply_to_id=asked["id"])
    await world.settle()
    assert await bob.home() == []
    await alice.do("PUT", f"/api/v1/statuses/{answer['id']}", status="@stranger perhaps @bob does")
    await world.settle()
    assert [status["id"] for status in await bob.home()] == [answer["id"]]
