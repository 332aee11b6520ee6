"""What the studio says to the process that makes pictures, and what it hears back."""

import struct
from typing import Final

import msgspec

from linnet.features.media.models import Purpose

LENGTH: Final = struct.Struct(">I")
"""Before each message: how many bytes it has."""

ORDER_BYTES_MAX: Final = 16 << 10
ANSWER_BYTES_MAX: Final = 64 << 10
"""The other side may have been taken over by a file: nothing that it says is read beyond this."""


class Order(msgspec.Struct, frozen=True):
    """A picture to be made."""

    source: str
    folder: str
    """Where the files go; empty at first."""
    purpose: Purpose
    pixels_max: int
    """Width times height, of a frame, beyond which a file is refused unread."""


class Output(msgspec.Struct, frozen=True):
    """A file that was written."""

    name: str
    """Of the variant."""
    file: str
    """Inside the folder."""
    content_type: str
    width: int
    height: int


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of an order: files, or why there are none."""

    files: tuple[Output, ...] = ()
    blurhash: str = ""
    perceptual_hash: int = 0
    reason: str = ""
    message: str = ""
