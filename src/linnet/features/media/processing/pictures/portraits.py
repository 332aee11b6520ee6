"""Avatars and headers: cut to their shape around the middle; those that move keep moving, with one that does not."""

from pathlib import Path
from typing import Final

import pyvips

from linnet.features.media.models import Purpose, Refused
from linnet.features.media.processing.pictures.likeness import difference_hash, placeholder
from linnet.features.media.processing.pictures.opening import Opened, frame_height, open_picture
from linnet.features.media.processing.pictures.orders import Answer, Order
from linnet.features.media.processing.pictures.sizing import opaque, plain, scaled, shown_size, upright
from linnet.features.media.processing.pictures.writing import Folder

SHAPES: Final = {Purpose.AVATAR: (400, 400), Purpose.HEADER: (1500, 500)}
"""Width and height in pixels, as Mastodon's clients expect them; a picture with less is cut and not enlarged."""

FRAMES_MAX: Final = 300
MOVING_PIXELS_MAX: Final = 200_000_000
"""Of all frames together."""


def make_portrait(order: Order) -> Answer:
    """Write `large`, and if it moves `static` beside it; raises `Refused`."""
    opened = open_picture(Path(order.source), pixels_max=order.pixels_max, frames=True)
    folder = Folder(Path(order.folder), drawn=opened.lossless)
    width, height = SHAPES[order.purpose]
    if opened.frames == 1:
        still = opaque(_portrait(opened.image, width, height))
        folder.write("large", still, webp=False)
    else:
        frames = _frames(opened, width, height)
        still = opaque(frames[0])
        folder.write_moving("large", frames, opened.image)
        folder.write("static", still, webp=False)
    return Answer(tuple(folder.files), placeholder(still), difference_hash(still))


def _frames(opened: Opened, width: int, height: int) -> list[pyvips.Image]:
    image, tall = opened.image, frame_height(opened.image)
    if opened.frames > FRAMES_MAX or image.width * image.height > MOVING_PIXELS_MAX:
        raise Refused("too_many_frames", f"The picture moves for too long: {FRAMES_MAX} frames are the most.")
    return [
        _portrait(image.crop(0, number * tall, image.width, tall), width, height) for number in range(opened.frames)
    ]


def _portrait(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """The middle of a picture in this shape, in memory."""
    shown_width, shown_height = shown_size(image)
    shown = upright(plain(scaled(image, max(width / shown_width, height / shown_height))).copy_memory())
    factor = min(shown.width / width, shown.height / height, 1.0)
    width, height = max(round(width * factor), 1), max(round(height * factor), 1)
    return shown.crop((shown.width - width) // 2, (shown.height - height) // 2, width, height).copy_memory()
