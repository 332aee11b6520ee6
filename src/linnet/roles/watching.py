"""How every role is watched: its log lines, traces and metrics begin here, as settings say."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import structlog

from linnet import __version__
from linnet.environment import unknown
from linnet.platform.engines import Engines
from linnet.platform.telemetry import logs, metrics, traces
from linnet.platform.telemetry.measuring import keep_measuring
from linnet.settings import BadSetting, Settings

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def begin(settings: Settings, role: str) -> None:
    """Set up the log lines of this process, and name settings that will have no effect. The first thing a role does."""
    logs.configure(form=settings.log_format, level=settings.log_level, role=role)
    for variable in unknown():
        log.warning("unknown_setting", variable=variable, advice="It has no effect. `linnet settings` lists all.")


@asynccontextmanager
async def watched(settings: Settings, role: str, engines: Engines) -> AsyncGenerator[None]:
    """Measure and trace this process for as long as the block lasts; raises `BadSetting` for a port it cannot have."""
    if settings.metrics_port:
        try:
            metrics.serve(settings.host, settings.metrics_port)
        except OSError as error:
            raise BadSetting(
                f"LINNET_METRICS_PORT={settings.metrics_port} cannot be listened on: {error.strerror}. "
                "Set another port."
            ) from None
    if settings.otlp_endpoint:
        traces.begin(settings.otlp_endpoint, role=role, version=__version__)
    measuring = asyncio.create_task(keep_measuring(role, engines.db))
    try:
        yield
    finally:
        measuring.cancel()
        with suppress(asyncio.CancelledError):
            await measuring
        await asyncio.to_thread(traces.end)
