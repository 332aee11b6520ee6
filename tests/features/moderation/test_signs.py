"""What tells a campaign from people who say the same: each sign by itself is not enough."""

from dataclasses import replace

import pytest

from linnet.features.moderation.alike.models import Sighting
from linnet.features.moderation.alike.signs import Evidence, evidence, is_suspicious, score

QUIET = Evidence(
    posts=20,
    authors=20,
    newcomers=0.1,
    newcomers_usual=0.1,
    linked=0.0,
    sites=0,
    links=0,
    varied=0.0,
    letters=80,
    minutes=300.0,
)
LINKED = replace(QUIET, linked=1.0, sites=10, links=20)
DAY = 86_400_000 << 16


def test_a_sentence_that_is_quoted_all_day_is_nothing() -> None:
    assert score(QUIET) < 0.1
    assert not is_suspicious(QUIET)


@pytest.mark.parametrize(
    ("seen", "strange", "worded", "least", "most"),
    [
        (replace(LINKED, sites=1, links=1, minutes=3.0), 0, 0.0, 0.0, 0.35),  # a headline
        (
            replace(LINKED, varied=1.0, minutes=3.0),
            0,
            1.0,
            0.0,
            0.59,
        ),  # short links, spam words, people of long standing
        (replace(QUIET, newcomers=1.0), 0, 0.0, 0.35, 0.59),  # newcomers alone
        (LINKED, 10, 0.0, 0.35, 0.59),  # unknown hosts alone
        (replace(QUIET, newcomers=1.0, varied=0.6, minutes=3.0), 0, 0.0, 0.6, 0.79),  # newcomers, varied, in a hurry
        (replace(LINKED, newcomers=0.9, varied=0.6), 10, 0.0, 0.8, 1.0),
        (replace(LINKED, varied=0.6, minutes=3.0), 10, 1.0, 0.8, 1.0),  # accounts that were taken over
        (replace(LINKED, newcomers=1.0, newcomers_usual=1.0), 0, 0.0, 0.0, 0.35),  # the first day of a server
    ],
)
def test_what_several_signs_come_to(seen: Evidence, strange: int, worded: float, least: float, most: float) -> None:
    assert least <= score(seen, strange_sites=strange, worded=worded) <= most


@pytest.mark.parametrize("changed", [{"letters": 12}, {"authors": 3}])
def test_greetings_and_a_few_people_are_never_a_campaign(changed: dict[str, int]) -> None:
    seen = replace(LINKED, newcomers=1.0, varied=1.0, minutes=1.0, **changed)
    assert score(seen, strange_sites=10, worded=1.0) == 0.0


def test_evidence_counts_people_once_and_says_how_old_they_are_by_their_numbers() -> None:
    now = 400 * DAY
    group = [
        Sighting(now, now - DAY, site=7, link=1, letters=40, likeness=200),
        Sighting(now + 1, now - DAY, site=7, link=2, letters=50, likeness=255),
        Sighting(now + 2, now - 30 * DAY, letters=60, likeness=255),
    ]
    seen = evidence(group, 0.2)
    assert (seen.posts, seen.authors, seen.newcomers, seen.sites, seen.links, seen.letters) == (3, 2, 0.5, 1, 2, 50)
    assert seen.newer_than_usual == pytest.approx((2 / 7 - 0.2) / 0.8)
