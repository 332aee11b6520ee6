"""All that looks at a text before it is published: each detector once, on one reading of it. Pure, and fast."""

from typing import Final

from linnet.features.moderation.detectors import duplicates, gibberish, offers, profanity, urls, wording
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.measures import Subject
from linnet.features.moderation.models import LOOKED_AT_MAX, Context, Finding, History

MODEL_VERSION: Final = " ".join(one.VERSION for one in (duplicates, gibberish, offers, profanity, urls, wording))
"""Of all that judged: kept with each decision, so that a replay knows what it compares."""


def context_of(subject: Subject, history: History) -> Context:
    """What detectors are told beside the text."""
    return Context(subject.surface, subject.aimed_at_person, subject.language, history)


def scan(text: str, context: Context) -> list[Finding]:
    """Everything that the detectors find in a text, in no order. Spans are within the text as it was written."""
    folded = fold(text)
    found = profanity.detect_folded(folded, context)
    found += wording.detect_folded(folded, context)
    found += gibberish.detect_folded(folded, context)
    found += offers.detect_folded(folded, context)
    found += urls.detect(text[:LOOKED_AT_MAX], context)
    if context.history.recent:
        found += duplicates.detect(text, context)
    return found
