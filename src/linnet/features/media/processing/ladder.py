"""The same film in several sizes as HLS (RFC 8216), so that a player goes on over a bad network.

A rendition is one fragmented MP4 that its playlist cuts by byte ranges: few files, each of which may be kept forever.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

from linnet.features.media.models import MadeFile
from linnet.features.media.processing import encoding, ffmpeg
from linnet.features.media.processing.limits import FilmLimits

SHORT_SIDES: Final = (720, 480, 270)
"""Of the renditions below the film itself: four at most with it."""

_STEP: Final = 0.8
"""A rendition is worth while when it is so much smaller than the film."""

SEGMENT_S: Final = 2 * encoding.KEYFRAME_S
_MASTER_TYPE: Final = "application/vnd.apple.mpegurl"


def rungs(size: tuple[int, int]) -> list[tuple[int, int]]:
    """Sizes of the renditions below a film of `size`, largest first; none is larger than the film."""
    return [encoding.size_of(*size, short) for short in SHORT_SIDES if short <= min(size) * _STEP]


def chain(filters: str, sizes: Sequence[tuple[int, int]]) -> str:
    """A film's filters with one more output, `[rung0]`, `[rung1]`, …, for each size of `sizes`."""
    return f"{filters},split={len(sizes) + 1}[film]{_smaller(sizes)}"


def from_film(
    film: Path, folder: Path, sizes: Sequence[tuple[int, int]], rate: Fraction, limits: FilmLimits
) -> list[str]:
    """Arguments of ffmpeg that make renditions of these sizes of a film that is there already."""
    return [
        *ffmpeg.source(film, "mov", "-threads", str(limits.threads)),
        *("-filter_complex", f"[0:v:0]split={len(sizes)}{_smaller(sizes)}"),
        *outputs(folder, sizes, rate, limits),
    ]


def outputs(folder: Path, sizes: Sequence[tuple[int, int]], rate: Fraction, limits: FilmLimits) -> list[str]:
    """Arguments of ffmpeg for the renditions of `chain`, as silent MP4 in `folder`."""
    arguments: list[str] = []
    for at, size in enumerate(sizes):
        codec = encoding.film_codec(size, rate, limits)
        end = ("-f", "mp4", f"file:{_rendition(folder, at)}")
        arguments += ["-map", f"[rung{at}]", *codec, *encoding.CLEAN, *end]
    return arguments


def _smaller(sizes: Sequence[tuple[int, int]]) -> str:
    """The outputs of a split, and what makes a rendition of each."""
    wholes = "".join(f"[whole{at}]" for at in range(len(sizes)))
    scales = ";".join(
        f"[whole{at}]scale={width}:{height}:flags=bicubic,setsar=1[rung{at}]"
        for at, (width, height) in enumerate(sizes)
    )
    return f"{wholes};{scales}"


async def cut(film: Path, folder: Path, count: int, limits: FilmLimits, *, silent: bool) -> MadeFile:
    """The master playlist of a film and its `count` smaller renditions, with all it names beside it in `hls`.

    Streams are copied; the renditions are removed.
    """
    place = folder / "hls"
    place.mkdir()
    renditions = [_rendition(folder, at) for at in range(count)]
    sound = "" if silent else ",agroup:sound"
    streams = [f"v:{at}{sound},name:film{at}" for at in range(count + 1)]
    arguments: list[str] = []
    for path in (film, *renditions):
        arguments += ffmpeg.source(path, "mov")
    for at in range(count + 1):
        arguments += ["-map", f"{at}:v:0"]
    if not silent:
        arguments += ["-map", "0:a:0"]
        streams.append("a:0,agroup:sound,name:sound,default:yes")
    await ffmpeg.run(
        [
            *arguments,
            *("-c", "copy", *encoding.CLEAN, "-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_playlist_type", "vod"),
            *("-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments"),
            *("-master_pl_name", "master.m3u8", "-var_stream_map", " ".join(streams)),
            f"file:{place}/%v.m3u8",
        ],
        limits,
        folder,
    )
    for path in renditions:
        path.unlink()
    return MadeFile("hls", place / "master.m3u8", _MASTER_TYPE)


def _rendition(folder: Path, at: int) -> Path:
    return folder / f"rendition{at}.mp4"
