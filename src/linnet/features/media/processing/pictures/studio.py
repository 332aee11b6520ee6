"""Where pictures are made: processes that are kept for many pictures and replaced when one dies, hangs or grows old."""

import asyncio
import os
import re
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from linnet.features.media.models import Kind, Made, MadeFile, Meta, Purpose, Refused
from linnet.features.media.processing.pictures.orders import ANSWER_BYTES_MAX, LENGTH, Answer, Order, Output
from linnet.platform.processes import CannotStart, spawn

WALL_S: Final = 60.0
"""For one picture."""

START_S: Final = 20.0
PICTURES_MAX: Final = 500
"""After so many a process is replaced, whatever it may have kept of them."""

IDLE_S: Final = 60.0
"""A process that nothing was asked of for so long is ended."""

_PROGRAM: Final = "linnet.features.media.processing.pictures.child"
_FILE_NAME: Final = re.compile(r"[a-z0-9_]{1,40}\.(?:jpg|png|webp|gif)")
_DAMAGED: Final = "The picture is damaged or not what it seems to be."
_TOO_LONG: Final = "The picture takes too long to read."
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "VIPS_CONCURRENCY": "1",  # as many pictures at once as there are seats, each on one core
    "MALLOC_ARENA_MAX": "1",
}
_LOST: Final = (OSError, asyncio.IncompleteReadError, msgspec.DecodeError)
"""How a process shows that it died, or was taken over."""


class Studio:
    """At most `seats` processes that make pictures, started when there is work."""

    def __init__(self, *, pixels_max: int, seats: int = 1) -> None:
        self._pixels_max = pixels_max
        self._seats = asyncio.Semaphore(seats)
        self._idle: list[_Maker] = []
        """Processes with nothing to do, the last one used at the end."""

    async def make_picture(self, source: Path, folder: Path, purpose: Purpose) -> Made:
        """Variants of the picture at `source`, as files in the empty `folder`, both absolute; `making.make` says which.

        An animation stays one as an avatar or a header; of others, its first frame is the picture. Raises `Refused` for
        what is no picture, too large or damaged, and `CannotStart`. Cancelling it kills the process at work.
        """
        order = Order(str(source), str(folder), purpose, self._pixels_max)
        async with self._seats:
            answer = await self._made(order)
        if answer.reason:
            raise Refused(answer.reason, answer.message)
        files = tuple(_file(folder, output) for output in answer.files)
        return Made(
            Kind.IMAGE,
            files,
            Meta(width=files[0].width, height=files[0].height),
            answer.blurhash or None,
            answer.perceptual_hash,
        )

    async def close(self) -> None:
        """End every process."""
        while self._idle:
            await self._idle.pop().end()

    async def _made(self, order: Order) -> Answer:
        """What a process answers. One that dies of its first order died of the picture; of another's, who knows."""
        while True:
            maker = await self._take()
            fresh = maker.pictures == 0
            try:
                answer = await maker.make(order)
            except _LOST:
                code = await maker.end()
                if code == -signal.SIGXCPU:
                    raise Refused("too_complex", _TOO_LONG) from None
                if fresh:
                    raise Refused("unreadable", _DAMAGED) from None
                _empty(Path(order.folder))
                continue
            except BaseException:
                await maker.end()
                raise
            await self._give_back(maker)
            return answer

    async def _take(self) -> "_Maker":
        while self._idle:
            maker = self._idle.pop()
            if maker.keep():
                return maker
        return await _Maker.start()

    async def _give_back(self, maker: "_Maker") -> None:
        if maker.pictures < PICTURES_MAX:
            self._idle.append(maker)
            maker.end_after(IDLE_S)
        else:
            await maker.end()


class _Maker:
    """One process, and the socket on which it takes orders."""

    def __init__(
        self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._timer: asyncio.TimerHandle | None = None
        self.pictures = 0

    @classmethod
    async def start(cls) -> "_Maker":
        """A process that is ready; raises `CannotStart`."""
        ours, its = socket.socketpair()
        with its:
            try:
                argv = [sys.executable, "-I", "-m", _PROGRAM, str(its.fileno())]
                process = await spawn(argv, env=_ENVIRONMENT, pass_fds=[its.fileno()])
            except BaseException:
                ours.close()
                raise
        maker = cls(process, *await asyncio.open_unix_connection(sock=ours))
        try:
            async with asyncio.timeout(START_S):
                await maker._heard()
        except _LOST as error:
            code = await maker.end()
            msg = f"The process that reads pictures ended at its start, with {code}."
            raise CannotStart(msg) from error
        except BaseException:
            await maker.end()
            raise
        return maker

    async def make(self, order: Order) -> Answer:
        """What it answers; `Refused` when that takes too long, one of `_LOST` when it does not. Then end it."""
        self.pictures += 1
        said = msgspec.msgpack.encode(order)
        self._writer.write(LENGTH.pack(len(said)) + said)
        try:
            async with asyncio.timeout(WALL_S):
                return await self._heard()
        except TimeoutError:
            raise Refused("too_complex", _TOO_LONG) from None

    async def _heard(self) -> Answer:
        size = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))[0]
        if size > ANSWER_BYTES_MAX:
            raise msgspec.DecodeError
        return msgspec.msgpack.decode(await self._reader.readexactly(size), type=Answer)

    def keep(self) -> bool:
        """Do not end it after all; whether it is still there."""
        if self._timer is not None:
            self._timer.cancel()
        return self._process.returncode is None

    def end_after(self, seconds: float) -> None:
        """End it when it has been idle for so long."""
        self._timer = asyncio.get_running_loop().call_later(seconds, self._kill)

    async def end(self) -> int:
        """Kill it and all it may have started; how it ended."""
        self.keep()
        self._kill()
        return await asyncio.shield(self._process.wait())

    def _kill(self) -> None:
        self._writer.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _file(folder: Path, output: Output) -> MadeFile:
    """What the process says it wrote, if it is a file in the folder and nothing else."""
    path = folder / output.file
    if not _FILE_NAME.fullmatch(output.file) or path.is_symlink() or not path.is_file():
        raise Refused("unreadable", _DAMAGED)
    return MadeFile(output.name, path, output.content_type, output.width, output.height)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
