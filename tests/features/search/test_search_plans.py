"""How PostgreSQL goes about a search in a table with enough rows: by an index, whatever is looked for."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from linnet.features.search import reads
from linnet.features.search.models import Order
from linnet.features.search.store import finding
from linnet.platform.paging import Window
from world import Person, World

ROWS = 20_000

_FILL = """
with made as (
    select n, (extract(epoch from now()) * 1000)::bigint - (20000 - n) * 1500000::bigint as ms
    from generate_series(1, 20000) n
), written as (
    insert into statuses (id, account_id, visibility, text, thread_id)
    select (ms << 16) + n % 1000, 1 + n % 50, 'public', 'the rain', (ms << 16) + n % 1000 from made
), indexed as (
    insert into search_documents (status_id, opened, words)
    select (ms << 16) + n % 1000, true, array_to_tsvector(array['the', 'word' || n % 500, 'rare' || n, '~o',
        '~f' || (1 + n % 50), '~d' || (ms / 86400000), '~e' || (ms / 86400000 / 32), 'odd' || n % 2]) from made
), marked as (
    insert into favourites (account_id, status_id, id)
    select 1, (ms << 16) + n % 1000, n from made where n % 10 = 0
)
insert into accounts (id, username, indexable) select n, 'person' || n, true from generate_series(1, 50) n
"""

QUERIES = (
    "the", "rare77", "word7", "the word7", "the -word7", "the OR word7", "odd0 odd1", '"the rain"', "rar*", "-the",
    "before:2026-01-01", "from:person7", "from:me the", "the min_favourites:2", "min_favourites:5000",
    "the (before:2026-01-01 OR min_favourites:2)", "in:library", "the in:library", "in:bookmarks", "the in:home",
    "in:public", "#none", "lang:en the",
)  # fmt: skip


@pytest.fixture
async def filled(world: World) -> Person:
    """Somebody in a network with many posts, of which PostgreSQL knows."""
    await world.engines.db.execute(_FILL)
    await world.engines.db.execute("analyze statuses, search_documents, favourites, accounts")
    return await world.person("reader")


async def test_no_search_reads_a_whole_table(filled: Person) -> None:
    engines = filled.world.engines
    for text in QUERIES:
        for order, window in ((Order.NEWEST, Window()), (Order.RELEVANCE, Window()), (Order.NEWEST, Window(min_id=5))):
            asked = await reads.planned(engines, filled.viewer, text, window, order=order)
            assert asked is not None
            sql, args = finding.statement(asked)
            async with engines.db.transaction() as db:
                await db.execute(finding.PLANNER)
                (plan,) = msgspec.json.decode(await db.value("explain (format json) " + sql, *args))
            nodes = list(nodes_of(plan["Plan"]))
            read = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
            assert read == [], f"{text}: reads all of {read}"
            indexes = {node.get("Index Name") for node in nodes}
            assert {"search_documents_words", "search_documents_pkey"} & indexes, text
            if asked.plan.anchored and " in:bookmarks" not in f" {text}":
                assert "search_documents_words" in indexes, text


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's node, and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)
