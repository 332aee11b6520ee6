"""From a stranger's file to pixels that are read as they are asked for: one loader, chosen by the first bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import pyvips

from linnet.features.media.models import Refused

HEAD_BYTES: Final = 256
_BRANDS_MAX: Final = 16

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture whose header was read. Its pixels may be read once, from the top."""

    image: pyvips.Image
    lossless: bool
    """Whether it comes from a format that keeps every pixel: drawings and screenshots, most of them."""
    frames: int = 1


def open_picture(path: Path, *, pixels_max: int, frames: bool = False) -> Opened:
    """The picture at `path`, by its contents alone; all its frames one above the other when `frames`.

    Raises `Refused` for other types and for more than `pixels_max` pixels in a frame, before any of them is read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    loader = _loader_of(head)
    opened = loader(path, pixels_max, frames)
    _check_size(opened.image.width, frame_height(opened.image), pixels_max)
    return opened


def _loader_of(head: bytes) -> "Callable[[Path, int, bool], Opened]":
    if not head:
        raise Refused("empty", "The file is empty.")
    if head.startswith(b"\xff\xd8\xff"):
        return _open_jpeg
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _open_png
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _open_gif
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _open_webp
    if head[4:8] == b"ftyp":
        brands = _brands(head)
        if brands & _AVIF_BRANDS:
            return _open_avif
        if brands & _HEIC_BRANDS:
            return _open_heic
    raise Refused("unknown_type", "This kind of file is not supported.")


def _brands(head: bytes) -> set[bytes]:
    """What an ISO media file says it is (ISO/IEC 14496-12, 4.3)."""
    end = min(int.from_bytes(head[:4], "big"), 16 + 4 * _BRANDS_MAX, len(head))
    return {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}


def _open_jpeg(path: Path, pixels_max: int, frames: bool) -> Opened:
    image = pyvips.Image.jpegload(str(path), access="sequential", fail_on="truncated")
    return Opened(image, lossless=False)


def _open_png(path: Path, pixels_max: int, frames: bool) -> Opened:
    image = pyvips.Image.pngload(str(path), access="sequential", fail_on="truncated")
    return Opened(image, lossless=True)


def _open_avif(path: Path, pixels_max: int, frames: bool) -> Opened:
    image = pyvips.Image.heifload(str(path), access="sequential", fail_on="truncated")
    return Opened(image, lossless=False)


def _open_gif(path: Path, pixels_max: int, frames: bool) -> Opened:
    return _animated(pyvips.Image.gifload, path, frames, lossless=True)


def _open_webp(path: Path, pixels_max: int, frames: bool) -> Opened:
    return _animated(pyvips.Image.webpload, path, frames, lossless=False)


def _animated(load: "Callable[..., Any]", path: Path, frames: bool, *, lossless: bool) -> Opened:
    image = load(str(path), n=-1 if frames else 1, access="sequential", fail_on="truncated")
    return Opened(image, lossless, image.height // frame_height(image))


def _open_heic(path: Path, pixels_max: int, frames: bool) -> Opened:
    """By libheif's own Python, which has the codec that libvips' wheel leaves out; turned as it wants to be."""
    import pillow_heif  # noqa: PLC0415 -- seldom needed, and 10 MB

    pillow_heif.options.DECODE_THREADS = 1
    try:
        heif = pillow_heif.open_heif(path)
        _check_size(heif.size[0], heif.size[1], pixels_max)
        mode, profile, pixels = heif.mode, heif.info.get("icc_profile"), heif.data
    except (ValueError, EOFError, SyntaxError, RuntimeError, OSError) as error:
        raise Refused("unreadable", "The picture is damaged or not what it seems to be.") from error
    bands = {"L": 1, "RGB": 3, "RGBA": 4}.get(mode)
    if bands is None or len(pixels) != heif.size[0] * heif.size[1] * bands:
        raise Refused("unreadable", "The picture is in a form that is not supported.")
    image = pyvips.Image.new_from_memory(pixels, heif.size[0], heif.size[1], bands, "uchar")
    image = image.copy(interpretation="b-w" if bands == 1 else "srgb")
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return Opened(image, lossless=False)


def frame_height(image: pyvips.Image) -> int:
    """Of each of the frames that lie one above the other."""
    return int(cast("Any", image.get("page-height"))) if image.get_typeof("page-height") else image.height


def _check_size(width: int, height: int, pixels_max: int) -> None:
    if width < 1 or height < 1:
        raise Refused("unreadable", "The picture has no pixels.")
    if width * height > pixels_max:
        raise Refused(
            "too_many_pixels",
            f"The picture has {width:,} by {height:,} pixels: {pixels_max:,} of them are the most that is taken.",
        )
