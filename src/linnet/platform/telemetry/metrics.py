"""Metrics for Prometheus. The processes of `linnet serve` share one folder of them, and any of them answers for all.

prometheus_client decides at its first import, by PROMETHEUS_MULTIPROC_DIR, whether a process shares; so whoever starts
children puts that variable into their environment.
"""

import hmac
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, start_http_server
from prometheus_client import multiprocess as shared

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class MetricsAccess:
    """Who may read the metrics over HTTP: whoever knows the token."""

    token: Callable[[], str]
    """Gives the token; asked for when somebody wants to read."""
    where: str
    """Where an operator finds it."""

    def allows(self, token: str | None) -> bool:
        """Whether this is the token; takes the same time for any wrong one."""
        return token is not None and hmac.compare_digest(token.encode(errors="replace"), self.token().encode())


def make_folder(folder: Path) -> Path:
    """Make the folder that children share, empty; whoever calls this has the data folder to itself."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def bury_dead(folder: Path) -> None:
    """Drop the gauges of processes that are no more; what they had counted stays counted."""
    pids = {int(file.stem.rpartition("_")[2]) for file in folder.glob("gauge_live*_*.db")}
    for pid in pids:
        if not _lives(pid):
            mark_dead: Callable[[int, str], None] = shared.mark_process_dead  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- untyped
            mark_dead(pid, str(folder))


def exposition() -> bytes:
    """Every metric in Prometheus' text format, of all processes that share a folder or of this one; in up to 50 ms."""
    return generate_latest(_registry())


def serve(host: str, port: int) -> None:
    """Answer Prometheus on a port of its own, in a background thread, for as long as the process lives."""
    start_http_server(port, host, registry=_registry())


def _registry() -> CollectorRegistry:
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return REGISTRY
    registry = CollectorRegistry()
    shared.MultiProcessCollector(registry, folder)
    return registry


def _lives(pid: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
