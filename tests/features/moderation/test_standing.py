"""How an account stands, by the formula alone: a table of people, and what holds for everybody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.features.moderation.reporters import reporter_weight, reports_weight
from linnet.features.moderation.standing import (
    POOR_BELOW,
    RULES,
    Count,
    Origin,
    Record,
    Standing,
    Tier,
    What,
    parts_of,
    reputation_of,
    standing_of,
)
from linnet.platform.ids import snowflake

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TROUBLES = [what for what, rule in RULES.items() if rule.trouble]
HARMLESS = [What.REPORTED, What.REPORT_DISMISSED]
CREDITS = [What.POSTED, What.APPEAL_WON, What.MAIL_CONFIRMED]


def member(days: float, *, origin: Origin = Origin.OPEN, followers: int = 0, **happened: int) -> Record:
    """Somebody who joined so many days ago, and to whom all this happened just now."""
    counts = {What(name): Count(times, times, NOW) for name, times in happened.items()}
    return Record(snowflake(NOW - timedelta(days=days), 1), origin, followers, counts)


def at(record: Record, days: float = 0.0) -> Standing:
    """How somebody stands so many days from now."""
    return standing_of(record, NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("who", "reputation", "tier"),
    [
        (member(0), 0.67, Tier.NEW),
        (member(0, origin=Origin.INVITED, mail_confirmed=1), 0.75, Tier.NEW),
        (member(1, posted=500), 0.68, Tier.NEW),
        (member(1, rejected=1), 0.50, Tier.NEW),
        (member(1, rejected=3), 0.34, Tier.POOR),
        (member(1, strike=1), 0.34, Tier.POOR),
        (member(5), 0.68, Tier.ORDINARY),
        (member(90, posted=50, mail_confirmed=1), 0.81, Tier.TRUSTED),
        (member(20, posted=500, followers=5_000, mail_confirmed=1, origin=Origin.INVITED), 0.83, Tier.ORDINARY),
        (member(800, posted=900, followers=300, mail_confirmed=1), 0.87, Tier.TRUSTED),
        (member(800, posted=900, followers=300, mail_confirmed=1, strike=1), 0.62, Tier.ORDINARY),
        (member(800, posted=900, followers=300, mail_confirmed=1, strike=4), 0.34, Tier.POOR),
        (member(800, posted=900, followers=300, mail_confirmed=1, reported=10_000), 0.87, Tier.TRUSTED),
    ],
)
def test_people_stand_as_one_would_say(who: Record, reputation: float, tier: Tier) -> None:
    assert at(who).reputation == pytest.approx(reputation, abs=0.006)
    assert at(who).tier is tier


def written_down(days: float, origin: Origin, followers: int, happened: dict[What, tuple[int, float]]) -> Record:
    """Somebody to whom each of these happened so often, of which such a share still counts."""
    counts = {what: Count(times, times * share, NOW) for what, (times, share) in happened.items()}
    return replace(member(days, origin=origin, followers=followers), counts=counts)


records = st.builds(
    written_down,
    st.floats(0, 5_000),
    st.sampled_from(Origin),
    st.integers(0, 10**8),
    st.dictionaries(st.sampled_from(What), st.tuples(st.integers(0, 10**6), st.floats(0, 1))),
)
ahead_days = st.floats(0, 20_000)


def after(record: Record, what: What, times: int) -> Record:
    """Somebody to whom this happened so many times more."""
    before = record.counts.get(what, Count(0, 0.0, NOW))
    return replace(
        record, counts={**record.counts, what: Count(before.total + times, before.weight + times, before.at)}
    )


@given(records, st.sampled_from(TROUBLES), st.integers(1, 100), ahead_days)
def test_no_trouble_ever_raises_a_reputation(who: Record, what: What, times: int, days: float) -> None:
    assert at(after(who, what, times), days).reputation <= at(who, days).reputation


@given(records, st.sampled_from(CREDITS), st.integers(1, 100), ahead_days)
def test_nothing_good_ever_lowers_it(who: Record, what: What, times: int, days: float) -> None:
    assert at(after(who, what, times), days).reputation >= at(who, days).reputation


@given(records, ahead_days)
def test_it_is_always_between_0_and_1_and_so_are_all_shares(who: Record, days: float) -> None:
    standing = at(who, days)
    assert 0 < standing.reputation < 1
    assert 0 < standing.reporter_weight < 1
    assert 0 <= standing.links_share <= 1
    assert 0 <= standing.duplicates_share <= 1


@given(records, ahead_days, st.floats(0, 1_000))
def test_whoever_is_in_trouble_never_falls_by_waiting(who: Record, days: float, longer: float) -> None:
    parts = parts_of(who, NOW + timedelta(days=days))
    if -sum(part.points for part in parts if part.points < 0) >= 0.05:
        assert at(who, days + longer).reputation >= at(who, days).reputation - 1e-9


@given(records)
def test_everybody_comes_back_in_the_end(who: Record) -> None:
    assert at(who, 3_000).reputation > 2 / 3 - 0.01
    assert at(who, 3_000).tier in {Tier.ORDINARY, Tier.TRUSTED}


@given(records, st.sampled_from(HARMLESS), st.integers(1, 10**6))
def test_a_mob_that_reports_changes_nothing_of_who_is_reported(who: Record, what: What, times: int) -> None:
    mobbed, before = at(after(who, what, times)), at(who)
    assert (mobbed.reputation, mobbed.tier, mobbed.reporter_weight) == (
        before.reputation,
        before.tier,
        before.reporter_weight,
    )


def test_a_newcomer_who_was_rejected_three_times_is_out_of_the_worst_within_a_month() -> None:
    spammed = member(1, rejected=3)
    assert [at(spammed, days).tier for days in (0, 1, 14, 30)] == [Tier.POOR, Tier.POOR, Tier.ORDINARY, Tier.ORDINARY]


weights = st.lists(st.floats(0.001, 1), min_size=1, max_size=300)


@given(weights)
def test_reports_together_weigh_less_than_two_of_the_heaviest(several: list[float]) -> None:
    assert max(several) <= reports_weight(several) < 2 * max(several) + 1e-9


@given(weights, st.floats(0.001, 1))
def test_one_more_report_never_makes_a_case_lighter(several: list[float], one: float) -> None:
    assert reports_weight([*several, one]) >= reports_weight(several) - 1e-9


def test_ten_thousand_newcomers_weigh_less_than_one_member_whose_word_was_good() -> None:
    newcomer = at(member(0)).reporter_weight
    trusted = at(member(300, posted=300, mail_confirmed=1, reports_made_upheld=3)).reporter_weight
    assert reports_weight([newcomer] * 10_000) < trusted / 5


@given(st.floats(0.01, 0.99), st.floats(0, 5_000), st.floats(0, 1_000), st.floats(0, 1_000), st.floats(0.1, 100))
def test_reporters_weigh_more_by_what_was_upheld_and_less_by_what_was_dismissed(
    reputation: float, age_days: float, upheld: float, dismissed: float, more: float
) -> None:
    weight = reporter_weight(reputation, age_days, upheld=upheld, dismissed=dismissed)
    assert reporter_weight(reputation, age_days, upheld=upheld + more, dismissed=dismissed) >= weight
    assert reporter_weight(reputation, age_days, upheld=upheld, dismissed=dismissed + more) <= weight
    assert reporter_weight(reputation, age_days + more, upheld=upheld, dismissed=dismissed) >= weight


def test_a_mob_spends_its_own_word() -> None:
    """Twenty people report somebody day after day, and are dismissed."""
    one = member(60, posted=20)
    words = [at(after(one, What.REPORTS_MADE_DISMISSED, dismissed)).reporter_weight for dismissed in (0, 1, 5, 20)]
    assert words == sorted(words, reverse=True)
    assert words[-1] < words[0] / 10


def test_the_parts_are_the_whole() -> None:
    who = member(200, posted=30, followers=9, rejected=1, mail_confirmed=1, appeal_won=1, origin=Origin.APPROVED)
    parts = parts_of(who, NOW)
    assert {part.name for part in parts} == {
        "age_days", "posted", "followers", "appeal_won", "mail_confirmed", "origin", "rejected",
    }  # fmt: skip
    assert reputation_of(parts) == at(who).reputation
    assert reputation_of([]) > POOR_BELOW


def test_what_detectors_are_told_is_what_is_written_down() -> None:
    history = at(member(10, posted=20, link=5, duplicate=4, rejected=2, report_upheld=1)).history()
    assert (history.posts, history.rejections, history.reports_upheld) == (20, 2, 1)
    assert (history.links_share, history.duplicates_share, history.recent) == (0.25, 0.2, ())
    assert history.age_days == pytest.approx(10, abs=0.001)
