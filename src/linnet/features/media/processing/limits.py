"""How much of films and sounds is taken, and what is made of them: values that an operator may change."""

from dataclasses import dataclass
from typing import Final

SOURCE_PIXELS_MAX: Final = 7680 * 4320
"""Of one picture of a film: 8K. Larger ones are refused before anything is decoded."""

ANIMATION_FRAMES_MAX: Final = 3_000
STREAMS_MAX: Final = 64
LARGE_PIXELS: Final = 2560 * 1440
"""Of one picture of a film, from where on a few of them are much memory."""

_MINUTE_S: Final = 60
LONG_SIDE: Final = 20 / 9
"""How much longer than the short side a film's long side may be: the tallest telephones are that."""


@dataclass(frozen=True, slots=True)
class FilmLimits:
    """What an operator says about films and sounds; settings of the same names."""

    film_length_s: float = 3_600.0
    sound_length_s: float = 3_600.0
    pixels_max: int = 8_847_360
    """Width times height of a film that is taken."""
    source_rate_max: int = 240
    """Frames a second of a film that is taken: slow motion of telephones."""
    short_side: int = 1080
    """Pixels of the shorter side of what is made."""
    frames_per_second: int = 60
    """Of what is made."""
    ladder_from_s: float = 60.0
    """Films longer than this get a ladder of renditions."""
    preset: str = "veryfast"
    """How hard x264 tries."""
    memory_bytes: int = 704 << 20
    """That one ffmpeg may write to. With the worker beside it that is less than 1 GiB."""
    time_s: float = 7_200.0
    """How long one run may take."""
    output_bytes: int = 2 << 30
    threads: int = 2
    ffmpeg: str = ""
    """Path of the program; empty: the system's, or else the wheel's."""


def lasting(seconds: float) -> str:
    """A length in words: "90 seconds", "20 minutes"."""
    return f"{seconds / _MINUTE_S:.0f} minutes" if seconds >= 2 * _MINUTE_S else f"{seconds:.0f} seconds"
