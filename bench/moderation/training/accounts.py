"""Train what knows spammers: `python -m bench.moderation.training.accounts --data DIR` (minutes on one core)."""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.moderation.measures import auc
from bench.moderation.tables import Row, rows
from bench.moderation.training.fitting import Fitted, save
from bench.moderation.training.texts import WEIGHTS
from linnet.features.moderation.detectors.accounts import BUCKETS_LOG2, Weights, habits, vocabulary
from linnet.features.moderation.models import TimedPost, Timeline

VERSION: Final = "2"
FOLDS: Final = 10
REPEATED: Final = 3
HABITS_SHARE: Final = 0.15
"""How much habits count beside wording, each in its own standard deviations."""
COST: Final = 10.0
SAYERS_LEAST: Final = 2


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
    words = _matrix(accounts)
    by_habit, by_wording = np.zeros(len(accounts)), np.zeros(len(accounts))
    for seen, rest in _folds(labels):
        by_habit[rest] += _habit_values(measured[seen], labels[seen], measured[rest]) / REPEATED
        column = _wording(words[seen], labels[seen])
        by_wording[rest] += (words[rest] @ column.weights + column.bias) / REPEATED
    mixed = by_wording / by_wording.std() + HABITS_SHARE * by_habit / by_habit.std()
    for name, values in (("habits", by_habit), ("wording", by_wording), ("both", mixed)):
        print(f"accounts by {name}: AUC {auc(values.tolist(), labels.tolist()):.4f}", flush=True)
    save(WEIGHTS / "accounts.npz", {"spammer": _wording(words, labels)}, VERSION)
    middle, slope = _middle(mixed, labels)
    means, weights, bias = _habit_weights(measured, labels)
    share = slope * HABITS_SHARE / float(by_habit.std())
    bias = bias * share - slope * middle
    fitted = Weights(means.tolist(), (weights * share).tolist(), bias, slope / float(by_wording.std()))
    (WEIGHTS / "accounts.json").write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")


def _folds(labels: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Who is learnt from and who is judged, time and again: of 137 accounts, chance in one division is too large."""
    selection: Any = import_module("sklearn.model_selection")
    for seed in range(REPEATED):
        yield from selection.StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(labels, labels)


def _matrix(accounts: list[Timeline]) -> Any:  # noqa: ANN401
    """Accounts as rows of what they say."""
    sparse: Any = import_module("scipy.sparse")
    said = [vocabulary(account) for account in accounts]
    starts = np.concatenate([[0], np.cumsum([len(fallen) for fallen, _ in said])])
    columns = np.concatenate([fallen for fallen, _ in said]).astype(np.int32)
    strengths = np.concatenate([strong for _, strong in said]).astype(np.float32)
    return sparse.csr_matrix((strengths, columns, starts), shape=(len(accounts), 1 << BUCKETS_LOG2))


def _wording(words: Any, labels: NDArray[np.int64]) -> Fitted:  # noqa: ANN401
    """A support vector machine on words, which count by how few accounts say them."""
    machines: Any = import_module("sklearn.svm")
    sparse: Any = import_module("scipy.sparse")
    number = words.shape[0]
    sayers = np.asarray((words > 0).sum(axis=0)).ravel()
    rare = np.where(sayers >= SAYERS_LEAST, np.log((1 + number) / (1 + sayers)), 0.0)
    known = np.flatnonzero(rare)
    rare /= np.sqrt((rare[known] ** 2).mean())
    strong = words[:, known] @ sparse.diags(rare[known])
    machine = machines.LinearSVC(C=COST, random_state=1).fit(strong, labels)
    weights = np.zeros(len(rare))
    weights[known] = machine.coef_[0] * rare[known]
    return Fitted(weights, float(machine.intercept_[0]))


def _middle(values: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """The value where F1 is best, and a logistic regression's slope there."""
    column = Fitted(np.zeros(1), 0.0)
    column.calibrate(values, labels)
    return -column.bias, column.slope


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
