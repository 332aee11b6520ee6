"""Files on their way into a store: seen by nobody before they are whole; of one that is given up nothing stays."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final, ParamSpec, Protocol, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

UNFINISHED: Final = ".unfinished"
"""The folder, in a store that is a folder, of files on their way."""
_DISCARD_S_MAX: Final = 30.0
_OPEN_FILES: Final = "/proc/self/fd"
_PUTS_MAX: Final = 3
"""Attempts to put a file into a folder that is being removed because it has just become empty."""

P = ParamSpec("P")
R = TypeVar("R")


class Draft(Protocol):
    """A file on its way. Either `finish` or `discard` ends it."""

    piece_bytes: int
    """How much it takes at a time; less only at the end."""

    async def add(self, piece: bytes) -> None:
        """Take the next bytes."""
        ...

    async def finish(self) -> None:
        """From now on it can be read, and it is still there after a power cut."""
        ...

    async def discard(self) -> None:
        """Leave nothing behind."""
        ...


class FolderDraft:
    """A file beside the others until it is renamed.

    obstore would do the same but for two things: it does not wait until the disk has it, and what a killed process
    leaves behind is in no list.
    """

    piece_bytes = 1024 * 1024

    def __init__(self, root: Path, name: str) -> None:
        self._root = root
        self._target = root / name
        self._path = root / UNFINISHED / token_hex(16)
        self._file = -1
        self._named = False

    async def add(self, piece: bytes) -> None:
        """Take the next bytes."""
        await in_thread(self._write, piece)

    async def finish(self) -> None:
        """Make it durable, then visible."""
        await in_thread(self._publish)

    async def discard(self) -> None:
        """Remove it."""
        await in_thread(self._remove)

    def _write(self, piece: bytes) -> None:
        if self._file < 0:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = self._open()
        left = memoryview(piece)
        while left:
            left = left[os.write(self._file, left) :]

    def _open(self) -> int:
        """A file without a name, which is gone when its writer is killed; with one where the disk knows none such."""
        if sys.platform == "linux" and Path(_OPEN_FILES).exists():
            with suppress(OSError):
                return os.open(self._path.parent, os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0o600)
        self._named = True
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def _publish(self) -> None:
        if self._file < 0:
            self._write(b"")
        os.fsync(self._file)
        if not self._named:
            nameless = f"{_OPEN_FILES}/{self._file}"
            os.link(nameless, self._path, src_dir_fd=self._file, follow_symlinks=True)  # only so does Python follow
            self._named = True
        for attempt in range(_PUTS_MAX):
            try:
                self._target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._path.replace(self._target)
                break
            except (FileExistsError, FileNotFoundError):  # an empty folder is removed by whoever deletes its last file
                if attempt == _PUTS_MAX - 1:
                    raise
        self._close()
        for folder in (self._target.parent, *self._target.parent.parents):
            _sync(folder)
            if folder == self._root:
                break

    def _remove(self) -> None:
        self._close()
        self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class BucketDraft:
    """One request for a small file; a multipart upload, which is aborted unless it is finished, for a large one."""

    piece_bytes = 5 * 1024 * 1024
    """The least that S3 takes as a part; it takes 10,000 of them."""

    def __init__(self, store: ObjectStore, name: str, content_type: str) -> None:
        self._store = store
        self._name = name
        self._attributes: dict[str, str] = {"Content-Type": content_type}
        self._first: bytes | None = None
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        self._putting: asyncio.Task[None] | None = None
        self._given_up = False

    async def add(self, piece: bytes) -> None:
        """Take the next bytes."""
        if self._putting is None and self._first is None:
            self._first = piece
            return
        if self._putting is None:
            self._putting = asyncio.create_task(self._put_parts())
            await self._hand_over(self._first)
        await self._hand_over(piece)

    async def finish(self) -> None:
        """Complete it."""
        if self._putting is None:
            await self._put(self._first or b"")
        else:
            await self._hand_over(None)
            await self._putting

    async def discard(self) -> None:
        """Have it aborted. Waits for that, but not for ever: the store may be what is away."""
        if self._putting is None:
            return
        self._given_up = True
        while not self._pieces.empty():
            self._pieces.get_nowait()
        self._pieces.put_nowait(None)
        await asyncio.wait([self._putting], timeout=_DISCARD_S_MAX)
        self._putting.cancel()
        with suppress(BaseError, OSError, _GivenUp, asyncio.CancelledError):
            await self._putting

    async def _hand_over(self, piece: bytes | None) -> None:
        assert self._putting is not None
        handing = asyncio.ensure_future(self._pieces.put(piece))
        await asyncio.wait([handing, self._putting], return_when=asyncio.FIRST_COMPLETED)
        if not handing.done():
            handing.cancel()
            await self._putting  # raises what ended it

    async def _put(self, whole: bytes) -> None:
        await obstore.put_async(self._store, self._name, whole, attributes=self._attributes, use_multipart=False)

    async def _put_parts(self) -> None:
        """The upload has a task of its own, so that it is aborted, and not just left, when its writer is cancelled."""
        await obstore.put_async(
            self._store,
            self._name,
            self._handed_over(),
            attributes=self._attributes,
            chunk_size=self.piece_bytes,
            max_concurrency=2,
        )

    async def _handed_over(self) -> AsyncGenerator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            yield piece
        if self._given_up:
            raise _GivenUp


class _GivenUp(Exception):
    """Raised within obstore, which then aborts the upload."""


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`asyncio.to_thread`, except that who is cancelled waits for the thread, which goes on with what is shared."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
