"""What the HTTP edge itself costs: CPU microseconds of one request in each layer, without a server or engines.

python -m bench.edge
"""

import asyncio
import platform
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import structlog

from linnet.api.app import build
from linnet.api.dispatch import TRACE, Trace
from linnet.api.edge import EdgeConfig
from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.platform.engines import Engines

REQUESTS = 4000
ROUNDS = 5
PATH = "/api/v1/birds"


@endpoint("GET", PATH + "/{bird_id}", viewer="optional")
async def show_bird(call: Call, bird_id: int) -> dict[str, str]:  # noqa: ARG001 -- a handler's shape
    """Show a bird."""
    return {"id": str(bird_id)}


@endpoint("GET", PATH, viewer="optional")
async def birds(call: Call, form: PageForm) -> Page[dict[str, str]]:  # noqa: ARG001 -- as above
    """List birds."""
    return Page.of([{"id": "1"}], [1], form.window, more=True)


async def nobody(_: Call) -> None:
    """Find no viewer."""


async def receive() -> dict[str, Any]:
    """An empty body."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(_: dict[str, Any]) -> None:
    """Drop the answer."""


def scope(path: str, query: bytes) -> dict[str, Any]:
    """A request as a server passes it on."""
    headers = [(b"host", b"127.0.0.1"), (b"accept", b"*/*"), (b"user-agent", b"bench")]
    return {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "query_string": query,
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "",
    }  # fmt: skip


async def cost_us(request: Callable[[], Awaitable[None]]) -> float:
    """CPU microseconds of one request: the best of several rounds, for the machine has other work too."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(REQUESTS):
            await request()
        best = min(best, time.process_time() - started)
    return best / REQUESTS * 1e6


async def main() -> None:
    """Print one row for each request and layer."""
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=structlog.WriteLoggerFactory(open("/dev/null", "w")),  # noqa: SIM115, PTH123, ASYNC230 -- for the run
    )
    edge = build(
        [show_bird, birds], engines=cast("Engines", None), authenticate=nobody, edge=EdgeConfig("http://127.0.0.1")
    )
    print(f"Python {platform.python_version()}, {platform.machine()}, {REQUESTS} requests, best of {ROUNDS}")
    print(f"{'request':32}{'whole edge':>12}{'dispatcher':>12}")
    for path, query in ((PATH + "/5", b""), (PATH, b"limit=20&max_id=5")):

        async def whole(path: str = path, query: bytes = query) -> None:
            await edge(scope(path, query), receive, send)

        async def inside(path: str = path, query: bytes = query) -> None:
            await edge.app({**scope(path, query), TRACE: Trace("bench-0001", path)}, receive, send)

        name = path + ("?" + query.decode() if query else "")
        print(f"{name:32}{await cost_us(whole):9.0f} µs{await cost_us(inside):9.0f} µs")


if __name__ == "__main__":
    asyncio.run(main())
