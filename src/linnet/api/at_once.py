"""Pages that this process can answer out of memory: one trip to Valkey, nothing awaited besides, and no `Call` made.

The trip asks for three things in one write: whether the log of changes has anything new, the page's own key, and the
caller's rate limit. Whatever is out of the ordinary (a token not seen before, a page not in memory, a limit reached, an
engine away) goes the usual way, which says all that there is to be said, and fills the memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from linnet.platform.errors import EngineDown, ProductError
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
    has_body: bool = False
    """Then parameters may be in it, as they may be anywhere."""


@dataclass(slots=True)
class Asking:
    """A request while Valkey is asked for what it needs."""

    at_once: AtOnce
    services: "Services"
    scope: "Scope"
    trace: "Trace"
    asked: _Asked
    window: Window
    access: Access
    viewer: Viewer
    now: datetime
    at_s: float
    commands: list[Command]
    """The log of changes, the page's key and, where requests are counted, the caller's limit."""


def begin(at_once: AtOnce, endpoint: "Endpoint", services: "Services", scope: "Scope", trace: "Trace") -> Asking | None:
    """What to ask Valkey to answer a request, or None when it has to go the usual way."""
    asked = _read(scope["headers"])
    window = _window(scope["query_string"])
    if window is None or not asked.token or asked.has_body:
        return None
    engines, limiter = services.engines, services.limiter
    now = engines.clock.now()
    at_s = now.timestamp()
    access = engines.config(RecentAccess).find(asked.token, at_s, heard=True)
    if access is None or access.viewer is None or not access.allows(endpoint.scope or ""):
        return None
    commands = [engines.changes.command, at_once.asks(access.viewer)]
    if limiter is not None:
        commands.append(limiter.command(access, at_s))
    return Asking(at_once, services, scope, trace, asked, window, access, access.viewer, now, at_s, commands)


def is_current(asking: Asking, replies: Sequence[Any]) -> bool:
    """Whether this process had heard all of the log of changes when Valkey replied. Notes that the request counts."""
    services = asking.services
    if services.limiter is not None:
        asking.trace.allowance = services.limiter.allowance_of(replies[2], asking.at_s)
    return services.engines.changes.is_at(replies[0])


def finish(asking: Asking, replies: Sequence[Any]) -> Ready | None:
    """The answer by what Valkey replied; None when the request has to go the usual way.

    Only once all changes have been heard: when `is_current`, or after catching up.
    """
    services, access, viewer, trace = asking.services, asking.access, asking.viewer, asking.trace
    engines = services.engines
    if trace.allowance is not None and trace.allowance.retry_after_s:
        return None
    if engines.config(RecentAccess).find(asking.asked.token, asking.at_s, heard=True) is not access:
        return None
    warm = asking.at_once.page(engines, viewer, asking.window, replies[1])
    encoded = encoded_page(engines, viewer, warm) if warm is not None else None
    if warm is None or encoded is None:
        return None
    trace.viewer_id = viewer.account_id
    engines.config(LastSeen).note(access, asking.now, lambda: _origin(services, asking.scope, asking.asked))
    address = services.public_url + trace.path
    return _ready(address, asking.scope["query_string"], asking.asked, asking.window, warm.page, *encoded)


async def answer(
    at_once: AtOnce, endpoint: "Endpoint", services: "Services", scope: "Scope", trace: "Trace"
) -> Ready | None:
    """The answer to a request, or None when it has to go the usual way."""
    asking = begin(at_once, endpoint, services, scope, trace)
    if asking is None:
        return None
    engines = services.engines
    try:
        replies = await engines.valkey.ask(*asking.commands)
    except (EngineDown, ResponseError):
        return None
    if not is_current(asking, replies) and not await engines.changes.catch_up():
        return None
    return finish(asking, replies)


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
        elif name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            asked.has_body = True
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
