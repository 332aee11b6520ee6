"""Everything in one place: engines (unless there are some), migrations, and each role as a child process."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path

import msgspec
import structlog

from linnet.environment import unknown
from linnet.platform.embedded import NOTICE, EmbeddedEngines
from linnet.platform.migrations import migrate
from linnet.platform.supervise import ChildSpec, Supervisor
from linnet.platform.telemetry import metrics
from linnet.roles import handover, watching
from linnet.roles.keys import metrics_access
from linnet.roles.listening import listen
from linnet.roles.signing import signing_secrets
from linnet.settings import Settings

STAGE_ENGINES, STAGE_API, STAGE_BACKGROUND = 0, 1, 2
"""People are answered first; what can wait a second is started when they are. It stops in the opposite order."""

API_PROCESSES_MAX = 8
CONNECT_TIMEOUT_S = 2.0

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; whatever dies meanwhile is started again."""
    watching.begin(settings, "supervisor")
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    signing_secrets(settings, time.time())
    metrics_access(settings).token()
    listening = listen(settings)
    settings = msgspec.structs.replace(settings, port=listening.getsockname()[1])  # known now, if any was asked for
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
        "LINNET_PORT": str(settings.port),
        metrics.FOLDER_VARIABLE: str(shared),
    }
    giving, taking = handover.pair()
    with giving, taking:
        children = _children(settings, env, _Sockets(listening, giving, taking), shared)
        supervisor = Supervisor([*engines, *children], before={STAGE_API: bring_schema_up})
        await supervisor.run()


@dataclass(frozen=True, slots=True)
class _Sockets:
    """What children inherit: where people come in, and both ends of the way by which streams are handed over."""

    listening: socket.socket
    giving: socket.socket
    taking: socket.socket


def _children(settings: Settings, env: Mapping[str, str], sockets: _Sockets, shared: Path) -> Sequence[ChildSpec]:
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
    fds = [sockets.listening.fileno(), *([sockets.giving.fileno()] if settings.streaming_processes else ())]
    api = [part for option, fd in zip(("--fd", "--streams-fd"), fds, strict=False) for part in (option, str(fd))]
    handed = sockets.taking.fileno()
    first = child("api-1", STAGE_API, "api", *api, fds=fds)
    return [
        replace(first, ready=_first_answer(settings, sockets.listening)),
        *(child(f"api-{n}", STAGE_BACKGROUND, "api", *api, fds=fds) for n in range(2, processes + 1)),
        *(
            child(f"streaming-{n}", STAGE_BACKGROUND, "streaming", "--handed-fd", str(handed), fds=[handed])
            for n in range(1, settings.streaming_processes + 1)
        ),
        *(child(f"worker-{n}", STAGE_BACKGROUND, "worker") for n in range(1, settings.worker_processes + 1)),
        child("scheduler", STAGE_BACKGROUND, "scheduler"),
    ]


def _first_answer(settings: Settings, listening: socket.socket) -> Callable[[], Awaitable[bool]]:
    """Whether an API process answers on the socket they share; says so once, with where the server is."""
    said = False

    async def answers() -> bool:
        nonlocal said
        host, port = listening.getsockname()[:2]
        if (address := ip_address(host)).is_unspecified:
            host = "127.0.0.1" if address.version == 4 else "::1"  # noqa: PLR2004 -- the Internet Protocol's versions
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                reader, writer = await asyncio.open_connection(host, port)
                try:
                    writer.write(b"GET /health/live HTTP/1.1\r\nHost: linnet\r\nConnection: close\r\n\r\n")
                    answered = b" 200 " in await reader.readline()
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return False
        if answered and not said:
            said = True
            sentence = f"Linnet is ready at {settings.url}"
            log.info(sentence)
        return answered

    return answers
