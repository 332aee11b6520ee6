"""Linear models on buckets: fitted in floats by scikit-learn, shipped in eight bits."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.moderation.measures import best_threshold

Floats = NDArray[np.float64]
STEEPEST: Final = 6.0
CLIPPED: Final = 99.99
"""Percentile of the weights that eight bits reach."""


class Fitted:
    """One column: weights already times strengths, strengths, and the intercept."""

    def __init__(self, weights: Floats, strengths: Floats, bias: float) -> None:
        self.weights = weights
        self.strengths = strengths
        self.bias = bias
        self.fitted_bias = bias
        self.slope = 1.0

    def values(self, texts: "Texts") -> Floats:
        """The model's value for each text."""
        lengths = np.sqrt(np.maximum(np.asarray(texts.matrix @ (self.strengths**2)).ravel(), 1e-9))
        return np.asarray(texts.matrix @ self.weights).ravel() / lengths + self.bias

    def calibrate(self, values: Floats, labels: NDArray[np.int64]) -> None:
        """Put the middle where F1 is best, and let the slope be a logistic regression's."""
        linear: Any = import_module("sklearn.linear_model")
        middle = best_threshold(values.tolist(), labels.tolist())[1]
        slope = float(linear.LogisticRegression(C=100).fit((values - middle)[:, None], labels).coef_[0, 0])
        self.bias -= middle
        self.slope = min(slope, STEEPEST)


class Texts:
    """Texts as rows of a sparse matrix of ones."""

    def __init__(self, buckets: Sequence[NDArray[np.uint32]], size: int) -> None:
        sparse: Any = import_module("scipy.sparse")
        starts = np.concatenate([[0], np.cumsum([len(one) for one in buckets])])
        columns = np.concatenate(buckets).astype(np.int32)
        ones = np.ones(len(columns), np.float32)
        self.matrix: Any = sparse.csr_matrix((ones, columns, starts), shape=(len(buckets), size))

    def only(self, chosen: NDArray[np.bool_]) -> "Texts":
        """The texts where `chosen` is true."""
        found = Texts.__new__(Texts)
        found.matrix = self.matrix[chosen]
        return found

    def with_more(self, others: "Texts") -> "Texts":
        """These texts, then `others`."""
        sparse: Any = import_module("scipy.sparse")
        found = Texts.__new__(Texts)
        found.matrix = sparse.vstack([self.matrix, others.matrix]).tocsr()
        return found

    def __len__(self) -> int:
        return int(self.matrix.shape[0])


def fit(
    texts: Texts,
    labels: NDArray[np.int64],
    *,
    by_class: float,
    cost: float,
    ordinary: Texts | None,
    ordinary_weight: float,
) -> Fitted:
    """A logistic regression. Buckets count by how rare they are and by how unevenly they fall on the two labels.

    `by_class` is the share of the latter: 1 is Wang and Manning's NB-SVM (ACL 2012), 0 inverse document frequency.
    `ordinary` texts are labelled 0 and weigh `ordinary_weight` each.
    """
    linear: Any = import_module("sklearn.linear_model")
    strengths = _strengths(texts, labels, by_class)
    everything = texts if ordinary is None else texts.with_more(ordinary)
    more = 0 if ordinary is None else len(ordinary)
    matrix = _unit_rows(everything.matrix, strengths)
    regression = linear.LogisticRegression(C=cost, max_iter=100)
    regression.fit(
        matrix,
        np.concatenate([labels, np.zeros(more, np.int64)]),
        sample_weight=np.concatenate([np.ones(len(labels)), np.full(more, ordinary_weight)]),
    )
    return Fitted(regression.coef_[0] * strengths, strengths, float(regression.intercept_[0]))


def _strengths(texts: Texts, labels: NDArray[np.int64], by_class: float) -> Floats:
    seen = np.asarray(texts.matrix.sum(0)).ravel()
    of_ones = np.asarray(texts.matrix[labels == 1].sum(0)).ravel() + 1
    of_zeros = seen - of_ones + 2
    uneven = np.abs(np.log((of_ones / of_ones.sum()) / (of_zeros / of_zeros.sum())))
    rare = np.log((1 + len(texts)) / (1 + seen)) + 1
    strengths = uneven**by_class * rare ** (1 - by_class)
    strengths[seen < 2] = 0
    return np.asarray(strengths, np.float64)


def _unit_rows(matrix: Any, strengths: Floats) -> Any:  # noqa: ANN401
    sparse: Any = import_module("scipy.sparse")
    weighted = (matrix @ sparse.diags(strengths.astype(np.float32))).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(1)).ravel())
    return (sparse.diags((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ weighted).tocsr()


def save(path: Path, columns: dict[str, Fitted], version: str) -> None:
    """Write the columns in eight bits, as `detectors/weights` reads them."""
    weights: list[NDArray[np.int8]] = []
    strengths: list[NDArray[np.uint8]] = []
    scales: list[float] = []
    for one in columns.values():
        weight_unit = float(np.percentile(np.abs(one.weights[one.weights != 0]), CLIPPED)) / 127
        strength_unit = float(one.strengths.max()) / 255
        whole = np.clip(np.rint(one.weights / weight_unit), -127, 127).astype(np.int8)
        weights.append(whole)
        strengths.append(np.rint(one.strengths / strength_unit).astype(np.uint8))
        scales.append(weight_unit / strength_unit)
    np.savez_compressed(
        path,
        names=np.array(list(columns)),
        weights=np.stack(weights, axis=1),
        strengths=np.stack(strengths, axis=1),
        scales=np.array(scales),
        biases=np.array([one.bias for one in columns.values()]),
        slopes=np.array([one.slope for one in columns.values()]),
        version=np.array(version),
    )
