"""What Prometheus learns about streams: how many are open, what they are told, who is dropped, how late it is."""

from datetime import datetime
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

from linnet.platform.ids import made_at

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)

connections = Gauge(
    "linnet_streaming_connections", "Streams that are open, by what they speak", ["kind"], multiprocess_mode="livesum"
)
accounts = Gauge("linnet_streaming_accounts", "Accounts with an open stream", multiprocess_mode="livesum")
opened = Counter("linnet_streaming_opened_total", "Streams opened, by what they speak", ["kind"])
refused = Counter("linnet_streaming_refused_total", "Streams refused, by HTTP status", ["status"])
deliveries = Counter("linnet_streaming_deliveries_total", "Events sent, to one stream each, by event", ["event"])
dropped = Counter("linnet_streaming_dropped_total", "Streams that we ended, by reason", ["reason"])
lost = Counter("linnet_streaming_hints_lost_total", "Hints let go of because too many waited, or nothing could be read")
lag = Histogram("linnet_streaming_lag_seconds", "From a post until it was sent to all who listen", buckets=_SECONDS)


def told(status_id: int, at: datetime) -> None:
    """All who listen have been sent this status at that moment."""
    lag.observe(max((at - made_at(status_id)).total_seconds(), 0.0))


def came(kind: str) -> None:
    """A stream is open."""
    connections.labels(kind).inc()
    opened.labels(kind).inc()


def went(kind: str) -> None:
    """And no more."""
    connections.labels(kind).dec()
