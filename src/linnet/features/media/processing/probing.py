"""What an upload is: its first bytes decide, then a bounded process of its own reads it through."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from linnet.features.media.models import Kind, Lane, Refused
from linnet.features.media.processing import bounded
from linnet.features.media.processing.contents import Contents
from linnet.features.media.processing.signatures import HEAD_BYTES, Signature, moves, recognise

PROBE_BOUNDS: Final = bounded.Bounds(wall_s=120.0, cpu_s=60, memory_bytes=640 << 20, file_bytes=64 << 20)
WEBP: Final = "webp"
"""Not a demuxer of ffmpeg: Pillow reads these animations, and ffmpeg a film without loss that `unfold` makes."""

_PYTHON: Final = (sys.executable, "-I", "-B", "-m")
_UNFOLDER: Final = "linnet.features.media.processing.unfolding"
_READER: Final = "linnet.features.media.processing.inspecting"


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """What an upload is, as far as whoever processes it must know."""

    kind: Kind
    lane: Lane
    content_type: str
    demuxer: str = ""
    """The one format of ffmpeg it may be opened as, or `WEBP`; empty for pictures that do not move."""
    width: int = 0
    height: int = 0
    """As it is shown, turned. 0 for pictures, whose own reader measures them."""
    rotation: int = 0
    duration_s: float = 0.0
    frame_rate: str = ""
    has_audio: bool = False
    picture: bool = False
    """Whether the library that reads pictures can read it, moving or not: avatars and headers are made so."""
    contents: Contents | None = None


class _Answer(msgspec.Struct, frozen=True):
    """What the reading process prints."""

    contents: Contents | None = None
    reason: str = ""
    message: str = ""


def signature_of(path: Path) -> tuple[Signature, bool]:
    """What the file at `path` is by its first bytes, and whether it is a picture that moves; raises `Refused`."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise Refused("empty", "The file is empty.")
        signature = recognise(head)
        if signature is None:
            raise Refused("unknown_type", "This kind of file is not supported.")
        return signature, moves(file, signature)


async def probe(path: Path) -> Probed:
    """What the file at `path` is, by its contents alone; raises `Refused` for what nothing can be made of.

    Pictures that stand still are told by their first bytes and not opened here.
    """
    signature, moving = signature_of(path)
    if signature.picture and not moving:
        return Probed(kind=Kind.IMAGE, lane=Lane.IMAGES, content_type=signature.content_type, picture=True)
    contents = await read_contents(path, signature.demuxer)
    if signature.declares_duration and contents.declared_s - contents.duration_s > 1 + contents.declared_s / 10:
        raise Refused(
            "cut_off",
            f"The file is cut off: it says it lasts {contents.declared_s:.0f} seconds, "
            f"and {contents.duration_s:.0f} could be read.",
        )
    return _probed(signature, contents)


async def read_contents(path: Path, demuxer: str, poster: Path | None = None) -> Contents:
    """What is in the file at `path`, read through as `demuxer` by a process of its own; raises `Refused`.

    A picture that stands for the film, and is not black if one is not, is written to `poster`.
    """
    paths = [str(one) for one in (path, poster) if one is not None]
    ended = await bounded.run([*_PYTHON, _READER, demuxer, *paths], PROBE_BOUNDS, path.parent)
    if ended.late or ended.over_cpu:
        raise Refused("too_complex", "The file takes too long to read.")
    try:
        answer = msgspec.json.decode("".join(ended.output), type=_Answer)
    except msgspec.DecodeError:  # the reader died of it
        raise Refused("unreadable", "The file is damaged or not what it seems to be.") from None
    if answer.contents is None:
        raise Refused(answer.reason, answer.message)
    return answer.contents


async def unfold(path: Path, target: Path, bytes_max: int) -> Path:
    """The pictures of an animated WebP as a film without loss at `target`; raises `Refused`."""
    bounds = replace(PROBE_BOUNDS, file_bytes=bytes_max)
    ended = await bounded.run([*_PYTHON, _UNFOLDER, str(path), str(target)], bounds, target.parent)
    if ended.late or ended.over_cpu:
        raise Refused("too_complex", "The animation takes too long to read.")
    if ended.code != 0:
        raise Refused("unreadable", "The animation is damaged.")
    return target


def _probed(signature: Signature, contents: Contents) -> Probed:
    film, sound = contents.film, contents.sound
    kind = Kind.AUDIO if film is None else Kind.GIFV if signature.animation else Kind.VIDEO
    width, height = (film.width, film.height) if film is not None else (0, 0)
    if film is not None and film.rotation in {90, 270}:
        width, height = height, width
    return Probed(
        kind=kind,
        lane=Lane.VIDEOS,
        content_type=_content_type(signature, kind),
        demuxer=signature.demuxer,
        width=width,
        height=height,
        rotation=film.rotation if film is not None else 0,
        duration_s=contents.duration_s,
        frame_rate=film.frame_rate if film is not None else "",
        has_audio=sound is not None,
        picture=signature.picture,
        contents=contents,
    )


def _content_type(signature: Signature, kind: Kind) -> str:
    """The signature's own, with a sound in a container of films named as a sound."""
    family, _, name = signature.content_type.partition("/")
    return f"audio/{name}" if kind is Kind.AUDIO and family == "video" else signature.content_type
