"""The sets, and what is asked of which detector on each."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.moderation.libraries import SLOW_MAX, installed
from bench.moderation.rows import Line, measured
from bench.moderation.tables import Row, rows
from bench.moderation.training.accounts import timelines
from linnet.features.moderation import engine
from linnet.features.moderation.detectors import accounts, duplicates, gibberish, offers, profanity, urls, wording
from linnet.features.moderation.detectors.addresses import parts
from linnet.features.moderation.detectors.lookalikes import lookalike
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import Context, Finding, Signature

WINDOW: Final = 1_000_000
CONTEXT: Final = Context()


def _highest(findings: Sequence[Finding]) -> float:
    return max((finding.score for finding in findings), default=0.0)


def _profane(text: str) -> float:
    return _highest(profanity.detect(text, CONTEXT))


def _abusive(text: str) -> float:
    return wording.scores(fold(text))[0]


def _spam(text: str) -> float:
    return wording.scores(fold(text))[1]


def _gibberish(text: str) -> float:
    return gibberish.gibberish(fold(text))


def everything(text: str) -> float:
    """All that runs in a request: the surest finding of the engine, and a signature for who watches for campaigns."""
    duplicates.signature(fold(text))
    return _highest(engine.scan(text, CONTEXT))


def _texts(
    name: str, *ours: tuple[str, Callable[[str], float]], compared: bool
) -> Callable[[Path, int], Iterator[Line]]:
    """Lines of a set of texts: ours, then the libraries where they do the same."""

    def lines(data: Path, limit: int) -> Iterator[Line]:
        found = _some(rows(data, name), limit)
        texts = [row["text"] for row in found]
        labels = [int(row["label"]) for row in found] if found and "label" in found[0] else None
        if not found:
            return
        for detector, score in ours:
            yield measured(name, f"**{detector}**", texts, labels, score)
        step = max(1, len(texts) // SLOW_MAX)
        for library, score in installed() if compared else ():
            yield measured(name, library, texts[::step], labels[::step] if labels else None, score)

    return lines


def _some(found: list[Row], limit: int) -> list[Row]:
    return found[:: max(1, len(found) // limit)] if limit else found


def _innocents(data: Path, limit: int) -> Iterator[Line]:
    found = [row["text"] for row in _some(rows(data, "innocents"), limit)]
    if found:
        yield measured("innocents", "**profanity**", found, None, _profane)
        for library, score in installed():
            yield measured("innocents", library, found, None, score)


def _links(data: Path, limit: int) -> Iterator[Line]:
    found = _some(rows(data, "urls"), limit)
    if found:
        labels = [int(row["label"]) for row in found]
        yield measured("urls", "**urls**", [row["url"] for row in found], labels, lambda url: urls.risk(parts(url)))


def _lookalikes(data: Path, limit: int) -> Iterator[Line]:
    found = _some(rows(data, "lookalikes"), limit)
    if found:
        labels = [int(row["label"]) for row in found]
        yield measured("lookalikes", "**lookalikes**", [row["domain"] for row in found], labels, _passes)


def _passes(host: str) -> float:
    found = lookalike(parts(host))
    return 0.0 if found is None else found.score


def _pairs(data: Path, limit: int) -> Iterator[Line]:
    found = _some(rows(data, "neardup_pairs"), limit)
    if found:
        labels = [int(row["label"]) for row in found]
        both = [(row["a"], row["b"]) for row in found]
        yield measured("neardup_pairs", "**duplicates**, by texts", both, labels, lambda two: duplicates.are_near(*two))
        yield measured("neardup_pairs", "**duplicates**, by signatures", both, labels, _alike)


def _alike(two: tuple[str, str]) -> float:
    one, other = (duplicates.signature(fold(text)) for text in two)
    return duplicates.likeness(one, other) + FLAGGED_FROM - duplicates.ALIKE


FLAGGED_FROM: Final = 0.5


def _stream(data: Path, limit: int) -> Iterator[Line]:
    """Posts in order of arrival, in a window that a million others were put into before."""
    found = rows(data, "neardup_stream")
    if limit:
        found = found[:limit]
    for stream in dict.fromkeys(row["stream"] for row in found):
        posts = sorted((row for row in found if row["stream"] == stream), key=_order)
        arrives = _arriving(_crowded_window(WINDOW if not limit else 10 * limit))
        line = measured(f"neardup_stream {stream}", "**duplicates**", posts, None, arrives, warm=0)
        decided = [place for place, row in enumerate(posts) if row["label"] >= 0]
        scores = [line.scores[place] for place in decided]
        yield Line(line.name, line.detector, scores, [posts[place]["label"] for place in decided], line.spent_us)


def _crowded_window(number: int) -> duplicates.MemoryWindow:
    """A window that is full of posts of others, of which nothing is like another."""
    window = duplicates.MemoryWindow(number)
    chance = random.Random(5)
    for post_id in range(number):
        keys = tuple(chance.getrandbits(32) for _ in range(duplicates.BANDS))
        window.add(-post_id, Signature(chance.randbytes(duplicates.HASHES), keys))
    return window


def _order(row: Row) -> int:
    return int(row["seq"])


def _arriving(window: duplicates.MemoryWindow) -> Callable[[Row], float]:
    def arrives(row: Row) -> float:
        own = duplicates.signature(fold(row["text"]))
        near = window.near(own)
        window.add(row["seq"], own)
        return 0.0 if near is None else near[1]

    return arrives


def _accounts(data: Path, _: int) -> Iterator[Line]:
    found, labels = timelines(rows(data, "user_timelines"))
    if found:
        yield measured("user_timelines", "**accounts**", found, [int(label) for label in labels], accounts.spammer)


SETS: Final[dict[str, Callable[[Path, int], Iterator[Line]]]] = {
    "profanity_obfuscated": _texts(
        "profanity_obfuscated", ("profanity", _profane), ("whole engine", everything), compared=True
    ),
    "innocents": _innocents,
    "abuse_en": _texts("abuse_en", ("wording", _abusive), ("whole engine", everything), compared=True),
    "abuse_multi": _texts("abuse_multi", ("wording", _abusive), ("whole engine", everything), compared=True),
    "spam": _texts(
        "spam",
        ("wording", _spam),
        ("offers", lambda text: _highest(offers.detect(text, CONTEXT))),
        ("whole engine", everything),
        compared=False,
    ),
    "gibberish": _texts("gibberish", ("gibberish", _gibberish), compared=False),
    "neardup_pairs": _pairs,
    "neardup_stream": _stream,
    "urls": _links,
    "lookalikes": _lookalikes,
    "user_timelines": _accounts,
    "tweets_general": _texts(
        "tweets_general",
        ("profanity", _profane),
        ("abuse", _abusive),
        ("spam", _spam),
        ("gibberish", _gibberish),
        ("whole engine", everything),
        compared=False,
    ),
}
