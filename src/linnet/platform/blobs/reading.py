"""Files out of a folder, piece by piece. obstore does the same for ten times the processor time."""

from collections.abc import AsyncGenerator
from io import FileIO
from pathlib import Path
from typing import Final

from linnet.platform.blobs.drafts import in_thread

READ_BYTES: Final = 256 * 1024
"""What is read at a time."""


async def read_folder(path: Path, start: int, end: int | None) -> AsyncGenerator[bytes]:
    """The bytes of a file from `start` up to but without `end`; `FileNotFoundError` if there is none."""
    left = None if end is None else end - start
    file, piece = await in_thread(_open, path, start, _next(left))
    with file:
        while piece:
            left = None if left is None else left - len(piece)
            yield piece
            piece = await in_thread(file.read, _next(left))


def _next(left: int | None) -> int:
    return READ_BYTES if left is None else min(left, READ_BYTES)


def _open(path: Path, start: int, size: int) -> tuple[FileIO, bytes]:
    try:
        file = FileIO(path)
    except (IsADirectoryError, NotADirectoryError) as error:
        raise FileNotFoundError from error
    file.seek(start)
    return file, file.read(size)
