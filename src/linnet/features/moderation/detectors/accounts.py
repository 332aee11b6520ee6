"""Spammers by what and when they post: one account's latest posts, looked at together."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp, log, sqrt
from statistics import median
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from linnet.features.moderation.detectors.duplicates import ALIKE, likeness, signature
from linnet.features.moderation.detectors.hosts import shorteners
from linnet.features.moderation.detectors.ngrams import hashed_words, plain
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.detectors.weights import model
from linnet.features.moderation.detectors.words import selling
from linnet.features.moderation.models import Finding, Reason, Span, TimedPost, Timeline

VERSION: Final = "accounts-2"
POSTS_LEAST: Final = 5
"""Posts below which an account shows no habits."""
POSTS_MAX: Final = 200
COMPARED_MAX: Final = 60
DAMPENED: Final = 0.7
BUCKETS_LOG2: Final = 18
BUCKET_MASK: Final = np.uint32((1 << BUCKETS_LOG2) - 1)
_STEP: Final = np.uint32(0x01000193)
REPORTED_FROM: Final = 0.5
BURST_S: Final = 60
STEADY: Final = 0.1
"""Difference of logarithms within which two gaps between posts are the same."""


class Weights(msgspec.Struct):
    """A logistic regression on `habits`, and what `wording` adds to it."""

    means: list[float]
    weights: list[float]
    bias: float
    wording: float


def detect(timeline: Timeline) -> list[Finding]:
    """Whether an account posts as spammers do. The finding is about the account, so it has no span."""
    score = spammer(timeline)
    return [Finding(Span(0, 0), Reason.ACCOUNT_SPAMMER, score, VERSION)] if score >= REPORTED_FROM else []


def spammer(timeline: Timeline) -> float:
    """How likely an account is a spammer's, 0 to 1; 0 for one with too few posts to tell."""
    if len(timeline.posts) < POSTS_LEAST:
        return 0.0
    fitted = _weights()
    columns = zip(habits(timeline), fitted.means, fitted.weights, strict=True)
    value = fitted.bias + sum((habit - mean) * weight for habit, mean, weight in columns)
    value += fitted.wording * wording(timeline)
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def wording(timeline: Timeline) -> float:
    """How much an account's latest posts, taken together, are worded as spammers' are; there is no bound."""
    selling = model("accounts")
    fallen, strengths = vocabulary(timeline)
    return float(strengths @ selling.weights[fallen, 0]) * float(selling.scales[0]) + float(selling.biases[0])


def vocabulary(timeline: Timeline) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """The buckets of what the latest posts say, and how strongly they say it: the shares of posts that each is in.

    Shares are dampened, since a word in all posts is not twenty times as telling as one in 20, and their squares add up
    to 1.
    """
    latest = sorted(timeline.posts, key=_at)[-POSTS_MAX:]
    fallen, posts = np.unique(np.concatenate([_said(post.text) for post in latest]), return_counts=True)
    strengths = (posts / len(latest)) ** DAMPENED
    return fallen, strengths / np.sqrt((strengths**2).sum())


def _said(text: str) -> NDArray[np.uint32]:
    """The buckets of a post's words, of its pairs of words, and of the words at its ends."""
    words = np.array(hashed_words(plain(fold(text))), np.uint32)
    pairs = (words[:-1] * _STEP ^ words[1:]) * _STEP
    ends = (words[[0, -1]] if len(words) else words) ^ np.uint32(1)
    return np.unique(np.concatenate((words, pairs, ends)) & BUCKET_MASK)


def habits(timeline: Timeline) -> list[float]:
    """What an account does, in shares of its posts; when, in the spread of the times between them."""
    posts = sorted(timeline.posts, key=_at)[-POSTS_MAX:]
    texts = [post.text for post in posts]
    number = len(texts)
    linked = [text for text in texts if "://" in text]
    hosts = Counter(_host(text) for text in linked)
    words = [word for text in texts for word in fold(text).text.split()]
    return [
        len(linked) / number,
        max(hosts.values(), default=0) / max(len(linked), 1),
        len(hosts) / number,
        sum(host in shorteners() for host in hosts.elements()) / number,
        sum(text.startswith("@") for text in texts) / number,
        sum("@" in text for text in texts) / number,
        sum(text.startswith("RT ") or " RT @" in text for text in texts) / number,
        sum("#" in text for text in texts) / number,
        sum("!" in text for text in texts) / number,
        sum("?" in text for text in texts) / number,
        sum(word.strip(".,:!?#") in selling() for word in words) / max(len(words), 1),
        len(set(words)) / max(sqrt(len(words)), 1),
        sum(map(len, texts)) / number / 100,
        sum(text[:1].isupper() for text in texts) / number,
        _repeated(texts),
        *_rhythm([post.at for post in posts]),
    ]


def _at(post: TimedPost) -> datetime:
    return post.at if post.at.tzinfo else post.at.replace(tzinfo=UTC)


def _host(text: str) -> str:
    return text.partition("://")[2].partition("/")[0].lower().removeprefix("www.")


def _repeated(texts: list[str]) -> float:
    """Share of the latest posts that nearly repeat one of the ten before them."""
    signatures = [signature(fold(text)) for text in texts[-COMPARED_MAX:]]
    repeats = sum(
        any(likeness(one, other) >= ALIKE for other in signatures[max(0, at - 10) : at])
        for at, one in enumerate(signatures)
    )
    return repeats / max(len(signatures), 1)


def _rhythm(times: list[datetime]) -> list[float]:
    """Between posts: the middle, the spread, bursts, and how many of the day's hours know them."""
    gaps = [max((later - earlier).total_seconds(), 1.0) for earlier, later in pairwise(times)]
    logs = [log(gap) for gap in gaps] or [0.0]
    mean = sum(logs) / len(logs)
    spread = sqrt(sum((one - mean) ** 2 for one in logs) / len(logs))
    hours = Counter(time.hour for time in times)
    return [
        median(logs),
        spread,
        sum(gap < BURST_S for gap in gaps) / max(len(gaps), 1),
        sum(abs(one - median(logs)) < STEADY for one in logs) / len(logs),
        len(hours) / 24,
        max(hours.values(), default=0) / max(len(times), 1),
    ]


@cache
def _weights() -> Weights:
    saved = files("linnet.features.moderation.detectors.weights").joinpath("accounts.json").read_bytes()
    return msgspec.json.decode(saved, type=Weights)
