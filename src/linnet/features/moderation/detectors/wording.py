"""Abuse and spam by how a text is worded: models trained by bench/moderation/training/texts.py."""

from typing import Final

from linnet.features.moderation.detectors.ngrams import BUCKETS_LOG2, MANY_LOG2, buckets, hashes
from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.detectors.weights import blend, model
from linnet.features.moderation.models import Context, Finding, Reason, Span

VERSION: Final = "wording-2"
REPORTED_FROM: Final = 0.3
"""Below which there is nothing to say."""
ENGLISH_FOR_SURE: Final = 0.98
"""How likely a text is English where what other languages would say of it is no longer asked."""


def detect(text: str, context: Context) -> list[Finding]:
    """How likely a text is abuse, and how likely it is spam, where that is not unlikely. The whole text is the span."""
    return detect_folded(fold(text), context)


def detect_folded(folded: Folded, _: Context) -> list[Finding]:
    """As `detect`, for a text that was folded already."""
    abuse, spam = scores(folded)
    span = Span(0, len(folded.original))
    return [
        Finding(span, reason, score, VERSION)
        for reason, score in ((Reason.ABUSE, abuse), (Reason.SPAM_TEXT, spam))
        if score >= REPORTED_FROM
    ]


def scores(folded: Folded) -> tuple[float, float]:
    """Abuse and spam, 0 to 1.

    0.5 is where precision and recall were best together on texts of which half are some; 0.99 is what one ordinary post
    of a thousand exceeds.
    """
    if not folded.text.strip():
        return 0.0, 0.0
    hashed = hashes(folded)
    columns = model("texts")
    values = columns.values(buckets(hashed, BUCKETS_LOG2))
    english_abuse, spam = blend("blend").probabilities(values)
    english = columns.probabilities(values[-1:], -1)[0]
    if english >= ENGLISH_FOR_SURE:
        return english_abuse, spam
    other_abuse = model("others").probability(buckets(hashed, MANY_LOG2))
    return english * english_abuse + (1 - english) * other_abuse, spam
