"""The libraries that people use, behind one question: how profane or abusive is a text, 0 to 1."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

MODULES: Final = {
    "better-profanity": "better_profanity",
    "glin-profanity": "glin_profanity",
    "alt-profanity-check": "profanity_check",
}
SLOW_MAX: Final = 400
"""Rows that a library is asked about: one of them takes 26 ms for each."""


def missing(name: str) -> bool:
    """Whether a library is not installed."""
    return find_spec(MODULES[name]) is None


def installed() -> Iterator[tuple[str, Callable[[str], float]]]:
    """The libraries that are, each with its question."""
    for name, make in LIBRARIES.items():
        if not missing(name):
            yield name, make()


def _better_profanity() -> Callable[[str], float]:
    module: Any = import_module("better_profanity")
    module.profanity.load_censor_words()
    return lambda text: float(module.profanity.contains_profanity(text))


def _glin_profanity() -> Callable[[str], float]:
    module: Any = import_module("glin_profanity")
    checker = module.Filter()
    return lambda text: float(checker.is_profane(text))


def _alt_profanity_check() -> Callable[[str], float]:
    module: Any = import_module("profanity_check")
    return lambda text: float(module.predict_prob([text])[0])


LIBRARIES: Final[dict[str, Callable[[], Callable[[str], float]]]] = {
    "better-profanity": _better_profanity,
    "glin-profanity": _glin_profanity,
    "alt-profanity-check": _alt_profanity_check,
}
