"""Sounds become AAC in M4A, which every browser and telephone plays, with a picture of their cover or their waves."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final

from linnet.features.media.models import Kind, Made, MadeFile, Meta, Refused
from linnet.features.media.processing import encoding, ffmpeg
from linnet.features.media.processing.contents import Contents
from linnet.features.media.processing.ffmpeg import Told
from linnet.features.media.processing.limits import FilmLimits, lasting
from linnet.features.media.processing.posters import Draw, poster_of
from linnet.features.media.processing.probing import Probed, read_contents

WAVES_SIZE: Final = (1280, 400)
_WAVES: Final = (
    "aformat=channel_layouts=mono,compand=gain=3,showwavespic=s={0}x{1}:colors=0x8fb7ff:scale=sqrt[waves];"
    "color=c=0x17202b:s={0}x{1}:d=1[ground];[ground][waves]overlay=format=auto,format=rgb24"
)
_COVER: Final = "scale=w='min(1200,iw)':h='min(1200,ih)':force_original_aspect_ratio=decrease,setsar=1"
_M4A: Final = "audio/mp4"


async def make_sound(source: Path, folder: Path, probed: Probed, told: Told, limits: FilmLimits, draw: Draw) -> Made:
    """A sound that was probed as M4A, and its poster, in `folder`.

    `told` hears per cent. Raises `Refused` with a sentence to read. Cancelled, it leaves no process behind.
    """
    contents = probed.contents
    assert contents is not None
    assert contents.sound is not None
    if contents.duration_s > limits.sound_length_s:
        raise Refused("too_long", f"Sounds may last {lasting(limits.sound_length_s)} at most.")
    made = folder / "sound.m4a"
    await ffmpeg.run(
        [
            *ffmpeg.source(source, probed.demuxer),
            *("-map", f"0:{contents.sound_index}", "-vn"),
            *encoding.sound_codec(contents.sound),
            *encoding.CLEAN,
            *("-movflags", "+faststart", "-f", "mp4", f"file:{made}"),
        ],
        limits,
        folder,
        length_s=contents.duration_s,
        told=lambda per_cent: told(per_cent * 8 // 10),
    )
    heard = await read_contents(made, "mov")
    if contents.duration_s - heard.duration_s > 1 + contents.duration_s / 10:
        raise Refused(
            "cut_off",
            f"The sound is damaged: of {contents.duration_s:.0f} seconds {heard.duration_s:.0f} could be converted.",
        )
    poster = await poster_of(await _still(source, made, folder, probed, contents, limits), draw)
    made_bytes = await asyncio.to_thread(lambda: made.stat().st_size)
    return Made(
        kind=Kind.AUDIO,
        files=(MadeFile("original", made, _M4A), *poster.files),
        meta=Meta(duration_s=round(heard.duration_s, 3), bitrate=int(made_bytes * 8 / max(heard.duration_s, 0.001))),
        blurhash=poster.blurhash,
        perceptual_hash=poster.perceptual_hash,
    )


async def _still(
    source: Path, made: Path, folder: Path, probed: Probed, contents: Contents, limits: FilmLimits
) -> Path:
    """The cover that lies in the file, else the waves of the sound."""
    still = folder / "still.png"
    end = (*encoding.CLEAN, "-frames:v", "1", "-update", "1", "-f", "image2", f"file:{still}")
    if contents.cover_index is not None:
        cover = ("-map", f"0:{contents.cover_index}", "-vf", _COVER, "-pix_fmt", "rgb24")
        with suppress(Refused):  # a broken cover does not make a sound worse
            await ffmpeg.run([*ffmpeg.source(source, probed.demuxer), *cover, *end], limits, folder)
            return still
    chain = f"[0:a]{_WAVES.format(*WAVES_SIZE)}[drawn]"
    waves = ("-filter_complex", chain, "-map", "[drawn]")
    await ffmpeg.run([*ffmpeg.source(made, "mov"), *waves, *end], limits, folder)
    return still
