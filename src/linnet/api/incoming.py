"""Bodies that are no parameters, but bytes for whoever takes them as they come."""

import asyncio
from typing import cast

from linnet.api.parameters import Receive


class BodyStream:
    """A body that is taken as it comes, by whoever knows how much of it there may be."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False
        self.was_cut = False
        """Whether the client went away, or its connection broke, before all had come."""

    async def next(self, within_s: float) -> bytes:
        """The next bytes; none at the end, or when no more will come. `TimeoutError` when they take longer.

        After a `TimeoutError` it may be asked again: nothing is lost.
        """
        while not self._ended:
            async with asyncio.timeout(within_s):
                message = await self._receive()
            if message["type"] == "http.disconnect":
                self.was_cut = self._ended = True
                break
            self._ended = not message.get("more_body", False)
            if piece := cast("bytes", message.get("body", b"")):
                return piece
        return b""
