"""The program that reads a film or sound through and prints what is in it; it runs by itself, within bounds.

`python -m … DEMUXER PATH [POSTER]` prints one JSON object: `contents`, or `reason` and `message`. A file that makes
the libraries fall over ends this process and no other. With a POSTER it is a film of our own making, and looked at only
as far as that takes.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import av
import av.error
import msgspec
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from linnet.features.media.models import Refused
from linnet.features.media.processing import stills
from linnet.features.media.processing.contents import Contents, Film, Sound
from linnet.features.media.processing.limits import SOURCE_PIXELS_MAX, STREAMS_MAX

_ENCRYPTED: Final = frozenset({"encv", "enca", "drmi", "drms"})
_PROTECTED: Final = "The file is protected against copying."
_PACKETS_TRIED: Final = 8
"""Packets looked at for a sign that they are encrypted."""

_RATE_DENOMINATOR_MAX: Final = 1001
_WEBP_TICKS: Final = 1000
_SAME_RATE: Final = 0.02
_ASPECT_MAX: Final = 10


def main(demuxer: str, path: str, poster: str = "") -> None:
    """Print what is in the file at `path`, opened as `demuxer` and nothing else; write a picture of it to `poster`."""
    try:
        if poster:
            contents = _draw(path, demuxer, poster)
        else:
            contents = _webp(Path(path)) if demuxer == "webp" else inspect(path, demuxer)
    except Refused as refused:
        answer: dict[str, object] = {"reason": refused.reason, "message": str(refused)}
    except (av.error.FFmpegError, MemoryError, ValueError, OverflowError) as error:
        name = type(error).__name__
        answer = {"reason": "unreadable", "message": f"The file is damaged or not what it seems to be ({name})."}
    else:
        answer = {"contents": contents}
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")


def inspect(path: str, demuxer: str) -> Contents:
    """What is in a file: its streams by their headers and their first decoded frames, its length by reading it all."""
    with _opened(path, demuxer) as container:
        film, sound, cover = _chosen(container)
        if film is None and sound is None:
            raise Refused("nothing_in_it", "There is no picture and no sound in the file.")
        declared_s = (container.duration or 0) / 1_000_000
        if any(packet.has_sidedata("encryption_info") for packet in islice(container.demux(), _PACKETS_TRIED)):
            raise Refused("encrypted", _PROTECTED)
    with _opened(path, demuxer) as container:  # anew, from its start
        shown = _film(container, _video(container, film)) if film is not None else None
    with _opened(path, demuxer) as container:
        heard = _sound(container, sound) if sound is not None else None
    with _opened(path, demuxer) as container:
        read = _read_through(container, [one for one in (film, sound) if one is not None])
        if film is not None and shown is not None:
            counted = read[film]
            rate = counted.rate(_video(container, film).average_rate)
            shown = msgspec.structs.replace(shown, frames=counted.packets, frame_rate=rate)
    return Contents(
        duration_s=_length(read.values()),
        declared_s=max(declared_s, 0.0),
        film=shown,
        sound=heard,
        film_index=film or 0,
        sound_index=sound or 0,
        cover_index=cover,
    )


def _opened(path: str, demuxer: str) -> InputContainer:
    return av.open(
        f"file:{path}",
        format=demuxer,
        container_options={"protocol_whitelist": "file", "max_streams": str(STREAMS_MAX)},
        metadata_errors="replace",
    )


def _chosen(container: InputContainer) -> tuple[int | None, int | None, int | None]:
    """Where the film, the sound and the cover of a file are, each the first there is."""
    covers = [one.index for one in container.streams.video if one.disposition & Disposition.attached_pic]
    films = [one.index for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    sounds = [one.index for one in container.streams.audio]
    return (films[0] if films else None), (sounds[0] if sounds else None), (covers[0] if covers else None)


def _video(container: InputContainer, index: int) -> VideoStream:
    stream = container.streams[index]
    assert isinstance(stream, VideoStream)
    return stream


def _decodable(stream: Stream) -> None:
    context = getattr(stream, "codec_context", None)
    if context is None:  # no decoder for it
        raise Refused("unknown_codec", "The file is coded in a way that is not supported.")
    if context.codec_tag in _ENCRYPTED:
        raise Refused("encrypted", _PROTECTED)


def _film(container: InputContainer, stream: VideoStream) -> Film:
    _decodable(stream)
    context = stream.codec_context
    if context.width * context.height > SOURCE_PIXELS_MAX:
        raise Refused("too_large", f"A film of {context.width} × {context.height} pixels is too large.")
    frame = next((one for _, one in zip(range(stills.FRAMES_TRIED), container.decode(stream), strict=False)), None)
    if frame is None or frame.width < 1 or frame.height < 1:
        raise Refused("no_picture", "No picture of the film could be read.")
    return _shape(stream, frame)


def _shape(stream: VideoStream, frame: VideoFrame) -> Film:
    context = stream.codec_context
    aspect = stream.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1)
    if not 1 / _ASPECT_MAX <= aspect <= _ASPECT_MAX:
        aspect = Fraction(1)
    return Film(
        codec=context.name,
        width=max(1, round(frame.width * aspect)),
        height=frame.height,
        stored_width=frame.width,
        stored_height=frame.height,
        rotation=round(frame.rotation / 90) * 90 % 360,
        pixel_format=frame.format.name,
        profile=str(context.profile or ""),
        transfer=int(frame.color_trc),
        interlaced=bool(frame.interlaced_frame),
    )


def _sound(container: InputContainer, index: int) -> Sound:
    stream = container.streams[index]
    assert isinstance(stream, AudioStream)
    _decodable(stream)
    if next(container.decode(stream), None) is None:
        raise Refused("no_sound", "The sound of the file could not be read.")
    context = stream.codec_context
    return Sound(
        codec=context.name,
        profile=str(context.profile or ""),
        channels=context.channels,
        sample_rate=context.sample_rate,
        bitrate=context.bit_rate or 0,
    )


def _draw(path: str, demuxer: str, poster: str) -> Contents:
    """What is in a film but for its sound; a picture that shows something of it is written to `poster`."""
    with _opened(path, demuxer) as container:
        film, sound, _ = _chosen(container)
        if film is None:
            raise Refused("no_picture", "No picture of the film could be read.")
        stream = _video(container, film)
        read = _read_through(container, [one for one in (film, sound) if one is not None])
        duration_s = _length(read.values())
        still = stills.choose(container, stream, duration_s)
        rate = read[film].rate(stream.average_rate)
        shown = msgspec.structs.replace(_shape(stream, still), frames=read[film].packets, frame_rate=rate)
    stills.write(still, poster)
    return Contents(duration_s=duration_s, film=shown, film_index=film)


@dataclass(slots=True)
class _Read:
    """How far the packets of a stream reach, in seconds."""

    packets: int = 0
    first_s: Fraction | None = None
    last_s: Fraction = Fraction(0)
    end_s: Fraction = Fraction(0)

    def rate(self, declared: Fraction | None) -> str:
        """Frames a second: as declared if that is about what was counted, else as counted."""
        span = self.last_s - (self.first_s or 0)
        counted = (self.packets - 1) / span if span > 0 and self.packets > 1 else None
        if counted is None or (declared and abs(declared / counted - 1) < _SAME_RATE):
            rate = declared or Fraction(1)
        else:
            rate = counted.limit_denominator(_RATE_DENOMINATOR_MAX)
        return f"{rate.numerator}/{rate.denominator}"


def _read_through(container: InputContainer, indexes: list[int]) -> dict[int, _Read]:
    read = {index: _Read() for index in indexes}
    try:
        for packet in container.demux([container.streams[index] for index in indexes]):
            at = packet.pts if packet.pts is not None else packet.dts
            if at is None or not packet.size:
                continue
            one, begin = read[packet.stream.index], at * packet.time_base
            one.packets += 1
            one.first_s = begin if one.first_s is None else min(one.first_s, begin)
            one.last_s = max(one.last_s, begin)
            one.end_s = max(one.end_s, begin + (packet.duration or 0) * packet.time_base)
    except av.error.FFmpegError:  # what came before it counts; a file that is much shorter than it says is refused
        if not any(one.packets for one in read.values()):
            raise
    return read


def _length(read: Iterable[_Read]) -> float:
    begun = [one for one in read if one.first_s is not None]
    if not begun:
        raise Refused("cut_off", "The file is cut off: there is nothing in it but a header.")
    return float(max(one.end_s for one in begun) - min(one.first_s or Fraction(0) for one in begun))


def _webp(path: Path) -> Contents:
    """The frames of an animated WebP by their headers (RFC 9649)."""
    frames = ticks = width = height = 0
    with path.open("rb") as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            size = int.from_bytes(head[4:], "little")
            start = file.read(min(size, 16))
            if head[:4] == b"VP8X":
                width, height = (1 + int.from_bytes(start[at : at + 3], "little") for at in (4, 7))
            elif head[:4] == b"ANMF" and len(start) == 16:
                frames += 1
                ticks += int.from_bytes(start[12:15], "little") or 100
            file.seek(size - len(start) + (size & 1), 1)
    if width * height > SOURCE_PIXELS_MAX:
        raise Refused("too_large", f"An animation of {width} × {height} pixels is too large.")
    if not frames or not width:
        raise Refused("cut_off", "The animation is cut off.")
    rate = Fraction(frames * _WEBP_TICKS, ticks).limit_denominator(_RATE_DENOMINATOR_MAX)
    return Contents(
        duration_s=ticks / _WEBP_TICKS,
        film=Film(
            codec="webp",
            width=width,
            height=height,
            stored_width=width,
            stored_height=height,
            pixel_format="rgba",
            frames=frames,
            frame_rate=f"{rate.numerator}/{rate.denominator}",
        ),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
