"""Hosts that are made to be taken for ones that everybody knows: homoglyphs, typing errors, dots and hyphens put in."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from linnet.features.moderation.detectors.addresses import Address
from linnet.features.moderation.detectors.hosts import known
from linnet.features.moderation.detectors.normal import fold, prototypes_of_latin

NAME_LENGTH_LEAST: Final = 4
"""Letters of the shortest name that is looked for: what is shorter has too many neighbours."""
NAME_LENGTH_MAX: Final = 40
DISGUISED: Final = 0.97
"""Score of a host that reads as a known one and is not it."""
MIXED: Final = 0.75
"""Score of a name in Latin and other letters that reads as nothing known: nobody registers that in good faith."""
BY_LENGTH: Final = {4: 0.35, 5: 0.55, 6: 0.8, 7: 0.9}
"""Score of a host one error away from a known one, by the letters of the known name; `LONG` for more."""
LONG: Final = 0.95
OTHER_SUFFIX: Final = 0.5
"""Part of the score that is left where the known name stands below another suffix."""
_GLYPHS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("3", "e"), ("5", "s"), ("|", "l"))


@dataclass(slots=True, frozen=True)
class Lookalike:
    """Which known domain a host passes for, and how surely."""

    target: str
    score: float


def lookalike(address: Address) -> Lookalike | None:
    """The known domain that a host passes for, if it does; a known domain, and what is below one, passes for itself."""
    if address.domain in known() or address.ascii_host in known() or not address.suffix:
        return None
    name = address.host.removesuffix(f".{address.suffix}")
    joined = name.replace(".", "")
    if not NAME_LENGTH_LEAST <= len(joined) <= NAME_LENGTH_MAX:
        return None
    own = name.rpartition(".")[2]
    read, is_mixed = _reading(own)
    best = max(
        (
            _near(read, address.suffix, is_disguised=read != own),
            _near(_reading(joined)[0], address.suffix, is_disguised=True) if joined != own else None,
        ),
        key=lambda one: one.score if one is not None else 0.0,
    )
    if best is None and is_mixed:
        return Lookalike("", MIXED)
    return best


def _reading(name: str) -> tuple[str, bool]:
    """How a name reads to who expects a Latin one, and whether its letters are of several scripts."""
    if name.isascii():
        return name, False
    folded = fold(name).text.translate(prototypes_of_latin())
    plain = "".join(one for one in unicodedata.normalize("NFKD", folded) if unicodedata.category(one) != "Mn")
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in name if letter.isalpha()}
    return plain, "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


def _near(name: str, suffix: str, *, is_disguised: bool) -> Lookalike | None:
    """The known domain whose name is `name` or one error away, preferring the same suffix."""
    found: Lookalike | None = None
    for spelt in dict.fromkeys((name, _skeleton(name))):
        for known_name in _candidates(spelt):
            is_same = known_name == spelt
            if not is_same and not _is_one_error(spelt, known_name):
                continue
            if is_same and not is_disguised and spelt == name:
                continue  # the same name below another suffix is a matter of trade marks, and mostly the owner's
            score = DISGUISED if is_same or ("-" in name and "-" not in known_name) else _by_length(known_name)
            suffixes = _names()[known_name]
            if suffix not in suffixes:
                score *= OTHER_SUFFIX
            if score and (found is None or score > found.score):
                below = suffix if suffix in suffixes else min(suffixes, key=len)
                found = Lookalike(f"{known_name}.{below}", score)
    return found


def _by_length(known_name: str) -> float:
    return BY_LENGTH.get(len(known_name), LONG if len(known_name) > max(BY_LENGTH) else 0.0)


def _skeleton(name: str) -> str:
    for glyphs, letter in _GLYPHS:
        name = name.replace(glyphs, letter)
    return name


def _candidates(name: str) -> dict[str, None]:
    """Known names that could be one error away: those that share a spelling with a letter left out."""
    index = _index()
    return dict.fromkeys(target for spelling in _deletions(name) for target in index.get(spelling, ()))


@cache
def _names() -> dict[str, frozenset[str]]:
    """The names of known domains, with the suffixes they are known below: google's are two hundred."""
    found: dict[str, set[str]] = {}
    for domain in known():
        name, _, suffix = domain.partition(".")
        if len(name) >= NAME_LENGTH_LEAST:
            found.setdefault(name, set()).add(suffix)
    return {name: frozenset(suffixes) for name, suffixes in found.items()}


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Known names by themselves, and by those with any one letter left out (SymSpell's index, at distance one)."""
    found: dict[str, list[str]] = {}
    for name in _names():
        for spelling in _deletions(name):
            found.setdefault(spelling, []).append(name)
    return {spelling: tuple(names) for spelling, names in found.items()}


def _deletions(name: str) -> dict[str, None]:
    return dict.fromkeys((name, *(name[:at] + name[at + 1 :] for at in range(len(name)))))


def _is_one_error(one: str, other: str) -> bool:
    """Whether one letter too many, too few, wrong, or two swapped make one name of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    left, right = one[start:], other[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[1:2] + left[:1] + left[2:] == right and len(left) > 1)
    )
