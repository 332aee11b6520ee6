"""Unicode's skeletons: two texts that can be taken for each other have the same one.

https://www.unicode.org/reports/tr39/#Confusable_Detection
"""

import unicodedata
from functools import cache
from importlib import import_module
from typing import Any, Final, cast

_ALIKE: Final = (("m", "rn"), ("w", "vv"), ("0", "o"), ("1", "l"), ("i", "l"), ("|", "l"))
"""What looks alike within ASCII, in any case: a capital I is an l in most typefaces, so an i is one too."""


def skeleton(text: str) -> str:
    """What is left of a name when all that looks alike is one: small letters and digits, without signs and spaces.

    >>> skeleton("Аdrnin_1") == skeleton("adminl")  # with a Cyrillic А
    True
    """
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(_prototypes().get(letter, letter) for letter in plain if unicodedata.category(letter) != "Mn")
    folded = unicodedata.normalize("NFKD", letters.casefold())
    for one, other in _ALIKE:
        folded = folded.replace(one, other)
    return "".join(letter for letter in folded if letter.isalnum())


@cache
def _prototypes() -> dict[str, str]:
    """Letters of other scripts by the ASCII ones they look like, out of Unicode's confusables.txt.

    Read when first needed: the table is larger than all our code.
    """
    module: Any = import_module("confusable_homoglyphs.confusables")
    table = cast("dict[str, list[dict[str, str]]]", module.confusables_data)
    found: dict[str, str] = {}
    for letter, alike in table.items():
        ascii_ones = [one["c"] for one in alike if one["c"].isascii() and one["c"].isalnum()]
        if len(letter) == 1 and not letter.isascii() and ascii_ones:
            found[letter] = ascii_ones[0]
    return found
