"""From a stranger's file to pixels that are read as they are asked for: one loader, chosen by the first bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import pyvips

from linnet.features.media.models import Refused
from linnet.features.media.processing.signatures import HEAD_BYTES, recognise


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture whose header was read. Its pixels may be read once, from the top."""

    image: pyvips.Image
    lossless: bool
    """Whether it comes from a format that keeps every pixel: drawings and screenshots, most of them."""
    frames: int = 1


@dataclass(frozen=True, slots=True)
class _Format:
    load: Callable[..., Any]
    lossless: bool = False
    moves: bool = False
    """Whether it may have frames."""


_FORMATS: Final = {
    "image/jpeg": _Format(pyvips.Image.jpegload),
    "image/png": _Format(pyvips.Image.pngload, lossless=True),
    "image/gif": _Format(pyvips.Image.gifload, lossless=True, moves=True),
    "image/webp": _Format(pyvips.Image.webpload, moves=True),
    "image/avif": _Format(pyvips.Image.heifload),
}


def open_picture(path: Path, *, pixels_max: int, frames: bool = False) -> Opened:
    """The picture at `path`, by its contents alone; all its frames one above the other when `frames`.

    Raises `Refused` for other types and for more than `pixels_max` pixels in a frame, before any of them is read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise Refused("empty", "The file is empty.")
    signature = recognise(head)
    kind = "" if signature is None else signature.content_type
    if kind == "image/heic":
        return Opened(_read_heic(path, pixels_max), lossless=False)
    if kind not in _FORMATS:
        raise Refused("unknown_type", "This kind of file is not supported.")
    form = _FORMATS[kind]
    wanted = {"n": -1} if frames and form.moves else {}
    image = cast("pyvips.Image", form.load(str(path), access="sequential", fail_on="truncated", **wanted))
    _check_size(image.width, frame_height(image), pixels_max)
    return Opened(image, form.lossless, image.height // frame_height(image))


def frame_height(image: pyvips.Image) -> int:
    """Of each of the frames that lie one above the other."""
    return int(cast("Any", image.get("page-height"))) if image.get_typeof("page-height") else image.height


def _read_heic(path: Path, pixels_max: int) -> pyvips.Image:
    """Its pixels, turned as it wants to be seen: by libheif's own Python, for libvips' wheel lacks the codec."""
    import pillow_heif  # noqa: PLC0415 -- seldom needed, and 10 MB

    pillow_heif.options.DECODE_THREADS = 1
    try:
        heif = cast("Any", pillow_heif).open_heif(path)
        width, height = heif.size
        _check_size(width, height, pixels_max)
        bands, profile, pixels = (
            {"L": 1, "RGB": 3, "RGBA": 4}.get(heif.mode, 0),
            heif.info.get("icc_profile"),
            heif.data,
        )
    except (ValueError, EOFError, SyntaxError, RuntimeError, OSError) as error:
        raise Refused("unreadable", "The picture is damaged or not what it seems to be.") from error
    if len(pixels) != width * height * bands:
        raise Refused("unreadable", "The picture is in a form that is not supported.")
    image = pyvips.Image.new_from_memory(pixels, width, height, bands, "uchar")
    image = image.copy(interpretation="b-w" if bands == 1 else "srgb")
    if profile:
        cast("Any", image).set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _check_size(width: int, height: int, pixels_max: int) -> None:
    if width < 1 or height < 1:
        raise Refused("unreadable", "The picture has no pixels.")
    if width * height > pixels_max:
        raise Refused(
            "too_many_pixels",
            f"The picture has {width:,} by {height:,} pixels: {pixels_max:,} of them are the most that is taken.",
        )
