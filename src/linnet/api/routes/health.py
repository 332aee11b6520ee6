"""For monitoring: whether this process lives, whether it can serve, and its metrics."""

import asyncio

import msgspec

from linnet import __version__
from linnet.api.answers import Answer, json_answer
from linnet.api.endpoint import Call, endpoint
from linnet.platform.health import Health, HealthWatch
from linnet.platform.telemetry import metrics
from linnet.platform.telemetry.metrics import MetricsAccess

UNREADY_STATUS = 503


class JobsHealth(msgspec.Struct, frozen=True):
    """The queue in numbers, each counted to a thousand."""

    waiting: int
    dead: int
    oldest_s: float


class Condition(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the server is; `status` is `OK` when it can serve, otherwise `error` says what is wrong."""

    status: str
    version: str
    engines: dict[str, str]
    jobs: JobsHealth
    error: str | None = None


@endpoint("GET", "/health/live", viewer="none", hidden=True, limited=False)
async def show_life(call: Call) -> Answer:  # noqa: ARG001 -- a handler's shape
    """Whether this process answers; nobody else is asked."""
    return json_answer({"status": "OK"})


@endpoint("GET", "/health/ready", viewer="none", hidden=True, limited=False)
async def show_readiness(call: Call) -> Answer:
    """Whether this process can serve: both engines answer and the schema is there."""
    problem = (await _look(call)).problem
    if problem:
        return json_answer({"status": "unavailable", "error": problem}, status=UNREADY_STATUS)
    return json_answer({"status": "OK"})


@endpoint("GET", "/health", viewer="none", limited=False)
async def show_health(call: Call) -> Answer:
    """How the server is, with what its engines and its queue are like."""
    health = await _look(call)
    condition = Condition(
        status="unavailable" if health.problem else "OK",
        version=__version__,
        engines={"postgresql": health.postgresql or "OK", "valkey": health.valkey or "OK"},
        jobs=JobsHealth(health.jobs_waiting, health.jobs_dead, round(health.oldest_job_s, 1)),
        error=health.problem,
    )
    return json_answer(condition, status=UNREADY_STATUS if health.problem else 200)


@endpoint("GET", "/metrics", viewer="none", hidden=True, limited=False)
async def show_metrics(call: Call) -> Answer:
    """Metrics of every process of this server, for Prometheus; for whoever has the operator's token."""
    access = call.engines.config(MetricsAccess)
    if not access.allows(call.bearer):
        sentence = f"Send the token of {access.where} as Authorization: Bearer …"
        return json_answer({"error": sentence}, status=401, headers=(("WWW-Authenticate", 'Bearer realm="metrics"'),))
    return Answer(200, await asyncio.to_thread(metrics.exposition), metrics.CONTENT_TYPE)


async def _look(call: Call) -> Health:
    return await call.engines.config(HealthWatch).look(call.engines)
