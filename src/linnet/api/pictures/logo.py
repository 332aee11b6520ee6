"""The logo: a linnet with its red crown and breast on a warm round ground."""

from functools import lru_cache
from typing import Final

from linnet.api.pictures.bird import Perch, Plumage, bird_svg, draw_bird
from linnet.api.pictures.canvas import Canvas, Colour

LOGO_SIZE_MAX: Final = 1024
"""Pixels a side."""
_GROUND: Final[Colour] = (253, 240, 220)
_LINNET: Final = Plumage(
    body=(122, 85, 64),
    wing=(79, 53, 39),
    breast=(210, 60, 75),
    crown=(210, 60, 75),
    beak=(58, 52, 50),
    eye=(28, 20, 18),
    glint=(255, 255, 255),
)
_UNIT: Final = 0.8
_CORNER: Final = (11.0, 8.0)


@lru_cache(maxsize=1)
def logo_svg() -> str:
    """The logo as an SVG document, square, with round corners."""
    ground = "#" + bytes(_GROUND).hex()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" role="img" aria-label="Linnet">'
        f'<rect width="100" height="100" rx="22" fill="{ground}"/>'
        f'<g transform="translate({_CORNER[0]} {_CORNER[1]}) scale({_UNIT})">{bird_svg(_LINNET)}</g></svg>'
    )


@lru_cache(maxsize=16)
def logo_png(size: int) -> bytes:
    """The logo as PNG, `size` pixels a side (1 to `LOGO_SIZE_MAX`), without round corners: platforms cut their own."""
    assert 1 <= size <= LOGO_SIZE_MAX
    canvas = Canvas((size, size), _GROUND, scale=4)
    draw_bird(canvas, Perch(_CORNER, _UNIT), _LINNET)
    return canvas.png(flat=True)
