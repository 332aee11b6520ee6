"""Requests as their bytes arrive, straight to the application: httpx spends more on a hostile one than it costs us."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote

from linnet.api.edge import Edge


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


async def send(app: Edge, method: str, target: str, headers: Mapping[str, bytes], body: bytes = b"") -> Answer:
    """The answer to a request for `target` (path and query, percent-encoded), as uvicorn hands one over."""
    path, _, query = target.partition("?")
    given = {name.lower(): value for name, value in headers.items()}
    sent = {"host": b"linnet.test", "content-length": b"%d" % len(body), **given}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value) for name, value in sent.items()],
        "server": ("linnet.test", 443),
        "client": ("127.0.0.1", 123),
    }
    coming = [{"type": "http.request", "body": body, "more_body": False}]
    said: list[Any] = []

    async def receive() -> Any:
        return coming.pop() if coming else {"type": "http.disconnect"}

    async def say(message: Any) -> None:
        said.append(message)

    await app(cast("Any", scope), cast("Any", receive), cast("Any", say))
    start, *pieces = said
    return Answer(
        start["status"],
        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]},
        b"".join(piece.get("body", b"") for piece in pieces),
    )
