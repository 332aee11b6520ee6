"""Abuse and spam by how a text is worded: models trained by bench/moderation/training/texts.py."""

from typing import Final

from linnet.features.moderation.detectors.ngrams import buckets
from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.detectors.weights import blend, model
from linnet.features.moderation.models import Context, Finding, Reason, Span

VERSION: Final = "wording-2"
REPORTED_FROM: Final = 0.3
"""Below which there is nothing to say."""


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

    0.5 is where precision and recall were best together on texts of which half are some; 0.9 is what one ordinary post
    of a thousand exceeds.
    """
    if not folded.text.strip():
        return 0.0, 0.0
    columns = model("texts")
    values = columns.values(buckets(folded))
    english_abuse, spam = blend("blend").probabilities(values)
    other_abuse, english = columns.probabilities(values[-2:], -2)
    return english * english_abuse + (1 - english) * other_abuse, spam
