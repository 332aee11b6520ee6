"""A line of the table: what was measured by whom, how right, how fast."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import thread_time_ns
from typing import ClassVar, Final, TypeVar

from bench.moderation.measures import auc, count

Input = TypeVar("Input")

WARM: Final = 50
"""Calls before time is taken, in which tables are read."""
FLAGGED: Final = 0.5


@dataclass(slots=True, frozen=True)
class Line:
    """One detector on one set."""

    HEADING: ClassVar[str] = (
        "| set | detector | rows | precision | recall | F1 | AUC | flagged | µs p50 | µs p99 |\n"
        "|---|---|---|---|---|---|---|---|---|---|"
    )
    name: str
    detector: str
    scores: Sequence[float]
    labels: Sequence[int] | None
    spent_us: Sequence[float]

    def markdown(self) -> str:
        """The line as Markdown."""
        flagged = [score >= FLAGGED for score in self.scores]
        share = f"{sum(flagged) / max(len(flagged), 1):.2%}"
        if self.labels is None:
            figures = ["", "", "", ""]
        else:
            counts = count(flagged, self.labels)
            figures = [f"{value:.4f}" for value in (counts.precision, counts.recall, counts.f1)]
            figures.append(f"{auc(self.scores, self.labels):.4f}")
        spent = sorted(self.spent_us)
        times = [f"{spent[len(spent) * part // 100]:.0f}" for part in (50, 99)] if spent else ["", ""]
        return "| " + " | ".join([self.name, self.detector, str(len(flagged)), *figures, share, *times]) + " |"


def measured(
    name: str,
    detector: str,
    inputs: Sequence[Input],
    labels: Sequence[int] | None,
    score: Callable[[Input], float],
    *,
    warm: int = WARM,
) -> Line:
    """Score every input once, after `warm` of them for the tables to be read, and take the CPU time of each."""
    for one in inputs[:warm]:
        score(one)
    scores: list[float] = []
    spent: list[float] = []
    for one in inputs:
        before = thread_time_ns()
        scores.append(score(one))
        spent.append((thread_time_ns() - before) / 1000)
    return Line(name, detector, scores, labels, spent)
