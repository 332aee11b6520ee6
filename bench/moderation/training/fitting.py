"""Linear models on buckets, fitted in floats by scikit-learn, and shipped in eight bits."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.moderation.measures import best_threshold

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Chosen = NDArray[np.bool_]
STEEPEST: Final = 6.0
CLIPPED: Final = 99.99
"""Percentile of the weights that eight bits reach."""
SEEN_LEAST: Final = 3
"""Texts that a bucket is in before anything is learnt of it."""
ROUNDS_MAX: Final = 60


class Fitted:
    """One column: the weight of each bucket, and the intercept."""

    def __init__(self, weights: Floats, bias: float) -> None:
        self.weights = weights
        self.bias = bias
        self.fitted_bias = bias
        self.slope = 1.0

    def values(self, texts: "Texts") -> Floats:
        """The model's value for each text."""
        return np.asarray(texts.matrix @ self.weights).ravel() / texts.lengths + self.bias

    def calibrate(self, values: Floats, labels: Labels) -> None:
        """Put the middle where F1 is best, and let the slope be a logistic regression's."""
        linear: Any = import_module("sklearn.linear_model")
        middle = best_threshold(values.tolist(), labels.tolist())[1]
        slope = float(linear.LogisticRegression(C=100).fit((values - middle)[:, None], labels).coef_[0, 0])
        self.bias -= middle
        self.slope = min(slope, STEEPEST)


class Texts:
    """Texts as rows of a sparse matrix of ones."""

    def __init__(self, matrix: Any) -> None:  # noqa: ANN401
        self.matrix = matrix
        self.lengths: Floats = np.sqrt(np.maximum(np.diff(matrix.indptr), 1))

    def only(self, chosen: Chosen) -> "Texts":
        """The texts where `chosen` is true."""
        return Texts(self.matrix[chosen])

    def with_more(self, others: "Texts") -> "Texts":
        """These texts, then `others`."""
        sparse: Any = import_module("scipy.sparse")
        return Texts(sparse.vstack([self.matrix, others.matrix]).tocsr())

    def __len__(self) -> int:
        return int(self.matrix.shape[0])


def in_buckets(buckets: Sequence[NDArray[np.uint32]], size: int) -> Texts:
    """Texts by the buckets of `size` that each fell into."""
    sparse: Any = import_module("scipy.sparse")
    starts = np.concatenate([[0], np.cumsum([len(one) for one in buckets])])
    columns = np.concatenate(buckets).astype(np.int32)
    ones = np.ones(len(columns), np.float32)
    return Texts(sparse.csr_matrix((ones, columns, starts), shape=(len(buckets), size)))


def fit(
    texts: Texts,
    labels: Labels,
    *,
    by_class: float,
    cost: float,
    ordinary: Texts | None = None,
    ordinary_weight: float = 0.0,
) -> Fitted:
    """A logistic regression. Buckets count by how rare they are and by how unevenly they fall on the two labels.

    `by_class` is the share of the latter: 1 is Wang and Manning's NB-SVM (ACL 2012), 0 inverse document frequency.
    `ordinary` texts are labelled 0 and weigh `ordinary_weight` each.
    """
    sparse: Any = import_module("scipy.sparse")
    linear: Any = import_module("sklearn.linear_model")
    strengths = _strengths(texts, labels, by_class)
    known = np.flatnonzero(strengths)
    everything = texts if ordinary is None else texts.with_more(ordinary)
    more = len(everything) - len(texts)
    strong = everything.matrix[:, known] @ sparse.diags(strengths[known].astype(np.float32))
    regression = linear.LogisticRegression(C=cost, solver="liblinear", dual=True, max_iter=ROUNDS_MAX, random_state=1)
    regression.fit(
        (sparse.diags((1 / everything.lengths).astype(np.float32)) @ strong).tocsr(),
        np.concatenate([labels, np.zeros(more, np.int64)]),
        sample_weight=np.concatenate([np.ones(len(labels)), np.full(more, ordinary_weight)]),
    )
    weights = np.zeros(len(strengths))
    weights[known] = regression.coef_[0] * strengths[known]
    return Fitted(weights, float(regression.intercept_[0]))


def _strengths(texts: Texts, labels: Labels, by_class: float) -> Floats:
    """Of each bucket, 0 where it was hardly seen; in the middle one."""
    seen = np.asarray(texts.matrix.sum(0)).ravel()
    of_ones = np.asarray(texts.matrix[labels == 1].sum(0)).ravel() + 1
    of_zeros = seen - of_ones + 2
    uneven = np.abs(np.log((of_ones / of_ones.sum()) / (of_zeros / of_zeros.sum())))
    rare = np.log((1 + len(texts)) / (1 + seen)) + 1
    strengths = uneven**by_class * rare ** (1 - by_class)
    strengths[seen < SEEN_LEAST] = 0
    return np.asarray(strengths / np.sqrt((strengths**2 * seen).sum() / max(seen.sum(), 1)), np.float64)


def save(path: Path, columns: dict[str, Fitted], version: str) -> None:
    """Write the columns in eight bits, as `detectors/weights` reads them."""
    weights: list[NDArray[np.int8]] = []
    units: list[float] = []
    for one in columns.values():
        units.append(float(np.percentile(np.abs(one.weights[one.weights != 0]), CLIPPED)) / 127)
        weights.append(np.clip(np.rint(one.weights / units[-1]), -127, 127).astype(np.int8))
    np.savez_compressed(
        path,
        names=np.array(list(columns)),
        weights=np.stack(weights, axis=1),
        scales=np.array(units),
        biases=np.array([one.bias for one in columns.values()]),
        slopes=np.array([one.slope for one in columns.values()]),
        version=np.array(version),
    )
