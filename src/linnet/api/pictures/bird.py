"""The linnet of our pictures, once: as SVG, and as shapes on a canvas."""

from dataclasses import dataclass
from typing import Final

from linnet.api.pictures.canvas import Canvas, Colour, Point, outline

# In a square of 100 by 100. The bird looks to the right.
BODY: Final = (
    "M 76.5 29.5 L 86.5 35.5 L 76.8 40.5 C 79.5 48 79 58 73 66 C 66.5 75 55 79 43.5 77.5 C 38.5 77 34 75.5 30 73 "
    "L 11.5 87.5 C 9.5 89 7.2 86.8 8.4 84.6 L 25 56 C 31 45.5 45 48 48 36 C 50.5 25.5 58.5 14.9 68 18 "
    "C 72.5 19.5 75.5 23.5 76.5 29.5 Z"
)
WING: Final = (
    "M 53.5 45.5 C 60 54.5 55.5 66.5 43 69 C 35.5 70.5 27.5 69.5 19.5 75.5 C 24 64 30 53.5 40 48.5 "
    "C 44.5 46.3 49.5 45.3 53.5 45.5 Z"
)
BREAST: Final = (
    "M 76.8 40.5 C 79.5 48 79 58 73 66 C 69.8 70.4 65.6 73.6 60.8 75.6 C 66.5 66 66 55.5 64.5 48.5 "
    "C 68.5 47.3 73 44.6 76.8 40.5 Z"
)
CROWN: Final = "M 76.5 29.5 C 75.5 23.5 72.5 19.5 68 18 C 65.5 17.2 62.8 17.3 60 18.4 C 62.5 24.5 68.5 29 76.5 29.5 Z"
BEAK: Final = "M 76.5 29.5 L 86.5 35.5 L 76.8 40.5 C 75 37 75 33 76.5 29.5 Z"
EYE: Final[Point] = (69.2, 30.6)
EYE_RADIUS: Final = 2.5
GLINT: Final[Point] = (70.1, 29.7)
GLINT_RADIUS: Final = 0.8


@dataclass(frozen=True, slots=True)
class Plumage:
    """The colours of a bird."""

    body: Colour
    wing: Colour
    breast: Colour
    crown: Colour
    beak: Colour
    eye: Colour
    glint: Colour

    def parts(self) -> tuple[tuple[str, Colour], ...]:
        """Outlines and their colours, from the back to the front."""
        return ((BODY, self.body), (BREAST, self.breast), (CROWN, self.crown), (WING, self.wing), (BEAK, self.beak))


@dataclass(frozen=True, slots=True)
class Perch:
    """Where on a canvas the square of a bird has its corner, how large its unit is, and which way the bird looks."""

    corner: Point
    unit: float
    looks_left: bool = False

    def place(self, point: Point) -> Point:
        """A point of the bird's square on the canvas."""
        x = 100 - point[0] if self.looks_left else point[0]
        return self.corner[0] + x * self.unit, self.corner[1] + point[1] * self.unit


def draw_bird(canvas: Canvas, perch: Perch, plumage: Plumage) -> None:
    """Draw the bird."""
    for path, colour in plumage.parts():
        canvas.polygon([perch.place(point) for point in outline(path)], colour)
    canvas.disc(perch.place(EYE), EYE_RADIUS * perch.unit, plumage.eye)
    canvas.disc(perch.place(GLINT), GLINT_RADIUS * perch.unit, plumage.glint)


def bird_svg(plumage: Plumage) -> str:
    """The bird as SVG elements in its square."""
    paths = "".join(f'<path fill="{_hex(colour)}" d="{path}"/>' for path, colour in plumage.parts())
    eye = f'<circle fill="{_hex(plumage.eye)}" cx="{EYE[0]}" cy="{EYE[1]}" r="{EYE_RADIUS}"/>'
    glint = f'<circle fill="{_hex(plumage.glint)}" cx="{GLINT[0]}" cy="{GLINT[1]}" r="{GLINT_RADIUS}"/>'
    return paths + eye + glint


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
