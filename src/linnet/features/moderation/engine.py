"""All that looks at a text before it is published: each detector once, on one reading of it. Pure, and fast."""

from dataclasses import replace
from typing import Final

from linnet.features.moderation.detectors import duplicates, gibberish, offers, profanity, urls, wording
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.measures import Subject
from linnet.features.moderation.models import LOOKED_AT_MAX, Context, Finding, History, Reason

MODEL_VERSION: Final = " ".join(one.VERSION for one in (duplicates, gibberish, offers, profanity, urls, wording))
"""Of all that judged: kept with each decision, so that a replay knows what it compares."""

HALVING: Final = 10
"""Characters with which the doubt halves that is always left whether a text is spam by its wording."""


def context_of(subject: Subject, history: History) -> Context:
    """What detectors are told beside the text."""
    return Context(subject.surface, subject.aimed_at_person, subject.language, history)


def scan(text: str, context: Context) -> list[Finding]:
    """Everything that the detectors find in a text, in no order. Spans are within the text as it was written."""
    folded = fold(text)
    found = profanity.detect_folded(folded, context)
    found += [_as_sure_as_it_is_long(one, folded.text) for one in wording.detect_folded(folded, context)]
    found += gibberish.detect_folded(folded, context)
    found += offers.detect_folded(folded, context)
    found += urls.detect(text[:LOOKED_AT_MAX], context)
    if context.history.recent:
        found += duplicates.detect(text, context)
    return found


def _as_sure_as_it_is_long(finding: Finding, text: str) -> Finding:
    """“Subscribe” is a word that spam likes, and no spam: the model was shown few texts so short.

    At most 0.5 with ten characters, 0.94 with forty, 0.996 with eighty. A few words are enough to attack somebody.
    """
    if finding.reason is not Reason.SPAM_TEXT:
        return finding
    return replace(finding, score=min(finding.score, 1.0 - 2.0 ** (-len(text.strip()) / HALVING)))
