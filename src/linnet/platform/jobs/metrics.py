"""What Prometheus learns about jobs. Every worker counts its own work; the depth of a queue is the same from all."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)

finished = Counter(
    "linnet_jobs_finished_total", "Jobs by how they ended: done, retried, dead, released", ["job", "outcome"]
)
duration = Histogram("linnet_jobs_batch_seconds", "Time one call with a batch took", ["job"], buckets=_SECONDS)
lag = Histogram(
    "linnet_jobs_lag_seconds", "Time from due to taken, of each batch's oldest", ["queue"], buckets=_SECONDS
)
depth = Gauge("linnet_jobs_depth", "Jobs in the queue, counted up to a bound", ["queue", "job", "state"])
oldest = Gauge("linnet_jobs_oldest_seconds", "How long the oldest job of this kind has been due", ["queue", "job"])
orphaned = Counter("linnet_jobs_orphaned_total", "Jobs taken from workers that died, by what became of them", ["state"])
periodics = Counter("linnet_periodic_runs_total", "Periodic runs: done, failed, engine_down", ["periodic", "outcome"])
periodic_duration = Histogram("linnet_periodic_seconds", "Time one run took", ["periodic"], buckets=_SECONDS)
