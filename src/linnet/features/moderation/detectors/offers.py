"""Spam by its patterns: offers of money, followers, company or coins, ways to get in touch, floods of names."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation

from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.detectors.words import offers
from linnet.features.moderation.models import Context, Finding, Reason

VERSION: Final = "offers-1"
MENTIONS_MANY: Final = 6
HASHTAGS_MANY: Final = 8
"""Mentions or hashtags from which on a post is made to be seen by those who did not ask for it."""
READ_MAX: Final = 3_000
SURE: Final = 0.8
LIKELY: Final = 0.55
HINT: Final = 0.3
"""Score of a pattern that is an offer by itself, that mostly is one, and that needs company."""
TOGETHER: Final = 0.25
"""What each further kind of pattern in the same text adds."""

SURENESS: Final = {"sure": SURE, "likely": LIKELY, "hint": HINT}

_MENTION: Final = re.compile(r"(?<![\w/])@[\w.-]{1,64}")
_HASHTAG: Final = re.compile(r"(?<![\w/&])#\w{1,100}")


def detect(text: str, context: Context) -> list[Finding]:
    """Each kind of offer once, where it first stands, and floods of mentions and hashtags."""
    return detect_folded(fold(text), context)


def detect_folded(folded: Folded, _: Context) -> list[Finding]:
    """As `detect`, for a text that was folded already."""
    text = folded.text[:READ_MAX]
    best: dict[Reason, tuple[float, int, int]] = {}
    for reason, score, pattern in _possible(text):
        if score > best.get(reason, (0.0, 0, 0))[0] and (match := pattern.search(text)) is not None:
            best[reason] = (score, match.start(), match.end())
    more = TOGETHER * (len(best) - 1)
    findings = [
        Finding(folded.span(start, end), reason, min(1.0, score + more), VERSION)
        for reason, (score, start, end) in best.items()
    ]
    floods = ((Reason.MENTIONS_FLOOD, _MENTION, MENTIONS_MANY), (Reason.HASHTAGS_FLOOD, _HASHTAG, HASHTAGS_MANY))
    for reason, pattern, many in floods:
        if text.count("@#"[reason is Reason.HASHTAGS_FLOOD]) < many:
            continue
        places = [(match.start(), match.end()) for match in pattern.finditer(text)]
        if len(places) >= many:
            whole = folded.span(places[0][0], places[-1][1])
            findings.append(Finding(whole, reason, min(1.0, len(places) / (2 * many)), VERSION))
    return findings


Pattern = tuple[Reason, float, re.Pattern[str]]


def _possible(text: str) -> list[Pattern]:
    """The patterns that a text can match, in their order: those of whose words it has one. Most texts have none."""
    search, patterns = _gate()
    numbers = {number for word in {word for word, _, _ in search(text, overlapping=True)} for number in patterns[word]}
    return [_patterns()[number] for number in sorted(numbers)]


@cache
def _patterns() -> tuple[Pattern, ...]:
    return tuple((Reason(offer.kind), SURENESS[offer.sure], re.compile(offer.pattern)) for offer in offers())


@cache
def _gate() -> tuple[Callable[..., list[tuple[int, int, int]]], list[list[int]]]:
    """What finds the words that patterns need in one pass, and the patterns' numbers by the word's."""
    needing: dict[str, list[int]] = {}
    for number, offer in enumerate(offers()):
        for word in offer.words:
            needing.setdefault(word, []).append(number)
    return AhoCorasick(list(needing), implementation=Implementation.DFA).find_matches_as_indexes, [*needing.values()]
