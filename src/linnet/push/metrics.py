"""What Prometheus learns about pushed messages."""

from typing import Final

from prometheus_client import Counter

sent: Final = Counter(
    "linnet_pushes_total",
    "Messages by service and what it said: taken, gone, refused, later",
    ["channel", "outcome"],
)
