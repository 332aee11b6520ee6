"""What Prometheus learns about jobs. Every worker counts its own work; the depth of a queue is the same from all."""

from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram

from linnet.platform.jobs.admin import Depth

_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)

finished = Counter(
    "linnet_jobs_finished_total", "Jobs by how they ended: done, retried, dead, released", ["job", "outcome"]
)
duration = Histogram("linnet_jobs_batch_seconds", "Time one call with a batch took", ["job"], buckets=_SECONDS)
lag = Histogram(
    "linnet_jobs_lag_seconds", "Time from due to taken, of each batch's oldest", ["queue"], buckets=_SECONDS
)
depth = Gauge(
    "linnet_jobs_depth",
    "Jobs in the queue, counted up to a bound",
    ["queue", "job", "state"],
    multiprocess_mode="mostrecent",
)
oldest = Gauge(
    "linnet_jobs_oldest_seconds",
    "How long the oldest job of this kind has been due",
    ["queue", "job"],
    multiprocess_mode="mostrecent",
)
orphaned = Counter("linnet_jobs_orphaned_total", "Jobs taken from workers that died, by what became of them", ["state"])
periodics = Counter("linnet_periodic_runs_total", "Periodic runs: done, failed, engine_down", ["periodic", "outcome"])
periodic_duration = Histogram("linnet_periodic_seconds", "Time one run took", ["periodic"], buckets=_SECONDS)


class QueueGauges:
    """The depth of the queue as one worker last saw it. What is gone is shown as 0: shared metrics cannot go away."""

    def __init__(self) -> None:
        self._depths: set[tuple[str, str, str]] = set()
        self._oldest: set[tuple[str, str]] = set()

    def show(self, depths: Sequence[Depth]) -> None:
        """Set the gauges to what was just counted."""
        jobs = {(one.queue, one.name, one.state): one.jobs for one in depths}
        waits_s = {(one.queue, one.name): one.oldest_s for one in depths if one.state == "ready"}
        self._depths |= jobs.keys()
        self._oldest |= waits_s.keys()
        for kind in self._depths:
            depth.labels(*kind).set(jobs.get(kind, 0))
        for kind in self._oldest:
            oldest.labels(*kind).set(waits_s.get(kind, 0.0))
