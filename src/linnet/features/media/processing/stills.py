"""The picture of a film that is to stand for it: one that shows something."""

from itertools import product
from statistics import fmean, pstdev
from typing import Any, Final, cast

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from linnet.features.media.models import Refused

FRAMES_TRIED: Final = 500
"""Frames looked at for one that can be shown: a film may begin in the middle of a group."""

_POSTER_PARTS: Final = (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.0)
"""Where in a film pictures are looked at, as parts of its length."""

_POSTER_SIDE_MAX: Final = 1280
"""Pixels of a poster's longer side: it is shown on the way to the film."""

_LOOK_SIZE: Final = 48
_DARK: Final = 24.0
_SHOWS_ENOUGH: Final = 12.0


def choose(container: InputContainer, stream: VideoStream, duration_s: float) -> VideoFrame:
    """The first picture of some all over the film that shows something; if none does, that which shows most.

    Whole pictures are looked at before those that are only told by what has changed since, which takes longer.
    """
    best: VideoFrame | None = None
    most = -1.0
    for exact, part in product((False, True), _POSTER_PARTS):
        frame = _frame_at(container, stream, duration_s * part, exact=exact)
        shows = _shows(frame) if frame is not None else -1.0
        if shows > most:
            best, most = frame, shows
        if most >= _SHOWS_ENOUGH:
            break
    if best is None:
        raise Refused("no_picture", "No picture of the film could be read.")
    return best


def write(frame: VideoFrame, poster: str) -> None:
    """As JPEG of the best quality: a PNG takes ten times as long, and the studio makes JPEG of it in any case."""
    factor = min(1.0, _POSTER_SIDE_MAX / max(frame.width, frame.height))
    width, height = round(frame.width * factor) or 1, round(frame.height * factor) or 1
    with av.open(poster, "w", format="image2", options={"update": "1"}) as file:
        jpeg = cast("Any", file).add_stream("mjpeg", rate=1, options={"qmin": "2", "qmax": "2"})
        jpeg.width, jpeg.height, jpeg.pix_fmt = width, height, "yuvj420p"
        still = frame.reformat(width=width, height=height, format="yuvj420p")
        still.pts = 0
        cast("Any", file).mux([*jpeg.encode(still), *jpeg.encode(None)])


def _frame_at(container: InputContainer, stream: VideoStream, at_s: float, *, exact: bool) -> VideoFrame | None:
    """The frame shown at that time, or the last of those tried before it; unless `exact`, the whole picture before."""
    container.seek(int(at_s / float(stream.time_base or 1)), stream=stream)
    found: VideoFrame | None = None
    for _, frame in zip(range(FRAMES_TRIED), container.decode(stream), strict=False):
        found = frame
        if not exact or frame.pts is None or frame.time >= at_s:
            break
    return found


def _shows(frame: VideoFrame) -> float:
    """How much there is to see: the spread of brightness, and nothing where all is dark."""
    small = frame.reformat(width=_LOOK_SIZE, height=_LOOK_SIZE, format="gray")
    line = small.planes[0].line_size
    rows = bytes(small.planes[0])
    light = [value for at in range(0, line * _LOOK_SIZE, line) for value in rows[at : at + _LOOK_SIZE]]
    spread = pstdev(light)
    return spread if fmean(light) > _DARK else spread / 100
