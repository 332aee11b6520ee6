"""The capacity model adds up, and the pages say what it says."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from bench.capacity_tables import SHAPE, tables
from bench.demand import EVEN_FOLLOWERS, PUSH_ONLY, UTILISATION, need_of, work_of
from bench.limits import LIMITS, accounts_at
from bench.shape import Shape, Tail, tail_of
from bench.thresholds import derive
from bench.units import Units

from bench import capacity
from linnet.features.timelines.strategy import Thresholds

UNITS = Units(
    read_api_ms=0.2,
    read_valkey_ms=0.01,
    first_api_ms=1.0,
    first_postgres_ms=0.5,
    cold_api_ms=2.0,
    cold_postgres_ms=3.0,
    merge_first_api_ms=0.02,
    merge_next_api_ms=0.01,
    post_api_ms=0.5,
    post_postgres_ms=0.4,
    post_worker_ms=0.6,
    post_valkey_ms=0.45,
    delivery_worker_us=2.0,
    delivery_valkey_us=3.0,
    passing_worker_us=1.0,
    passing_valkey_us=0.5,
    home_bytes=4000.0,
    account_bytes=600.0,
    follow_bytes=200.0,
    status_bytes=500.0,
    page_bytes=35_000.0,
    api_mib=100.0,
    worker_mib=60.0,
)
AUTHORS = Tail(np.array([1.0, 10.0, 989.0]), np.array([400.0, 100.0, 10.0]), np.array([0.1, 0.2, 0.7]))
THOUSAND = Shape(accounts=1_000)


def test_push_only_writes_to_every_home_and_passes_by_the_rest() -> None:
    work = work_of(THOUSAND, PUSH_ONLY, AUTHORS)
    reached = work.posts * (0.1 * 400 + 0.2 * 100 + 0.7 * 10)
    assert work.deliveries == pytest.approx(reached * THOUSAND.live_share)
    assert work.deliveries + work.passings == pytest.approx(reached)
    assert (work.merged_mean, work.largest) == (0, 400 * THOUSAND.live_share)


def test_each_strategy_writes_and_merges_as_it_says() -> None:
    work = work_of(THOUSAND, Thresholds(hybrid_followers=100, pull_followers=400), AUTHORS)
    live = THOUSAND.live_share
    assert work.deliveries == pytest.approx(work.posts * live * (0.2 * 100 + 0.7 * 10)), "nobody is written to by pull"
    assert work.passings == pytest.approx(work.posts * (1 - live) * 0.7 * 10), "hybrid passes nobody by"
    assert work.merged_mean == pytest.approx((1 * 400 + 10 * 100) / 1_000)
    assert work.largest == 100 * live


def test_cores_are_work_times_cost() -> None:
    need = need_of(THOUSAND, PUSH_ONLY, UNITS, AUTHORS)
    work = need.work
    own_ms = UNITS.post_worker_ms - EVEN_FOLLOWERS * UNITS.delivery_worker_us / 1000
    spent_ms = work.posts * own_ms + work.deliveries * 0.002 + work.passings * 0.001
    assert need.worker_cores == pytest.approx(spent_ms / 1000 / UTILISATION)
    warm = 1 - THOUSAND.first_share - THOUSAND.rebuilt_share
    read_ms = warm * 0.2 + THOUSAND.first_share * 1.0 + THOUSAND.rebuilt_share * 2.0
    assert need.api_cores == pytest.approx((work.reads * read_ms + work.posts * 0.5) / 1000 / UTILISATION)
    assert need.postgres_cores > need.writing_cores == pytest.approx(work.posts * 0.4 / 1000 / UTILISATION)
    assert need.valkey_bytes == pytest.approx(1_000 * THOUSAND.live_share * 4000 * 1.25)


@pytest.mark.parametrize("accounts", [10_000, 1_000_000, 500_000_000])
def test_a_network_on_paper_has_the_mean_and_the_top_it_says(accounts: int) -> None:
    shape = Shape(accounts=accounts)
    tail = tail_of(shape)
    assert tail.authors.sum() == accounts
    assert (tail.authors * tail.followers).sum() == pytest.approx(shape.follows_mean * accounts, rel=0.01)
    assert tail.followers[0] == pytest.approx(shape.top_share * accounts, rel=0.01)
    assert tail.post_share.sum() == pytest.approx(1)
    assert (np.diff(tail.followers) <= 0).all()


def test_twice_the_people_are_twice_the_work() -> None:
    one, two = (need_of(Shape(accounts=n), PUSH_ONLY, UNITS) for n in (100_000_000, 200_000_000))
    assert two.work.reads == pytest.approx(2 * one.work.reads)
    assert two.cores == pytest.approx(2 * one.cores, rel=0.05)


def test_cheap_merging_speaks_for_pulling_and_dear_merging_against_it() -> None:
    cheap = derive(SHAPE, _merging(0.00001))
    dear = derive(SHAPE, _merging(1.0))
    assert cheap.crossover_posts_day < 1 < dear.crossover_posts_day
    assert cheap.cheapest_followers < float("inf") == dear.cheapest_followers
    assert cheap.readers_followers < dear.readers_followers
    assert cheap.prompt_followers == dear.prompt_followers


def test_a_limit_is_reached_where_its_load_is_one() -> None:
    for limit in LIMITS:
        at = accounts_at(limit, SHAPE, Thresholds(), UNITS)
        if at is not None:
            below, above = (
                need_of(replace(SHAPE, accounts=round(at * part)), Thresholds(), UNITS) for part in (0.9, 1.1)
            )
            assert limit.load(below, UNITS) <= 1 <= limit.load(above, UNITS), limit.name


def test_the_pages_say_what_the_units_say() -> None:
    """When this fails: python -m bench.capacity --write."""
    parts = tables(Units.load())
    for page in capacity.PAGES:
        written = page.read_text(encoding="utf-8")
        assert "<!-- table: " in written
        assert capacity.filled(written, parts) == written, (
            f"{page.name} is out of date; run: python -m bench.capacity --write"
        )


def test_every_table_is_on_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in capacity.PAGES)
    assert [name for name in tables(UNITS) if f"<!-- table: {name} -->" not in pages] == []


def _merging(cost_ms: float) -> Units:
    return msgspec.structs.replace(UNITS, merge_first_api_ms=cost_ms, merge_next_api_ms=cost_ms)
