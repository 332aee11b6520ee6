"""Films and animations become H.264 in MP4, which everything plays, with a picture to stand for them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from linnet.features.media.models import Kind, Made, MadeFile, Meta, Refused
from linnet.features.media.processing import encoding, ffmpeg, ladder
from linnet.features.media.processing.contents import Contents, Film
from linnet.features.media.processing.ffmpeg import Told
from linnet.features.media.processing.limits import ANIMATION_FRAMES_MAX, LARGE_PIXELS, FilmLimits, lasting
from linnet.features.media.processing.posters import Draw, poster_of
from linnet.features.media.processing.probing import WEBP, Probed, read_contents, unfold

FILM: Final = "film.mp4"
"""What a film is called where it is made."""

_MP4: Final = "video/mp4"
_RUN_PER_CENT: Final = 90
_CUT_PER_CENT: Final = 95


async def make_film(source: Path, folder: Path, probed: Probed, told: Told, limits: FilmLimits, draw: Draw) -> Made:
    """A film that was probed as MP4 and its poster, in `folder`; of a long one a ladder; an animation without sound.

    `told` hears per cent. Raises `Refused` with a sentence to read. Cancelled, it leaves no process behind.
    """
    contents = probed.contents
    assert contents is not None
    assert contents.film is not None
    _check(probed, contents.film, limits)
    demuxer = probed.demuxer
    if demuxer == WEBP:
        source, demuxer = await unfold(source, folder / "unfolded.mkv", limits.output_bytes), "matroska"
    made = folder / FILM
    silent = probed.kind is Kind.GIFV or contents.sound is None
    has_ladder = probed.kind is Kind.VIDEO and probed.duration_s > limits.ladder_from_s
    rungs = ladder.rungs(_size(probed, limits)) if has_ladder else []
    copied = probed.kind is Kind.VIDEO and not has_ladder and await _is_right(source, contents, demuxer, limits)
    apart = rungs if _is_large(contents.film) else []
    at_once = [] if apart else rungs
    runs = [command(source, folder, demuxer, probed, limits, rungs=at_once, copied=copied)]
    if apart:
        runs.append(ladder.from_film(made, folder, apart, encoding.rate_of(contents.film), limits))
    for at, arguments in enumerate(runs):
        part = _part(told, at, len(runs))
        await ffmpeg.run(arguments, limits, folder, length_s=contents.duration_s, told=part)
    playlist = [await ladder.cut(made, folder, len(rungs), limits, silent=silent)] if has_ladder else []
    told(_CUT_PER_CENT)
    return await _finished(made, folder, probed, draw, playlist)


def _part(told: Told, at: int, runs: int) -> Told:
    """Hears the per cent of one run of some as a part of the whole."""
    return lambda per_cent: told((100 * at + per_cent) * _RUN_PER_CENT // (100 * runs))


def command(
    source: Path,
    folder: Path,
    demuxer: str,
    probed: Probed,
    limits: FilmLimits,
    *,
    rungs: Sequence[tuple[int, int]] = (),
    copied: bool = False,
) -> list[str]:
    """Arguments of ffmpeg that make `FILM` in `folder`, and the renditions of `rungs`; `copied`: without decoding."""
    contents = probed.contents
    assert contents is not None
    assert contents.film is not None
    silent = probed.kind is Kind.GIFV or contents.sound is None
    return [
        *ffmpeg.source(source, demuxer, "-threads", "1" if _is_large(contents.film) else str(limits.threads)),
        *(_copied(contents) if copied else _encoded(probed, contents.film, rungs, limits)),
        *([] if silent else _sounded(contents)),
        *encoding.CLEAN,
        *("-movflags", "+faststart", "-f", "mp4", f"file:{folder / FILM}"),
        *ladder.outputs(folder, rungs, encoding.rate_of(contents.film), limits),
    ]


def _is_large(film: Film) -> bool:
    """Whether few pictures of it are kept at a time: read by one thread, with no rendition made beside the film.

    Each thread that decodes keeps pictures of its own, and so does each encoder: of 3840 × 2160 in 10 bits 25 MB each.
    """
    return film.stored_width * film.stored_height > LARGE_PIXELS


def _size(probed: Probed, limits: FilmLimits) -> tuple[int, int]:
    return encoding.size_of(probed.width, probed.height, limits.short_side)


def _check(probed: Probed, film: Film, limits: FilmLimits) -> None:
    """Raise `Refused` for what is more than is taken."""
    if probed.kind is Kind.GIFV and film.frames > ANIMATION_FRAMES_MAX:
        raise Refused("too_long", f"An animation of more than {ANIMATION_FRAMES_MAX} pictures is too long.")
    if probed.duration_s > limits.film_length_s:
        raise Refused("too_long", f"Films may last {lasting(limits.film_length_s)} at most.")
    if film.width * film.height > limits.pixels_max:
        raise Refused("too_large", f"A film of {film.width} × {film.height} pixels is too large.")
    if probed.kind is Kind.VIDEO and encoding.rate_of(film) > limits.source_rate_max:
        raise Refused("too_fast", f"Films may have {limits.source_rate_max} frames a second at most.")


async def _is_right(source: Path, contents: Contents, demuxer: str, limits: FilmLimits) -> bool:
    source_bytes = await asyncio.to_thread(lambda: source.stat().st_size)
    return encoding.is_right(contents, demuxer, source_bytes, limits)


def _copied(contents: Contents) -> list[str]:
    return ["-map", f"0:{contents.film_index}", "-c:v", "copy", "-bsf:v", "filter_units=remove_types=6"]


def _encoded(probed: Probed, film: Film, rungs: Sequence[tuple[int, int]], limits: FilmLimits) -> list[str]:
    assert probed.contents is not None
    size = _size(probed, limits)
    filters = encoding.filters(film, size, limits, over_white=probed.kind is Kind.GIFV)
    chain = ladder.chain(filters, rungs) if rungs else f"{filters}[film]"
    return [
        *("-filter_complex", f"[0:{probed.contents.film_index}]{chain}", "-map", "[film]"),
        *encoding.film_codec(size, encoding.rate_of(film), limits),
    ]


def _sounded(contents: Contents) -> list[str]:
    assert contents.sound is not None
    return ["-map", f"0:{contents.sound_index}", *encoding.sound_codec(contents.sound)]


async def _finished(made: Path, folder: Path, probed: Probed, draw: Draw, playlist: list[MadeFile]) -> Made:
    """What came of it, by reading it: a source that could be decoded in part only shows in its length."""
    still = folder / "still.png"
    contents = await read_contents(made, "mov", still)
    film = contents.film
    if film is None:
        raise Refused("no_picture", "No picture of the film could be read.")
    if probed.duration_s - contents.duration_s > 1 + probed.duration_s / 10:
        raise Refused(
            "cut_off",
            f"The film is damaged: of {probed.duration_s:.0f} seconds {contents.duration_s:.0f} could be converted.",
        )
    poster = await poster_of(still, draw)
    made_bytes = await asyncio.to_thread(lambda: made.stat().st_size)
    return Made(
        kind=probed.kind,
        files=(MadeFile("original", made, _MP4, film.width, film.height), *playlist, *poster.files),
        meta=Meta(
            width=film.width,
            height=film.height,
            duration_s=round(contents.duration_s, 3),
            frame_rate=film.frame_rate,
            bitrate=int(made_bytes * 8 / max(contents.duration_s, 0.001)),
        ),
        blurhash=poster.blurhash,
        perceptual_hash=poster.perceptual_hash,
    )
