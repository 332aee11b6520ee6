"""The program that unfolds an animated WebP into a film without loss: few versions of ffmpeg read an animated WebP.

`python -m … SOURCE TARGET`, by itself and within bounds: ends with 0, or with 1 when the animation is damaged.
"""

# pyright: reportUnknownMemberType=false
# The hints of PyAV leave some of its own types open.

import sys
from fractions import Fraction
from typing import Final

import av
import av.error
from av.video.frame import VideoFrame
from PIL import Image, ImageSequence, UnidentifiedImageError

from linnet.features.media.processing.limits import ANIMATION_FRAMES_MAX, SOURCE_PIXELS_MAX

_MILLISECONDS: Final = Fraction(1, 1000)
_USUAL_MS: Final = 100
"""How long browsers show a picture whose duration is 0."""


def main(source: str, target: str) -> int:
    """Write the pictures of the animation at `source`, one at a time and with their durations, to `target` (MKV)."""
    Image.MAX_IMAGE_PIXELS = SOURCE_PIXELS_MAX
    try:
        with Image.open(source, formats=["WEBP"]) as animation, av.open(target, "w", format="matroska") as film:
            stream = film.add_stream("ffv1", rate=1000, options={"slices": "4"})
            stream.width, stream.height, stream.pix_fmt = animation.width, animation.height, "bgra"
            stream.codec_context.time_base = _MILLISECONDS
            at = 0
            for _, picture in zip(range(ANIMATION_FRAMES_MAX + 1), ImageSequence.Iterator(animation), strict=False):
                pixels = picture.convert("RGBA").tobytes()
                frame = VideoFrame.from_bytes(pixels, animation.width, animation.height, format="rgba")
                frame = frame.reformat(format="bgra")
                frame.pts, frame.time_base = at, _MILLISECONDS
                frame.duration = int(picture.info.get("duration") or _USUAL_MS)
                at += frame.duration
                film.mux(stream.encode(frame))
            film.mux(stream.encode(None))
    except (UnidentifiedImageError, Image.DecompressionBombError, av.error.FFmpegError, OSError, ValueError, EOFError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
