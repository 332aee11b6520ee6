"""An endpoint as one value of the table that the app and its OpenAPI document are made from, and one call to it."""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeVar, get_type_hints

from linnet.api.forms import Form
from linnet.api.incoming import BodyStream
from linnet.api.parameters import BODY_BYTES_MAX
from linnet.api.uploads import Landing
from linnet.platform.requests import RequestHeaders

if TYPE_CHECKING:
    from linnet.api.at_once import AtOnce
    from linnet.api.grants import Grant
    from linnet.features.accounts.models import Viewer
    from linnet.platform.engines import Engines

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Access = Literal["required", "optional", "none", "app"]
"""Who may call: an account's token · anyone, and a token is looked at · anyone, no token is looked at · any token."""

DEADLINE_S = 30.0
_PARAMETER = re.compile(r"{(\w+)}")

FileRule = Callable[["Engines", str, bytes], int]
"""How many bytes a file in a form may have, by its field's name and its first bytes; raises for what is refused."""

Lands = Callable[["Engines", str, bytes], Awaitable[Landing]]
"""Begins to take in a file of a form, which is never whole on this machine; raises for what is refused."""

Handler = Callable[..., Awaitable[object]]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class PathParameter:
    """A part of the path: `int` ones are ids (anything else is "Record not found"), `str` ones come as they are."""

    name: str
    kind: type[int] | type[str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path: who may call it, what it takes, what it answers, and the function that does it."""

    method: Method
    path: str
    handler: Handler
    viewer: Access
    scope: str | None
    status: int
    also: tuple[int, ...]
    form: type[Form] | None
    path_parameters: tuple[PathParameter, ...]
    answer: object
    summary: str
    description: str
    tag: str
    hidden: bool
    limited: bool
    unconfirmed: bool
    streams: bool
    body_bytes_max: "int | Callable[[Engines], int]"
    deadline_s: float
    at_once: "AtOnce | None"
    file_rule: FileRule | None = None
    land: Lands | None = None

    @property
    def shape(self) -> str:
        """The path without its parameters' names, by which endpoints share a route: `/api/v1/statuses/{}`."""
        return _PARAMETER.sub("{}", self.path)

    def body_limit(self, engines: "Engines") -> int:
        """How many bytes a body may have."""
        return self.body_bytes_max if isinstance(self.body_bytes_max, int) else self.body_bytes_max(engines)


def endpoint(
    method: Method,
    path: str,
    *,
    scope: str | None = None,
    viewer: Access = "required",
    status: int = 200,
    also: Sequence[int] = (),
    hidden: bool = False,
    limited: bool = True,
    unconfirmed: bool = False,
    streams: bool = False,
    body_bytes_max: "int | Callable[[Engines], int]" = BODY_BYTES_MAX,
    deadline_s: float = DEADLINE_S,
    at_once: "AtOnce | None" = None,
    file_rule: FileRule | None = None,
    land: Lands | None = None,
) -> Callable[[Handler], Endpoint]:
    """Declare the decorated `async def (call, [path parameters], [form: Form])` as an endpoint.

    The docstring's first line is the summary in OpenAPI, and the return annotation its answer. `also` names other
    success statuses that the handler may set in `call.answer_status`; `hidden` keeps it out of OpenAPI (HTML pages).
    `limited=False` is for monitoring: no rate limit, and an answer also when the server is too busy for others.
    `at_once` gives the answer of most GETs without calling the handler (see `api/at_once.py`).
    `unconfirmed` lets new members in who have not confirmed their address yet. Where settings say how large a body may
    be, `body_bytes_max` asks them; `file_rule` looks at files while they arrive, and `land` takes them in. `streams` is
    for bodies that are no parameters: the handler takes `call.body` piece by piece as it comes.
    """

    def declare(handler: Handler) -> Endpoint:
        answer, form, parameters = _signature_of(handler, path)
        summary, _, description = inspect.cleandoc(handler.__doc__ or "").partition("\n")
        return Endpoint(
            method=method,
            path=path,
            handler=handler,
            viewer=viewer,
            scope=scope,
            status=status,
            also=tuple(also),
            form=form,
            path_parameters=parameters,
            answer=answer,
            summary=summary,
            description=description.strip(),
            tag=handler.__module__.rpartition(".")[2],
            hidden=hidden,
            limited=limited,
            unconfirmed=unconfirmed,
            streams=streams,
            body_bytes_max=body_bytes_max,
            deadline_s=deadline_s,
            at_once=at_once,
            file_rule=file_rule,
            land=land,
        )

    return declare


def _signature_of(handler: Handler, path: str) -> tuple[object, type[Form] | None, tuple[PathParameter, ...]]:
    """What a handler answers, the form it takes, and the parameters of its path."""
    hints = get_type_hints(handler, include_extras=True)
    answer = hints.pop("return")
    hints.pop(next(iter(inspect.signature(handler).parameters)))
    form = hints.pop("form", None)
    names = _PARAMETER.findall(path)
    assert sorted(names) == sorted(hints), f"{handler.__qualname__} and {path} name different path parameters"
    assert form is None or issubclass(form, Form), f"{handler.__qualname__}: form must be a Form"
    return answer, form, tuple(PathParameter(name, hints[name]) for name in names)


def endpoints_in(*modules: ModuleType) -> tuple[Endpoint, ...]:
    """Every endpoint declared in the modules, in the order of their text."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Endpoint))


class Call:
    """One request to one endpoint: who asks, from where, and what the answer will carry besides its body."""

    __slots__ = (
        "address",
        "answer_headers",
        "answer_status",
        "body",
        "endpoint",
        "engines",
        "grant",
        "headers",
        "path",
        "public_url",
        "query",
        "request_id",
    )

    def __init__(
        self,
        *,
        engines: "Engines",
        endpoint: Endpoint,
        headers: RequestHeaders,
        path: str,
        query: bytes,
        address: str,
        public_url: str,
        request_id: str,
    ) -> None:
        self.engines = engines
        self.endpoint = endpoint
        self.headers = headers
        self.path = path
        self.query = query
        self.address = address
        """The client's IP address, found through trusted proxies only; empty on a Unix socket without any."""
        self.public_url = public_url
        """Scheme, host and port that every address is made from, without a slash at the end."""
        self.request_id = request_id
        self.grant: Grant | None = None
        """The token that came with the request."""
        self.body: BodyStream | None = None
        """What comes after the head, for an endpoint that `streams`."""
        self.answer_headers: list[tuple[str, str]] = []
        self.answer_status = endpoint.status

    @property
    def viewer(self) -> "Viewer | None":
        """Whom the token speaks for; None is the public (or an app by itself)."""
        return None if self.grant is None else self.grant.viewer

    @property
    def me(self) -> "Viewer":
        """The viewer of an endpoint that requires one."""
        viewer = self.viewer
        assert viewer is not None, "call.me is for endpoints that require a viewer"
        return viewer

    @property
    def bearer(self) -> str | None:
        """The token of the `Authorization: Bearer …` header, or None."""
        scheme, _, token = (self.headers.get("authorization") or "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    @property
    def cookies(self) -> Mapping[str, str]:
        """The request's cookies by name; none when the header cannot be read."""
        try:
            jar = SimpleCookie(self.headers.get("cookie") or "")
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

    def address_of(self, path: str) -> str:
        """The absolute public URL of a path that starts with a slash."""
        return self.public_url + path
