"""From a request to its endpoint's answer: who asks, may they, how often, with what, and then the handler."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import quote

import structlog

from linnet.api import at_once
from linnet.api.answers import Answer, as_answer, json_answer
from linnet.api.endpoint import Call, Endpoint
from linnet.api.errors import answer_of, answer_to_bug, overloaded
from linnet.api.forms import convert
from linnet.api.frozen import Frozen, is_closed
from linnet.api.grants import Authenticate
from linnet.api.incoming import BodyStream
from linnet.api.paging import Page
from linnet.api.parameters import BodyReader, Receive, read_parameters
from linnet.api.router import Router
from linnet.api.streamed import Streamed, begin, send_streamed
from linnet.api.turn import TURN, Turn
from linnet.platform.errors import Forbidden, NotFound, ProductError, TooMany, Unauthenticated
from linnet.platform.ids import parse_id
from linnet.platform.requests import Network, RequestHeaders, client_address

if TYPE_CHECKING:
    from linnet.features.sessions.models import Access
    from linnet.platform.engines import Engines
    from linnet.platform.postgres import Database
    from linnet.platform.valkey import Command

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]

TRACE = "linnet.trace"
"""Where in the ASGI scope the edge and the dispatcher tell each other about the request."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still do: `remaining` of `limit` requests until `resets_at` (UTC)."""

    limit: int
    remaining: int
    resets_at: datetime
    retry_after_s: int = 0
    """More than 0 when this very request is one too many."""


class Limiter(Protocol):
    """Counts requests per caller."""

    async def spend(self, call: Call) -> Allowance | None:
        """Count this request and tell what remains; None when that is not known."""
        ...

    def command(self, access: "Access", at_s: float) -> "Command":
        """What to ask Valkey, along with something else, to count a request of a signed-in caller at that moment."""
        ...

    def allowance_of(self, counts: Sequence[int], at_s: float) -> Allowance:
        """What the reply to `command` says."""
        ...


@dataclass(slots=True)
class Trace:
    """What is known of a request while it is answered: for its log line, its metrics and its headers."""

    request_id: str
    path: str
    """As it was asked for: a mount rewrites the one in the scope."""
    route: str = ""
    viewer_id: int | None = None
    allowance: Allowance | None = None
    tried: bool = False
    """Whether it could not be answered at once, so that it need not be tried again."""


@dataclass(frozen=True, slots=True)
class Services:
    """What every endpoint is called with."""

    engines: "Engines"
    authenticate: Authenticate
    limiter: Limiter | None
    public_url: str
    trusted_proxies: Sequence[Network] = field(default=())

    def address_of(self, scope: Scope) -> str:
        """The IP address a request came from."""
        return client_address(scope["client"], RequestHeaders(scope["headers"]), self.trusted_proxies)


async def dispatch(router: "Router[Dispatcher]", scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request by the endpoint table; for a path that is not in it, as for a record that is not there."""
    found = router.find(scope[TRACE].path)
    if found is None:
        await send_answer(send, answer_of(NotFound()), head=scope["method"] == "HEAD")
    else:
        dispatcher, values = found
        await dispatcher.answer(scope, receive, send, values)


class Dispatcher:
    """The endpoints of one path, by method."""

    def __init__(self, endpoints: Sequence[Endpoint], services: Services) -> None:
        self._by_method: Mapping[str, Endpoint] = {one.method: one for one in endpoints}
        assert len(self._by_method) == len(endpoints), f"declared twice: {endpoints[0].path}"
        self._services = services
        implied = ("OPTIONS", "HEAD") if "GET" in self._by_method else ("OPTIONS",)
        self._allow = ", ".join(sorted([*self._by_method, *implied]))

    async def answer(self, scope: Scope, receive: Receive, send: Send, path_values: Sequence[str]) -> None:
        """Answer one request; never raises but for a client that went away."""
        trace = cast("Trace", scope[TRACE])
        method = scope["method"]
        endpoint = self._by_method.get("GET" if method == "HEAD" else method)
        if endpoint is None:
            trace.route = next(iter(self._by_method.values())).path
            answer = self._other_method(method)
        else:
            trace.route = endpoint.path
            if endpoint.at_once is not None and method == "GET" and not trace.tried:
                ready = await at_once.answer(endpoint.at_once, endpoint, self._services, scope, trace)
                if ready is not None:
                    await send({"type": "http.response.start", "status": ready.status, "headers": ready.headers})
                    await send({"type": "http.response.body", "body": ready.body})
                    return
            answer = await self._answer(endpoint, scope, receive, path_values)
        if not isinstance(answer, Streamed):
            await send_answer(send, answer, head=method == "HEAD")
        elif not await send_streamed(receive, send, answer, head=method == "HEAD"):
            turn: Turn | None = scope.get(TURN)
            if turn is not None:  # else the server sees that the answer is too short, and hangs up by itself
                turn.abort()

    def _other_method(self, method: str) -> Answer:
        allow = (("Allow", self._allow),)
        if method == "OPTIONS":
            return Answer(204, b"", "", allow)
        return json_answer({"error": f"{method} is not possible here"}, status=405, headers=allow)

    async def _answer(
        self, endpoint: Endpoint, scope: Scope, receive: Receive, values: Sequence[str]
    ) -> Answer | Streamed:
        """The endpoint's answer, or that of whatever went wrong."""
        trace = cast("Trace", scope[TRACE])
        deadline = asyncio.timeout(endpoint.deadline_s)
        try:
            async with deadline, self._services.engines.db.kept() as db:
                answer = await self._call(self._call_of(endpoint, scope, trace, db), receive, values, trace)
                if isinstance(answer, Streamed) and scope["method"] != "HEAD":
                    return await begin(answer)
                return answer
        except ProductError as error:
            return answer_of(error)
        except Exception as error:  # noqa: BLE001 -- the request loop: one of the three places that catch everything
            if deadline.expired():
                log.warning("deadline passed", request_id=trace.request_id, route=trace.route)
                return overloaded("This took too long. Please try again in a moment.", retry_after_s=5)
            return answer_to_bug(error, request_id=trace.request_id)

    async def _call(self, call: Call, receive: Receive, values: Sequence[str], trace: Trace) -> Answer | Streamed:
        endpoint = call.endpoint
        await self._admit(call, trace)
        arguments = _path_arguments(endpoint, values)
        if endpoint.streams:
            call.body = BodyStream(receive)
        if endpoint.form is None:
            return _answer_with(call, await endpoint.handler(call, **arguments))
        headers = call.headers
        body = BodyReader(receive, length=headers.get("content-length"), bytes_max=endpoint.body_limit(call.engines))
        rule = None if endpoint.file_rule is None else partial(endpoint.file_rule, call.engines)
        parameters = await read_parameters(call.query, headers.get("content-type") or "", body, rule)
        try:
            form = convert(parameters.tree, endpoint.form)
            return _answer_with(call, await endpoint.handler(call, form=form, **arguments))
        finally:
            parameters.close()

    def _call_of(self, endpoint: Endpoint, scope: Scope, trace: Trace, db: "Database") -> Call:
        headers = RequestHeaders(scope["headers"])
        return Call(
            engines=replace(self._services.engines, db=db, changes=self._services.engines.changes.once()),
            endpoint=endpoint,
            headers=headers,
            path=trace.path,
            query=scope["query_string"],
            address=client_address(scope["client"], headers, self._services.trusted_proxies),
            public_url=self._services.public_url,
            request_id=trace.request_id,
        )

    async def _admit(self, call: Call, trace: Trace) -> None:
        """Find who asks, count the request, and refuse those who may not."""
        access = call.endpoint.viewer
        try:
            if access != "none":
                call.grant = await self._services.authenticate(call)
        finally:
            trace.viewer_id = call.viewer.account_id if call.viewer is not None else None
            if self._services.limiter is not None and call.endpoint.limited and trace.allowance is None:
                trace.allowance = await self._services.limiter.spend(call)
            if trace.allowance is not None and trace.allowance.retry_after_s:
                raise TooMany(retry_after_s=trace.allowance.retry_after_s)
        if call.grant is None:
            if access in ("required", "app"):
                raise Unauthenticated
            return
        if access == "required" and call.grant.viewer is None:
            raise Unauthenticated("This method requires an authenticated user")
        if call.endpoint.scope is not None and not call.grant.allows(call.endpoint.scope):
            raise Forbidden("This action is outside the authorized scopes")
        if call.grant.frozen and is_closed(call.endpoint):
            raise Frozen


def _path_arguments(endpoint: Endpoint, values: Sequence[str]) -> dict[str, int | str]:
    arguments: dict[str, int | str] = {}
    for parameter, text in zip(endpoint.path_parameters, values, strict=True):
        value = parse_id(text) if parameter.kind is int else text
        if value is None or "\0" in text:
            raise NotFound
        arguments[parameter.name] = value
    return arguments


def _answer_with(call: Call, value: object) -> Answer | Streamed:
    """The handler's value as an answer, with the headers it asked for."""
    if isinstance(value, Streamed):
        return value
    if isinstance(value, Page):
        link = value.link(call.address_of(quote(call.path)), call.query)
        if link is not None:
            call.answer_headers.append(("Link", link))
        value = cast("Page[object]", value).items
    answer = as_answer(value, status=call.answer_status)
    if not call.answer_headers:
        return answer
    return Answer(answer.status, answer.body, answer.content_type, (*answer.headers, *call.answer_headers))


async def send_answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    """Send a whole answer; to HEAD everything but the body."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    assert not any(b"\n" in value or b"\r" in value for _, value in headers), "a header is one line"
    if not any(name == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"private, no-store"))
    if answer.content_type:
        headers.append((b"content-type", answer.content_type.encode("latin-1")))
        headers.append((b"content-length", b"%d" % len(answer.body)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
