"""How texts read, and where what was read stands in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import LOOKED_AT_MAX


@pytest.mark.parametrize(
    ("original", "read"),
    [
        ("Good Morning", "good morning"),
        ("Ｆｒｅｅ 𝐦𝐨𝐧𝐞𝐲", "free money"),
        ("f\u200br\u00ade\u2060e", "free"),
        ("f̐řĕė", "free"),
        ("frее mоnеy", "free money"),  # with Cyrillic letters
        ("ᴍᴏɴᴇʏ for ｙøu", "money for you"),
        ("🅵🆁🅴🅴 Ⓜⓞⓝⓔⓨ", "free money"),
        ("ﬁne Straße", "fine strasse"),
        ("спасибо за кот", "спасибо за кот"),  # every letter of the last word passes for a Latin one
        ("зaрaбoтoк дeнeг", "заработок денег"),  # with Latin letters
        ("ελληνικά", "ελληνικα"),
        ("हिन्दी में", "हिन्दी में"),
        ("日本語ﾃｷｽﾄ", "日本語テキスト"),
    ],
)
def test_what_looks_alike_reads_alike(original: str, read: str) -> None:
    assert fold(original).text == read


def test_what_was_read_is_found_again_in_the_original() -> None:
    original = "so ｆ\u200brее\u0301 ﬁsh"
    folded = fold(original)
    start = folded.text.index("free")
    span = folded.span(start, start + 4)
    assert original[span.start : span.end].startswith("ｆ\u200brее")
    fish = folded.span(folded.text.index("fi"), len(folded.text))
    assert original[fish.start : fish.end] == "ﬁsh"


def test_words_in_two_scripts_are_counted() -> None:
    assert fold("plain words, ясные слова").mixed == 0
    assert fold("зaрaбoтoк дeнeг").mixed == 2


@given(st.text(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_any_span_leads_into_the_original(original: str, start: int, length: int) -> None:
    folded = fold(original)
    first = min(start, len(folded.text))
    last = min(first + length, len(folded.text))
    span = folded.span(first, last)
    assert 0 <= span.start <= span.end <= len(original) or first == last


@given(st.text(max_size=200))
def test_reading_what_was_read_changes_no_more_of_it(original: str) -> None:
    once = fold(original).text
    assert fold(once).text == fold(fold(once).text).text


def test_a_text_is_looked_at_up_to_a_limit() -> None:
    assert len(fold("é" * 1_000_000).text) == LOOKED_AT_MAX
    assert len(fold("ﷺ" * 1_000_000).text) == LOOKED_AT_MAX
