"""How films are encoded: sizes, rates and ffmpeg's arguments, as plain functions of what was probed."""

from fractions import Fraction
from typing import Final

from linnet.features.media.processing.contents import Contents, Film, Sound
from linnet.features.media.processing.limits import LONG_SIDE, FilmLimits

CRF: Final = "23"
BITS_PER_PIXEL_MAX: Final = 0.1
"""At 30 frames a second: 6 Mbit/s for 1080p. Frames above 30 count half, being more alike."""

BITRATE_MIN: Final = 500_000
"""What small films may take at least."""

PLAIN_RATE: Final = 30
KEYFRAME_S: Final = 2
SOUND_BITRATE: Final = 128_000
SAMPLE_RATES: Final = frozenset({8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
"""Of AAC, up to what one hears; others become the last."""

HDR_TRANSFERS: Final = frozenset({16, 18})
"""PQ and HLG in ITU-T H.273."""

_COPIED_PROFILES: Final = frozenset({"Constrained Baseline", "Main", "High"})
_TONEMAP: Final = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
)
_ON_WHITE: Final = (
    "format=rgba,split[over][under];[under]lutrgb=r=255:g=255:b=255:a=255[white];[white][over]overlay=format=gbrp"
)
"""H.264 knows no transparency. Filled by `lutrgb`: ffmpeg 5.1 dies of `drawbox` on colours with transparency."""

CLEAN: Final = (
    *("-map_metadata", "-1", "-map_chapters", "-1", "-dn", "-sn", "-fflags", "+bitexact"),
    *("-metadata:s", "encoder="),
)
"""Nothing of what the source says about itself, and no word of the encoder's."""


def size_of(width: int, height: int, short_side: int) -> tuple[int, int]:
    """Even sizes of the same shape whose shorter side is `short_side` at most; never larger, at least 2 × 2."""
    short, long = sorted((width, height))
    factor = min(1.0, short_side / short, short_side * LONG_SIDE / long)
    return max(2, round(width * factor / 2) * 2), max(2, round(height * factor / 2) * 2)


def rate_of(film: Film) -> Fraction:
    """Frames a second as they were counted, 1 at least."""
    return max(Fraction(film.frame_rate or "1/1"), Fraction(1))


def bitrate_max(width: int, height: int, rate: Fraction) -> int:
    """Bits a second that a film of this size may take in its busiest seconds."""
    frames = min(rate, PLAIN_RATE) + max(rate - PLAIN_RATE, Fraction(0)) / 2
    return max(int(width * height * float(frames) * BITS_PER_PIXEL_MAX), BITRATE_MIN)


def filters(film: Film, size: tuple[int, int], limits: FilmLimits, *, over_white: bool = False) -> str:
    """The filters from a decoded and turned frame to one that x264 takes."""
    steps: list[str] = []
    if over_white:
        steps.append(_ON_WHITE)
    if film.interlaced:
        steps.append("bwdif=mode=send_frame:deint=interlaced")
    if rate_of(film) > limits.frames_per_second:
        steps.append(f"fps={limits.frames_per_second}")
    hdr = film.transfer in HDR_TRANSFERS
    matrix = ":out_color_matrix=bt709" if film.pixel_format.startswith(("rgb", "bgr", "gbr", "pal", "rgba")) else ""
    steps.append(f"scale={size[0]}:{size[1]}:flags=bicubic" + ("" if hdr else f":out_range=tv{matrix}"))
    if hdr:
        steps.append(_TONEMAP)
    return ",".join((*steps, "setsar=1", "format=yuv420p"))


def film_codec(size: tuple[int, int], rate: Fraction, limits: FilmLimits) -> list[str]:
    """Arguments of x264 for one output: what phones and browsers of the last ten years play."""
    most = bitrate_max(*size, min(rate, Fraction(limits.frames_per_second)))
    return [
        *("-c:v", "libx264", "-preset", limits.preset, "-profile:v", "high", "-crf", CRF),
        *("-maxrate", str(most), "-bufsize", str(2 * most), "-threads", str(limits.threads)),
        *("-force_key_frames", f"expr:gte(t,n_forced*{KEYFRAME_S})", "-fps_mode", "vfr"),
        *("-bsf:v", "filter_units=remove_types=6"),  # x264 writes its settings into the stream
    ]


def sound_codec(sound: Sound, *, bitrate: int = SOUND_BITRATE) -> list[str]:
    """Arguments that keep a sound which is right already, or make it AAC in one or two channels."""
    if sound_is_right(sound):
        return ["-c:a", "copy"]
    channels = min(max(sound.channels, 1), 2)
    rate = sound.sample_rate if sound.sample_rate in SAMPLE_RATES else 48_000
    return ["-c:a", "aac", "-b:a", str(bitrate * channels // 2), "-ac", str(channels), "-ar", str(rate)]


def sound_is_right(sound: Sound) -> bool:
    """Whether a sound needs no other coding: AAC-LC in one or two channels, and not larger than twice ours."""
    return (
        sound.codec == "aac"
        and sound.profile == "LC"
        and 1 <= sound.channels <= 2  # noqa: PLR2004 -- mono and stereo
        and sound.sample_rate in SAMPLE_RATES
        and 0 < sound.bitrate <= 2 * SOUND_BITRATE
    )


def is_right(contents: Contents, demuxer: str, source_bytes: int, limits: FilmLimits) -> bool:
    """Whether a film can be taken as it is, without decoding: in its shape and its rate, and small enough."""
    film, sound = contents.film, contents.sound
    if film is None or demuxer != "mov" or (sound is not None and not sound_is_right(sound)):
        return False
    size = (film.width, film.height)
    return (
        film.codec == "h264"
        and film.profile in _COPIED_PROFILES
        and film.pixel_format == "yuv420p"
        and not film.rotation
        and not film.interlaced
        and film.transfer not in HDR_TRANSFERS
        and size == (film.stored_width, film.stored_height) == size_of(*size, limits.short_side)
        and rate_of(film) <= limits.frames_per_second
        and source_bytes * 8 <= (bitrate_max(*size, rate_of(film)) + 2 * SOUND_BITRATE) * max(contents.duration_s, 1.0)
    )
