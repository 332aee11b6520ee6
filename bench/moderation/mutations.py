"""How spammers vary a text so that no two are the same, and where they link to: schemes that are in common use."""

import random
import string
from collections.abc import Callable, Sequence
from typing import Final

SYNONYMS: Final = (
    ("free", "gratis", "at no cost"), ("win", "get", "earn"), ("now", "today", "right away"), ("you", "u", "ya"),
    ("your", "ur"), ("call", "ring", "phone"), ("please", "pls", "kindly"), ("have", "got"), ("prize", "reward"),
    ("cash", "money", "bucks"), ("great", "awesome", "amazing"), ("check", "look at", "see"), ("channel", "page"),
    ("video", "clip", "vid"), ("subscribe", "follow", "join"), ("people", "folks", "everybody"), ("want", "wanna"),
    ("make", "earn", "take home"), ("new", "fresh", "brand new"), ("good", "nice", "fine"), ("to", "2"), ("for", "4"),
)  # fmt: skip
LOOKALIKES: Final = str.maketrans("aeopcxyi", "аеорсхуі")
LEET: Final = str.maketrans("aeios", "43105")
EMOJI: Final = "🔥💰✅👉😍🎉💯🚀⭐🙏"
NAMES: Final = ("best", "easy", "go", "my", "top", "pro", "fast", "real", "deal", "cash", "life", "shop", "vip", "club")
SUFFIXES: Final = ("xyz", "top", "click", "info", "online", "site", "shop", "com", "net", "icu")

_INVISIBLE: Final = "\u200b\u200c\u2060\u00ad"

Scheme = Callable[[str, random.Random], str]


def spun(text: str, chance: random.Random) -> str:
    """Words replaced by others that mean the same, where there are some; a word left out."""
    words = text.split()
    if len(words) > 8 and chance.random() < 0.5:
        del words[chance.randrange(len(words))]
    return " ".join(_synonym(word, chance) for word in words)


def disguised(text: str, chance: random.Random) -> str:
    """Letters that look the same, invisible ones between, or numbers in place of some."""
    way = chance.randrange(3)
    if way == 0:
        return "".join(one.translate(LOOKALIKES) if chance.random() < 0.5 else one for one in text)
    if way == 1:
        return "".join(one + (chance.choice(_INVISIBLE) if chance.random() < 0.2 else "") for one in text)
    return "".join(one.translate(LEET) if chance.random() < 0.4 else one for one in text)


def padded(text: str, chance: random.Random) -> str:
    """Emoji, hashtags and made-up handles around it, and random letters behind."""
    tags = " ".join("#" + "".join(chance.choices(string.ascii_lowercase, k=6)) for _ in range(chance.randrange(3)))
    handles = " ".join("@" + "".join(chance.choices(string.ascii_lowercase, k=8)) for _ in range(chance.randrange(2)))
    tail = "".join(chance.choices(string.ascii_lowercase + string.digits, k=chance.randint(4, 8)))
    return f"{handles} {''.join(chance.choices(EMOJI, k=chance.randrange(5)))} {text} {tags} {tail}".strip()


def mistyped(text: str, chance: random.Random) -> str:
    """Letters swapped, left out and doubled here and there; capitals and signs at will."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 25)):
        place = chance.randrange(len(letters) - 1)
        way = chance.randrange(3)
        if way == 0:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif way == 1:
            letters[place] = ""
        else:
            letters[place] *= 2
    made = "".join(letters)
    return chance.choice((made, made.upper(), made.title(), made + "!" * chance.randrange(4)))


def reordered(text: str, chance: random.Random) -> str:
    """Its halves the other way round, and an opening of somebody who writes by hand."""
    words = text.split()
    middle = len(words) // 2 + chance.randint(-2, 2)
    opening = chance.choice(("", "Hey, ", "OMG ", "guys... ", "listen: ", "Hi all! ", "psst "))
    return opening + " ".join([*words[middle:], *words[:middle]])


SCHEMES: Final[dict[str, Scheme]] = {
    "spun": spun,
    "disguised": disguised,
    "padded": padded,
    "mistyped": mistyped,
    "reordered": reordered,
}


def domains(chance: random.Random, number: int) -> list[str]:
    """Domains as they are bought in dozens."""
    return [
        f"{chance.choice(NAMES)}-{chance.choice(NAMES)}{chance.randrange(100)}.{chance.choice(SUFFIXES)}"
        for _ in range(number)
    ]


def link(chance: random.Random, among: Sequence[str]) -> str:
    """A link that was not used before, on one of some domains."""
    path = "".join(chance.choices(string.ascii_letters + string.digits, k=chance.randint(4, 10)))
    return f"https://{chance.choice(among)}/{path}"


def _synonym(word: str, chance: random.Random) -> str:
    bare = word.strip(string.punctuation).lower()
    for group in SYNONYMS:
        if bare in group and chance.random() < 0.7:
            return word.lower().replace(bare, chance.choice(group))
    return word
