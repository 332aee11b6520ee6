"""Default headers: hills under a wide sky, in the colours of the account's avatar."""

import math
from functools import lru_cache
from typing import Final

from linnet.api.pictures.canvas import Canvas, Colour, Dice, oklch

HEADER_SIZE: Final = (1500, 500)
_REMEMBERED: Final = 256
"""Pictures kept in memory; each has about 20 KB."""
_SUNLIGHT: Final = 90.0
"""The hue of the sun, whatever the sky."""


@lru_cache(maxsize=_REMEMBERED)
def header_png(account_id: int) -> bytes:
    """The default header of an account: PNG, `HEADER_SIZE`, always the same for one id."""
    dice = Dice(account_id)
    hue = dice.fraction() * 360  # the first number, as for the avatar: one colour for both
    canvas = Canvas(HEADER_SIZE, oklch(0.84, 0.075, hue), scale=2)
    canvas.gradient(lambda depth: oklch(0.84 + 0.12 * depth, 0.075 - 0.045 * depth, hue + 45 * depth))
    sun = (dice.between(60, canvas.width - 60), dice.between(30, 50))
    canvas.disc(sun, 19, oklch(0.93, 0.05, _SUNLIGHT))
    canvas.disc(sun, 14, oklch(0.97, 0.045, _SUNLIGHT))
    for layer in range(4):
        _hills(canvas, dice, 52 + layer * 12, oklch(0.79 - 0.095 * layer, 0.07 + 0.012 * layer, hue + 14 * layer))
    _flock(canvas, dice, oklch(0.45, 0.07, hue + 20))
    return canvas.png()


def _hills(canvas: Canvas, dice: Dice, level: float, colour: Colour) -> None:
    """Paint everything below a rolling line around `level`."""
    long, short = dice.between(110, 190), dice.between(40, 75)
    phase = dice.fraction() * math.tau
    line = [
        (x, level + 7 * math.sin(x / long * math.tau + phase) + 3 * math.sin(x / short * math.tau + 2 * phase))
        for x in range(-3, round(canvas.width) + 6, 3)
    ]
    canvas.polygon([*line, (canvas.width + 6, 106), (-6, 106)], colour)


def _flock(canvas: Canvas, dice: Dice, colour: Colour) -> None:
    """Paint a few birds far away."""
    lead = (dice.between(50, canvas.width - 110), dice.between(14, 26))
    for bird in range(3 + dice.below(4)):
        x, y = lead[0] + bird * 11 + 4 * (bird % 2), lead[1] + (bird % 3) * 6 - bird
        span = 4.2 - 0.35 * bird
        wings = [
            (x + span * t / 6, y - 0.42 * span * math.sin(math.pi * abs(t) / 6 * 0.92) + 0.2 * abs(t) / 6)
            for t in range(-6, 7)
        ]
        canvas.line(wings, 0.75, colour)
