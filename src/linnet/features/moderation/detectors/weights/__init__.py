"""Trained models: linear ones of eight bits a bucket, and a small network that weighs what several of them say."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Buckets = NDArray[np.uint32]
Floats = NDArray[np.float32]
_FLAT: Final = 30.0
"""Beyond which a probability is 0 or 1 to a float."""
_ONES: Final = np.ones(1 << 15, np.float32)
"""More than a text has buckets."""


@dataclass(slots=True, frozen=True)
class Model:
    """Several linear models over the same buckets, one column each; `names` says which column is which.

    A text's value in a column is the sum of its buckets' `weights` over the root of their number, times `scales`, plus
    `biases`. Where a column is turned into a probability, its middle, 0.5, is where precision and recall were best
    together.
    """

    names: tuple[str, ...]
    weights: NDArray[np.int8]
    scales: Floats
    biases: Floats
    slopes: Floats
    """How steeply a value becomes a probability."""
    version: str

    def values(self, buckets: Buckets) -> Floats:
        """What each column says of a text that fell into `buckets`, in the order of `names`: there is no bound."""
        number = len(buckets)
        sums: Floats = np.dot(_ONES[:number], self.weights[buckets].astype(np.float32))
        return np.add(sums * self.scales / sqrt(number or 1), self.biases, dtype=np.float32)

    def probability(self, buckets: Buckets) -> float:
        """What the first column says of a text, 0 to 1."""
        return self.probabilities(self.values(buckets))[0]

    def probabilities(self, values: Floats, first: int = 0) -> list[float]:
        """The same for `values` of the columns from `first` on."""
        return [probability(value) for value in (values * self.slopes[first:]).tolist()]


@dataclass(slots=True, frozen=True)
class Blend:
    """A network with one hidden layer over the values of a `Model`: what a column is worth depends on the others.

    Whether a word insults depends on where people talk like that, and so does what a model has learnt from one place.
    """

    names: tuple[str, ...]
    means: Floats
    spreads: Floats
    hidden: Floats
    hidden_biases: Floats
    output: Floats
    output_biases: Floats

    def probabilities(self, values: Floats) -> list[float]:
        """Each output for a model's values, 0 to 1."""
        inputs = np.minimum(np.maximum((values - self.means) / self.spreads, -FARTHEST), FARTHEST)
        outputs = np.tanh(inputs @ self.hidden + self.hidden_biases) @ self.output + self.output_biases
        return [probability(value) for value in outputs.tolist()]


FARTHEST: Final = 4.0
"""Standard deviations beyond which a value says no more to a blend."""


def probability(value: float) -> float:
    """The logistic function."""
    return 1 / (1 + exp(-max(-_FLAT, min(_FLAT, value))))


@cache
def model(name: str) -> Model:
    """The model in `name`.npz beside this file, read once."""
    saved = _saved(name)
    return Model(
        names=tuple(str(one) for one in saved["names"]),
        weights=np.ascontiguousarray(saved["weights"], np.int8),
        scales=saved["scales"].astype(np.float32),
        biases=saved["biases"].astype(np.float32),
        slopes=saved["slopes"].astype(np.float32),
        version=str(saved["version"]),
    )


@cache
def blend(name: str) -> Blend:
    """The network in `name`.npz beside this file, read once."""
    saved = _saved(name)
    arrays = ("means", "spreads", "hidden", "hidden_biases", "output", "output_biases")
    return Blend(tuple(str(one) for one in saved["names"]), *(saved[one].astype(np.float32) for one in arrays))


def _saved(name: str) -> dict[str, NDArray[Any]]:
    with files(__name__).joinpath(f"{name}.npz").open("rb") as file, np.load(file, allow_pickle=False) as saved:
        return dict(saved)
