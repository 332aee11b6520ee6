"""A canvas of flat shapes with smooth edges, and colours by how light they look."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]

HEIGHT: Final = 100.0
"""Height of every canvas in its own units; the y axis points down."""
_CURVE_STEPS: Final = 16
_SRGB_LINEAR_BELOW: Final = 0.0031308
"""IEC 61966-2-1: the darkest light is encoded in proportion, the rest by a power."""


class Canvas:
    """Shapes drawn `scale` times too large, then averaged, so that their edges are smooth."""

    def __init__(self, size: tuple[int, int], background: Colour, *, scale: int) -> None:
        self._size = size
        self._scale = scale
        self._unit = size[1] * scale / HEIGHT
        self._image = Image.new("RGB", (size[0] * scale, size[1] * scale), background)
        self._draw = ImageDraw.Draw(self._image)

    @property
    def width(self) -> float:
        """Width in units."""
        return HEIGHT * self._size[0] / self._size[1]

    def gradient(self, colour_at: Callable[[float], Colour]) -> None:
        """Fill the canvas with the colours of heights from 0, the top, to 1."""
        rows, right = self._size[1], self._size[0] * self._scale
        for row in range(rows):
            top = row * self._scale
            self._draw.rectangle((0, top, right, top + self._scale - 1), fill=colour_at(row / rows))

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a closed outline."""
        self._draw.polygon([(x * self._unit, y * self._unit) for x, y in points], fill=colour)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        x, y, r = centre[0] * self._unit, centre[1] * self._unit, radius * self._unit
        self._draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw a line with round ends through `points`."""
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._draw.line(scaled, fill=colour, width=max(1, round(width * self._unit)), joint="curve")
        for end in (points[0], points[-1]):
            self.disc(end, width / 2, colour)

    def png(self, *, flat: bool = False) -> bytes:
        """The picture as PNG; `flat` pictures, without gradients, get a palette: half the size in less time."""
        image = self._image.reduce(self._scale)
        if flat:
            image = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        encoded = BytesIO()
        image.save(encoded, "PNG")
        return encoded.getvalue()


@lru_cache(maxsize=64)
def outline(path: str) -> tuple[Point, ...]:
    """The points of a closed SVG path of absolute M, L and C commands, curves cut into short lines."""
    points: list[Point] = []
    words = iter(path.split())
    for command in words:
        if command in {"M", "L"}:
            points.append(_point(words))
        elif command == "C":
            points.extend(_curve(points[-1], _point(words), _point(words), _point(words)))
    return tuple(points)


def _point(words: Iterator[str]) -> Point:
    return float(next(words)), float(next(words))


def _curve(start: Point, leaving: Point, arriving: Point, end: Point) -> Iterator[Point]:
    """Points of a cubic Bézier curve, without its first."""
    for step in range(1, _CURVE_STEPS + 1):
        t = step / _CURVE_STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        corners = (start, leaving, arriving, end)
        x = sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
        y = sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
        yield x, y


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """The sRGB colour of an Oklch one: lightness 0 to 1, chroma 0 to about 0.3, hue in degrees; clipped if outside.

    Colours of equal lightness look equally light, whatever their hue. Source: Björn Ottosson, "A perceptual color space
    for image processing", 2020.
    """
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _srgb(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _srgb(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _srgb(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _srgb(linear: float) -> int:
    """The sRGB byte of a linear light between 0 and 1."""
    linear = min(max(linear, 0.0), 1.0)
    encoded = 12.92 * linear if linear <= _SRGB_LINEAR_BELOW else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(255 * encoded)


class Dice:
    """Numbers that depend on an account's id and on nothing else, on every machine and in every version."""

    def __init__(self, account_id: int) -> None:
        self._bytes = iter(blake2b(str(account_id).encode(), digest_size=64).digest())

    def fraction(self) -> float:
        """The next number, at least 0 and below 1. There are 32."""
        return (next(self._bytes) * 256 + next(self._bytes)) / 65_536

    def between(self, low: float, high: float) -> float:
        """The next number, between two others."""
        return low + (high - low) * self.fraction()

    def below(self, count: int) -> int:
        """The next number, as an integer from 0 to `count - 1`."""
        return int(self.fraction() * count)
