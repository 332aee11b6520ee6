"""Accounts by what and when they post."""

from datetime import UTC, datetime, timedelta

from linnet.features.moderation.detectors import accounts
from linnet.features.moderation.models import Reason, TimedPost, Timeline

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def timeline(texts: list[str], every: timedelta) -> Timeline:
    return Timeline([TimedPost(NOON + number * every, text) for number, text in enumerate(texts)])


SELLER = timeline(
    [
        f"Make money online from home with affiliate marketing, free SEO tips http://bit.ly/{number}a"
        for number in range(40)
    ],
    timedelta(minutes=30),
)
NEIGHBOUR = timeline(
    [
        "lol that was so funny", "@anna I know right?? see you tonight", "why is it raining again", "going to bed",
        "@tom haha no way!", "my cat just knocked the plant over", "happy birthday @lea <3", "ugh mondays",
        "watching the game with dad", "@anna ok ok I'm coming", "anyone up?", "best pizza ever",
    ] * 2,
    timedelta(hours=7, minutes=13),
)  # fmt: skip


def test_who_sells_all_day_is_told_from_who_talks() -> None:
    assert accounts.spammer(SELLER) > 0.5 > accounts.spammer(NEIGHBOUR)
    (finding,) = accounts.detect(SELLER)
    assert finding.reason is Reason.ACCOUNT_SPAMMER
    assert accounts.detect(NEIGHBOUR) == []


def test_an_account_with_a_few_posts_shows_no_habits() -> None:
    assert accounts.spammer(timeline(["buy now http://bit.ly/a"] * 4, timedelta(minutes=1))) == 0
    assert accounts.spammer(Timeline([])) == 0


def test_odd_times_and_texts_are_no_trouble() -> None:
    at_once = Timeline([TimedPost(NOON.replace(tzinfo=None), "")] * 300)
    assert 0 <= accounts.spammer(at_once) <= 1
