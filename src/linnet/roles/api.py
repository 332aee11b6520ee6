"""The process that answers HTTP. Several share one listening socket."""

import asyncio
import gc
import socket
from ipaddress import ip_network
from typing import Any

import uvicorn
import uvloop

from linnet.api.app import build
from linnet.api.auth import authenticate
from linnet.api.edge import Edge, EdgeConfig
from linnet.api.limits import DAY_S, LONG_S, Limit, Limits, ValkeyLimiter
from linnet.api.routes import endpoints
from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.media.models import MediaRules
from linnet.features.moderation import judging
from linnet.features.sessions.last_seen import LastSeen
from linnet.platform.engines import Engines
from linnet.roles import watching
from linnet.roles.connections import BoundedHttp
from linnet.roles.handover import http_handing_over
from linnet.roles.listening import BACKLOG, listen
from linnet.roles.wiring import open_engines
from linnet.settings import BadSetting, Settings

KEEP_ALIVE_S = 75

GC_THRESHOLDS = (100_000, 50, 100)
"""When to look for cycles of objects: seldom, for what this process keeps is large and has none.

Looking at it again and again took a sixth of the CPU of a warm home.
"""


def application(settings: Settings, engines: Engines) -> Edge:
    """The ASGI application for these settings."""
    try:
        proxies = [ip_network(part.strip()) for part in settings.trusted_proxies.split(",") if part.strip()]
    except ValueError as error:
        raise BadSetting(f"LINNET_TRUSTED_PROXIES: {error}") from None
    rules = engines.config(MediaRules)
    return build(
        endpoints(),
        engines=engines,
        authenticate=authenticate,
        edge=EdgeConfig(
            public_url=settings.url,
            in_flight_max=settings.requests_in_flight,
            upload_bytes_max=max(rules.video_bytes_max, rules.image_bytes_max),
        ),
        limiter=ValkeyLimiter(limits_of(settings), authenticate) if settings.rate_limits else None,
        gate=engines.config(Gate),
        trusted_proxies=proxies,
    )


def limits_of(settings: Settings) -> Limits:
    """The rate limits that an operator may set; the others are as in `Limits`."""
    return Limits(
        token=Limit(settings.rate_limit_token),
        account=Limit(settings.rate_limit_account),
        address=Limit(settings.rate_limit_address),
        pages=Limit(settings.rate_limit_pages),
        pictures=Limit(settings.rate_limit_pictures),
        signins=Limit(settings.rate_limit_signins),
        signups=Limit(settings.rate_limit_signups),
        letters=Limit(settings.rate_limit_letters),
        uploads=Limit(settings.rate_limit_uploads, LONG_S),
        uploads_a_day=Limit(settings.rate_limit_uploads_day, DAY_S),
        deletions=Limit(settings.rate_limit_deletions, LONG_S),
        app_signups=Limit(settings.rate_limit_app_signups, LONG_S),
    )


def run(settings: Settings, listening: socket.socket | None = None, streams: socket.socket | None = None) -> None:
    """Answer requests until SIGTERM, then let those under way finish. Who asks for a stream goes through `streams`."""
    watching.begin(settings, "api")
    judging.prepare()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    uvloop.run(_serve(settings, listening or listen(settings), streams))


def server(
    app: Any,  # noqa: ANN401 -- any ASGI application
    *,
    drain_s: float,
    http: type[BoundedHttp] = BoundedHttp,
) -> uvicorn.Server:
    """What answers HTTP with `app`; told to stop, it lets requests under way finish for `drain_s` seconds."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=http,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(drain_s),
        )
    )


async def _serve(settings: Settings, listening: socket.socket, streams: socket.socket | None) -> None:
    http = BoundedHttp if streams is None else http_handing_over(streams)
    async with open_engines(settings) as engines, watching.watched(settings, "api", engines):
        hearing = asyncio.create_task(engines.changes.keep_up())
        watching_replicas = asyncio.create_task(engines.replicas.keep_watching())
        writing = asyncio.create_task(engines.config(LastSeen).keep_writing(engines))
        try:
            await server(application(settings, engines), drain_s=settings.drain_timeout, http=http).serve(
                sockets=[listening]
            )
        finally:
            hearing.cancel()
            writing.cancel()
            watching_replicas.cancel()
            await asyncio.gather(hearing, writing, watching_replicas, return_exceptions=True)
