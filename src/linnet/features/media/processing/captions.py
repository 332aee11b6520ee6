"""Captions in WebVTT, read and written anew: what is served is ours, whatever was sent."""

from typing import Final

import pysubs2
from pysubs2.exceptions import Pysubs2Error

from linnet.features.media.models import Refused

CAPTIONS_BYTES_MAX: Final = 512 * 1024
"""Of a film of several hours."""

CUES_MAX: Final = 10_000
_END_MS_MAX: Final = 100 * 3_600_000


def rewrite(sent: bytes) -> bytes:
    """WebVTT of the captions sent as WebVTT or SubRip, each line with its time and nothing else; raises `Refused`.

    Styles, regions, notes and all tags but those for bold, italic and underlined text are left behind.
    """
    if len(sent) > CAPTIONS_BYTES_MAX:
        raise Refused("too_large", f"Captions may have {CAPTIONS_BYTES_MAX // 1024} KiB at most.")
    try:
        text = sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("unreadable", "Captions must be text in UTF-8.") from None
    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    try:
        captions = pysubs2.SSAFile.from_string(text.replace("\x00", ""), format_=kind)
    except (Pysubs2Error, ValueError, OverflowError) as error:
        raise Refused("unreadable", "The captions could not be read as WebVTT.") from error
    shown = [one for one in captions if one.plaintext.strip() and 0 <= one.start < one.end <= _END_MS_MAX]
    if not shown:
        raise Refused("nothing_in_it", "There is no line in the captions that could be shown.")
    if len(shown) > CUES_MAX:
        raise Refused("too_long", f"Captions may have {CUES_MAX} lines at most.")
    captions.events = shown
    captions.sort()
    return captions.to_string("vtt").encode()
