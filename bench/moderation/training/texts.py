"""Train what judges wording: `python -m bench.moderation.training.texts --data DIR` (five minutes on one core).

First on a part, to say how good it is on a part that it has not seen; then on everything, which is what is written.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.moderation.measures import auc, best_threshold
from bench.moderation.tables import CHOOSE, JUDGE, TRAIN, Row, part_of, rows
from bench.moderation.training.fitting import Fitted, Texts, fit, save
from linnet.features.moderation.detectors.ngrams import BUCKETS_LOG2, buckets
from linnet.features.moderation.detectors.normal import fold

WEIGHTS: Final = Path(__file__).parents[3] / "src/linnet/features/moderation/detectors/weights"
VERSION: Final = "1"


@dataclass(slots=True, frozen=True)
class Task:
    """What is trained: which set, how buckets count, and which ordinary texts it must leave in peace."""

    name: str
    by_class: float
    cost: float
    ordinary_weight: float
    ordinary: str
    """`en`, `other`, or `any` and then also the posts of ordinary accounts."""


TASKS: Final = (
    Task("abuse_en", 0.6, 4, 0.05, "en"),
    Task("abuse_multi", 0.5, 5, 0.1, "other"),
    Task("spam", 0.0, 10, 0.03, "any"),
)


class Labelled:
    """A set, its texts in buckets, its labels and parts."""

    def __init__(self, found: Sequence[Row], labels: Sequence[int], groups: Sequence[str]) -> None:
        self.texts = Texts([buckets(fold(row["text"])) for row in found], 1 << BUCKETS_LOG2)
        self.labels: NDArray[np.int64] = np.array(labels, np.int64)
        self.parts = np.array([part_of(group) for group in groups])


def main() -> None:
    """Train, say how good, train on everything, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    tweets = rows(data, "tweets_general")
    posts = [row for row in rows(data, "user_timelines") if row["label"] == 0][::2]
    everyday = {
        "en": ordinary([row for row in tweets if row["lang"] == "en"], "text"),
        "other": ordinary([row for row in tweets if row["lang"] != "en"], "text"),
        "any": ordinary(tweets[::3] + posts, "user"),
    }
    columns: dict[str, Fitted] = {}
    sets: dict[str, Labelled] = {}
    for task in TASKS:
        found = rows(data, task.name)
        sets[task.name] = Labelled(found, [row["label"] for row in found], [row["dup_group"] for row in found])
        columns[task.name] = trained(task, sets[task.name], everyday[task.ordinary])
    columns["english"] = trained(Task("english", 0.0, 8, 0.0, ""), languages(data, tweets), None)
    save(WEIGHTS / "texts.npz", columns, VERSION)


def ordinary(found: list[Row], group: str) -> Labelled:
    """Texts nobody labelled, taken for ordinary."""
    return Labelled(found, [0] * len(found), [str(row.get(group) or row["text"]) for row in found])


def languages(data: Path, tweets: list[Row]) -> Labelled:
    """Texts by whether they are English."""
    others = rows(data, "abuse_multi")[::3] + [row for row in rows(data, "spam") if row["lang"] == "ru"][::3]
    english = rows(data, "abuse_en")[::3] + [row for row in rows(data, "spam") if row["lang"] == "en"]
    found = [row | {"is_english": 1} for row in english] + [row | {"is_english": 0} for row in others]
    found += [row | {"is_english": int(row["lang"] == "en")} for row in tweets[::2]]
    return Labelled(found, [int(row["is_english"]) for row in found], [str(row["text"]) for row in found])


def trained(task: Task, labelled: Labelled, everyday: Labelled | None) -> Fitted:
    """The column of one task, after saying how one that saw less of the set does on the rest."""
    first = fitted(task, labelled, everyday, (TRAIN,))
    chosen = labelled.parts == CHOOSE
    first.calibrate(first.values(labelled.texts.only(chosen)), labelled.labels[chosen])
    judged = fitted(task, labelled, everyday, (TRAIN, CHOOSE))
    judged.bias += first.bias - first.fitted_bias
    rest = labelled.parts == JUDGE
    values, truth = judged.values(labelled.texts.only(rest)).tolist(), labelled.labels[rest].tolist()
    print(f"{task.name}: AUC {auc(values, truth):.4f}, best F1 {best_threshold(values, truth)[0]:.4f}", flush=True)
    whole = fitted(task, labelled, everyday, (TRAIN, CHOOSE, JUDGE))
    whole.bias += first.bias - first.fitted_bias
    whole.slope = first.slope
    return whole


def fitted(task: Task, labelled: Labelled, everyday: Labelled | None, parts: tuple[str, ...]) -> Fitted:
    """The column trained on some parts of a set, and of the ordinary texts."""
    used = np.isin(labelled.parts, parts)
    more = None if everyday is None else everyday.texts.only(np.isin(everyday.parts, parts))
    return fit(
        labelled.texts.only(used),
        labelled.labels[used],
        by_class=task.by_class,
        cost=task.cost,
        ordinary=more,
        ordinary_weight=task.ordinary_weight,
    )


if __name__ == "__main__":
    main()
