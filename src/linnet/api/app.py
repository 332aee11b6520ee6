"""The API as one ASGI application: the edge, and in it the dispatcher by the endpoint table."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linnet.api.dispatch import Dispatcher, Limiter, Scope, Send, Services, dispatch
from linnet.api.doors import Doors
from linnet.api.edge import Edge, EdgeConfig
from linnet.api.endpoint import Endpoint
from linnet.api.express import Express
from linnet.api.grants import Authenticate
from linnet.api.parameters import Receive
from linnet.api.reference import api_pages
from linnet.api.router import Router
from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.platform.requests import Network

if TYPE_CHECKING:
    from linnet.platform.engines import Engines


def build(
    endpoints: Sequence[Endpoint],
    *,
    engines: "Engines",
    authenticate: Authenticate,
    edge: EdgeConfig,
    limiter: Limiter | None = None,
    gate: Gate | None = None,
    trusted_proxies: Sequence[Network] = (),
) -> Edge:
    """The application that answers these endpoints, their OpenAPI document and its page, to whom `gate` lets in.

    Run it in a server that does not rewrite the client's address itself (uvicorn: `proxy_headers=False`).
    """
    services = Services(engines, authenticate, limiter, edge.public_url, trusted_proxies)
    by_shape: dict[str, list[Endpoint]] = defaultdict(list)
    for one in (*endpoints, *api_pages(endpoints, edge.public_url)):
        by_shape[one.shape].append(one)
    router = Router({shape: Dispatcher(group, services) for shape, group in by_shape.items()})

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await dispatch(router, scope, receive, send)

    doors = Doors(answer, services, gate)
    built = Edge(doors, edge)
    built.express = Express(built, services, endpoints, doors)
    return built
