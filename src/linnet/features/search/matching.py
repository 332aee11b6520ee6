"""Whether a described post is what a query looks for, without asking the index: for posts just made. Pure.

What the index answers and what is answered here is the same; only marks are not known here: what one has favourited,
bookmarked or boosted, or voted in, is found in searches, and not told of as it comes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from linnet.features.search import facets
from linnet.features.search.describing import Described
from linnet.features.search.models import All, Any, Before, By, Facet, Favoured, Node, Not, Query, Since, Token, Where
from linnet.features.search.models import Words as WordsNode
from linnet.features.search.plan import Stems
from linnet.features.statuses.models import Status, Visibility


@dataclass(frozen=True, slots=True)
class Question:
    """A query as its owner means it: with the stems of its words and the people it names."""

    owner_id: int
    query: Query
    stems: Stems
    account_ids: dict[str, int]

    def matches(self, post: Described) -> bool:
        """Whether the post says what is looked for; not whether its owner may find it."""
        return self.query.root is None or self._is(self.query.root, post)

    def _is(self, node: Node, post: Described) -> bool:
        match node:
            case WordsNode():
                return self._says(node, post)
            case Facet(lexeme):
                return lexeme in post.lexemes
            case By():
                return self._is_by(node, post)
            case Before() | Since() | Favoured():
                return _is_when(node, post)
            case Not(part):
                return not self._is(part, post)
            case All() | Any():
                each = (self._is(part, post) for part in node.parts)
                return all(each) if isinstance(node, All) else any(each)

    def _says(self, node: WordsNode, post: Described) -> bool:
        token = node.tokens[-1]
        if len(node.tokens) > 1:
            return _in_a_row(node.tokens, post.words)
        if token.prefix:
            return any(one.startswith(token.lexeme) for one in post.lexemes)
        if node.exact or token.plain is None:
            return token.lexeme in post.lexemes
        return token.lexeme in post.lexemes or any(form in post.lexemes for form in self.stems.get(token.plain, ()))

    def _is_by(self, node: By, post: Described) -> bool:
        account_id = self.account_ids.get(node.name.lower())
        if account_id is None:
            return False
        lexeme = {"from": facets.author, "to": facets.answering, "mentions": facets.mentioning}
        return lexeme[node.role](account_id) in post.lexemes


def _is_when(node: Before | Since | Favoured, post: Described) -> bool:
    """What the index does not say by itself."""
    if isinstance(node, Favoured):
        return post.said.favourites >= node.times
    return post.said.id < node.status_id if isinstance(node, Before) else post.said.id >= node.status_id


def _in_a_row(wanted: Sequence[Token], words: Sequence[Token]) -> bool:
    """Whether the words stand one behind the other; several may stand at one place."""
    ends = {word.place for word in words if _is_word(wanted[0], word)}
    for token in wanted[1:]:
        if not ends:
            return False
        ends = {word.place for word in words if word.place - 1 in ends and _is_word(token, word)}
    return bool(ends)


def _is_word(wanted: Token, word: Token) -> bool:
    return word.lexeme.startswith(wanted.lexeme) if wanted.prefix else word.lexeme == wanted.lexeme


def is_findable(
    status: Status, where: Where, owner_id: int, mentioned: Collection[int], *, indexable: bool, following: bool
) -> bool:
    """Whether a new post that its viewer may see and has not silenced is theirs to find.

    `indexable`: its author lets their posts be found; `following`: the viewer follows them.
    """
    if status.visibility is Visibility.DIRECT or status.reblog_of_id is not None:
        return False
    is_open = status.visibility is Visibility.PUBLIC and indexable and not status.limited
    is_own = owner_id == status.account_id or owner_id in mentioned
    findable = {
        Where.EVERYTHING: is_open or is_own,
        Where.PUBLIC: is_open,
        Where.LIBRARY: is_own,
        Where.HOME: (is_open or is_own) and (following or owner_id == status.account_id),
        Where.BOOKMARKS: False,
    }
    return findable[where]
