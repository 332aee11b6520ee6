"""A small API of its own for the tests of the edge: what real routes look like, with nothing behind them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any, Literal, cast

import httpx
import msgspec

from linnet.api.answers import Html, NoContent, Redirect
from linnet.api.app import build
from linnet.api.dispatch import Allowance, Limiter
from linnet.api.edge import Edge, EdgeConfig
from linnet.api.endpoint import Call, Endpoint, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.uploads import Upload
from linnet.features.accounts.models import Viewer
from linnet.features.sessions.models import Access
from linnet.platform.changes import Changes
from linnet.platform.clock import SystemClock
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown, Invalid, Problem, Unauthenticated
from linnet.platform.postgres import Database
from linnet.platform.valkey import Command

PUBLIC_URL = "https://birds.example"


class Bird(msgspec.Struct):
    """A bird, as the toy API answers it."""

    id: str
    name: str
    wings: int = 2


class BirdForm(Form):
    """A bird to be written down."""

    name: str
    colour: Literal["red", "blue"] | None = None
    seen: list[str] = msgspec.field(default_factory=list[str])


class PictureForm(Form):
    """A picture of a bird."""

    file: Upload
    description: str | None = None


class LedgerPageForm(PageForm):
    """A page of birds, of one colour perhaps."""

    colour: str | None = None
    with_ids: list[int] = msgspec.field(default_factory=list[int])


@endpoint("POST", "/api/v1/birds", scope="write:birds")
async def write_down(call: Call, form: BirdForm) -> Bird:
    """Write down a bird."""
    return Bird(str(call.me.account_id), form.name)


@endpoint("GET", "/api/v1/birds", viewer="optional", scope="read:birds")
async def birds(call: Call, form: LedgerPageForm) -> Page[Bird]:
    """List birds.

    Newest first.
    """
    window = form.window
    row_ids = [row_id for row_id in range(100, 0, -1) if window.max_id is None or row_id < window.max_id]
    page = row_ids[: window.limit]
    return Page.of([Bird(str(row_id), "finch") for row_id in page], page, window, more=len(row_ids) > len(page))


@endpoint("GET", "/api/v1/birds/{bird_id}", viewer="none")
async def show_bird(call: Call, bird_id: int) -> Bird:
    """Show a bird."""
    return Bird(str(bird_id), "finch")


@endpoint("DELETE", "/api/v1/birds/{id}", viewer="app", scope="write:birds")
async def forget_bird(call: Call, id: int) -> None:  # noqa: A002 -- named as in another route of the same path
    """Forget a bird."""


@endpoint("GET", "/api/v1/birds/named/{name}", viewer="none")
async def birds_named(call: Call, name: str) -> list[Bird]:
    """List the birds of a name."""
    return [Bird("1", name)]


@endpoint("POST", "/api/v1/pictures", viewer="none", body_bytes_max=2 * 1024 * 1024, also=(202,))
async def add_picture(call: Call, form: PictureForm) -> Bird:
    """Add a picture."""
    call.answer_status = 202
    return Bird(str(form.file.size), form.file.filename)


@endpoint("GET", "/api/v1/broken", viewer="none")
async def broken(call: Call) -> Bird:
    """Fail through a mistake of ours."""
    return cast("dict[str, Bird]", {})["none"]


@endpoint("GET", "/api/v1/lost", viewer="none")
async def lost(call: Call) -> Bird:
    """Fail because an engine is away."""
    raise EngineDown("valkey", retry_after_s=7)


@endpoint("GET", "/api/v1/taken", viewer="none")
async def taken(call: Call) -> Bird:
    """Fail a rule."""
    raise Invalid("Validation failed: Name is taken", {"name": [Problem("ERR_TAKEN", "is taken")]})


@endpoint("GET", "/api/v1/slow", viewer="none", deadline_s=0.05)
async def slow(call: Call) -> Bird:
    """Take too long."""
    await asyncio.sleep(10)
    return Bird("1", "late")


@endpoint("GET", "/api/v1/where", viewer="none")
async def where(call: Call) -> list[str]:
    """Say where the call came from."""
    return [call.address, call.request_id]


@endpoint("POST", "/api/v1/logout", viewer="none")
async def log_out(call: Call) -> NoContent:
    """Log out."""
    return NoContent((("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")))


@endpoint("GET", "/oauth/authorize", viewer="none", hidden=True)
async def authorize(call: Call) -> Html | Redirect:
    """Show a page."""
    return Html("<!doctype html><title>Sign in</title>")


@endpoint("GET", "/away", viewer="none", hidden=True)
async def away(call: Call) -> Redirect:
    """Go away."""
    return Redirect("app://back?code=1\r\nSet-Cookie: evil=1&name=é")


@endpoint("GET", "/health/live", viewer="none", hidden=True)
async def live(call: Call) -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "ok"}


ENDPOINTS: tuple[Endpoint, ...] = tuple(one for one in list(globals().values()) if isinstance(one, Endpoint))


@dataclass(frozen=True)
class ToyGrant:
    """A token of the toy API: what it says, it is."""

    viewer: Viewer | None
    scopes: frozenset[str]
    frozen: bool = False

    @property
    def counted_as(self) -> int:
        """One token for each set of scopes."""
        return len(self.scopes)

    def allows(self, scope: str) -> bool:
        """Whether the scope was granted."""
        return scope in self.scopes


async def authenticate(call: Call) -> ToyGrant | None:
    """Tokens are `app` or an account's number, then the scopes, separated by commas: `7,read:birds`."""
    if call.bearer is None:
        return None
    who, *scopes = call.bearer.split(",")
    if who == "app":
        return ToyGrant(None, frozenset(scopes))
    if not who.isdigit():
        raise Unauthenticated
    return ToyGrant(Viewer(int(who)), frozenset(scopes))


class CountdownLimiter:
    """Three requests, then no more."""

    def __init__(self) -> None:
        self.left = 4

    async def spend(self, call: Call) -> Allowance | None:
        """Count down."""
        self.left -= 1
        retry_after_s = 0 if self.left > 0 else 9
        return Allowance(3, max(self.left, 0), datetime(2026, 1, 2, 3, 4, 5, 6, UTC), retry_after_s)

    def command(self, access: Access, at_s: float) -> Command:
        """No page of this API is answered at once."""
        raise NotImplementedError

    def allowance_of(self, counts: Sequence[int], at_s: float) -> Allowance:
        """As above."""
        raise NotImplementedError


_NOBODY = cast("Any", None)
UNCONNECTED = Engines(Database(_NOBODY), _NOBODY, _NOBODY, Changes(_NOBODY), SystemClock(), reactions={})
"""Engines that nobody may ask anything."""


def toy_app(
    *,
    engines: Engines | None = None,
    limiter: Limiter | None = None,
    in_flight_max: int = 100,
    public_url: str = PUBLIC_URL,
) -> Edge:
    """The toy API behind the real edge; 10.0.0.0/8 are trusted proxies. Its handlers need no engines, a limiter may."""
    return build(
        ENDPOINTS,
        engines=engines or UNCONNECTED,
        authenticate=authenticate,
        edge=EdgeConfig(public_url, in_flight_max=in_flight_max),
        limiter=limiter,
        trusted_proxies=[ip_network("10.0.0.0/8")],
    )


def client_of(app: Edge, *, client: tuple[str, int] = ("192.0.2.7", 4000), **more: Any) -> httpx.AsyncClient:
    """An HTTP client that calls the app without a socket."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=client), base_url=PUBLIC_URL, **more)  # pyright: ignore[reportArgumentType] -- httpx types ASGI's scope by hand
