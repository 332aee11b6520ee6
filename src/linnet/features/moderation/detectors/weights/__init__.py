"""Trained linear models: whole numbers of eight bits for each bucket, and what turns their sum into a probability."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

Buckets = NDArray[np.uint32]
_FLAT: Final = 30.0
"""Beyond which a probability is 0 or 1 to a float."""


@dataclass(slots=True, frozen=True)
class Model:
    """Several linear models over the same buckets, one column each; `names` says which column is which.

    A text's value in a column is the sum of its buckets' `weights` over the root of the sum of the squares of their
    `strengths` (a text of length one, in the units of each column), times `scales`, plus `biases`.
    """

    names: tuple[str, ...]
    weights: NDArray[np.int8]
    strengths: NDArray[np.uint8]
    scales: tuple[float, ...]
    biases: tuple[float, ...]
    slopes: tuple[float, ...]
    """How steeply a value becomes a probability; its middle, 0.5, is where precision and recall were best together."""
    version: str

    def probabilities(self, buckets: Buckets) -> tuple[float, ...]:
        """What each column says of a text that fell into `buckets`, 0 to 1, in the order of `names`."""
        return tuple(_probability(one) for one in self.values(buckets))

    def values(self, buckets: Buckets) -> tuple[float, ...]:
        """The same before it is a probability: 0 is the middle, and there is no bound."""
        sums = self.weights[buckets].sum(axis=0, dtype=np.int32).tolist()
        strengths = self.strengths[buckets].astype(np.int32)
        lengths = (strengths * strengths).sum(axis=0).tolist()
        columns = zip(sums, lengths, self.scales, self.biases, self.slopes, strict=True)
        return tuple(
            slope * (total * scale / sqrt(length or 1) + bias) for total, length, scale, bias, slope in columns
        )


def _probability(value: float) -> float:
    return 1 / (1 + exp(-max(-_FLAT, min(_FLAT, value))))


@cache
def model(name: str) -> Model:
    """The model in `name`.npz beside this file, read once."""
    with files(__name__).joinpath(f"{name}.npz").open("rb") as file, np.load(file, allow_pickle=False) as saved:
        return Model(
            names=tuple(str(one) for one in saved["names"]),
            weights=np.ascontiguousarray(saved["weights"], np.int8),
            strengths=np.ascontiguousarray(saved["strengths"], np.uint8),
            scales=tuple(float(one) for one in saved["scales"]),
            biases=tuple(float(one) for one in saved["biases"]),
            slopes=tuple(float(one) for one in saved["slopes"]),
            version=str(saved["version"]),
        )
