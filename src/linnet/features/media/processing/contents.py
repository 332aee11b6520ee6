"""What is in a film or a sound: plain values, for the process that reads it and for those that ask."""

import msgspec


class Film(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The moving picture of a file, as it is to be shown."""

    codec: str
    width: int
    height: int
    """In square pixels, before it is turned."""
    stored_width: int
    stored_height: int
    rotation: int = 0
    """Degrees it must be turned, counterclockwise: 0, 90, 180 or 270."""
    pixel_format: str = ""
    profile: str = ""
    transfer: int = 2
    """How light became numbers (ITU-T H.273): 16 and 18 are those of high dynamic range."""
    interlaced: bool = False
    frames: int = 0
    frame_rate: str = ""
    """Frames a second as they were counted, as a fraction."""


class Sound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The sound of a file."""

    codec: str
    profile: str = ""
    channels: int = 0
    sample_rate: int = 0
    bitrate: int = 0


class Contents(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is in a file that ffmpeg reads, by reading it through without decoding."""

    duration_s: float
    declared_s: float = 0.0
    """How long it says it is; 0 when it does not say."""
    film: Film | None = None
    sound: Sound | None = None
    film_index: int = 0
    sound_index: int = 0
    cover_index: int | None = None
    """Which stream is a picture that belongs to a sound."""
