"""What people type, read into trees: a table, and anything at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.features.search import parsing
from linnet.features.search.models import (
    QUERY_LENGTH_MAX,
    TERMS_MAX,
    All,
    Any,
    Before,
    By,
    Facet,
    Favoured,
    Node,
    Not,
    Query,
    QueryInvalid,
    Since,
    Where,
    Words,
)
from linnet.platform.ids import first_id_at

NOW = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)


def told(node: Node | None) -> str:  # noqa: C901, PLR0911 -- a table of nodes
    """A tree as a short text: `&(rain !(sun))`."""
    match node:
        case None:
            return "-"
        case Words(tokens, exact):
            words = "+".join(token.lexeme + ("*" if token.prefix else "") for token in tokens)
            return f'"{words}"' if exact else words
        case Facet(lexeme):
            return lexeme
        case By(role, name):
            return f"{role}={name}"
        case Favoured(times):
            return f">={times}"
        case Before(status_id):
            return f"<{status_id}"
        case Since(status_id):
            return f"@{status_id}"
        case Not(part):
            return f"!({told(part)})"
        case All(parts):
            return f"&({' '.join(map(told, parts))})"
        case Any(parts):
            return f"|({' '.join(map(told, parts))})"


def first_id(year: int, month: int, day: int, *time: int) -> int:
    return first_id_at(datetime(year, month, day, *time, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("rain", "rain"),
        ("Rain SUN", "&(rain sun)"),
        ("rain OR sun", "|(rain sun)"),
        ("rain or sun", "&(rain or sun)"),
        ("ORANGE ORs", "&(orange ors)"),
        ("rain sun OR snow", "|(&(rain sun) snow)"),
        ("rain (sun OR snow)", "&(rain |(sun snow))"),
        ("((rain))", "rain"),
        ("-rain", "!(rain)"),
        ("-(rain OR sun)", "!(|(rain sun))"),
        ("--rain", "!(rain)"),
        ("rain - sun", "&(rain sun)"),
        ("rain-sun", "rain+sun"),
        ("-rain-sun", "!(rain+sun)"),
        ('"rain sun"', '"rain+sun"'),
        ("“rain sun” «snow»", '&("rain+sun" "snow")'),
        ('-"rain"', '!("rain")'),
        ('""', "-"),
        ('rain"sun"', '&(rain "sun")'),
        ("rain*", "rain*"),
        ("雨", "雨*"),
        ("雨天", "雨天"),
        ("大雨天", "大雨+雨天"),
        ("don't", "don+t"),
        ("Straße", "strasse"),
        ("CAFÉ", "cafe"),
        ("#Rain", "#rain"),
        ("＃Straße", "#strasse"),
        ("#", "-"),
        ("!!! ... rain", "rain"),
        ("-!", "-"),
        ("!!! OR rain", "rain"),
        ("", "-"),
        ("   ", "-"),
        ("-", "-"),
        ("@alice", "alice"),
        ("12:30 note:this", "&(12+30 note+this)"),
        ("https://example.com/rain?x=1", "example+com"),
        ("from:alice to:@bob mentions:me", "&(from=alice to=@bob mentions=me)"),
        ("FROM:Alice@linnet.test", "from=Alice@linnet.test"),
        ("has:link -has:image", "&(~hlink !(~himage))"),
        ("is:reply OR is:Quote", "|(~ireply ~iquote)"),
        ("lang:en language:PT-br", "&(~len ~lpt)"),
        ("min_favourites:10 min_faves:0", "&(>=10 >=0)"),
        ("since:2026-11-01", f"@{first_id(2026, 11, 1)}"),
        ("after:2026-11-01", f"@{first_id(2026, 11, 2)}"),
        ("before:2026-11-01", f"<{first_id(2026, 11, 1)}"),
        ("until:yesterday", f"<{first_id(2026, 11, 29)}"),
        ("since:2026-11-01T12:00Z", f"@{first_id(2026, 11, 1, 12)}"),
        ("during:today", f"&(@{first_id(2026, 11, 30)} <{first_id(2026, 12, 1)})"),
        ("rain in:library", "rain"),
    ],
)
def test_what_a_query_means(text: str, tree: str) -> None:
    assert told(parsing.parse(text, NOW).root) == tree


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("rain", Where.EVERYTHING),
        ("in:public rain", Where.PUBLIC),
        ("rain IN:Library", Where.LIBRARY),
        ("(in:bookmarks)", Where.BOOKMARKS),
        ("(rain in:home) sun", Where.HOME),
    ],
)
def test_where_a_query_looks(text: str, where: Where) -> None:
    assert parsing.parse(text, NOW).where is where


@pytest.mark.parametrize(
    ("text", "offset", "sentence"),
    [
        ("(rain", 0, "The bracket that opens here is not closed"),
        ("rain (sun (snow)", 5, "The bracket that opens here is not closed"),
        ("rain)", 4, "The bracket that closes here was not opened"),
        ("()", 1, "There is nothing to look for before this bracket"),
        ("rain (sun OR )", 13, "There is nothing to look for before this bracket"),
        ("OR rain", 0, "OR needs something to look for on both sides"),
        ("rain OR OR sun", 8, "OR needs something to look for on both sides"),
        ("rain OR ", 7, "Something to look for has to follow here"),
        ('rain "sun', 5, "The quotation that begins here has no end"),
        ("rain from:", 10, "Something has to follow from:"),
        ("rain has:feathers", 9, "has: takes one of"),
        ("is:nice", 3, "is: takes one of"),
        ("lang:e1", 5, "lang: takes the code of a language"),
        ("min_faves:many", 10, "min_faves: takes a number"),
        ("before:2026-02-30", 7, "before: takes a day"),
        ("before:soon", 7, "before: takes a day"),
        ("in:nowhere", 3, "in: takes one of"),
        ("in:home in:public", 8, "in: can be said once"),
        ("rain OR in:home", 8, "in: is for the whole search"),
        ("-in:home", 1, "in: is for the whole search"),
        ("a " * (TERMS_MAX + 1), 2 * TERMS_MAX, "A search can have at most"),
        ("a" * (QUERY_LENGTH_MAX + 1), QUERY_LENGTH_MAX, "A search can be at most"),
    ],
)
def test_what_cannot_be_read(text: str, offset: int, sentence: str) -> None:
    with pytest.raises(QueryInvalid) as raised:
        parsing.parse(text, NOW)
    assert raised.value.offset == offset
    assert raised.value.message.startswith(sentence)


PIECES = (
    "rain",
    "(",
    ")",
    '"',
    "-",
    "OR",
    " ",
    "  ",
    "from:",
    "in:",
    "has:link",
    "#x",
    "雨",
    "*",
    "before:",
    "::",
    "é",
)


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
def test_whatever_is_typed_is_read_or_told_with_a_place_in_it(text: str) -> None:
    found = read(text)
    assert 0 <= found.offset <= len(text) if isinstance(found, QueryInvalid) else found.root is None or told(found.root)


def read(text: str) -> Query | QueryInvalid:
    try:
        return parsing.parse(text, NOW)
    except QueryInvalid as wrong:
        return wrong
