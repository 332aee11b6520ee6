"""All that is made of one picture: read once, written in several sizes, with nothing of the file but its pixels."""

from pathlib import Path
from typing import Final

import pyvips

from linnet.features.media.models import Purpose, Refused
from linnet.features.media.processing.pictures.likeness import difference_hash, placeholder
from linnet.features.media.processing.pictures.opening import Opened, open_picture
from linnet.features.media.processing.pictures.orders import Answer, Order
from linnet.features.media.processing.pictures.portraits import make_portrait
from linnet.features.media.processing.pictures.sizing import (
    bounded,
    fitted,
    opaque,
    plain,
    scaled,
    shown_size,
    streams,
    turned,
    upright,
)
from linnet.features.media.processing.pictures.writing import Folder

LARGE_PIXELS_MAX: Final = 8_294_400
"""Width times height of what is shown in full: 3840x2160, whatever its shape."""

THUMBNAIL_PIXELS_MAX: Final = 1280 * 720
WIDTHS: Final = (1280, 640)
"""Of the variants `w1280` and `w640`, made where the largest is wider."""

SMALL_SIDE: Final = 400


def prepare() -> None:
    """Keep libvips to what this process is for: before the first picture."""
    pyvips.block_untrusted_set(True)  # noqa: FBT003 -- theirs
    pyvips.cache_set_max(0)
    pyvips.cache_set_max_mem(0)
    pyvips.cache_set_max_files(0)


def make(order: Order) -> Answer:
    """Write all variants of a picture into the order's folder; raises `Refused` for what is none or too large.

    `large` and `small`, and `w1280` and `w640` of wider ones, are JPEG, or PNG where they are see-through: every client
    reads them. `w1280_webp`, `w640_webp` and `small_webp` are the same in less bytes. Of avatars and headers: `large`,
    and of those that move `static` beside it.
    """
    try:
        if order.purpose in {Purpose.AVATAR, Purpose.HEADER}:
            return make_portrait(order)
        opened = open_picture(Path(order.source), pixels_max=order.pixels_max)
        return _make(opened, order)
    except pyvips.Error as error:
        raise Refused("unreadable", "The picture is damaged or not what it seems to be.") from error


def _make(opened: Opened, order: Order) -> Answer:
    folder = Folder(Path(order.folder), drawn=opened.lossless)
    pixels_max = THUMBNAIL_PIXELS_MAX if order.purpose is Purpose.THUMBNAIL else LARGE_PIXELS_MAX
    image = opened.image
    shrunk = plain(scaled(image, bounded(image, pixels_max)))
    if streams(image) and shrunk.width >= 2 * WIDTHS[0]:
        smaller = _streamed(shrunk, folder)
    else:
        smaller = opaque(shrunk.copy_memory())  # as it is stored: to turn a picture costs less the smaller it is
        folder.write("large", upright(smaller), webp=False)
    for width in WIDTHS:
        if width < folder.files[0].width:
            smaller = scaled(smaller, width / shown_size(smaller)[0]).copy_memory()
            folder.write(f"w{width}", turned(smaller))
    small = turned(fitted(smaller, SMALL_SIDE, SMALL_SIDE).copy_memory())
    folder.write("small", small)
    return Answer(tuple(folder.files), placeholder(small), difference_hash(small))


def _streamed(image: pyvips.Image, folder: Folder) -> pyvips.Image:
    """Write the largest variant while the picture is read; then go on with what was written, read at half its size.

    So a picture of 12 megapixels is never in memory, for a tenth more of the time: half of 8 bits of JPEG is as good as
    the source for what is half as wide.
    """
    path = folder.write("large", image, webp=False)
    return pyvips.Image.jpegload(str(path), shrink=2, access="sequential")
