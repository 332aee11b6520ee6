"""Precision, recall, F1 and AUC, counted here so that the bench needs no library for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(slots=True, frozen=True)
class Counts:
    """How often a yes or no was right."""

    hits: int
    false_alarms: int
    misses: int
    rest: int

    @property
    def precision(self) -> float:
        """Share of what was flagged that should be."""
        return self.hits / max(self.hits + self.false_alarms, 1)

    @property
    def recall(self) -> float:
        """Share of what should be flagged that was."""
        return self.hits / max(self.hits + self.misses, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.hits / max(2 * self.hits + self.false_alarms + self.misses, 1)


def count(flagged: Sequence[bool], labels: Sequence[int]) -> Counts:
    """Hits and errors of `flagged` against `labels` of 0 and 1."""
    both = list(zip(flagged, labels, strict=True))
    return Counts(
        sum(flag and label == 1 for flag, label in both),
        sum(flag and label == 0 for flag, label in both),
        sum(not flag and label == 1 for flag, label in both),
        sum(not flag and label == 0 for flag, label in both),
    )


def auc(scores: Sequence[float], labels: Sequence[int]) -> float:
    """How often a random one scores higher than a random zero; ties count half."""
    values, truth = np.asarray(scores, float), np.asarray(labels)
    _, inverse, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[inverse]
    ones = int((truth == 1).sum())
    zeros = len(truth) - ones
    if not ones or not zeros:
        return float("nan")
    return float((ranks[truth == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def best_threshold(scores: Sequence[float], labels: Sequence[int]) -> tuple[float, float]:
    """The best F1 that any threshold gives, and that threshold."""
    values, truth = np.asarray(scores, float), np.asarray(labels)
    order = np.argsort(-values, kind="stable")
    hits = np.cumsum(truth[order] == 1)
    f1 = 2 * hits / (np.arange(1, len(values) + 1) + (truth == 1).sum())
    best = int(np.argmax(f1))
    return float(f1[best]), float(values[order][best])
