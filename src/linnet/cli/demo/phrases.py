"""Sentences out of `phrases.toml`, chosen by a seeded dice: a small grammar of our own."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

_SLOT = re.compile(r"\{(\w+)\}")
_TAGGED = 0.45
_WARNED = 0.03

Corpus = dict[str, Any]


@cache
def corpus(name: str) -> Corpus:
    """One of the word lists beside this file, by its name without `.toml`."""
    return tomllib.loads((files("linnet.cli.demo") / f"{name}.toml").read_text(encoding="utf-8"))


def topics() -> list[str]:
    """What people talk about."""
    return list(corpus("phrases")["topics"])


def languages() -> dict[str, int]:
    """The languages people speak, by how many of a hundred do."""
    return corpus("people")["languages"]


def thought(dice: Random, topic: str, language: str) -> str:
    """A post of its own: in the person's language now and then, in English about the topic otherwise."""
    phrases = corpus("phrases")
    if language in phrases["languages"] and dice.random() < 0.7:  # noqa: PLR2004 -- seven of ten
        return _filled(dice, dice.choice(phrases["languages"][language]["say"]), {})
    about = phrases["topics"][topic]
    text = _filled(dice, dice.choice(about["say"]), about)
    text += dice.choice(phrases["words"]["end"])
    if dice.random() < _TAGGED:
        text += " " + " ".join(f"#{tag}" for tag in dice.sample(about["tags"], k=dice.choice((1, 1, 2))))
    return text


def said(dice: Random, kind: str) -> str:
    """A `replies`, `quotes`, `direct` or `bots` sentence."""
    return _filled(dice, dice.choice(corpus("phrases")[kind]["say"]), {})


def warning(dice: Random) -> str:
    """A content warning for few posts, the empty string for most."""
    if dice.random() > _WARNED:
        return ""
    return _filled(dice, dice.choice(corpus("phrases")["warnings"]["of"]), {})


def _filled(dice: Random, sentence: str, about: Corpus) -> str:
    """The sentence with its slots filled, and a capital letter at its start."""
    words = corpus("phrases")["words"]
    while _SLOT.search(sentence):
        sentence = _SLOT.sub(lambda slot: dice.choice(about.get(slot[1]) or words[slot[1]]), sentence)
    return sentence[:1].upper() + sentence[1:]
