"""Pictures as files: nothing of them but pixels, in formats that every client reads and in smaller ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import pyvips

from linnet.features.media.processing.pictures.orders import Output

JPEG_QUALITY: Final = 85
DRAWN_JPEG_QUALITY: Final = 92
"""Of screenshots and drawings, which also keep the full resolution of their colours: there one sees it."""

WEBP_QUALITY: Final = 75
WEBP_EFFORT: Final = 1
"""Of 0 to 6: 4, the usual one, takes three times as long for files 4 % smaller (bench/media)."""

WEBP_SIDE_MAX: Final = 16_383
"""Pixels that the format can count to."""

NOTHING: Final = 0
"""What is kept of a file's own notes (`VipsForeignKeep`)."""

PNG_COMPRESSION: Final = 6
GIF_EFFORT: Final = 3
DELAY_MS_MAX: Final = 60_000


class Folder:
    """Where the variants of one picture are written."""

    def __init__(self, path: Path, *, drawn: bool) -> None:
        self._path = path
        self._drawn = drawn
        self.files: list[Output] = []
        """What was written, in its order."""

    def write(self, name: str, image: pyvips.Image, *, webp: bool = True) -> Path:
        """Write a picture as JPEG, or as PNG if it is see-through, and its twin as WebP; where the first of them is."""
        first = self._new(name, "png" if image.hasalpha() else "jpg", image)
        if image.hasalpha():
            image.pngsave(str(first), compression=PNG_COMPRESSION, keep=NOTHING)
        else:
            image.jpegsave(
                str(first),
                Q=DRAWN_JPEG_QUALITY if self._drawn else JPEG_QUALITY,
                subsample_mode="off" if self._drawn else "on",
                keep=NOTHING,
            )
        if webp and max(image.width, image.height) <= WEBP_SIDE_MAX:
            path = self._new(f"{name}_webp", "webp", image)
            image.webpsave(str(path), Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep=NOTHING)
        return first

    def write_moving(self, name: str, frames: Sequence[pyvips.Image], source: pyvips.Image) -> None:
        """Write frames as a GIF, or as a WebP if `source` was one, with its times."""
        moving = pyvips.Image.arrayjoin(list(frames), across=1).copy()
        delays = cast("list[int]", source.get("delay")) if source.get_typeof("delay") else []
        moving.set_type(pyvips.GValue.gint_type, "page-height", frames[0].height)
        moving.set_type(pyvips.GValue.array_int_type, "delay", [min(max(one, 0), DELAY_MS_MAX) for one in delays])
        moving.set_type(pyvips.GValue.gint_type, "loop", 0)
        if source.get("vips-loader") == "webpload":
            path = self._new(name, "webp", frames[0])
            moving.webpsave(str(path), Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep=NOTHING)
        else:
            moving.gifsave(str(self._new(name, "gif", frames[0])), effort=GIF_EFFORT, keep=NOTHING)

    def _new(self, name: str, extension: str, image: pyvips.Image) -> Path:
        content_type = {"jpg": "image/jpeg"}.get(extension, f"image/{extension}")
        file = f"{name}.{extension}"
        self.files.append(Output(name, file, content_type, image.width, image.height))
        return self._path / file
