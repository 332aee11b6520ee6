"""Everything in one place: engines (unless there are some), migrations, and each role as a child process."""

import asyncio
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from linnet.platform.embedded import NOTICE, EmbeddedEngines
from linnet.platform.migrations import migrate
from linnet.platform.supervise import ChildSpec, Supervisor
from linnet.platform.telemetry import metrics
from linnet.roles import watching
from linnet.roles.listening import listen
from linnet.roles.wiring import metrics_access, signing_secret
from linnet.settings import Settings, unknown

STAGE_ENGINES, STAGE_BACKGROUND, STAGE_API = 0, 1, 2
API_PROCESSES_MAX = 8
CONNECT_TIMEOUT_S = 2.0

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; whatever dies meanwhile is started again."""
    watching.begin(settings, "supervisor")
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    signing_secret(settings)
    metrics_access(settings).token()
    listening = listen(settings)
    needs_embedded = not (settings.database_url and settings.valkey_url)
    embedded = EmbeddedEngines(settings.folder) if needs_embedded else None
    try:
        if embedded:
            log.info(NOTICE)
            await embedded.prepare()
        await _supervise(settings, listening, embedded)
    finally:
        listening.close()
        if embedded:
            embedded.release()


async def _supervise(settings: Settings, listening: socket.socket, embedded: EmbeddedEngines | None) -> None:
    database_url, valkey_url = settings.database_url, settings.valkey_url
    engines: list[ChildSpec] = []
    if embedded:
        wanted = {"postgresql": not database_url, "valkey": not valkey_url}
        engines = [spec for spec in embedded.specs() if wanted[spec.name]]
        database_url, valkey_url = database_url or embedded.database_url, valkey_url or embedded.valkey_url

    async def bring_schema_up() -> None:
        await migrate(database_url, progress=lambda name: log.info("migrating", migration=name))

    shared = metrics.make_folder(settings.folder / "run" / "metrics")
    env = {
        **{name: value for name, value in os.environ.items() if name not in unknown()},
        "LINNET_DATABASE_URL": database_url,
        "LINNET_VALKEY_URL": valkey_url,
        "LINNET_DATA_DIR": str(settings.folder),
        metrics.FOLDER_VARIABLE: str(shared),
    }
    children = _children(settings, env, listening, shared)
    supervisor = Supervisor([*engines, *children], before={STAGE_BACKGROUND: bring_schema_up})
    announcing = asyncio.create_task(_announce(settings))
    try:
        await supervisor.run()
    finally:
        announcing.cancel()


def _children(
    settings: Settings, env: Mapping[str, str], listening: socket.socket, shared: Path
) -> Sequence[ChildSpec]:
    async def bury_dead() -> None:
        metrics.bury_dead(shared)

    def child(name: str, stage: int, *args: str, fds: Sequence[int] = ()) -> ChildSpec:
        one_of_all = {} if name == "api-1" else {"LINNET_METRICS_PORT": ""}  # one port, at which one speaks for all
        return ChildSpec(
            name=name,
            argv=[sys.executable, "-m", "linnet", *args],
            env={**env, **one_of_all},
            stage=stage,
            pass_fds=fds,
            clear=bury_dead,
            stop_timeout_s=settings.drain_timeout + 5,
        )

    processes = settings.api_processes or min(os.cpu_count() or 1, API_PROCESSES_MAX)
    fd = listening.fileno()
    return [
        *(child(f"worker-{n}", STAGE_BACKGROUND, "worker") for n in range(1, settings.worker_processes + 1)),
        child("scheduler", STAGE_BACKGROUND, "scheduler"),
        *(child(f"api-{n}", STAGE_API, "api", "--fd", str(fd), fds=[fd]) for n in range(1, processes + 1)),
    ]


async def _announce(settings: Settings) -> None:
    """Say where the server is, once it answers."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 -- compared, not bound
    while True:
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                reader, writer = await asyncio.open_connection(host, settings.port)
                writer.write(b"GET /health/live HTTP/1.1\r\nHost: linnet\r\nConnection: close\r\n\r\n")
                if b" 200 " in await reader.readline():
                    break
        except (OSError, TimeoutError):
            pass
        await asyncio.sleep(0.1)
    sentence = f"Linnet is ready at {settings.url}"
    log.info(sentence)
