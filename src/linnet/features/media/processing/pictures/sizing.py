"""Pictures made smaller, upright and plain: pixels in, pixels out."""

import math
from typing import Any, Final, cast

import pyvips

_TAGS_MAX: Final = 100
_OPAQUE: Final = 255
_ON_ITS_SIDE: Final = 5
"""From this EXIF orientation on (up to 8) rows are columns."""


def upright(image: pyvips.Image) -> pyvips.Image:
    """As it is to be shown: turned and mirrored as its EXIF orientation says. Its pixels must lie in memory."""
    return image.autorot()


def turned(image: pyvips.Image) -> pyvips.Image:
    """`upright`, in memory: turned once for all that is made of it."""
    return image if _orientation(image) == 1 else upright(image).copy_memory()


def streams(image: pyvips.Image) -> bool:
    """Whether what is made of it can be written while it is read: it is upright, and nothing of it is see-through."""
    return not image.hasalpha() and _orientation(image) == 1


def shown_size(image: pyvips.Image) -> tuple[int, int]:
    """Width and height once it is upright."""
    return (image.height, image.width) if _orientation(image) >= _ON_ITS_SIDE else (image.width, image.height)


def _orientation(image: pyvips.Image) -> int:
    """As EXIF counts it, from 1, which is upright, to 8."""
    return int(cast("Any", image.get("orientation"))) if image.get_typeof("orientation") else 1


def plain(image: pyvips.Image) -> pyvips.Image:
    """The same picture in 8 bits of sRGB, with alpha if it had any; what colours it meant is kept, as far as sRGB can.

    A profile that is broken, or for another kind of picture, is passed over.
    """
    alpha = image[image.bands - 1] if image.hasalpha() else None
    colours = image[0 : image.bands - 1] if alpha is not None else image
    shown = _by_profile(colours)
    if shown is None:
        shown = colours.colourspace("srgb")
    if shown.format != "uchar":
        shown = shown.cast("uchar")
    if alpha is None:
        return shown
    if alpha.format == "ushort":
        alpha = alpha >> 8
    return shown.bandjoin(alpha.cast("uchar"))


def _by_profile(image: pyvips.Image) -> pyvips.Image | None:
    if image.get_typeof("icc-profile-data"):
        if _is_srgb(bytes(cast("Any", image.get("icc-profile-data")))):
            return image if image.interpretation == "srgb" else None
        try:
            return image.icc_transform("srgb", embedded=True, black_point_compensation=True)
        except pyvips.Error:
            pass
    if image.interpretation == "cmyk":
        return image.icc_transform("srgb", input_profile="cmyk", black_point_compensation=True)
    return None


def _is_srgb(profile: bytes) -> bool:
    """Whether a profile is named sRGB, as most are (ICC.1, 7.3): to convert from it costs much and changes nothing."""
    tags = min(int.from_bytes(profile[128:132], "big"), _TAGS_MAX)
    for at in range(132, 132 + 12 * tags, 12):
        if profile[at : at + 4] == b"desc":
            start = int.from_bytes(profile[at + 4 : at + 8], "big")
            if profile[start : start + 4] == b"desc":
                return profile[start + 12 : start + 16] == b"sRGB"
            text = start + int.from_bytes(profile[start + 24 : start + 28], "big")
            return profile[text : text + 8] == "sRGB".encode("utf-16-be")
    return False


def scaled(image: pyvips.Image, factor: float) -> pyvips.Image:
    """Smaller by `factor` (1 at most), at least a pixel wide and high; see-through pixels lend no colour to others."""
    if factor >= 1:
        return image
    across = max(round(image.width * factor), 1) / image.width
    down = max(round(image.height * factor), 1) / image.height
    if not image.hasalpha():
        return image.resize(across, vscale=down)
    return image.premultiply().resize(across, vscale=down).unpremultiply().cast(image.format)


def fitted(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """Smaller until it is inside of `width` and `height`, as it is when it fits."""
    return scaled(image, min(width / image.width, height / image.height))


def bounded(image: pyvips.Image, pixels: int) -> float:
    """By what factor it must shrink to have no more than `pixels` pixels: at most 1."""
    return min(math.sqrt(pixels / (image.width * image.height)), 1.0)


def flat(image: pyvips.Image) -> pyvips.Image:
    """On white where it was see-through."""
    return image.flatten(background=[255] * (image.bands - 1)) if image.hasalpha() else image


def opaque(image: pyvips.Image) -> pyvips.Image:
    """Without an alpha channel that hides nothing. Its pixels must lie in memory."""
    if not image.hasalpha() or cast("float", image[image.bands - 1].min()) < _OPAQUE:
        return image
    return image[0 : image.bands - 1]
