"""The API as one ASGI application: the edge, Litestar, and in it one raw handler that dispatches by the endpoint table.

Litestar 2.25 cannot route to raw handlers at paths with parameters (its trie looks their parameters up by method and
raises KeyError), so one handler is mounted at `/` and `router.py` finds the endpoint.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, cast

from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import asgi
from litestar.types import Receive, Scope, Send

from linnet.api.answers import JSON
from linnet.api.dispatch import TRACE, Dispatcher, Limiter, Network, Services, dispatch
from linnet.api.edge import Edge, EdgeConfig
from linnet.api.endpoint import Endpoint
from linnet.api.errors import answer_to_bug
from linnet.api.grants import Authenticate
from linnet.api.reference import api_pages
from linnet.api.router import Router

if TYPE_CHECKING:
    from linnet.platform.engines import Engines

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def build(
    endpoints: Sequence[Endpoint],
    *,
    engines: "Engines",
    authenticate: Authenticate,
    edge: EdgeConfig,
    limiter: Limiter | None = None,
    trusted_proxies: Sequence[Network] = (),
    lifespan: Sequence[Lifespan] = (),
) -> Edge:
    """The application that answers these endpoints, their OpenAPI document and its page.

    Run it in a server that does not rewrite the client's address itself (uvicorn: `proxy_headers=False`).
    """
    services = Services(engines, authenticate, limiter, edge.public_url, trusted_proxies)
    by_shape: dict[str, list[Endpoint]] = defaultdict(list)
    for one in (*endpoints, *api_pages(endpoints, edge.public_url)):
        by_shape[one.shape].append(one)
    router = Router({shape: Dispatcher(group, services) for shape, group in by_shape.items()})

    @asgi("/", is_mount=True, copy_scope=False)
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await dispatch(router, cast("Any", scope), cast("Any", receive), cast("Any", send))

    litestar = Litestar(
        route_handlers=[answer],
        lifespan=list(lifespan),
        exception_handlers={HTTPException: _answer_to_litestar, Exception: _answer_to_bug},
        openapi_config=None,
        logging_config=None,
    )
    return Edge(litestar, edge)


def _answer_to_litestar(_: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The answer when Litestar itself refuses, as for a Host header that is none."""
    return Response({"error": error.detail}, status_code=error.status_code, media_type=JSON)


def _answer_to_bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer when something broke between the edge and a dispatcher."""
    answer = answer_to_bug(error, request_id=cast("Any", request.scope)[TRACE].request_id)
    return Response(answer.body, status_code=answer.status, media_type=answer.content_type)
