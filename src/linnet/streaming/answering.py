"""Answers that are no stream: what is wrong with a request, and the headers of every answer."""

import secrets
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

import msgspec
from websockets.datastructures import Headers
from websockets.http11 import Response

from linnet.platform.errors import EngineDown, ProductError, TooMany, Unauthenticated, status_of

JSON: Final = "application/json; charset=utf-8"

CORS: Final = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "X-Request-Id"),
)
PREFLIGHT: Final = (
    ("Access-Control-Allow-Methods", "GET, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Cache-Control, Last-Event-ID"),
    ("Access-Control-Max-Age", "86400"),
)

_encode = msgspec.json.Encoder().encode


def headers_of(error: ProductError | None = None) -> list[tuple[str, str]]:
    """The headers of an answer, and what an error adds to them."""
    always = [
        ("X-Request-Id", secrets.token_hex(8)),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "private, no-store"),
        *CORS,
    ]
    match error:
        case Unauthenticated():
            always.append(("WWW-Authenticate", 'Bearer realm="Linnet", error="invalid_token"'))
        case TooMany() | EngineDown():
            always.append(("Retry-After", str(error.retry_after_s)))
        case _:
            pass
    return always


def body_of(error: ProductError) -> bytes:
    """An error as clients of the API know it."""
    return _encode({"error": error.message})


def refusal(error: ProductError) -> Response:
    """The answer to a request for a WebSocket that is not opened."""
    status, body = HTTPStatus(status_of(error)), body_of(error)
    headers = Headers(
        [
            ("Date", formatdate(usegmt=True)),
            ("Connection", "close"),
            ("Content-Type", JSON),
            ("Content-Length", str(len(body))),
            *headers_of(error),
        ]
    )
    return Response(status.value, status.phrase, headers, body)
