"""Several linear models of a set, and the small network that weighs what they say of a text.

The sets differ in who wrote what to whom, and in what those who labelled them called abuse or spam. So besides a model
of the whole set there is one of each of its sources, one that tells the source from the others, and one that tells
ordinary posts from the set. The network is fitted on what the models say of texts that they have not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.moderation.measures import best_threshold
from bench.moderation.training.fitting import Chosen, Fitted, Floats, Labels, Texts, fit
from linnet.features.moderation.detectors.weights import FARTHEST

FOLDS: Final = 3
HIDDEN: Final = 8
SEEDS: Final = 3
"""Networks whose answers are averaged: one network of all of their hidden units."""
SMOOTHNESS: Final = 1.0
BY_SOURCE: Final = 0.3
COST: Final = 8.0
"""How buckets count where a source is told from the others, and what an error costs."""
RARE: Final = 0.001
SURE: Final = 0.99
"""The score that one ordinary post of a thousand exceeds."""
RISE: Final = float(np.log(SURE / (1 - SURE)))


@dataclass(slots=True, frozen=True)
class Task:
    """What is trained: which set, how buckets count, and which ordinary texts it must leave in peace."""

    name: str
    by_class: float
    cost: float
    ordinary_weight: float
    ordinary: str
    """`en`, `other`, or `any` and then also the posts of ordinary accounts."""


@dataclass(slots=True, frozen=True)
class Set:
    """Texts in buckets, their labels, where they are from, and which part or fold they are in."""

    texts: Texts
    labels: Labels
    sources: NDArray[np.str_]
    parts: NDArray[np.str_]
    folds: Labels

    def only(self, chosen: Chosen) -> "Set":
        """The texts where `chosen` is true."""
        return Set(
            self.texts.only(chosen), self.labels[chosen], self.sources[chosen], self.parts[chosen], self.folds[chosen]
        )


@dataclass(slots=True, frozen=True)
class Network:
    """A blend of the columns of one task, whose middle and steepness are in its output."""

    means: Floats
    spreads: Floats
    hidden: Floats
    hidden_biases: Floats
    output: Floats
    output_bias: float

    def values(self, inputs: Floats) -> Floats:
        """What it says of texts for which the columns say `inputs`: above 0 is more likely than not."""
        near = np.clip((inputs - self.means) / self.spreads, -FARTHEST, FARTHEST)
        return np.tanh(near @ self.hidden + self.hidden_biases) @ self.output + self.output_bias


def panel(task: Task, found: Set, ordinary: Set) -> dict[str, Fitted]:
    """The columns of a task, by name."""
    columns = {task.name: pooled(task, found, ordinary)}
    for source in np.unique(found.sources):
        own = found.sources == source
        one = found.only(own)
        columns[f"{task.name} as {source}"] = fit(one.texts, one.labels, by_class=task.by_class, cost=task.cost)
        columns[f"{task.name} from {source}"] = fit(found.texts, own.astype(np.int64), by_class=BY_SOURCE, cost=COST)
    both = found.texts.with_more(ordinary.texts)
    is_ordinary = np.arange(len(both)) >= len(found.texts)
    columns[f"{task.name} or ordinary"] = fit(both, is_ordinary.astype(np.int64), by_class=BY_SOURCE, cost=COST)
    return columns


def only_pooled(task: Task, found: Set, ordinary: Set) -> dict[str, Fitted]:
    """The same of a task of one column."""
    return {task.name: pooled(task, found, ordinary)}


def pooled(task: Task, found: Set, ordinary: Set) -> Fitted:
    """One column for all of a set."""
    return fit(
        found.texts,
        found.labels,
        by_class=task.by_class,
        cost=task.cost,
        ordinary=ordinary.texts,
        ordinary_weight=task.ordinary_weight,
    )


def said(columns: dict[str, Fitted], texts: Texts) -> Floats:
    """What each column says of each text."""
    return np.stack([column.values(texts) for column in columns.values()], axis=1)


def unseen(task: Task, found: Set, ordinary: Set, make: Callable[[Task, Set, Set], Any]) -> tuple[Floats, Floats]:
    """What columns say of texts, and of ordinary ones, by models that have not seen them."""
    rows: list[tuple[NDArray[np.int64], Floats]] = []
    others: list[tuple[NDArray[np.int64], Floats]] = []
    for fold in range(FOLDS):
        columns = make(task, found.only(found.folds != fold), ordinary.only(ordinary.folds != fold))
        for one, into in ((found, rows), (ordinary, others)):
            into.append((np.flatnonzero(one.folds == fold), said(columns, one.texts.only(one.folds == fold))))
    return _in_order(rows), _in_order(others)


def _in_order(parts: list[tuple[NDArray[np.int64], Floats]]) -> Floats:
    places = np.concatenate([place for place, _ in parts])
    return np.concatenate([values for _, values in parts])[np.argsort(places)]


def blended(task: Task, found: Set, ordinary: Set) -> Network:
    """The network of a task, with its middle and steepness from texts that neither it nor the columns have seen."""
    inputs, others = unseen(task, found, ordinary, panel)
    first = np.zeros(len(found.labels)), np.zeros(len(ordinary.labels))
    for fold in range(FOLDS):
        own, other = found.folds == fold, ordinary.folds == fold
        network = _network(task, inputs[~own], found.labels[~own], others[~other])
        first[0][own], first[1][other] = network.values(inputs[own]), network.values(others[other])
    middle, slope = middle_of(first[0], found.labels, first[1])
    network = _network(task, inputs, found.labels, others)
    return Network(
        network.means,
        network.spreads,
        network.hidden,
        network.hidden_biases,
        network.output * slope,
        (network.output_bias - middle) * slope,
    )


def middle_of(values: Floats, labels: Labels, ordinary: Floats) -> tuple[float, float]:
    """The value where F1 is best, and how steeply to rise from there to `SURE`, which `RARE` ordinary texts exceed."""
    middle = best_threshold(values.tolist(), labels.tolist())[1]
    seldom = float(np.quantile(ordinary, 1 - RARE))
    return middle, RISE / max(seldom - middle, 0.1)


def _network(task: Task, inputs: Floats, labels: Labels, others: Floats) -> Network:
    networks: Any = import_module("sklearn.neural_network")
    means, spreads = inputs.mean(axis=0), inputs.std(axis=0)
    everything = np.clip((np.concatenate([inputs, others]) - means) / spreads, -FARTHEST, FARTHEST)
    truth = np.concatenate([labels, np.zeros(len(others), np.int64)])
    weights = np.concatenate([np.ones(len(labels)), np.full(len(others), task.ordinary_weight)])
    fitted: list[Any] = []
    for seed in range(SEEDS):
        one = networks.MLPClassifier(
            (HIDDEN,), activation="tanh", solver="lbfgs", alpha=SMOOTHNESS, max_iter=300, random_state=seed
        )
        fitted.append(one.fit(everything, truth, sample_weight=weights))
    return Network(
        means,
        spreads,
        np.concatenate([one.coefs_[0] for one in fitted], axis=1),
        np.concatenate([one.intercepts_[0] for one in fitted]),
        np.concatenate([one.coefs_[1][:, 0] for one in fitted]) / SEEDS,
        float(np.mean([one.intercepts_[1][0] for one in fitted])),
    )
