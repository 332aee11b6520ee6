"""A file that comes as whoever sends it likes, on its way into a store."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256

from linnet.platform.blobs.drafts import Draft, in_thread
from linnet.platform.blobs.failures import asking, bytes_moved
from linnet.platform.errors import TooLarge


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    bytes: int
    sha256: str
    """In hexadecimal."""


class Arriving:
    """A file on its way. Either `finish`, after which it is seen, or `discard`, after which nothing of it is, ends it.

    All of it raises `EngineDown` while the store is away, and `StoreFull`.
    """

    def __init__(self, draft: Draft, name: str, bytes_max: int) -> None:
        self._draft = draft
        self._name = name
        self._bytes_max = bytes_max
        self._gathered = bytearray()
        self._digest = sha256()
        self.bytes = 0
        """That have come so far."""

    async def add(self, chunk: bytes) -> None:
        """Take the next bytes, as many as there are; `TooLarge` as soon as there are too many."""
        self.bytes += len(chunk)
        if self.bytes > self._bytes_max:
            raise TooLarge(f"The file is larger than {self._bytes_max:,} bytes, which is the most")
        self._gathered += chunk
        while len(self._gathered) >= self._draft.piece_bytes:
            piece = bytes(memoryview(self._gathered)[: self._draft.piece_bytes])
            del self._gathered[: self._draft.piece_bytes]
            await self._add(piece)

    async def finish(self) -> Written:
        """Make it durable and seen; what it is."""
        if self._gathered:
            await self._add(bytes(self._gathered))
            self._gathered.clear()
        with asking("finish", self._name):
            await self._draft.finish()
        bytes_moved.labels("written").inc(self.bytes)
        return Written(self.bytes, self._digest.hexdigest())

    async def discard(self) -> None:
        """Leave nothing behind."""
        with asking("discard", self._name):
            await self._draft.discard()

    async def _add(self, piece: bytes) -> None:
        with asking("write", self._name):
            digesting = asyncio.ensure_future(in_thread(self._digest.update, piece))
            try:
                await self._draft.add(piece)
            finally:
                await digesting
