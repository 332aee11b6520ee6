"""Which texts a keyword stands in, and what a lens says of a post: tables, and a bound on the time it takes."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.features.filters.matching import NO_FILTERS, Lens, contains, look, matches_on
from linnet.features.filters.models import KEYWORDS_MAX, Action, Context, Filter, FilteredStatus, Keyword
from linnet.features.statuses.models import QuotePolicy, Status, Visibility

ME, ANN, BEN = 1, 2, 3
NOW = datetime(2026, 11, 30, tzinfo=UTC)

STANDS = [
    ("cats", "I love cats", True),
    ("cats", "I love CATS!", True),
    ("CATS", "my cats' toys", True),
    ("#cats", "look: #Cats", True),
    ("cats", "look: #cats", True),
    ("@bob", "hello @Bob", True),
    ("cat and dog", "cat\nand   dog", True),
    ("straße", "In der STRASSE", True),
    ("café", "cafe\u0301 olé", True),
    ("ｃａｔ", "a cat", True),
    ("cat", "a c\u200bat", True),
    ("Привет", "ПРИВЕТ мир", True),
    ("γλώσσας", "ΓΛΏΣΣΑΣ", True),
    ("猫", "私は猫です", True),
    ("👨‍👩‍👧", "family 👨‍👩‍👧 day", True),
    ("c++", "I write C++, mostly", True),
    ("can't", "I can't", True),
    ("(!", "what (!)", True),
]
"""Keyword, text; each also as whole words."""

INSIDE = [
    ("cat", "concatenate", False),
    ("cat", "cats", False),
    ("cat", "cat_food", False),
    ("हिन", "हिन्दी", False),
    ("cat", "bobcat", False),
]
"""Only as part of a word."""

NOWHERE = [("cats", "dogs"), ("", "anything"), (" ", "any thing"), (".*", "anything"), ("\u200b", "anything")]


@pytest.mark.parametrize(("keyword", "text", "whole"), [*STANDS, *INSIDE])
def test_a_keyword_is_found_whatever_its_case_and_spelling(keyword: str, text: str, whole: bool) -> None:  # noqa: FBT001
    assert contains(text, keyword, whole_word=False)
    assert contains(text, keyword, whole_word=True) is whole


@pytest.mark.parametrize(("keyword", "text"), NOWHERE)
def test_what_does_not_stand_there_is_not_found(keyword: str, text: str) -> None:
    assert not contains(text, keyword, whole_word=False)
    assert not contains(text, keyword, whole_word=True)


@given(st.text(alphabet="aB é猫_-\u200d!", max_size=30), st.text(alphabet="aB é猫_-\u200d!", max_size=5))
def test_whole_words_are_found_among_all_finds(text: str, keyword: str) -> None:
    assert not contains(text, keyword, whole_word=True) or contains(text, keyword, whole_word=False)


def status(number: int, author: int, text: str = "", **more: object) -> Status:
    plain = Status(
        id=number, account_id=author, visibility=Visibility.PUBLIC, text=text, html="", spoiler_text="",
        sensitive=False, language=None, in_reply_to_id=None, in_reply_to_account_id=None, reblog_of_id=None,
        quoted_id=None, thread_id=number, mention_ids=(), tags=(), quote_policy=QuotePolicy.PUBLIC,
        application=None, created_at=NOW, edited_at=None, replies=0, reblogs=0, favourites=0, quotes=0,
    )  # fmt: skip
    return replace(plain, **more)


def filter_of(
    *keywords: str,
    action: Action = Action.WARN,
    contexts: tuple[Context, ...] = (Context.HOME,),
    posts: tuple[int, ...] = (),
) -> Filter:
    return Filter(
        9, "cats", contexts, action, None,
        tuple(Keyword(i, text, whole_word=True) for i, text in enumerate(keywords)),
        tuple(FilteredStatus(i, i) for i in posts),
    )  # fmt: skip


def test_all_keywords_that_match_are_told_and_the_warning_is_searched_too() -> None:
    lens = Lens.of([filter_of("cats", "dogs", "owls")])
    [match] = lens.matches(status(10, ANN, "dogs", spoiler_text="about cats"), None)
    assert (match.keywords, match.status_ids) == (("cats", "dogs"), ())
    assert lens.matches(status(11, ANN, "birds"), None) == ()


def test_nothing_is_found_across_the_warning_and_the_text() -> None:
    assert Lens.of([filter_of("cats dogs")]).matches(status(10, ANN, "dogs", spoiler_text="cats"), None) == ()


def test_an_edited_status_is_looked_at_anew() -> None:
    lens, before = Lens.of([filter_of("cats")]), status(10, ANN, "cats")
    assert lens.matches(before, None)
    assert not lens.matches(replace(before, text="dogs"), None)
    assert lens.matches(before, None)


def test_a_reblog_and_a_quote_are_what_they_show() -> None:
    lens = Lens.of([filter_of("cats", posts=(12,))])
    cats, quote, single = status(10, ANN, "cats"), status(11, BEN, "look", quoted_id=10), status(12, ANN, "owls")
    reblog = status(13, BEN, reblog_of_id=10)
    found = matches_on(lens, ME, {one.id: one for one in (cats, quote, single, reblog)})
    assert {i: (one[0].keywords, one[0].status_ids) for i, one in found.items()} == {
        10: (("cats",), ()),
        11: (("cats",), ()),
        12: ((), (12,)),
    }


def test_nobody_filters_themselves() -> None:
    lens = Lens.of([filter_of("cats", action=Action.HIDE)])
    mine, quote = status(10, ME, "cats"), status(11, ANN, "look", quoted_id=10)
    assert matches_on(lens, ME, {10: mine, 11: quote}) == {}
    theirs = status(12, ANN, "cats")
    assert look(lens, ME, status(13, ME, reblog_of_id=12), {12: theirs}, Context.HOME) is not None
    assert look(lens, ME, status(14, ANN, reblog_of_id=12), {12: theirs}, Context.HOME) is None


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("context", Context)
def test_only_what_hides_leaves_out_and_only_where_it_applies(action: Action, context: Context) -> None:
    lens = Lens.of([filter_of("cats", action=action, contexts=(Context.HOME, Context.THREAD))])
    seen = look(lens, ME, status(10, ANN, "cats"), {}, context)
    hidden = action is Action.HIDE and context in {Context.HOME, Context.THREAD}
    assert (seen is None) is hidden
    assert seen is None or [one.filter.action for one in seen[10]] == [action]


def test_without_filters_nothing_is_looked_at() -> None:
    assert not NO_FILTERS
    assert look(NO_FILTERS, ME, status(10, ANN, "cats"), {}, Context.HOME) == {}
    assert matches_on(NO_FILTERS, ME, {10: status(10, ANN, "cats")}) == {}


def test_a_lens_ends_with_its_first_filter() -> None:
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    filters = [replace(filter_of("cats"), expires_at=at) for at in (later, soon, None)]
    assert Lens.of(filters).until_s == soon.timestamp()
    assert Lens.of(filters[2:]).until_s is None


@pytest.mark.parametrize("word", ["a" * 64, "ab " * 20, "a-" * 30, "\u0301" * 60, "猫" * 60])
def test_as_many_keywords_as_there_may_be_on_a_text_made_against_them_take_milliseconds(word: str) -> None:
    text = (word * 400)[:20_000]
    keywords = [word[:1] * (i % 64) + word[: i % 60] + "z" for i in range(KEYWORDS_MAX)]
    lens = Lens.of([filter_of(*keywords)])
    started = time.process_time()
    assert lens.matches(status(10, ANN, text), None) == ()
    assert time.process_time() - started < 0.5
