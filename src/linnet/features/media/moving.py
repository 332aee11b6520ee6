"""From one store of files to another, file by file, each compared with what it was."""

import mimetypes
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from linnet.platform.blobs import BlobMissing, Blobs
from linnet.platform.errors import Conflict

DEFAULT_TYPE: Final = "application/octet-stream"


class Done(StrEnum):
    """What became of a file."""

    COPIED = "copied"
    THERE = "there already"
    GONE = "deleted meanwhile"


@dataclass(frozen=True, slots=True)
class Moved:
    """A file, and what became of it."""

    name: str
    bytes: int
    done: Done


async def copy_all(
    source: Blobs, target: Blobs, *, compares: bool, begun: Callable[[str], None]
) -> AsyncGenerator[Moved]:
    """Copy every file that the target has not, or has in another size; with `compares` also one of other contents.

    Each that is copied is read again from the target and compared by its SHA-256; `Conflict` when it is another. Begun
    again, it goes on where it was. Nothing is deleted.
    """
    async for found in source.list(""):
        begun(found.name)
        if await _is_there(source, target, found.name, found.bytes, compares=compares):
            yield Moved(found.name, found.bytes, Done.THERE)
        else:
            yield Moved(found.name, found.bytes, await _copy(source, target, found.name, found.bytes))


async def _is_there(source: Blobs, target: Blobs, name: str, size: int, *, compares: bool) -> bool:
    try:
        if await target.size(name) != size:
            return False
        return not compares or await _digest(source, name) == await _digest(target, name)
    except BlobMissing:
        return False


async def _copy(source: Blobs, target: Blobs, name: str, size: int) -> Done:
    content_type = mimetypes.guess_type(name)[0] or DEFAULT_TYPE
    try:
        async with aclosing(source.read(name)) as contents:
            written = await target.write(name, contents, bytes_max=size, content_type=content_type)
    except BlobMissing:
        return Done.GONE
    if await _digest(target, name) != written.sha256:
        await target.delete([name])
        raise Conflict(f"What was read back of {name} is not what was written. Nothing else was changed; begin again.")
    return Done.COPIED


async def _digest(blobs: Blobs, name: str) -> str:
    digest = sha256()
    async for piece in blobs.read(name):
        digest.update(piece)
    return digest.hexdigest()
