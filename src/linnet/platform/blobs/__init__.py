"""Files by name, in a folder of this machine or in a bucket of S3, Google or Azure. Decision 0031.

Nothing is held whole in memory. Every method raises `EngineDown` when the store is away.
"""

import asyncio
import re
import shutil
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING, Final

import obstore

from linnet.platform.blobs.arriving import Arriving, Written
from linnet.platform.blobs.drafts import UNFINISHED, BucketDraft, Draft, FolderDraft, in_thread
from linnet.platform.blobs.failures import ENGINE, BlobMissing, asking, bytes_moved
from linnet.platform.blobs.reading import READ_BYTES, read_folder
from linnet.platform.errors import EngineDown

if TYPE_CHECKING:  # obstore has these names for type checkers only
    from obstore import GetOptions, ListStream, ObjectMeta
    from obstore.store import ObjectStore

__all__ = ["Arriving", "BlobMissing", "Blobs", "Found", "Written", "is_name"]

_NAME: Final = re.compile(r"[a-zA-Z0-9_-][a-zA-Z0-9._-]*(/[a-zA-Z0-9_-][a-zA-Z0-9._-]*)*")
"""Names that are harmless as paths and in addresses; none that begins with a dot."""
_FILE_BYTES: Final = 1024 * 1024
_DELETED_AT_ONCE: Final = 1000
"""Names of one request to delete: S3's limit."""
_LISTED_AT_ONCE: Final = 1000
_TRIAL_BYTES: Final = 1024


def is_name(text: str) -> bool:
    """Whether a file may have this name."""
    return _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a list."""

    name: str
    bytes: int
    modified_at: datetime


class Blobs:
    """A store of files. Made without one, as tests of other things do, it is always away."""

    def __init__(self, store: "ObjectStore | None" = None, *, folder: Path | None = None, where: str = "") -> None:
        self._store = store
        self.folder = folder
        """The folder that it is, if it is one."""
        self.where = where
        """Where it is, in words for operators, without secrets."""

    async def write(self, name: str, chunks: AsyncIterable[bytes], *, bytes_max: int, content_type: str) -> Written:
        """Make a file, or replace it, of what comes; it is seen once it is whole, and nothing stays of one that fails.

        Raises `TooLarge` beyond `bytes_max`, `StoreFull`, and whatever `chunks` raises.
        """
        arriving = self.begin(name, bytes_max=bytes_max, content_type=content_type)
        try:
            async for chunk in chunks:
                await arriving.add(chunk)
            return await arriving.finish()
        except BaseException:
            await arriving.discard()
            raise

    def begin(self, name: str, *, bytes_max: int, content_type: str) -> Arriving:
        """`write` a file of which it is not known yet whether it is wanted. Whoever begins it ends it."""
        return Arriving(self._draft(name, content_type), name, bytes_max)

    async def put_file(self, name: str, path: Path, *, content_type: str) -> Written:
        """`write` a file of this machine."""
        size = (await asyncio.to_thread(path.stat)).st_size
        return await self.write(name, _contents(path), bytes_max=size, content_type=content_type)

    async def read(self, name: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to but without `end`, in pieces; `BlobMissing` at the first, if there is none."""
        if end is not None and start >= end:
            return
        with asking("read", name):
            pieces = await self._pieces_of(name, start, end)
            piece = await anext(pieces, b"")
        try:
            while piece:
                bytes_moved.labels("read").inc(len(piece))
                yield piece
                with asking("read on", name):
                    piece = await anext(pieces, b"")
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()

    async def size(self, name: str) -> int:
        """Bytes of a file; `BlobMissing` if there is none."""
        with asking("size", name):
            return (await obstore.head_async(self._opened(name), name))["size"]

    async def fetch(self, name: str, path: Path) -> None:
        """Copy a file to one of this machine; `BlobMissing`, and then none is made."""
        pieces = self.read(name)
        piece = await anext(pieces, b"")
        with await asyncio.to_thread(path.open, "wb") as file:
            while piece:
                await in_thread(file.write, piece)
                piece = await anext(pieces, b"")

    async def delete(self, names: Sequence[str]) -> None:
        """Delete files; those that are not there are fine."""
        for start in range(0, len(names), _DELETED_AT_ONCE):
            some = names[start : start + _DELETED_AT_ONCE]
            try:
                with asking("delete"):
                    await obstore.delete_async(self._opened(*some), some)
            except BlobMissing:  # all but S3 stop at one that is missing
                for name in some:
                    await self._delete(name)

    async def list(self, prefix: str) -> AsyncIterator[Found]:
        """Every file below `prefix`, which ends where a part of a name ends; `""`: every file. In any order."""
        with asking("list"):
            pages = _pages(self._opened(), prefix)
        while True:
            try:
                with asking("list"):
                    page = await anext(pages)
            except StopAsyncIteration:
                return
            for meta in page:
                if not meta["path"].startswith(UNFINISHED):
                    yield Found(meta["path"], meta["size"], meta["last_modified"])

    async def forget_unfinished(self, *, older_s: float) -> int:
        """Delete what writers left who were killed `older_s` ago; how many. For a bucket its own rules do that."""
        if self.folder is None:
            return 0
        with asking("forget unfinished"):
            return await in_thread(_delete_old, self.folder / UNFINISHED, time.time() - older_s)

    async def free_bytes(self) -> int | None:
        """What still fits; None: only the bucket's owner knows."""
        if self.folder is None:
            return None
        with asking("free bytes"):
            return (await asyncio.to_thread(shutil.disk_usage, self.folder)).free

    async def try_out(self) -> None:
        """Write, read and delete a small file; raises what any of it raises."""
        name = f"trial-{token_hex(8)}"
        contents = token_bytes(_TRIAL_BYTES)
        await self.write(name, _once(contents), bytes_max=_TRIAL_BYTES, content_type="application/octet-stream")
        read = b"".join([piece async for piece in self.read(name)])
        await self.delete([name])
        if read != contents:
            raise EngineDown(ENGINE)

    async def _pieces_of(self, name: str, start: int, end: int | None) -> AsyncIterator[bytes]:
        store = self._opened(name)
        if self.folder is not None:
            return read_folder(self.folder / name, start, end)
        options: GetOptions = {}
        if end is not None:
            options = {"range": (start, end)}
        elif start:
            options = {"range": {"offset": start}}
        return (await obstore.get_async(store, name, options=options)).stream(READ_BYTES)

    def _draft(self, name: str, content_type: str) -> Draft:
        store = self._opened(name)
        return BucketDraft(store, name, content_type) if self.folder is None else FolderDraft(self.folder, name)

    def _opened(self, *names: str) -> "ObjectStore":
        assert all(map(is_name, names)), "names of files are made by us, and harmless"
        if self._store is None:
            raise EngineDown(ENGINE)
        return self._store

    async def _delete(self, name: str) -> None:
        try:
            with asking("delete", name):
                await obstore.delete_async(self._opened(name), name)
        except BlobMissing:
            return


def _pages(store: "ObjectStore", prefix: str) -> "ListStream[Sequence[ObjectMeta]]":
    return obstore.list(store, prefix or None, chunk_size=_LISTED_AT_ONCE)  # pyright: ignore[reportUnknownMemberType] -- some of it is of Arrow, which is not installed


async def _contents(path: Path) -> AsyncGenerator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await in_thread(file.read, _FILE_BYTES):
            yield chunk


async def _once(contents: bytes) -> AsyncGenerator[bytes]:
    yield contents


def _delete_old(folder: Path, before: float) -> int:
    if not folder.exists():
        return 0
    old = [file for file in folder.iterdir() if file.stat().st_mtime < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
