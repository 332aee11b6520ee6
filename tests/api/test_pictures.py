"""The pictures that the server draws itself: right size, small, steady, and telling accounts apart."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from linnet.api.pictures import AVATAR_SIZE, HEADER_SIZE, avatar_png, header_png, logo_png, logo_svg
from linnet.api.pictures.canvas import Dice, oklch, outline

IDS = [1, 2, 115_000_000_000_000_000, 115_000_000_000_000_001, 2**63 - 1]


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    image.load()
    return image.convert("RGB")


@pytest.mark.parametrize(
    ("draw", "size", "bytes_max"), [(avatar_png, AVATAR_SIZE, 15_000), (header_png, HEADER_SIZE, 30_000)]
)
def test_default_pictures_are_small_pngs_of_their_size(
    draw: Callable[[int], bytes], size: tuple[int, int], bytes_max: int
) -> None:
    for account_id in IDS:
        png = draw(account_id)
        assert opened(png).size == size
        assert len(png) < bytes_max


def test_an_account_keeps_its_pictures_and_shares_them_with_nobody() -> None:
    avatars = [avatar_png(account_id) for account_id in range(1, 61)]
    assert len(set(avatars)) == len(avatars)
    assert len({header_png(account_id) for account_id in IDS}) == len(IDS)
    avatar_png.cache_clear()
    header = header_png(1)
    header_png.cache_clear()
    assert [avatar_png(account_id) for account_id in (1, 60)] == [avatars[0], avatars[59]]
    assert header_png(1) == header


def test_the_bird_of_every_avatar_stands_out_from_its_background() -> None:
    """WCAG asks for a contrast of 3 between a graphic and what is around it."""
    for account_id in range(100, 130):
        image = opened(avatar_png(account_id))
        sky = max(luminance(image, x, y) for x, y in ((5, 5), (395, 5), (30, 60)))
        bird = min(luminance(image, x, y) for x, y in ((185, 230), (215, 230)))
        assert (sky + 0.05) / (bird + 0.05) > 3


def luminance(image: Image.Image, x: int, y: int) -> float:
    red, green, blue = (
        (c / 255 / 12.92) if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in pixel(image, x, y)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("size", [1, 16, 32, 180, 512, 1024])
def test_the_logo_comes_in_every_size(size: int) -> None:
    assert opened(logo_png(size)).size == (size, size)


def test_the_logo_shows_the_red_breast_of_a_linnet() -> None:
    red, green, blue = pixel(opened(logo_png(512)), 350, 260)
    assert red > 190
    assert green < 90
    assert blue < 100


def test_the_logo_is_a_document_that_browsers_read() -> None:
    root = ET.fromstring(logo_svg())  # noqa: S314 we have written it ourselves
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 5
    assert "script" not in logo_svg()


def test_colours_are_those_of_the_oklab_reference() -> None:
    assert oklch(1, 0, 0) == (255, 255, 255)
    assert oklch(0, 0, 0) == (0, 0, 0)
    assert oklch(0.62796, 0.25768, 29.234) == (255, 0, 0)
    assert oklch(0.86644, 0.29483, 142.495) == (0, 255, 0)
    assert oklch(0.45201, 0.31321, 264.052) == (0, 0, 255)


def test_a_curve_begins_and_ends_where_its_path_says() -> None:
    points = outline("M 0 0 C 0 10 10 10 10 0 L 5 -5 Z")
    assert points[0] == (0, 0)
    assert (10, 0) in points
    assert points[-1] == (5, -5)
    assert max(y for _, y in points) == 7.5  # the middle of that curve


def test_dice_fall_evenly_and_the_same_for_an_id() -> None:
    assert Dice(7).fraction() == Dice(7).fraction()
    rolls = [Dice(account_id).below(4) for account_id in range(400)]
    assert all(60 < rolls.count(side) < 140 for side in range(4))
