"""What a picture looks like in a few bytes: a blurred placeholder, and a number that is close for what looks alike."""

from typing import Any, Final, cast

import blurhash
import pyvips

from linnet.features.media.processing.pictures.sizing import fitted, flat

PLACEHOLDER_SIDE: Final = 20
_WAVES: Final = (4, 3)
"""Waves of the placeholder along the longer and the shorter side."""

_HASH_WIDTH: Final = 9
_HASH_HEIGHT: Final = 8


def placeholder(image: pyvips.Image) -> str:
    """The BlurHash (https://blurha.sh) of a picture in sRGB, on white where it is see-through."""
    tiny = flat(fitted(image, PLACEHOLDER_SIDE, PLACEHOLDER_SIDE))
    columns, rows = _WAVES if tiny.width >= tiny.height else _WAVES[::-1]
    pixels = tiny.write_to_memory()
    line = 3 * tiny.width
    return cast("Any", blurhash).encode(
        [
            [list(pixels[at : at + 3]) for at in range(start, start + line, 3)]
            for start in range(0, line * tiny.height, line)
        ],
        columns,
        rows,
    )


def difference_hash(image: pyvips.Image) -> int:
    """Its 64-bit dHash: Neal Krawetz, "Kind of Like That", The Hacker Factor Blog, 21 January 2013.

    A picture of 9×8 grey pixels; each bit, row by row from the highest, is whether a pixel is darker than the next.
    Pictures that look alike differ in few bits (up to 10, he says, is the same picture changed a little).
    """
    grey = flat(image).colourspace("b-w")
    tiny = grey.thumbnail_image(_HASH_WIDTH, height=_HASH_HEIGHT, size="force").write_to_memory()
    bits = 0
    for row in range(0, _HASH_WIDTH * _HASH_HEIGHT, _HASH_WIDTH):
        for at in range(row, row + _HASH_WIDTH - 1):
            bits = bits << 1 | (tiny[at] < tiny[at + 1])
    return bits
