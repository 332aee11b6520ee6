"""Requests to addresses that others chose: they reach the public internet and nothing else, and everything is bounded.

A name is resolved here, once for each connection, and the connection goes to the very address that was checked: a name
that answers otherwise the second time (DNS rebinding) gains nothing. TLS is checked against the name as always.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import httpcore2
import idna

from linnet.platform.addresses import BadAddress, Network
from linnet.platform.errors import ProductError
from linnet.platform.http_guard import Guard, Resolve, resolve

TIMEOUT_S: Final = 10.0
"""What a request may take in all, redirects and body included, if it does not say otherwise."""

CONNECT_TIMEOUT_S: Final = 5.0
BODY_BYTES_MAX: Final = 1 << 20
URL_CHARS_MAX: Final = 2_048
REDIRECTS_MAX: Final = 5
CONNECTIONS_MAX: Final = 64
ORIGIN_REQUESTS_MAX: Final = 8
"""Requests to one origin that are under way at once, usually: one slow server does not take what all share."""

ORIGIN_WAITING_MAX: Final = 256
IDLE_S: Final = 30.0
LOW_PORTS: Final = frozenset({80, 443})
LOW_PORTS_END: Final = 1023
"""Of the ports up to here only those are asked: behind others are mail servers and the like, which HTTP can mislead."""

_FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})
_PORTS: Final = {"http": 80, "https": 443}
_AS_IT_IS: Final = "".join(map(chr, range(0x21, 0x7F)))


class Unreachable(ProductError):
    """Nobody answered in time, or not in HTTP; another time may do better."""


class TooBig(ProductError):
    """An answer longer than its reader allows, or an encoded one, which none was asked for."""


@dataclass(frozen=True, slots=True)
class OutgoingRules:
    """Who we say we are, and which networks that are not public may be reached all the same."""

    agent: str = "Linnet"
    allowed: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; header names are lower-case, the last of a name wins. `url` is where redirects led to."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str = field(repr=False)
    is_cut: bool = False
    """Whether the body went on past `body_max`."""


class Outgoing:
    """A client for one process and its event loop. `http2` when every server asked speaks it, as Apple's do."""

    def __init__(
        self,
        rules: OutgoingRules,
        *,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolve,
        http2: bool = False,
        origin_requests: int = ORIGIN_REQUESTS_MAX,
    ) -> None:
        self._rules = rules
        self._origin_requests = origin_requests
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._waiting = Counter[str]()
        self._guard = Guard(rules.allowed, resolve)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls or ssl.create_default_context(),
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=CONNECTIONS_MAX // 2,
            keepalive_expiry=IDLE_S,
            http1=not http2,
            http2=http2,
            network_backend=self._guard,
        )

    async def close(self) -> None:
        """End every connection."""
        await self._pool.aclose()
        self._guard.close()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body_max: int = BODY_BYTES_MAX,
        cut: bool = False,
        redirects_max: int = REDIRECTS_MAX,
        timeout_s: float = TIMEOUT_S,
    ) -> Answer:
        """What is at `url`, after up to `redirects_max` redirects, each checked like the first.

        Raises `BadAddress`, `Unreachable`, or `TooBig` for a body over `body_max` bytes, which `cut` has cut instead.
        """
        async with _bounded(timeout_s):
            for _ in range(redirects_max + 1):
                answer = await self._send("GET", url, headers or {}, b"", body_max=body_max, cut=cut)
                target = answer.headers.get("location") if answer.status in _FOLLOWED else None
                if target is None:
                    return answer
                there = _joined(answer.url, target)
                if origin_of(there) != origin_of(url):
                    headers = _without_secrets(headers or {})
                url = there
        raise BadAddress("The address leads from one redirect to the next")

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        body_max: int = BODY_BYTES_MAX,
        timeout_s: float = TIMEOUT_S,
    ) -> Answer:
        """What the server at `url` answers to `body`; redirects are not followed. Raises as `get` does."""
        async with _bounded(timeout_s):
            return await self._send("POST", url, headers or {}, body, body_max=body_max, cut=True)

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, body_max: int, cut: bool
    ) -> Answer:
        target = checked(url)
        sent = {"User-Agent": self._rules.agent, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        async with self._turn(origin_of(target)):
            try:
                async with self._pool.stream(
                    method,
                    target,
                    headers=list(sent.items()),
                    content=body if method == "POST" else None,
                    extensions={"timeout": {"connect": CONNECT_TIMEOUT_S}},
                ) as response:
                    return await _read(response, target, body_max, cut=cut)
            except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
                raise Unreachable(f"The server could not be asked ({type(error).__name__})") from error
            except httpcore2.ConnectionNotAvailable as error:
                raise Unreachable("The server ended the connection") from error

    @asynccontextmanager
    async def _turn(self, origin: str) -> AsyncGenerator[None]:
        """One of the requests to an origin that are let through at once."""
        if self._waiting[origin] >= ORIGIN_WAITING_MAX:
            raise Unreachable("Too many requests wait for that server")
        gate = self._gates.setdefault(origin, asyncio.Semaphore(self._origin_requests))
        self._waiting[origin] += 1
        try:
            async with gate:
                yield
        finally:
            self._waiting[origin] -= 1
            if not self._waiting[origin]:
                del self._waiting[origin], self._gates[origin]


def checked(url: str) -> str:
    """A URL as it goes out: of HTTP, in ASCII, without a user, at an ordinary port. Raises `BadAddress`."""
    if len(url) > URL_CHARS_MAX or not url.isprintable() or " " in url or "\\" in url:
        raise BadAddress("The address cannot be used")
    try:
        parts = urlsplit(url)
        host, port = _host_of(parts), parts.port
    except ValueError:  # idna's errors are such
        raise BadAddress("The address cannot be read") from None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        raise BadAddress("The address must begin with https:// or http:// and a host")
    if port is not None and port <= LOW_PORTS_END and port not in LOW_PORTS:
        raise BadAddress("Nothing is asked at that port")
    where = host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"
    path, query = (quote(part, safe=_AS_IT_IS) for part in (parts.path or "/", parts.query))
    return f"{parts.scheme}://{where}{path}" + (f"?{query}" if query else "")


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as in an `Origin` header (RFC 6454)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        return f"[{host}]"
    return host if host.isascii() else idna.encode(host, uts46=True).decode()


def _joined(base: str, target: str) -> str:
    try:
        return checked(urljoin(base, target).partition("#")[0])
    except ValueError:
        raise BadAddress("The address leads to none") from None


def _without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that may go to another origin."""
    return {name: value for name, value in headers.items() if name.lower() not in {"authorization", "cookie"}}


async def _read(response: httpcore2.Response, url: str, body_max: int, *, cut: bool) -> Answer:
    headers = {_text(name).lower(): _text(value) for name, value in response.headers}
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise TooBig("The answer is compressed, which was not asked for")
    read = bytearray()
    is_cut = False
    async for chunk in response.aiter_stream():
        read += chunk
        if len(read) > body_max:
            if not cut:
                raise TooBig("The answer is too long")
            is_cut = True
            break
    return Answer(response.status, headers, bytes(read[:body_max]), url, is_cut)


@asynccontextmanager
async def _bounded(seconds: float) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise Unreachable("The server took too long") from None


def _text(header: bytes) -> str:
    """A part of a header: UTF-8 where it is that, as many servers' redirects are, else each byte a letter."""
    try:
        return header.decode()
    except UnicodeDecodeError:
        return header.decode("latin-1")
