"""Real picture files of every format, as phones, cameras and programs write them: made here, the same each time."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any, Final, cast

import pillow_heif
from PIL import Image, ImageDraw

FORMATS: Final = ("jpg", "png", "gif", "webp", "avif", "heic")
QUARTERS: Final = ((220, 40, 40), (40, 180, 60), (40, 70, 220), (230, 210, 50))
"""Colours of a picture's quarters as it is meant to be seen: left and right above, left and right below."""

_AS_STORED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""By EXIF orientation, how a camera that was held so stores what is to be seen upright."""

_ORIENTATION: Final = 0x0112
_MAKER: Final = 0x010F
_GPS: Final = 0x8825
MAKER: Final = "A maker of phones"

cast("Any", pillow_heif).register_heif_opener()


def quarters(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture of four quarters in four colours."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(QUARTERS):
        left, top = (number % 2) * (width // 2), (number // 2) * (height // 2)
        image.paste(colour, (left, top, width, height))
    return image.convert(mode)


def photo(path: Path, width: int = 120, height: int = 80, *, orientation: int = 1, **more: Any) -> Path:
    """A file as a phone writes it that was held somehow: to be seen as `quarters`, with where it was taken."""
    image = quarters(width, height)
    if orientation in _AS_STORED:
        image = image.transpose(_AS_STORED[orientation])
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_MAKER] = MAKER
    exif[_GPS] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    image.save(path, exif=exif.tobytes(), **more)
    return path


def animation(path: Path, frames: int, width: int = 60, height: int = 40, *, ms: int = 100) -> Path:
    """A picture that moves: a bar that goes from left to right."""
    images: list[Image.Image] = []
    for number in range(frames):
        image = Image.new("RGB", (width, height), "white")
        ImageDraw.Draw(image).rectangle((number * width // frames, 0, number * width // frames + 4, height), "navy")
        image.putpixel((0, 0), (number % 256, number // 256, 0))  # no two frames are the same, or they become one
        images.append(image)
    images[0].save(path, save_all=True, append_images=images[1:], duration=ms, loop=0)
    return path


def png_of(path: Path, width: int, height: int, *, rows: int | None = None) -> Path:
    """A PNG that says it is this large, with so many rows (all) of black pixels that fold up to nearly nothing."""
    folder = zlib.compressobj(9)
    row = b"\0" * (1 + 3 * width) if rows != 0 else b""
    pixels = b"".join([*(folder.compress(row) for _ in range(height if rows is None else rows)), folder.flush()])
    chunks = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b"")
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def encoded(image: Image.Image, kind: str, **more: Any) -> bytes:
    """A picture as the bytes of a file."""
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()
