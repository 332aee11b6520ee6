"""Default avatars: a small bird in a landscape, no two alike."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from linnet.api.pictures.bird import Perch, Plumage, draw_bird
from linnet.api.pictures.canvas import Canvas, Dice, oklch, outline

AVATAR_SIZE: Final = (400, 400)
_LEAF: Final = "M 0 0 C -2 5 2 10 9 13 C 11 6 7 1 0 0 Z"
_SUNLIGHT: Final = 90.0
"""The hue of the sun, whatever the sky."""
_REMEMBERED: Final = 1024
"""Pictures kept in memory; each has about 5 KB."""


@lru_cache(maxsize=_REMEMBERED)
def avatar_png(account_id: int) -> bytes:
    """The default avatar of an account: PNG, `AVATAR_SIZE`, always the same for one id."""
    dice = Dice(account_id)
    hue = dice.fraction() * 360
    canvas = Canvas(AVATAR_SIZE, oklch(0.88, 0.065, hue), scale=3)
    _SKIES[dice.below(len(_SKIES))](canvas, dice, hue)
    _GROUNDS[dice.below(len(_GROUNDS))](canvas, dice, hue)
    perch = Perch((13.0, 12.5), 0.74, looks_left=dice.below(2) == 1)
    draw_bird(canvas, perch, _plumage(dice, hue))
    return canvas.png(flat=True)


def _plumage(dice: Dice, hue: float) -> Plumage:
    """Colours that stand out from a light background of `hue`."""
    body_hue = hue + dice.between(120, 240)
    breast_hue = body_hue + dice.between(60, 300)
    lightness = dice.between(0.44, 0.54)
    breast = oklch(0.72, 0.15, breast_hue)
    body = oklch(lightness, 0.1, body_hue)
    return Plumage(
        body=body,
        wing=oklch(lightness - 0.13, 0.09, body_hue),
        breast=breast,
        crown=breast if dice.below(3) else body,
        beak=oklch(0.3, 0.03, body_hue),
        eye=oklch(0.18, 0.02, body_hue),
        glint=(255, 255, 255),
    )


def _sun(canvas: Canvas, dice: Dice, _hue: float) -> None:
    centre = (dice.between(22, 78), dice.between(22, 40))
    radius = dice.between(18, 30)
    canvas.disc(centre, radius * 1.35, oklch(0.92, 0.055, _SUNLIGHT))
    canvas.disc(centre, radius, oklch(0.96, 0.05, _SUNLIGHT))


def _rings(canvas: Canvas, dice: Dice, hue: float) -> None:
    centre = (dice.between(30, 70), dice.between(30, 60))
    for ring in range(6, 0, -1):
        canvas.disc(centre, ring * 13, oklch(0.88 if ring % 2 else 0.92, 0.065, hue + 6 * ring))


def _rays(canvas: Canvas, dice: Dice, hue: float) -> None:
    centre = (dice.between(25, 75), dice.between(55, 85))
    rays = 8 + dice.below(6)
    turn = dice.fraction()
    for ray in range(rays):
        angles = (2 * math.pi * (ray + turn) / rays, 2 * math.pi * (ray + turn + 0.5) / rays)
        ends = [(centre[0] + 160 * math.cos(angle), centre[1] + 160 * math.sin(angle)) for angle in angles]
        canvas.polygon([centre, *ends], oklch(0.925, 0.055, hue + 25))


def _dots(canvas: Canvas, dice: Dice, hue: float) -> None:
    spacing, shift = dice.between(11, 17), dice.between(0, 11)
    rows = math.ceil(100 / spacing) + 2
    for row in range(rows):
        for column in range(rows):
            x = (column - 0.5 * (row % 2)) * spacing + shift - spacing
            canvas.disc((x, row * spacing + shift - spacing), spacing * 0.24, oklch(0.93, 0.055, hue + 30))


def _stripes(canvas: Canvas, dice: Dice, hue: float) -> None:
    width, slope = dice.between(8, 14), dice.between(-70, 70)
    for stripe in range(-10, 24, 2):
        x = stripe * width
        points = [(x, 0), (x + width, 0), (x + width + slope, 100), (x + slope, 100)]
        canvas.polygon(points, oklch(0.92, 0.055, hue + 20))


def _hills(canvas: Canvas, dice: Dice, hue: float) -> None:
    side = 1 if dice.below(2) else -1
    canvas.disc((50 + side * dice.between(34, 52), 140), dice.between(68, 80), oklch(0.77, 0.09, hue + 25))
    canvas.disc((50 - side * dice.between(34, 52), 150), dice.between(68, 76), oklch(0.72, 0.09, hue - 25))
    canvas.disc((50 - side * dice.between(0, 8), 170), 101, oklch(0.65, 0.1, hue + dice.between(-50, 50)))


def _branch(canvas: Canvas, dice: Dice, hue: float) -> None:
    rise = dice.between(-6, 6)
    canvas.line([(-5, 73 - rise), (50, 71.5), (105, 73 + rise)], 4.5, oklch(0.42, 0.05, 60))
    leaf_hue = dice.between(100, 160) if dice.below(2) else hue + dice.between(-40, 40)
    for leaf in range(6):
        x = 4 + leaf * 17 + dice.between(-4, 4)
        y = 72 + rise * (x - 50) / 55
        down, size = (1 if leaf % 2 else -1), dice.between(0.9, 1.25)
        blade = [(x + size * dx, y + down * size * dy) for dx, dy in outline(_LEAF)]
        canvas.polygon(blade, oklch(0.62 + 0.05 * (leaf % 3), 0.12, leaf_hue))


def _wave(canvas: Canvas, dice: Dice, hue: float) -> None:
    phase, length = dice.fraction() * math.tau, dice.between(22, 45)
    for layer, lightness in enumerate((0.78, 0.7, 0.62)):
        crest = [
            (x, 70 + layer * 9 + 3.5 * math.sin(x / length * math.tau + phase + layer * 1.9)) for x in range(-2, 104, 2)
        ]
        canvas.polygon([*crest, (102, 102), (-2, 102)], oklch(lightness, 0.09, hue + 15 * layer))


_Painter = Callable[[Canvas, Dice, float], None]
_SKIES: Final[tuple[_Painter, ...]] = (_sun, _rings, _rays, _dots, _stripes)
_GROUNDS: Final[tuple[_Painter, ...]] = (_hills, _branch, _wave)
