"""What pages of other origins may send and read (CORS)."""

from typing import Final

from linnet.api import tus

HEADERS: Final = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Mastodon-Async-Refresh",
    ),
)
PREFLIGHT: Final = (
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Range, X-Request-Id"),
    ("Access-Control-Max-Age", "86400"),
)
TUS_HEADERS: Final = tus.exposed(HEADERS)
"""The same where uploads go on."""
