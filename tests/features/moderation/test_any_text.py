"""No text makes a detector raise or think for long: any Unicode, a megabyte, repeats made to tire."""

from collections.abc import Callable
from time import thread_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linnet.features.moderation import engine
from linnet.features.moderation.detectors import duplicates, gibberish, offers, profanity, urls, wording
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import Context, Finding, History, Reason

MEGABYTE = 1_000_000
LONG_S = 0.005
RECENT = tuple(duplicates.signature(fold(text)) for text in ("a" * 100, "hello", "one of the last posts"))
CONTEXTS = [Context(), Context(aimed_at_person=True, language="tr", history=History(recent=RECENT))]

DETECTORS: dict[str, Callable[[str, Context], list[Finding]]] = {
    "profanity": profanity.detect,
    "wording": wording.detect,
    "offers": offers.detect,
    "gibberish": gibberish.detect,
    "duplicates": duplicates.detect,
    "urls": urls.detect,
    "reading": lambda text, _: spanned(text),
}
ENGINE_LONG_S = len(DETECTORS) * LONG_S

TIRING = [
    "a", "a ", "ab", "-a", "a_", "@ ", "1a", "f*", "f*ck ", "a-b", "a b ", "fag", "fuck", "f4g ", "aaab ", "bigfagx ",
    "snigger ", "é", "a\u0301", "\u0301", "\u200d", "аb ", "аb", "\ud800", "👩‍👩‍👧", "\n", "ﷺ", "傻逼", "\x00", "http://",
    "http://a.", "xn--a.", "@a ", "#a ", "a.b/", "1", "(", "%", "\u202e", "🇦", "½", "İ", "ß", "भ", "ก", "=?", "://",
    "a@b.c ", "$1 ", "A", "aA ", "а", "аA", "🔥 ", "漢", "e\n", "you won ", "earn $1 ", "f@ck you ",
    "s h i t ", "q#q ", "zxqj ",
]  # fmt: skip

pieces = st.one_of(st.sampled_from(TIRING), st.text(min_size=1, max_size=6))
hostile = st.one_of(
    st.text(max_size=2_000),
    pieces.map(lambda piece: piece * (MEGABYTE // len(piece))),
    st.lists(pieces, min_size=1, max_size=5).map(lambda some: "".join(some) * (MEGABYTE // 10 // sum(map(len, some)))),
)


@pytest.mark.parametrize("name", DETECTORS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=hostile, context=st.sampled_from(CONTEXTS))
def test_no_text_tires_a_detector(name: str, text: str, context: Context) -> None:
    findings, spent_s = timed(DETECTORS[name], text, context)
    assert spent_s <= LONG_S
    for one in findings:
        assert 0 <= one.span.start <= one.span.end <= len(text)
        assert 0 <= one.score <= 1
        assert one.version


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("piece", TIRING)
def test_a_megabyte_of_the_same_tires_nobody(name: str, piece: str) -> None:
    _, spent_s = timed(DETECTORS[name], piece * (MEGABYTE // len(piece)), CONTEXTS[1])
    assert spent_s <= LONG_S


def spanned(text: str) -> list[Finding]:
    """How a text reads, what is kept of it, and where all of that stands in it."""
    folded = fold(text)
    duplicates.signature(folded)
    return [Finding(folded.span(0, len(folded.text)), Reason.ABUSE, 0.5, "reading")]


def timed(detect: Callable[[str, Context], list[Finding]], text: str, context: Context) -> tuple[list[Finding], float]:
    """What is found and the least CPU time of a few tries: what a text costs, and not what else the machine does."""
    findings = detect(text, context)
    spent: list[float] = []
    for _ in range(5):
        before = thread_time()
        detect(text, context)
        spent.append(thread_time() - before)
        if spent[-1] <= LONG_S:
            break
    return findings, min(spent)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=hostile, context=st.sampled_from(CONTEXTS))
def test_no_text_tires_the_whole_engine(text: str, context: Context) -> None:
    findings, spent_s = timed(engine.scan, text, context)
    assert spent_s <= ENGINE_LONG_S
    assert all(0 <= one.span.start <= one.span.end <= len(text) for one in findings)
