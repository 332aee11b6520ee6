"""What people type into a search as a tree, read by `grammar.lark`; what cannot be read is told with its place."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Final, Literal, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from linnet.features.search import facets
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
from linnet.features.search.words import asked
from linnet.features.statuses.entities import tag_name
from linnet.platform.ids import first_id_at

FAVOURITES_MAX: Final = 2**31 - 1
LATEST: Final = date(6000, 1, 1)
"""A later day means this one: ids end in the year 6429."""

_QUOTES: Final = str.maketrans("“”„‟«»", '""""""')
"""Other quotation marks, one character for one, so that places stay what they are."""

Tree_ = Tree[Token]


def parse(text: str, now: datetime) -> Query:
    """The query that `text` means at the moment `now`. Raises `QueryInvalid` for what cannot be read.

    A query without any word or operator has no root and looks through everything: whoever asks decides what it means.
    """
    if len(text) > QUERY_LENGTH_MAX:
        raise QueryInvalid(f"A search can be at most {QUERY_LENGTH_MAX} characters long", QUERY_LENGTH_MAX)
    typed = text.translate(_QUOTES)
    if not typed.strip(" \t\r\n-"):
        return Query(None)
    try:
        tree = _grammar().parse(typed)  # pyright: ignore[reportUnknownMemberType] -- of lark, in part
    except UnexpectedInput as error:
        raise _explained(error, typed) from None
    terms = list(tree.scan_values(lambda token: isinstance(token, Token) and token.type != "MINUS"))
    if len(terms) > TERMS_MAX:
        raise QueryInvalid(f"A search can have at most {TERMS_MAX} terms", _at(terms[TERMS_MAX]))
    where = _take_where(tree, terms)
    return Query(_node(tree, now), where)


def nothing_in(text: str) -> QueryInvalid:
    """What is said of a query without any word or operator where one is needed."""
    return QueryInvalid("There is nothing to look for in this", max(len(text.rstrip()) - 1, 0))


@cache
def _grammar() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False)


def _at(token: Token) -> int:
    return token.start_pos or 0


def _explained(error: UnexpectedInput, text: str) -> QueryInvalid:
    """The parser's complaint as a sentence about what was typed."""
    if not isinstance(error, UnexpectedToken):
        return QueryInvalid("This cannot be read", error.pos_in_stream or 0)
    token = cast("Token", error.token)  # pyright: ignore[reportUnknownMemberType] -- lark does not say
    if token.type == "$END":
        unclosed = _unclosed_bracket(text)
        if unclosed is not None:
            return QueryInvalid("The bracket that opens here is not closed", unclosed)
        return QueryInvalid("Something to look for has to follow here", len(text.rstrip()))
    if token.type == "OR":
        return QueryInvalid("OR needs something to look for on both sides", _at(token))
    if token.type == "RPAR" and _unclosed_bracket(text[: _at(token)]) is not None:
        return QueryInvalid("There is nothing to look for before this bracket", _at(token))
    return QueryInvalid("The bracket that closes here was not opened", _at(token))


def _unclosed_bracket(text: str) -> int | None:
    """Where the last bracket opens that is still open at the end of the text; quotations aside."""
    opened: list[int] = []
    quoting = False
    for at, character in enumerate(text):
        if character == '"':
            quoting = not quoting
        elif character == "(" and not quoting:
            opened.append(at)
        elif character == ")" and not quoting and opened:
            opened.pop()
    return opened[-1] if opened else None


def _take_where(tree: Tree_, terms: list[Token]) -> Where:
    """What the query looks through: said once, for all of it."""
    said = [token for token in terms if token.type == "OPERATOR" and token.lower().startswith("in:")]
    if not said:
        return Where.EVERYTHING
    if len(said) > 1:
        raise QueryInvalid("in: can be said once", _at(said[1]))
    token = said[0]
    if token not in _plain_terms(tree):
        raise QueryInvalid("in: is for the whole search: it cannot stand behind - or within OR", _at(token))
    return Where(_one_of(token, ("library", "public", "bookmarks", "home")))


def _plain_terms(tree: Tree_) -> Iterator[Token]:
    """The terms that must all match whatever else is said."""
    while tree.data in {"start", "any"} and len(tree.children) == 1:
        (inner,) = tree.children
        if isinstance(inner, Token):
            return
        tree = inner
    if tree.data == "all":
        for child in tree.children:
            if isinstance(child, Token):
                yield child
            elif child.data == "any":
                yield from _plain_terms(child)


def _node(tree: Tree_ | Token, now: datetime) -> Node | None:
    """What a part means; None when there is nothing in it to look for, as in `!` or `:-)`."""
    if isinstance(tree, Token):
        return _READERS[tree.type](tree, now)
    parts = [part for child in tree.children if (part := _node(child, now)) is not None]
    if not parts:
        return None
    if tree.data == "not":
        return Not(parts[0])
    if len(parts) == 1:
        return parts[0]
    return Any(tuple(parts)) if tree.data == "any" else All(tuple(parts))


def _read_nothing(_token: Token, _now: datetime) -> None:
    return None


def _read_word(token: Token, _now: datetime) -> Node | None:
    words = asked(facets.readable(str(token)))
    return Words(words) if words else None


def _read_phrase(token: Token, _now: datetime) -> Node | None:
    words = asked(facets.readable(token[1:-1]))
    return Words(words, exact=True) if words else None


def _read_unclosed(token: Token, _now: datetime) -> Node | None:
    raise QueryInvalid("The quotation that begins here has no end", _at(token))


def _read_hashtag(token: Token, now: datetime) -> Node | None:
    name = tag_name(token[1:])
    return Facet(facets.tagged(name)) if name else _read_word(token, now)


def _read_operator(token: Token, now: datetime) -> Node | None:
    name, _, value = token.partition(":")
    if not value:
        raise QueryInvalid(f"Something has to follow {name}:", _at(token) + len(token))
    return _OPERATORS[name.lower()](token, now)


def _value(token: Token) -> str:
    return token.partition(":")[2]


def _wrong(token: Token, sentence: str) -> QueryInvalid:
    """What is wrong with an operator's value, told at that value."""
    return QueryInvalid(f"{token.partition(':')[0]}: {sentence}", _at(token) + token.index(":") + 1)


def _one_of(token: Token, values: tuple[str, ...]) -> str:
    value = _value(token).lower()
    if value not in values:
        raise _wrong(token, f"takes one of {', '.join(values)}")
    return value


def _read_name(role: Literal["from", "to", "mentions"], token: Token, _now: datetime) -> Node:
    return By(role, _value(token))


def _read_has(token: Token, _now: datetime) -> Node:
    return Facet(facets.having(_one_of(token, facets.KINDS)))


def _read_is(token: Token, _now: datetime) -> Node:
    return Facet(facets.being(_one_of(token, facets.STATES)))


def _read_language(token: Token, _now: datetime) -> Node:
    value = _value(token).lower()
    code = value.partition("-")[0]
    if not (code.isascii() and code.isalpha() and len(code) in {2, 3}):
        raise _wrong(token, "takes the code of a language, such as en")
    return Facet(facets.language(code))


def _read_before(token: Token, now: datetime) -> Node:
    return Before(first_id_at(_span(token, now)[0]))


def _read_since(token: Token, now: datetime) -> Node:
    return Since(first_id_at(_span(token, now)[0]))


def _read_after(token: Token, now: datetime) -> Node:
    return Since(first_id_at(_span(token, now)[1]))


def _read_during(token: Token, now: datetime) -> Node:
    begin, end = _span(token, now)
    return All((Since(first_id_at(begin)), Before(first_id_at(end))))


def _span(token: Token, now: datetime) -> tuple[datetime, datetime]:
    """The beginning and the end of the day, or the moment, that an operator names; days are UTC's."""
    value = _value(token).lower()
    today = now.astimezone(UTC).date()
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        if value in named or len(value) <= len("2026-01-01"):
            day = min(named.get(value) or date.fromisoformat(value), LATEST)
            begin = datetime.combine(day, time(), UTC)
            return begin, begin + timedelta(days=1)
        moment = datetime.fromisoformat(value.upper())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        moment = min(moment.astimezone(UTC), datetime.combine(LATEST, time(), UTC))
        return moment, moment + timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise _wrong(token, "takes a day, such as 2026-11-30, or today or yesterday") from None


def _read_favourites(token: Token, _now: datetime) -> Node:
    value = _value(token)
    if not (value.isascii() and value.isdigit() and int(value[:20]) <= FAVOURITES_MAX):
        raise _wrong(token, "takes a number")
    return Favoured(int(value))


Reader = Callable[[Token, datetime], Node | None]

_READERS: Final[Mapping[str, Reader]] = {
    "MINUS": _read_nothing,
    "WORD": _read_word,
    "PHRASE": _read_phrase,
    "UNCLOSED": _read_unclosed,
    "HASHTAG": _read_hashtag,
    "OPERATOR": _read_operator,
}

_OPERATORS: Final[Mapping[str, Reader]] = {
    "from": partial(_read_name, "from"),
    "to": partial(_read_name, "to"),
    "mentions": partial(_read_name, "mentions"),
    "has": _read_has,
    "is": _read_is,
    "lang": _read_language,
    "language": _read_language,
    "before": _read_before,
    "until": _read_before,
    "since": _read_since,
    "after": _read_after,
    "during": _read_during,
    "min_favourites": _read_favourites,
    "min_faves": _read_favourites,
    "in": _read_nothing,
}
