"""Who is not answered at all: requests from networks that staff have shut out get 403, whatever they are for."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from linnet.api.answers import Answer, json_answer
from linnet.api.dispatch import Scope, Send, Services, send_answer
from linnet.api.parameters import Receive
from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.platform.site import Site

MONITORING_PATHS: Final = ("/health", "/metrics")
"""What is answered to everybody: whoever looks after the server must not be locked out of knowing how it is."""

App = Callable[[Any, Any, Any], Awaitable[None]]


class Doors:
    """An ASGI application around another one, which those whom the gate lets in come to."""

    def __init__(self, app: App, services: Services, gate: Gate | None) -> None:
        self._app = app
        self._services = services
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let somebody in, or answer why not."""
        if self._gate is not None and not self._gate.is_fresh and not scope["path"].startswith(MONITORING_PATHS):
            await self._gate.refresh(self._services.engines)
        if self.are_open(scope):
            await self._app(scope, receive, send)
        else:
            await send_answer(send, self._refusal(), head=scope["method"] == "HEAD")

    def are_open(self, scope: Scope) -> bool:
        """Whether whoever sends this request may come in, by what is known; where nobody is shut out, at no cost."""
        if self._gate is None or not self._gate.shuts_out or scope["path"].startswith(MONITORING_PATHS):
            return True
        services = self._services
        return self._gate.may_enter(services.address_of(scope), services.engines.clock.now())

    def open_at_once(self, scope: Scope) -> bool:
        """The same for the short way, which waits for nothing: False also where the blocks must be read first."""
        return self._gate is None or (self._gate.is_fresh and self.are_open(scope))

    def _refusal(self) -> Answer:
        contact = self._services.engines.config(Site).contact_email
        ask = f" If you think that this is a mistake, write to {contact}." if contact else ""
        return json_answer({"error": f"This server does not answer requests from your network.{ask}"}, status=403)
