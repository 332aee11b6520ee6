"""Photos to be made small: looking like ones from a phone, and the same bytes each time."""

from pathlib import Path
from typing import Final

import pyvips
from PIL import Image

WIDTH: Final = 4_000
HEIGHT: Final = 3_000
QUALITY: Final = 92
_ORIENTATION: Final = 0x0112
_GPS: Final = 0x8825
_ON_ITS_SIDE: Final = 6

PHOTOS: Final = ("upright", "turned", "wide colours")


def write_photos(folder: Path) -> dict[str, Path]:
    """By what is to be done about them: each 12 megapixels as JPEG, with where it was taken.

    `upright` is in sRGB; `turned` is stored on its side, as a phone held upright does it; `wide colours` is in Display
    P3, as phones do that, too.
    """
    scene = _scene()
    pixels = scene.write_to_memory()
    image = Image.frombytes("RGB", (WIDTH, HEIGHT), pixels)
    profile = bytes(pyvips.Operation.call("profile_load", "p3"))  # pyright: ignore[reportArgumentType]
    made = {name: folder / f"{name.replace(' ', '-')}.jpg" for name in PHOTOS}
    _save(image, made["upright"], 1, b"")
    _save(image, made["turned"], _ON_ITS_SIDE, b"")
    _save(image, made["wide colours"], 1, profile)
    return made


def _scene() -> pyvips.Image:
    """Soft shapes of several sizes, as of clouds, leaves and grain: about as much detail as a photo has."""
    bands: list[pyvips.Image] = []
    for band in range(3):
        light = sum(
            (
                pyvips.Image.perlin(WIDTH, HEIGHT, cell_size=cell, seed=10 * cell + band) * strength
                for cell, strength in ((1024, 70.0), (256, 50.0), (64, 30.0), (8, 14.0))
            ),
            start=pyvips.Image.gaussnoise(WIDTH, HEIGHT, mean=118, sigma=5, seed=band).gaussblur(0.7),
        )
        bands.append(light.cast("uchar"))
    red, green, blue = bands
    return red.bandjoin([green, blue]).copy(interpretation="srgb")


def _save(image: Image.Image, path: Path, orientation: int, profile: bytes) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_GPS] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    image.save(path, quality=QUALITY, exif=exif.tobytes(), icc_profile=profile or None)
