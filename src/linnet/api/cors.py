"""Where pages of other origins may call, without cookies, and what they may read of the answers (CORS)."""

from typing import Final

CORS_PATHS: Final = (
    "/api/",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/userinfo",
    "/.well-known/",
    "/nodeinfo/",
    "/media/",
    "/openapi.json",
)
"""Where pages of any origin may call; everywhere else the same-origin policy stands."""

SHARED_PATHS: Final = ("/pictures/", "/pages/")
"""What pages of any origin may show besides: avatars beside a post, in a client on another server."""

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
