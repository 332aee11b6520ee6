"""All that looks at a text before it is published: each detector once, on one reading of it. Pure, and fast."""

import re
from dataclasses import replace
from typing import Final

from linnet.features.moderation.detectors import duplicates, gibberish, offers, profanity, urls, wording
from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.measures import Subject
from linnet.features.moderation.models import LOOKED_AT_MAX, Context, Finding, Reason, Span

MODEL_VERSION: Final = " ".join(one.VERSION for one in (duplicates, gibberish, offers, profanity, urls, wording))
"""Of all that judged: kept with each decision, so that a replay knows what it compares."""

HALVING: Final = 10
"""Characters with which the doubt halves that is always left whether a text is spam by its wording."""

_LINK: Final = re.compile(r"\w{2,10}://\S{1,2000}")


def context_of(subject: Subject) -> Context:
    """What detectors are told beside the text. What its author said before is for `alike/watch.py` to know."""
    return Context(subject.surface, subject.aimed_at_person, subject.language)


def scan(text: str, context: Context) -> list[Finding]:
    """Everything that the detectors find in a text, in no order. Spans are within the text as it was written."""
    return scan_folded(fold(text), context)


def scan_folded(folded: Folded, context: Context) -> list[Finding]:
    """The same of a text that is read already."""
    found = profanity.detect_folded(folded, context)
    found += _worded(folded, context)
    found += gibberish.detect_folded(folded, context)
    found += offers.detect_folded(folded, context)
    found += urls.detect(folded.original[:LOOKED_AT_MAX], context)
    return found


def _worded(folded: Folded, context: Context) -> list[Finding]:
    """What the wording says, without the links: what they are worth is for `urls` to say, and most spam has some.

    “Subscribe” is a word that spam likes, and no spam: the model was shown few texts so short, so that what it says of
    spam is bounded by the length: 0.5 of ten characters, 0.94 of forty, 0.996 of eighty. A few words are enough to
    attack somebody.
    """
    said = fold(_LINK.sub(" ", folded.original[:LOOKED_AT_MAX])) if "://" in folded.text else folded
    sure_max = 1.0 - 2.0 ** (-len(said.text.strip()) / HALVING)
    span = Span(0, len(folded.original))
    return [
        replace(one, span=span, score=min(one.score, sure_max) if one.reason is Reason.SPAM_TEXT else one.score)
        for one in wording.detect_folded(said, context)
    ]
