"""Texts as they are read, not as they are encoded: one spelling for what looks alike, and the way back."""

import re
import unicodedata
from functools import cache
from importlib import import_module
from itertools import accumulate
from typing import Any, Final, cast

from linnet.features.moderation.models import LOOKED_AT_MAX, Span

_ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0670\u0640"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Marks that decorate a letter. Those that are vowels (of Hindi, of Thai, …) are no decoration and stay."""

_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What no eye sees though it is in no category of invisible characters."""

_ENCLOSED: Final = re.compile(
    "(?:NEGATIVE )?(?:SQUARED|CIRCLED|REGIONAL INDICATOR SYMBOL) (?:LATIN (?:CAPITAL|SMALL) )?LETTER ([A-Z])"
)
"""Names of the letters that are in a box or a circle and that NFKC leaves there."""

_WORDS: Final = re.compile(r"[^\W_]+")
_MEETING_OF_SCRIPTS: Final = re.compile(r"[a-z][^\x00-\x7f\W_]|[^\x00-\x7f\W_][a-z]")
_CYRILLIC: Final = re.compile("[\u0430-\u045f]")
_AS_CYRILLIC: Final = str.maketrans("abcehikmnoprtuxy", "авсеникмпоргтиху")
_LATIN_LEAST: Final = 1.0
"""Latin letters for each other one from which on a foreign word that can be read as a Latin one is."""

_PLAIN_LETTERS: Final = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    **dict(
        zip(
            "øđðłħŧıĸŋſƒƀƈɖɗɠɡɢɦɨɩɪɫɭɱɲɴɵɼɽɾʀʂʈʉʋʏʐʙʜʟᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰꜱɑɐəɛʌʊ",
            "oddlhtiknsfbcddggghiiillmnnorrrrstuvyzbhlacdejkmoptuvwzfsaaeeau",
            strict=True,
        )
    ),
}
"""Letters of the Latin script that no decomposition makes plain."""


class Folded:
    """A text and how it reads: `text` is small letters without decoration, whose spans lead back to the original."""

    __slots__ = ("_pieces", "_starts", "mixed", "original", "text")

    def __init__(self, original: str, text: str, pieces: list[str] | None, mixed: int) -> None:
        self.original = original
        self.text = text
        self.mixed = mixed
        """Words whose letters were of several scripts, or of another one than they read as."""
        self._pieces = pieces
        self._starts: list[int] | None = None

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the original. Only who found something pays for the way back."""
        if self._pieces is None or start >= end:
            return Span(start, max(start, end))
        if self._starts is None:
            self._starts = list(accumulate(map(len, self._pieces), initial=0))
        return Span(self._origin(start), self._origin(end - 1) + 1)

    def _origin(self, position: int) -> int:
        """Which character of the original made the one at `position`: the last that begins at or before it."""
        starts = self._starts
        assert starts is not None
        low, high = 0, len(starts) - 2
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if starts[middle] <= position else (low, middle - 1)
        return low


def fold(original: str) -> Folded:
    """How a text reads: NFKC, small letters, no accents, nothing invisible, letters that pass for Latin ones as those.

    Looks at the first `LOOKED_AT_MAX` characters. Time is linear in them.

    >>> fold("Ｆréе\u200b 𝐦𝐨𝐧𝐞𝐲").text
    'free money'
    """
    looked_at = original[:LOOKED_AT_MAX]
    if looked_at.isascii():
        return Folded(original, looked_at.lower(), None, 0)
    pieces = list(map(_READINGS.__getitem__, looked_at))
    text = "".join(pieces)[:LOOKED_AT_MAX]
    if text.isascii():
        return Folded(original, text, pieces, 0)
    reading, mixed = _as_read(text)
    return Folded(original, reading, pieces, mixed)


class _Readings(dict[str, str]):
    """How each character reads; worked out when first seen, of which there are as many as Unicode has at most."""

    def __missing__(self, letter: str) -> str:
        reading = self[letter] = _reading(letter)
        return reading


def _reading(letter: str) -> str:
    if unicodedata.category(letter) in {"Cf", "Cs", "Co", "Cn"} or _UNSEEN.match(letter):
        return ""
    if (match := _ENCLOSED.fullmatch(unicodedata.name(letter, ""))) is not None:
        return match[1].lower()
    compatible = unicodedata.normalize("NFKC", letter).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", compatible))
    folded = "".join(_PLAIN_LETTERS.get(one, one) for one in plain)
    return unicodedata.normalize("NFC", folded)


_READINGS: Final = _Readings()


def _as_read(text: str) -> tuple[str, int]:
    """The text with each word of mixed scripts in the one it is read in, letter by letter, and how many those were.

    A word whose letters all pass for Latin ones is a Latin word if some are or if the text around it is Latin; else its
    Latin letters pass for the others'. A word of one foreign script in a text of that script is what it is.
    """
    seen = len(text.encode("ascii", "ignore"))
    among_latin = seen - text.count(" ") >= (len(text) - seen) * _LATIN_LEAST
    if not among_latin and _MEETING_OF_SCRIPTS.search(text) is None:
        return text, 0
    to_latin = prototypes_of_latin()
    parts: list[str] = []
    done = mixed = 0
    for match in _WORDS.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        is_mixed = _MEETING_OF_SCRIPTS.search(word) is not None
        reading = word.translate(to_latin) if is_mixed or among_latin else word
        if not reading.isascii():
            reading = word.translate(_AS_CYRILLIC) if is_mixed and _CYRILLIC.search(word) else word
        if reading != word:
            parts += (text[done : match.start()], reading)
            done = match.end()
            mixed += is_mixed
    parts.append(text[done:])
    return "".join(parts), mixed


@cache
def prototypes_of_latin() -> dict[int, str]:
    """Letters of other scripts by the small Latin one they pass for, one for one, out of Unicode's confusables.txt.

    Both the capital and the small letter are asked, since texts come here in small letters.
    """
    module: Any = import_module("confusable_homoglyphs.confusables")
    table = cast("dict[str, list[dict[str, str]]]", module.confusables_data)
    found: dict[int, str] = {}
    for letter, alike in table.items():
        latin = next(
            (one["c"].lower() for one in alike if len(one["c"]) == 1 and one["c"].isascii() and one["c"].isalpha()),
            None,
        )
        if len(letter) != 1 or letter.isascii() or latin is None or not letter.isalpha():
            continue
        small = letter.lower()
        if len(small) == 1 and (small == letter or ord(small) not in found):
            found[ord(small)] = latin
    return found
