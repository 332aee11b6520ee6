"""Made-up networks are what the bench says of them."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from bench.network import Plan

from bench import degrees, network

PEOPLE = 20_000


def drawn(seed: int = 1) -> tuple[degrees.Places, degrees.Edges]:
    chance = np.random.default_rng(seed)
    counts = degrees.follow_counts(PEOPLE, 40, PEOPLE // 2, chance)
    return counts, degrees.heavy_tail(counts, 0, degrees.popularity(PEOPLE, chance), chance)


def test_people_follow_about_as_many_as_asked_for() -> None:
    counts, (followers, _) = drawn()
    assert np.median(counts) == pytest.approx(40, rel=0.05)
    assert np.mean(np.bincount(followers, minlength=PEOPLE) == counts) > 0.99


def test_nobody_follows_twice_or_themselves() -> None:
    _, (followers, followed) = drawn()
    assert not (followers == followed).any()
    assert len(np.unique(followers * PEOPLE + followed)) == len(followers)


def test_followers_fall_by_rank_as_a_power() -> None:
    _, (_, followed) = drawn()
    ranked = np.sort(np.bincount(followed, minlength=PEOPLE))[::-1]
    ranks = np.array([100, 300, 1_000, 3_000])
    slope = np.polyfit(np.log(ranks + degrees.RANK_OFFSET), np.log(ranked[ranks - 1]), 1)[0]
    assert slope == pytest.approx(-degrees.RANK_EXPONENT, abs=0.06)
    assert ranked[0] > 50 * np.median(ranked), "there are celebrities"


def test_the_same_seed_makes_the_same_network() -> None:
    (_, one), (_, again), (_, other) = drawn(), drawn(), drawn(2)
    assert np.array_equal(one[1], again[1])
    assert not np.array_equal(one[1][:1000], other[1][:1000])


def test_even_authors_have_exactly_as_many_followers_as_asked_for() -> None:
    plan = Plan(people=3_000, readers=500, follows=100, follows_others=5, even_authors=100, posts=0)
    followers, followed = network.edges_of(plan, np.random.default_rng(4))
    of_even = np.bincount(followed, minlength=3_000)[500:600]
    assert set(of_even.tolist()) == {150}
    assert followers[(followed >= 500) & (followed < 600)].max() < 500, "their followers are readers"
    assert np.median(np.bincount(followers, minlength=3_000)[:500]) == pytest.approx(100, rel=0.1)


def test_stars_are_followed_by_people_who_are_no_readers() -> None:
    plan = Plan(people=5_000, readers=100, follows=20, follows_others=0, stars=(1_000, 4_000), posts=0)
    followers, followed = network.edges_of(plan, np.random.default_rng(4))
    assert np.bincount(followed, minlength=5_000)[-2:].tolist() == [1_000, 4_000]
    assert followers[followed >= 4_998].min() == 100
    assert len(np.unique(followers * 5_000 + followed)) == len(followers)


def test_a_regular_network_is_the_same_for_everybody() -> None:
    followers, followed = degrees.regular(1_000, 30, np.random.default_rng(1))
    assert set(np.bincount(followers, minlength=1_000).tolist()) == {30}
    assert set(np.bincount(followed, minlength=1_000).tolist()) == {30}
    assert len(np.unique(followers * 1_000 + followed)) == 30_000


def test_a_real_graph_keeps_its_edges_and_its_busiest_are_the_readers(tmp_path: Path) -> None:
    chance = np.random.default_rng(8)
    pairs = {(int(a), int(b)) for a, b in chance.integers(1_000, 2_000, (8_000, 2))}
    path = tmp_path / "edges.gz"
    with gzip.open(path, "wt") as lines:
        lines.writelines(f"{a} {b} 3\n" for a, b in sorted(pairs))
    plan = Plan(people=0, readers=200, even_authors=20, even_followers=150, posts=0, graph=path)
    (followers, followed), people = network.edges_in(path, plan, chance)
    real = {(a, b) for a, b in pairs if a != b}
    assert people == len({name for pair in pairs for name in pair}) + 20
    assert len(followers) == len(real) + 20 * 150
    follows = np.bincount(followers[(followed < 200) | (followed >= 220)], minlength=people)
    assert follows[:200].min() >= follows[220:].max()
