"""Train what knows spammers: `python -m bench.moderation.training.accounts --data DIR` (minutes on one core)."""

import argparse
from collections import defaultdict
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.moderation.measures import auc
from bench.moderation.tables import Row, rows
from bench.moderation.training.fitting import Fitted, Texts, fit, save
from bench.moderation.training.texts import WEIGHTS
from linnet.features.moderation.detectors.accounts import BUCKETS_LOG2, READ_MAX, Weights, few, habits
from linnet.features.moderation.detectors.ngrams import buckets
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import TimedPost, Timeline

VERSION: Final = "1"
FOLDS: Final = 5
WORDING_SHARE: Final = 5.0
"""How much wording counts beside habits, each in its own standard deviations: of 137 accounts no more can be learnt."""


def timelines(found: list[Row]) -> tuple[list[Timeline], NDArray[np.int64]]:
    """Accounts in the order of their first rows, and their labels."""
    by_user: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_user[row["user"]].append(row)
    accounts = [
        Timeline([TimedPost(datetime.fromisoformat(row["ts"]), row["text"]) for row in of_one])
        for of_one in by_user.values()
    ]
    return accounts, np.array([of_one[0]["label"] for of_one in by_user.values()], np.int64)


def main() -> None:
    """Say by cross-validation over accounts how good it is, train on all of them, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    accounts, labels = timelines(rows(parser.parse_args().data, "user_timelines"))
    measured = np.array([habits(account) for account in accounts])
    latest = [sorted(account.posts, key=_at)[-READ_MAX:] for account in accounts]
    texts = Texts([few(buckets(fold(post.text))) for posts in latest for post in posts], 1 << BUCKETS_LOG2)
    owners = np.repeat(np.arange(len(accounts)), [len(posts) for posts in latest])
    folds = np.random.default_rng(3).permutation(len(accounts)) % FOLDS
    by_habit, by_wording = np.zeros(len(accounts)), np.zeros(len(accounts))
    for fold_number in range(FOLDS):
        seen, rest = folds != fold_number, folds == fold_number
        by_habit[rest] = _habit_values(measured[seen], labels[seen], measured[rest])
        column = _wording(texts.only(seen[owners]), labels[owners][seen[owners]])
        values = column.values(texts.only(rest[owners]))
        by_wording[rest] = _means(values, owners[rest[owners]], np.flatnonzero(rest))
    mixed = by_habit / by_habit.std() + WORDING_SHARE * by_wording / by_wording.std()
    for name, values in (("habits", by_habit), ("wording", by_wording), ("both", mixed)):
        print(f"accounts by {name}: AUC {auc(values.tolist(), labels.tolist()):.4f}", flush=True)
    save(WEIGHTS / "accounts.npz", {"spammer": _wording(texts, labels[owners])}, VERSION)
    means, weights, bias = _habit_weights(measured, labels)
    steepness = WORDING_SHARE * by_habit.std() / by_wording.std()
    middle = float(np.median(by_wording))
    fitted = Weights(means.tolist(), weights.tolist(), bias, float(steepness), middle)
    (WEIGHTS / "accounts.json").write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")


def _at(post: TimedPost) -> datetime:
    return post.at


def _wording(texts: Texts, labels: NDArray[np.int64]) -> Fitted:
    return fit(texts, labels, by_class=0.5, cost=1, ordinary=None, ordinary_weight=0.0)


def _means(values: NDArray[np.float64], owners: NDArray[np.int64], accounts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.array([values[owners == account].mean() for account in accounts])


def _habit_weights(
    measured: NDArray[np.float64], labels: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    linear: Any = import_module("sklearn.linear_model")
    means, spread = measured.mean(axis=0), measured.std(axis=0) + 1e-9
    regression = linear.LogisticRegression(C=0.05).fit((measured - means) / spread, labels)
    return means, regression.coef_[0] / spread, float(regression.intercept_[0])


def _habit_values(
    measured: NDArray[np.float64], labels: NDArray[np.int64], others: NDArray[np.float64]
) -> NDArray[np.float64]:
    means, weights, bias = _habit_weights(measured, labels)
    return (others - means) @ weights + bias


if __name__ == "__main__":
    main()
