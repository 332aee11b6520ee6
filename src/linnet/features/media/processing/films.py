"""Films and animations become H.264 in MP4, which everything plays, with a picture to stand for them."""

import asyncio
from pathlib import Path
from typing import Final

from linnet.features.media.models import Kind, Made, MadeFile, Meta, Refused
from linnet.features.media.processing import encoding, ffmpeg
from linnet.features.media.processing.contents import Contents
from linnet.features.media.processing.ffmpeg import Told
from linnet.features.media.processing.limits import ANIMATION_FRAMES_MAX, FilmLimits
from linnet.features.media.processing.probing import WEBP, Probed, read_contents, unfold

_MP4: Final = "video/mp4"


async def make_film(source: Path, folder: Path, probed: Probed, told: Told, limits: FilmLimits) -> Made:
    """A film that was probed as MP4 and its poster, in `folder`; an animation likewise, without sound.

    `told` hears per cent. Raises `Refused` with a sentence to read. Cancelled, it leaves no process behind.
    """
    contents = probed.contents
    assert contents is not None
    assert contents.film is not None
    _check(probed, contents, limits)
    demuxer = probed.demuxer
    if demuxer == WEBP:
        source, demuxer = await unfold(source, folder / "unfolded.mkv", limits.output_bytes), "matroska"
    made = folder / "film.mp4"
    silent = probed.kind is Kind.GIFV or contents.sound is None
    source_bytes = await asyncio.to_thread(lambda: source.stat().st_size)
    if probed.kind is Kind.VIDEO and encoding.is_right(contents, demuxer, source_bytes, limits):
        arguments = _copied(contents, silent=silent)
    else:
        arguments = _encoded(probed, contents, limits, silent=silent)
    await ffmpeg.run(
        [
            *ffmpeg.source(source, demuxer, "-threads", str(limits.threads)),
            *arguments,
            *encoding.CLEAN,
            *("-movflags", "+faststart", "-fs", str(limits.output_bytes), "-f", "mp4", f"file:{made}"),
        ],
        limits,
        folder,
        length_s=contents.duration_s,
        told=lambda per_cent: told(per_cent * 9 // 10),
    )
    return await _finished(made, folder, probed)


def _check(probed: Probed, contents: Contents, limits: FilmLimits) -> None:
    assert contents.film is not None
    if probed.kind is Kind.GIFV and contents.film.frames > ANIMATION_FRAMES_MAX:
        raise Refused("too_long", f"An animation of more than {ANIMATION_FRAMES_MAX} pictures is too long.")
    if contents.duration_s > limits.film_length_s:
        raise Refused("too_long", f"Films may last {limits.film_length_s / 60:.0f} minutes at most.")


def _copied(contents: Contents, *, silent: bool) -> list[str]:
    sound = [] if silent else ["-map", f"0:{contents.sound_index}", "-c:a", "copy"]
    return [
        *("-map", f"0:{contents.film_index}", "-c:v", "copy", "-bsf:v", "filter_units=remove_types=6"),
        *sound,
    ]


def _encoded(probed: Probed, contents: Contents, limits: FilmLimits, *, silent: bool) -> list[str]:
    film = contents.film
    assert film is not None
    size = encoding.size_of(probed.width, probed.height, limits.short_side)
    chain = encoding.filters(film, size, limits, over_white=probed.kind is Kind.GIFV)
    sound: list[str] = []
    if not silent and contents.sound is not None:
        sound = ["-map", f"0:{contents.sound_index}", *encoding.sound_codec(contents.sound)]
    return [
        *("-filter_complex", f"[0:{contents.film_index}]{chain}[film]", "-map", "[film]"),
        *encoding.film_codec(size, encoding.rate_of(film), limits),
        *sound,
    ]


async def _finished(made: Path, folder: Path, probed: Probed) -> Made:
    """What came of it, by reading it: a source that could be decoded in part only shows in its length."""
    poster = folder / "poster.jpg"
    contents = await read_contents(made, "mov", poster)
    film = contents.film
    if film is None:
        raise Refused("no_picture", "No picture of the film could be read.")
    if probed.duration_s - contents.duration_s > 1 + probed.duration_s / 10:
        raise Refused(
            "cut_off",
            f"The film is damaged: of {probed.duration_s:.0f} seconds {contents.duration_s:.0f} could be converted.",
        )
    made_bytes = await asyncio.to_thread(lambda: made.stat().st_size)
    return Made(
        kind=probed.kind,
        files=(
            MadeFile("original", made, _MP4, film.width, film.height),
            MadeFile("poster", poster, "image/jpeg", film.width, film.height),
        ),
        meta=Meta(
            width=film.width,
            height=film.height,
            duration_s=round(contents.duration_s, 3),
            frame_rate=film.frame_rate,
            bitrate=int(made_bytes * 8 / max(contents.duration_s, 0.001)),
        ),
    )
