"""The picture that stands for a film or a sound: drawn as any other picture is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linnet.features.media.models import Made, MadeFile, Purpose

Draw = Callable[[Path, Path, Purpose], Awaitable[Made]]
"""Makes the variants of a picture as files in an empty folder: `Studio.make_picture`."""

_NAMES: Final = {"large": "poster", "small": "small", "small_webp": "small_webp"}


@dataclass(frozen=True, slots=True)
class Poster:
    """Files of a picture that stands for something else, and what is known of it."""

    files: tuple[MadeFile, ...]
    blurhash: str | None
    perceptual_hash: int | None


async def poster_of(still: Path, draw: Draw) -> Poster:
    """`poster`, as large as a screen, and `small` in two forms, of the picture at `still`; raises `Refused`."""
    folder = still.with_suffix("")
    folder.mkdir()
    drawn = await draw(still, folder, Purpose.THUMBNAIL)
    files = tuple(
        MadeFile(_NAMES[one.name], one.path, one.content_type, one.width, one.height)
        for one in drawn.files
        if one.name in _NAMES
    )
    return Poster(files, drawn.blurhash, drawn.perceptual_hash)
