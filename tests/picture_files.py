"""Real picture files of every format, as phones, cameras and programs write them: made here, the same each time."""

from pathlib import Path
from typing import Any, Final, cast

import pillow_heif
import pyvips
from PIL import Image

FORMATS: Final = ("jpg", "png", "gif", "webp", "avif", "heic")
GPS_FIELDS: Final = ("exif-ifd3-GPSLatitude", "exif-ifd3-GPSLongitude")

_QUARTERS: Final = ((220, 40, 40), (40, 200, 60), (40, 70, 220), (230, 210, 50))
"""Colours of the quarters of a picture as it is meant to be seen: left and right above, left and right below."""

_STORED: Final = {
    1: (0, 1, 2, 3),
    2: (1, 0, 3, 2),
    3: (3, 2, 1, 0),
    4: (2, 3, 0, 1),
    5: (0, 2, 1, 3),
    6: (1, 3, 0, 2),
    7: (3, 1, 2, 0),
    8: (2, 0, 3, 1),
}
"""By EXIF orientation: which quarter of what is seen is stored in each quarter of the file (TIFF 6.0, tag 274)."""
