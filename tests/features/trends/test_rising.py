"""The arithmetic of trends by itself: crowds, pasts, scores."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.features.trends.models import WINDOW_HOURS
from linnet.features.trends.rising import BIAS_PEOPLE, NETWORK_PEOPLE_MAX, Past, crowd, score, weight

numbers = st.floats(min_value=0, max_value=1e6)
networks = st.lists(st.tuples(numbers, numbers), max_size=30)


@pytest.mark.parametrize(
    ("of_networks", "people"),
    [
        ([], 0),
        ([(1, 0)], 1),
        ([(1, 0)] * 10, 10),
        ([(2, 0)], 1.693),
        ([(1000, 0)], NETWORK_PEOPLE_MAX),
        ([(1000, 0), (1, 0)], NETWORK_PEOPLE_MAX + 1),
        ([(0, 1)] * 1000, 0),
        ([(1, 0)] * 4 + [(0, 0.5)] * 4, 6),
        ([(1, 0)] * 4 + [(0, 0.5)] * 1000, 8),
    ],
)
def test_how_many_people_a_crowd_is(of_networks: list[tuple[float, float]], people: float) -> None:
    assert isclose(crowd(of_networks), people, abs_tol=0.001)


@given(networks)
def test_a_crowd_is_never_more_than_its_accounts_nor_more_than_twice_those_established(
    of_networks: list[tuple[float, float]],
) -> None:
    people = crowd(of_networks)
    assert 0 <= people <= sum(old + new for old, new in of_networks) * (1 + 1e-9) + 1e-9
    assert people <= 2 * sum(old for old, _ in of_networks) * (1 + 1e-9) + 1e-9


@given(networks, st.tuples(numbers, numbers))
def test_more_people_never_make_a_crowd_smaller(
    of_networks: list[tuple[float, float]], more: tuple[float, float]
) -> None:
    assert crowd([*of_networks, more]) >= crowd(of_networks) - 1e-9


@pytest.mark.parametrize(
    ("age_days", "bot", "expected"), [(0, False, 0), (-1, False, 0), (3.5, False, 0.5), (7, False, 1), (999, True, 0)]
)
def test_what_an_account_weighs(age_days: float, *, bot: bool, expected: float) -> None:
    assert weight(age_days, 7, bot=bot) == expected
    assert weight(age_days, 0, bot=False) == 1


def test_what_is_as_always_does_not_rise() -> None:
    past = Past(0)
    for hour in range(24 * 14):
        past = Past(hour, 20, *_sums(past.until(hour)))
    assert abs(score(20, past.until(24 * 14))) < 0.1
    assert score(40, past.until(24 * 14)) > 5
    assert score(5, past.until(24 * 14)) < 0


def _sums(past: Past) -> tuple[float, float]:
    return past.mean, past.square


@given(numbers, st.integers(0, 2000))
def test_a_past_fades_to_nothing_and_its_variance_is_never_negative(people: float, hours: int) -> None:
    past = Past(0, people).until(hours)
    assert 0 <= past.mean <= people * (1 + 1e-9)
    assert past.square - past.mean**2 >= -1e-6 * max(past.square, 1)
    assert past.until(100_000).mean < 1e-3


@given(numbers, st.integers(0, WINDOW_HOURS), st.integers(0, WINDOW_HOURS))
def test_two_steps_are_as_one_while_people_stay(people: float, one: int, other: int) -> None:
    if one + other <= WINDOW_HOURS:
        there = Past(0, people, 3, 10).until(one + other)
        stepped = Past(0, people, 3, 10).until(one).until(one + other)
        assert isclose(there.mean, stepped.mean, rel_tol=1e-9, abs_tol=1e-9)


def test_a_subject_without_a_past_needs_more_than_the_bias() -> None:
    assert score(BIAS_PEOPLE, Past(0)) == 0
    assert score(BIAS_PEOPLE + 1, Past(0)) > 0
