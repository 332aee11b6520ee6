"""A server that answers everything with one body: what HTTP itself costs here, to compare reads with.

It is the server that Linnet's API process runs (uvicorn with Linnet's bounded connections, on uvloop), without Linnet
behind it: python -m bench.constant PORT BYTES
"""

import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import uvloop

from linnet.roles.api import server
from linnet.roles.listening import BACKLOG

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def serve(port: int, size: int) -> None:
    """Answer on 127.0.0.1 until SIGTERM."""
    body = b"x" * size
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(size).encode())]

    async def answer(_scope: object, _receive: object, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    with socket.create_server(("127.0.0.1", port), backlog=BACKLOG) as listening:
        await server(answer, drain_s=1).serve(sockets=[listening])


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
