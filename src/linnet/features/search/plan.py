"""From a query's tree to what PostgreSQL is asked: one `tsquery` for the index, and what that cannot say. Pure.

Words and facets are lexemes of one index, so that any mix of them with `and`, `or` and `not` is one `tsquery`.
Favourites, and days within OR, are not: of a tree with such leaves the `tsquery` is what every match must at least
satisfy, and the parts with such leaves are asked of each match besides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from linnet.features.search import facets
from linnet.features.search.models import All, Any, Before, By, Facet, Favoured, Node, Not, Since, Token, Words
from linnet.features.search.words import quoted
from linnet.platform.ids import ID_MAX


@dataclass(frozen=True, slots=True)
class Matching:
    """Posts whose lexemes match a `tsquery`."""

    tsquery: str


@dataclass(frozen=True, slots=True)
class Negation:
    """What the part does not say."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Junction:
    """What all parts say, or at least one of them (`either`)."""

    parts: tuple["Condition", ...]
    either: bool = False


Condition = Matching | Before | Since | Favoured | Negation | Junction


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of the store."""

    tsquery: str
    """What every match satisfies; empty for no condition."""
    anchored: bool
    """Whether it says something that a match has, so that the index can be asked; else it says only what it lacks."""
    conditions: tuple[Condition, ...]
    """What has to be asked of each match besides."""
    since_id: int
    """Matches have this id or a larger one,"""
    before_id: int
    """and a smaller one than this."""
    ranking: str
    """A `tsquery` of the words that relevance is measured by; empty when there are none."""


Stems = Mapping[str, Sequence[str]]
"""By a word as typed: its folded stems in every language there is a stemmer for."""

_EVERYTHING: Final = ""


def plan(root: Node | None, stems: Stems, account_ids: Mapping[str, int]) -> Plan:
    """The plan for a tree. `account_ids` are those of the lower-case names in it; others name nobody."""
    parts = [] if root is None else list(_conjuncts(root))
    compiler = _Compiler(stems, account_ids)
    since_id, before_id = 0, ID_MAX
    conditions: list[Condition] = []
    needed: list[str] = []
    for part in parts:
        if isinstance(part, Since):
            since_id = max(since_id, part.status_id)
        elif isinstance(part, Before):
            before_id = min(before_id, part.status_id)
        elif _is_lexical(part):
            needed.append(compiler.tsquery(part))
        else:
            needed.append(compiler.needed(part))
            conditions.append(compiler.condition(part))
    return Plan(
        tsquery=_joined([one for one in needed if one != _EVERYTHING], "&"),
        anchored=any(_anchors(part) for part in parts),
        conditions=tuple(conditions),
        since_id=min(since_id, ID_MAX),
        before_id=before_id,
        ranking=_joined([compiler.tsquery(one) for one in _wanted_words(parts)], "|"),
    )


def words_of(root: Node | None) -> set[str]:
    """The words of a tree whose stems are wanted."""
    return {
        token.plain
        for node in _all_nodes(root)
        if isinstance(node, Words) and not node.exact and len(node.tokens) == 1
        for token in node.tokens
        if token.plain is not None
    }


def names_of(root: Node | None) -> set[str]:
    """The names of people in a tree, as typed."""
    return {node.name for node in _all_nodes(root) if isinstance(node, By)}


def _all_nodes(node: Node | None) -> Iterator[Node]:
    if node is None:
        return
    yield node
    if isinstance(node, Not):
        yield from _all_nodes(node.part)
    elif isinstance(node, All | Any):
        for part in node.parts:
            yield from _all_nodes(part)


def _conjuncts(node: Node) -> Iterator[Node]:
    """The parts that must all match."""
    if isinstance(node, All):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _wanted_words(parts: Sequence[Node]) -> Iterator[Words]:
    """Words that a match may have, not those it must lack."""
    for part in parts:
        if isinstance(part, Words):
            yield part
        elif isinstance(part, All | Any):
            yield from _wanted_words(part.parts)


def _is_lexical(node: Node) -> bool:
    """Whether the index says all there is to say about a part."""
    return not any(isinstance(one, Before | Since | Favoured) for one in _all_nodes(node))


def _anchors(node: Node) -> bool:
    """Whether every match of a part has a lexeme that it names."""
    match node:
        case Words() | Facet() | By():
            return True
        case All():
            return any(_anchors(part) for part in node.parts)
        case Any():
            return all(_anchors(part) for part in node.parts)
        case Favoured():
            return bool(list(facets.favoured(node.times)))
        case Not() | Before() | Since():
            return False


class _Compiler:
    """Writes `tsquery`s and conditions, knowing stems and people."""

    def __init__(self, stems: Stems, account_ids: Mapping[str, int]) -> None:
        self._stems = stems
        self._account_ids = account_ids

    def tsquery(self, node: Node) -> str:
        """A lexical part as a `tsquery`."""
        match node:
            case Words():
                return self._words(node)
            case Facet():
                return quoted(node.lexeme)
            case By():
                return quoted(self._person(node))
            case Not():
                return f"!({self.tsquery(node.part)})"
            case All():
                return _joined([self.tsquery(part) for part in node.parts], "&")
            case Any():
                return _joined([self.tsquery(part) for part in node.parts], "|")
            case Before() | Since() | Favoured():
                raise AssertionError("not lexical")

    def needed(self, node: Node) -> str:
        """What every match of any part satisfies at least, as a `tsquery`."""
        if _is_lexical(node):
            return self.tsquery(node)
        match node:
            case All():
                return _joined([one for part in node.parts if (one := self.needed(part)) != _EVERYTHING], "&")
            case Any():
                needed = [self.needed(part) for part in node.parts]
                return _EVERYTHING if _EVERYTHING in needed else _joined(needed, "|")
            case Favoured(times) if powers := list(facets.favoured(times)):
                return quoted(powers[-1])
            case _:
                return _EVERYTHING

    def condition(self, node: Node) -> Condition:
        """Any part as a condition on a single post."""
        if _is_lexical(node):
            return Matching(self.tsquery(node))
        match node:
            case All():
                return Junction(tuple(self.condition(part) for part in node.parts))
            case Any():
                return Junction(tuple(self.condition(part) for part in node.parts), either=True)
            case Not():
                return Negation(self.condition(node.part))
            case Before() | Since():
                return type(node)(min(node.status_id, ID_MAX))
            case Favoured():
                return node
            case _:
                raise AssertionError("lexical")

    def _words(self, node: Words) -> str:
        token = node.tokens[-1]
        if len(node.tokens) > 1 or node.exact:
            return _joined([_lexeme(one) for one in node.tokens], "<->")
        if token.plain is None:
            return _lexeme(token)
        forms = dict.fromkeys([token.lexeme, *self._stems.get(token.plain, ())])
        return _joined([quoted(form) for form in forms], "|")

    def _person(self, node: By) -> str:
        account_id = self._account_ids.get(node.name.lower())
        if account_id is None:
            return facets.NOTHING
        lexeme = {"from": facets.author, "to": facets.answering, "mentions": facets.mentioning}
        return lexeme[node.role](account_id)


def _lexeme(token: Token) -> str:
    return quoted(token.lexeme) + (":*" if token.prefix else "")


def _joined(parts: Sequence[str], sign: str) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {sign} '.join(parts)})" if parts else ""
