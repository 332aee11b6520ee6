"""What our own server offers besides ASGI: a request that can be answered whole, in one write."""

from collections.abc import Sequence
from typing import Protocol

from linnet.platform.requests import TURN

__all__ = ["TURN", "Turn"]


class Turn(Protocol):
    """A request whose turn it is, on its connection: for who answers it whole, without messages of ASGI."""

    @property
    def connection(self) -> object:
        """What is the same for every request of its connection."""
        ...

    @property
    def has_gone(self) -> bool:
        """Whether whoever asked has hung up."""
        ...

    @property
    def is_slow(self) -> bool:
        """Whether whoever asked has not read what was sent before: then messages wait for them."""
        ...

    def send(self, status: int, head: Sequence[bytes], body: bytes) -> None:
        """Answer it: the headers, each part with its end of line, and the body."""
        ...

    def abort(self) -> None:
        """Cut the connection, whatever was not sent yet."""
        ...

    def go_on(self) -> None:
        """Have it answered the usual way."""
        ...
