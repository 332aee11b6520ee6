"""Train what knows gibberish: `python -m bench.moderation.training.gibberish --data DIR` (a minute on one core)."""

import argparse
import random
import sysconfig
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.moderation.measures import auc, best_threshold
from bench.moderation.tables import CHOOSE, JUDGE, TRAIN, part_of, rows
from bench.moderation.training.texts import WEIGHTS
from linnet.features.moderation.detectors import gibberish
from linnet.features.moderation.detectors.gibberish import SIZE, UNIT, measures
from linnet.features.moderation.detectors.normal import fold

SMOOTHED: Final = 0.05
ORDINARY_SETS: Final = ("tweets_general", "abuse_multi", "abuse_en", "spam", "user_timelines")
MISTAKEN_WEIGHT: Final = 6.0
"""An ordinary text taken for gibberish is this much worse than gibberish that goes through."""


def main() -> None:
    """Count letters, fit, say how good on a part not seen, fit on everything, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    chance = random.Random(11)
    posts = [row["text"] for name in ORDINARY_SETS for row in rows(data, name)]
    chance.shuffle(posts)
    counted, unseen = posts[: len(posts) * 2 // 3], posts[len(posts) * 2 // 3 :]
    names, code = surnames(chance), source_lines(chance)
    write(logarithms(counted + names[::2] * 2), np.zeros(15), np.zeros(15), 0.0)
    found = rows(data, "gibberish")
    samples = [(row["text"], int(row["label"]), part_of(row["text"])) for row in found]
    samples += [(text, 0, part_of(text)) for text in [*unseen[:20000], *names[1::2][:1500], *code]]
    table = [(measured, label, part) for text, label, part in samples if (measured := measures(fold(text))) is not None]
    first = fit([row for row in table if row[2] == TRAIN])
    judge(found, first, {CHOOSE: True, JUDGE: True}, unseen)
    fit(table)


def fit(table: list[tuple[NDArray[np.float64], int, str]]) -> None:
    """Fit the weights, and put them beside the letters."""
    linear: Any = import_module("sklearn.linear_model")
    measured = np.array([row[0] for row in table])
    labels = np.array([row[1] for row in table])
    means, spread = measured.mean(axis=0), measured.std(axis=0) + 1e-9
    regression = linear.LogisticRegression(
        C=10, max_iter=2000, class_weight={0: MISTAKEN_WEIGHT * labels.mean(), 1: 1.0}
    )
    regression.fit((measured - means) / spread, labels)
    tables = gibberish._tables()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    write(tables.logarithms, means, regression.coef_[0] / spread, float(regression.intercept_[0]))


def judge(found: list[dict[str, Any]], _: None, parts: dict[str, bool], ordinary: list[str]) -> None:
    """Say how good the written tables are on parts they have not seen, and on ordinary posts."""
    chosen = [row for row in found if parts.get(part_of(row["text"]))]
    values = [gibberish.gibberish(fold(row["text"])) for row in chosen]
    truth = [int(row["label"]) for row in chosen]
    flagged = sum(gibberish.gibberish(fold(text)) >= gibberish.REPORTED_FROM for text in ordinary[20000:])
    print(f"gibberish: AUC {auc(values, truth):.4f}, best F1 {best_threshold(values, truth)[0]:.4f}")
    hits = sum(value >= 0.5 and label == 1 for value, label in zip(values, truth, strict=True))
    wrong = sum((value >= 0.5) != (label == 1) for value, label in zip(values, truth, strict=True))
    print(f"F1 at 0.5 {2 * hits / (2 * hits + wrong):.4f}; ordinary {flagged / len(ordinary[20000:]):.4%}")


def logarithms(texts: list[str]) -> NDArray[np.int8]:
    """Of each letter's probability after two others, in twelfths."""
    counts = np.full(SIZE**3, SMOOTHED)
    for text in texts:
        codes = gibberish._codes(gibberish.said(fold(text).text))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        places = np.flatnonzero(codes[1:-1]) + 1
        np.add.at(counts, (codes[places - 1] * SIZE + codes[places]) * SIZE + codes[places + 1], 1)
    by_pair = counts.reshape(SIZE, SIZE, SIZE)
    chances = by_pair / by_pair.sum(axis=2, keepdims=True)
    rare = by_pair.sum(axis=2, keepdims=True) < 20
    return np.clip(np.rint(np.log(np.where(rare, 1e-4, chances)) / UNIT), -127, 0).astype(np.int8).ravel()


def surnames(chance: random.Random) -> list[str]:
    """Names of the US Census, as the package `names` brings them: right to be odd."""
    package = find_spec("names")
    assert package is not None
    assert package.origin is not None
    lines = (Path(package.origin).parent / "dist.all.last").read_text().split("\n")
    found = [line.split()[0].capitalize() for line in lines if line]
    chance.shuffle(found)
    return found[:40000]


def source_lines(chance: random.Random) -> list[str]:
    """Lines of Python's own library: what people post when they ask for help."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    lines = [
        line.strip()
        for path in sorted(folder.glob("*.py"))[::4]
        for line in path.read_text("utf-8", "ignore").split("\n")
    ]
    long = [line for line in lines if len(line) > 20]
    chance.shuffle(long)
    return long[:1500]


def write(letters: NDArray[np.int8], means: NDArray[np.float64], weights: NDArray[np.float64], bias: float) -> None:
    """Write the tables where the detector reads them, and let it read them anew."""
    np.savez_compressed(
        WEIGHTS / "gibberish.npz", logarithms=letters, means=means, weights=weights, bias=np.array(bias)
    )
    gibberish._tables.cache_clear()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


if __name__ == "__main__":
    main()
