"""Posts that have words in common with a text, for staff: whether or not their authors let them be found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.search.store import alike as store
from linnet.features.search.words import quoted, tokens
from linnet.platform.engines import Engines
from linnet.platform.ids import first_id_at

WORDS_EACH: Final = 3
"""Words that must come together: a campaign changes some of its words and rarely all of its longest."""

LETTERS_LEAST: Final = 4
CANDIDATES_MAX: Final = 200
"""The newest of those with such words; each is then held against the text."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that everybody may see, or could until staff withheld it."""

    status_id: int
    account_id: int
    text: str
    created_at: datetime


async def with_words_of(engines: Engines, texts: Sequence[str], since: datetime) -> list[Candidate]:
    """Posts since a moment that have the three longest words of a text in them, or the three next; newest first.

    One statement, none for texts without words.
    """
    asked = [one for text in texts for one in _asked(text)]
    if not asked:
        return []
    rows = await store.with_words(engines.db, " | ".join(asked), first_id_at(since), CANDIDATES_MAX)
    return [Candidate(*row) for row in rows]


def _asked(text: str) -> list[str]:
    """What PostgreSQL is asked for: all of the longest words, all of the next ones."""
    longest = sorted({one.lexeme for one in tokens(text.lower()) if len(one.lexeme) >= LETTERS_LEAST}, key=_length)
    groups = longest[:WORDS_EACH], longest[WORDS_EACH : 2 * WORDS_EACH]
    whole = [group for group in groups if len(group) == WORDS_EACH] or [longest[:WORDS_EACH]]
    return ["(" + " & ".join(map(quoted, group)) + ")" for group in whole if group]


def _length(word: str) -> tuple[int, str]:
    return -len(word), word
