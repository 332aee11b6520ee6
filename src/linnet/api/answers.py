"""What a handler may answer with when it is not a plain JSON value: bytes, a page of HTML, a redirect, nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import msgspec

JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"

STRICT_CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of a page that runs no script and loads nothing from elsewhere."""

NO_DEVICES: Final = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)
"""Permissions-Policy of a page: no page of ours asks for any of these."""

Headers = Sequence[tuple[str, str]]
_ADDRESS_CHARS: Final = "%/:=&?~#+!$,;'@()*[]"
"""What stands for itself in an address; anything else is percent-encoded, so that it stays one header line."""

_PAGE: Final = (
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", NO_DEVICES),
)

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer: status, body, its type, and more headers."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Html:
    """A page of HTML, with the headers that keep it from being framed or from running what it should not."""

    text: str
    status: int = 200
    csp: str = STRICT_CSP
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go to `location`; 302 unless told otherwise."""

    location: str
    status: int = 302
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class NoContent:
    """204, without a body."""

    headers: Headers = ()


def json_answer(value: object, *, status: int = 200, headers: Headers = ()) -> Answer:
    """`value` as JSON; None becomes `{}`, for clients cannot read an empty body."""
    return Answer(status, b"{}" if value is None else _encoder.encode(value), JSON, headers)


def as_answer(value: object, *, status: int = 200) -> Answer:
    """Whatever a handler returned, as the answer to send; `status` is for plain JSON values."""
    match value:
        case Answer():
            return value
        case Html():
            headers = (("Content-Security-Policy", value.csp), *_PAGE, *value.headers)
            return Answer(value.status, value.text.encode(), HTML, headers)
        case Redirect():
            where = (("Location", quote(value.location, safe=_ADDRESS_CHARS)), *value.headers)
            return Answer(value.status, b"", "text/plain; charset=utf-8", where)
        case NoContent():
            return Answer(204, b"", "", value.headers)
        case _:
            return json_answer(value, status=status)
