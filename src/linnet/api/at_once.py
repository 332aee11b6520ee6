"""Pages that this process can answer out of memory: one trip to Valkey, nothing awaited besides, and no `Call` made.

The trip asks for three things in one write: whether the log of changes has anything new, the page's own key, and the
caller's rate limit. Whatever is out of the ordinary (a token not seen before, a page not in memory, a limit reached, an
engine away) goes the usual way, which says all that there is to be said, and fills the memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from valkey.exceptions import ResponseError

from linnet.api.answers import JSON
from linnet.api.forms import convert
from linnet.api.paging import PageForm, link_between
from linnet.api.parameters import tree_of_text
from linnet.features.accounts.models import Viewer
from linnet.features.sessions.last_seen import LastSeen
from linnet.features.sessions.models import Access, Origin
from linnet.features.sessions.recent import RecentAccess
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines.warm import Warm
from linnet.mastodon.presenters.encoded import encoded_page
from linnet.platform.errors import EngineDown, ProductError, TooMany
from linnet.platform.paging import Window
from linnet.platform.valkey import Command

if TYPE_CHECKING:
    from linnet.api.dispatch import Scope, Services, Trace
    from linnet.api.endpoint import Endpoint
    from linnet.platform.engines import Engines

_CONTENT_TYPE = (b"content-type", JSON.encode())
_CACHE_CONTROL = (b"cache-control", b"private, no-cache")


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What a page needs besides who asks: one key of Valkey, and how the page follows from what it holds."""

    asks: Callable[[Viewer], Command]
    page: "Callable[[Engines, Viewer, Window, Any], Warm | None]"
    """From Valkey's reply the page, or None when anything of it is not in memory."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it goes out."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(slots=True)
class _Asked:
    """What is looked at of a request's headers."""

    token: str = ""
    tag: bytes = b""
    agent: bytes = b""


async def answer(
    at_once: AtOnce, endpoint: "Endpoint", services: "Services", scope: "Scope", trace: "Trace"
) -> Ready | None:
    """The answer to a request, or None when it has to go the usual way."""
    asked = _read(scope["headers"])
    window = _window(scope["query_string"])
    at_s = services.engines.clock.now().timestamp()
    recent = services.engines.config(RecentAccess)
    access = recent.find(asked.token, at_s, heard=True) if asked.token else None
    if window is None or access is None or access.viewer is None or not access.allows(endpoint.scope or ""):
        return None
    engines, viewer = services.engines, access.viewer
    try:
        reply = await _reply(at_once, services, access, trace, at_s)
    except (EngineDown, ResponseError, TooMany):
        return None
    if recent.find(asked.token, at_s, heard=True) is not access:
        return None
    warm = at_once.page(engines, viewer, window, reply)
    encoded = encoded_page(engines, viewer, warm) if warm is not None else None
    if warm is None or encoded is None:
        return None
    trace.viewer_id = viewer.account_id
    engines.config(LastSeen).note(access, engines.clock.now(), lambda: _origin(services, scope, asked))
    return _ready(services.public_url + trace.path, scope["query_string"], asked, window, warm.page, *encoded)


async def _reply(at_once: AtOnce, services: "Services", access: Access, trace: "Trace", at_s: float) -> object:
    """What the page's key holds, the log of changes heard and the request counted, in one trip.

    Raises `EngineDown` also when the log cannot be had, `TooMany` over a limit.
    """
    engines, limiter = services.engines, services.limiter
    assert access.viewer is not None
    commands = [engines.changes.command, at_once.asks(access.viewer)]
    if limiter is not None:
        commands.append(limiter.command(access, at_s))
    at, reply, *counts = await engines.valkey.ask(*commands)
    if limiter is not None:
        trace.allowance = limiter.allowance_of(counts[0], at_s)
        if trace.allowance.retry_after_s:
            raise TooMany(retry_after_s=trace.allowance.retry_after_s)
    if not engines.changes.is_at(at) and not await engines.changes.catch_up():
        raise EngineDown("valkey")
    return reply


def _read(headers: Sequence[tuple[bytes, bytes]]) -> _Asked:
    asked = _Asked()
    for name, value in headers:
        if name == b"authorization" and not asked.token:
            scheme, _, token = value.decode("latin-1").partition(" ")
            asked.token = token.strip() if scheme.lower() == "bearer" else ""
        elif name == b"if-none-match":
            asked.tag = value
        elif name == b"user-agent":
            asked.agent = value
    return asked


@lru_cache(maxsize=4096)
def _window(query: bytes) -> Window | None:
    """Which part of the page is asked for; None for a query that the usual way refuses."""
    try:
        return convert(tree_of_text(query), PageForm).window
    except ProductError:
        return None


def _origin(services: "Services", scope: "Scope", asked: _Asked) -> Origin:
    return Origin(services.address_of(scope), asked.agent.decode("latin-1"))


def _ready(address: str, query: bytes, asked: _Asked, window: Window, page: Hydrated, body: bytes, tag: bytes) -> Ready:
    headers = [_CACHE_CONTROL, (b"etag", tag)]
    if page.row_ids:
        newest, oldest = page.row_ids[0], page.row_ids[-1]
        link = link_between(address, query, newest, oldest, older=bool(page.more) or window.forward)
        headers.append((b"link", link.encode("latin-1")))
    if asked.tag and tag in asked.tag:
        return Ready(304, headers, b"")
    headers.append(_CONTENT_TYPE)
    headers.append((b"content-length", b"%d" % len(body)))
    return Ready(200, headers, body)
