"""Redirect URIs, where a code may be sent: web addresses, private schemes, and Mastodon's out-of-band one."""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit

from linnet.platform.errors import Invalid, Problem

OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"
"""The code is shown on a page, for the person to copy."""

URIS_MAX: Final = 20
URI_CHARS_MAX: Final = 2000

_FORBIDDEN_SCHEMES: Final = frozenset(
    {"about", "blob", "data", "file", "filesystem", "javascript", "mailto", "vbscript", "view-source"}
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,99}):")
_CHARACTERS = re.compile(r"[\x21-\x7e]+")


def parse(sent: str | Sequence[str]) -> tuple[str, ...]:
    """The URIs an app sent: a list, or one text divided by white space. Raises `Invalid` for what is not acceptable."""
    texts = [sent] if isinstance(sent, str) else sent
    uris = tuple(dict.fromkeys(uri for text in texts for uri in text.split()))
    if not uris:
        raise _invalid("ERR_BLANK", "can't be blank")
    if len(uris) > URIS_MAX:
        raise _invalid("ERR_TOO_MANY", f"are too many (maximum is {URIS_MAX})")
    for uri in uris:
        if (problem := problem_of(uri)) is not None:
            raise _invalid("ERR_INVALID", problem)
    return uris


def problem_of(uri: str) -> str | None:
    """Why `uri` cannot be redirected to, as a predicate, or None."""
    if len(uri) > URI_CHARS_MAX:
        return f"must have at most {URI_CHARS_MAX} characters each"
    scheme = _SCHEME.match(uri)
    if scheme is None or not _CHARACTERS.fullmatch(uri):
        return "must be absolute, such as https://app.example/callback or myapp://callback"
    if scheme[1].lower() in _FORBIDDEN_SCHEMES:
        return f"must not have the scheme {scheme[1]}:"
    if "#" in uri:
        return "must not have a fragment (#…)"
    if scheme[1].lower() in {"http", "https"} and not _has_host(uri):
        return "must name a host"
    return None


def with_parameters(uri: str, parameters: Iterable[tuple[str, str]]) -> str:
    """`uri` with more query parameters, otherwise letter for letter as the app registered it.

    (A general URL library lowers the case of a private scheme and drops the slashes of `app://`, and apps then do not
    recognise their own address.)
    """
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(list(parameters))}"


def destination(uri: str) -> str:
    """Where `uri` leads, for people: the host of a web address, else the scheme that an app answers to."""
    scheme = uri.partition(":")[0]
    return urlsplit(uri).netloc.rpartition("@")[2] if scheme.lower() in {"http", "https"} else f"{scheme}:"


def csp_source(uri: str) -> str | None:
    """The Content-Security-Policy source that lets a form end at `uri`; None when it stays on our own pages.

    Browsers hold every redirect that follows a form to `form-action`: the one to the app, and those by which the app's
    own site then sends the person on. So the source is the whole scheme, not one host.
    """
    return None if uri == OUT_OF_BAND else f"{uri.partition(':')[0].lower()}:"


def _has_host(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        return uri.partition(":")[2].startswith("//") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        return False


def _invalid(code: str, description: str) -> Invalid:
    return Invalid.of({"redirect_uris": [Problem(code, description)]})
