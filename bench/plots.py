"""The plots of the bench and of the capacity model, as PNG."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

from bench.measuring import Row

KINDS = ("api", "postgres", "valkey", "worker")
COLOURS = {"api": "#3b6fb6", "postgres": "#8a6bbe", "valkey": "#c8553d", "worker": "#4d9a6a", "other": "#999999"}
SIZE = (8.0, 4.5)


def cpu(path: Path, rows: Sequence[Row]) -> None:
    """CPU time of one of each, by kind of process, as bars."""
    shown = measured_in_ms(rows)
    figure, axes = _figure(height=0.9 + 0.35 * len(shown))
    names = [row.what for row in shown]
    left = [0.0] * len(shown)
    for kind in KINDS:
        widths = [row.cpu_ms.get(kind, 0.0) for row in shown]
        axes.barh(names, widths, left=left, color=COLOURS[kind], label=kind)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("CPU ms of one request, all processes")
    axes.legend(loc="lower right")
    _save(figure, path)


def measured_in_ms(rows: Sequence[Row]) -> list[Row]:
    """Those of the rows whose CPU time is some: deliveries would be bars of no length."""
    return [row for row in rows if sum(row.cpu_ms.values()) > 0.01]


def growth(path: Path, costs: Mapping[int, Mapping[str, float]]) -> None:
    """CPU time of a warm read by the number of accounts."""
    figure, axes = _figure()
    sizes = sorted(costs)
    totals = [sum(costs[size].values()) for size in sizes]
    axes.plot(sizes, totals, marker="o", color="black", label="all")
    for kind in KINDS:
        axes.plot(sizes, [costs[s].get(kind, 0.0) for s in sizes], marker=".", color=COLOURS[kind], label=kind)
    axes.set_xscale("log")
    axes.set_ylim(0, max(totals) * 1.3)
    axes.set_xlabel("accounts")
    axes.set_ylabel("CPU ms of a warm home read")
    axes.legend()
    _save(figure, path)


def lines(
    path: Path,
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    x: str,
    y: str,
    marks: Mapping[str, float] | None = None,
    flat: bool = False,
) -> None:
    """Named curves over logarithmic axes (with `flat` only the lower one), with named vertical lines."""
    figure, axes = _figure()
    for name, (xs, ys) in series.items():
        axes.plot(xs, ys, label=name)
    axes.set_xscale("log")
    if not flat:
        axes.set_yscale("log")
    for name, at in (marks or {}).items():
        axes.axvline(at, color="#999999", linestyle=":")
        axes.annotate(name, (at, axes.get_ylim()[1]), rotation=90, va="top", ha="right", fontsize=8)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(fontsize=8)
    _save(figure, path)


def _figure(height: float = SIZE[1]) -> tuple[Any, Any]:
    made = cast("tuple[Any, Any]", plt.subplots(figsize=(SIZE[0], height), layout="constrained"))  # pyright: ignore[reportUnknownMemberType] -- matplotlib's options are untyped
    made[1].grid(visible=True, alpha=0.3)
    return made


def _save(figure: Any, path: Path) -> None:  # noqa: ANN401 -- matplotlib is untyped
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
