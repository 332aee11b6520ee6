"""What a process measures about itself every few seconds: memory, processor, files, event loop, connections."""

import asyncio
import resource
from contextlib import suppress
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from linnet.platform.postgres import Database

MEASURE_EVERY_S = 2.0

_resident = Gauge("linnet_process_resident_bytes", "Memory in use", ["role"], multiprocess_mode="liveall")
_files = Gauge("linnet_process_open_files", "Open files and sockets", ["role"], multiprocess_mode="liveall")
_processor = Counter("linnet_process_cpu_seconds_total", "Processor time used, by user and system", ["role"])
_late = Histogram(
    "linnet_event_loop_late_seconds",
    "How late the event loop woke a task",
    ["role"],
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
)
_connections = Gauge(
    "linnet_postgres_connections", "Connections of the pool", ["role", "state"], multiprocess_mode="liveall"
)


async def keep_measuring(role: str, db: Database) -> None:
    """Measure until cancelled; run it as a task."""
    loop = asyncio.get_running_loop()
    spent_s = 0.0
    while True:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _processor.labels(role).inc(max(used.ru_utime + used.ru_stime - spent_s, 0.0))
        spent_s = used.ru_utime + used.ru_stime
        with suppress(OSError):  # a system without /proc
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])  # noqa: ASYNC240 -- no disk
            _resident.labels(role).set(pages * resource.getpagesize())
            _files.labels(role).set(sum(1 for _ in Path("/proc/self/fd").iterdir()))  # noqa: ASYNC240
        _connections.labels(role, "open").set(db.connections_open)
        _connections.labels(role, "idle").set(db.connections_idle)
        wakes_at = loop.time() + MEASURE_EVERY_S
        await asyncio.sleep(MEASURE_EVERY_S)
        _late.labels(role).observe(max(loop.time() - wakes_at, 0.0))
