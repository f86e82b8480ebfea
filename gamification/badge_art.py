"""The pictures of badges: a hexagon, and on it a thread that is tied, woven or wound. Drawn by us, with Pillow.

Everything stands on a grid of 56 units, the one that the design's badge is drawn on. It is drawn four times
as large and then made smaller, so that edges are smooth and the same everywhere.
"""

import math
from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageDraw

GRID = 56
SIZE = 224
_SCALE = SIZE * 4 // GRID

Point = tuple[float, float]

# Cloth dyes: indigo, persimmon, young bamboo, wisteria, and the raw cloth beneath.
AI, AI_SOFT = "#165e83", "#e4eff5"
KAKI, KAKI_FILL, KAKI_SOFT = "#a8430f", "#dc6a2e", "#fcebdf"
TAKE, TAKE_SOFT = "#1b6e4c", "#e3f2e9"
FUJI, FUJI_SOFT = "#7a4c96", "#f1e8f6"


class Cloth:
    """A picture in the making, with a thread as its pen."""

    def __init__(self, colour: str, ground: str) -> None:
        """Begin with a hexagon of this colour around this ground."""
        self.colour, self.ground = colour, ground
        self._image = Image.new("RGBA", (GRID * _SCALE, GRID * _SCALE), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._image)
        corners = [(28, 3), (49.5, 15.5), (49.5, 40.5), (28, 53), (6.5, 40.5), (6.5, 15.5)]
        self._draw.polygon([_scaled(corner) for corner in corners], fill=ground)
        self.thread([*corners, corners[0]], width=3)

    def thread(self, way: Iterable[Point], width: float = 2.6, colour: str = "") -> None:
        """Draw a thread along these points, with round ends and joints."""
        points = [_scaled(point) for point in way]
        self._draw.line(
            points, fill=colour or self.colour, width=round(width * _SCALE), joint="curve"
        )
        for point in points:
            self._dot(point, width / 2, colour or self.colour)

    def over(self, way: Sequence[Point], width: float = 2.6, colour: str = "") -> None:
        """Draw a thread that passes over what lies there: the ground shows beside it."""
        inner = way[len(way) // 6 : -(len(way) // 6) or None]
        self.thread(inner, width + 2.2, self.ground)
        self.thread(way, width, colour)

    def knot(self, x: float, y: float, radius: float = 2.6, colour: str = "") -> None:
        """Tie a small round knot."""
        self._dot(_scaled((x, y)), radius + 1.1, self.ground)
        self._dot(_scaled((x, y)), radius, colour or self.colour)

    def hole(self, x: float, y: float, radius: float = 2.6, colour: str = "") -> None:
        """Tie a knot that is still open."""
        self.knot(x, y, radius, colour)
        self._dot(_scaled((x, y)), radius - 1.3, self.ground)

    def _dot(self, centre: Point, radius: float, colour: str) -> None:
        x, y, r = *centre, radius * _SCALE
        self._draw.ellipse([x - r, y - r, x + r, y + r], fill=colour)

    def finish(self) -> Image.Image:
        """Return the picture in its size."""
        return self._image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _scaled(point: Point) -> Point:
    return point[0] * _SCALE, point[1] * _SCALE


def _curve(at: Callable[[float], Point], begin: float = 0, end: float = 1) -> list[Point]:
    steps = 160
    return [at(begin + (end - begin) * step / steps) for step in range(steps + 1)]


def _loops(x: float, y: float, wide: float, high: float) -> Callable[[float], Point]:
    """Return the two loops of one thread, the motif of the house: once around from 0 to 1."""

    def at(turn: float) -> Point:
        angle = 2 * math.pi * turn
        return x + wide * math.sin(angle), y + high * math.sin(2 * angle)

    return at


def _arc(x: float, y: float, radius: float) -> Callable[[float], Point]:
    """Return a circle that begins at the top: once around from 0 to 1."""

    def at(turn: float) -> Point:
        angle = 2 * math.pi * turn
        return x + radius * math.sin(angle), y - radius * math.cos(angle)

    return at


def _first_module() -> Cloth:
    """Two loops, one knot."""
    cloth = Cloth(KAKI, KAKI_SOFT)
    loops = _loops(28, 28, 13, 6.5)
    cloth.thread(_curve(loops))
    cloth.over(_curve(loops, 0.42, 0.58))
    return cloth


def _five_modules() -> Cloth:
    """A thread with five knots."""
    cloth = Cloth(AI, AI_SOFT)

    def wave(turn: float) -> Point:
        return 12 + 32 * turn, 28 + 7 * math.sin(5 * math.pi * turn)

    cloth.thread(_curve(wave))
    for index in range(5):
        cloth.knot(*wave((index + 0.5) / 5), 2.9, KAKI_FILL)
    return cloth


def _twenty_modules() -> Cloth:
    """Threads woven into cloth."""
    cloth = Cloth(AI, AI_SOFT)
    lines = [17.5, 24.5, 31.5, 38.5]
    for x in lines:
        cloth.thread([(x, 14), (x, 42)], 3)
    for row, y in enumerate(lines):
        cloth.thread([(14, y), (42, y)], 3, KAKI_FILL)
        for column, x in enumerate(lines):
            if (row + column) % 2:
                cloth.over(_curve(lambda t, x=x, y=y: (x, y - 3 + 6 * t)), 3)  # type: ignore[misc]
    return cloth


def _all_right_first() -> Cloth:
    """A thread laid as the sign for right."""
    cloth = Cloth(TAKE, TAKE_SOFT)
    cloth.thread(_curve(_arc(28, 28, 14), 0.1, 0.93), 2.2)
    cloth.thread([(21, 28.5), (26.5, 34), (37, 21)], 4)
    return cloth


def _five_perfect() -> Cloth:
    """An eye, with five lashes of thread."""
    cloth = Cloth(TAKE, TAKE_SOFT)
    for side in (1, -1):
        cloth.thread(
            _curve(lambda t, s=side: (13 + 30 * t, 31 - s * 9 * math.sin(math.pi * t)))  # type: ignore[misc]
        )
    cloth.knot(28, 31, 4.6)
    for index in range(5):
        angle = math.radians(-60 + 30 * index)
        far, near = 20.0, 16.0
        cloth.thread(
            [(28 + r * math.sin(angle), 33 - r * math.cos(angle) * 0.95) for r in (near, far)],
            2.4,
            KAKI_FILL,
        )
    return cloth


def _course_understood() -> Cloth:
    """A thread that closes to a ring, tied at the top."""
    cloth = Cloth(FUJI, FUJI_SOFT)
    cloth.thread(_curve(_arc(28, 30, 12)))
    cloth.thread(_curve(_arc(28, 30, 7.2)), 1.8, KAKI_FILL)
    loops = _loops(28, 18, 7, 3.6)
    cloth.over(_curve(loops))
    cloth.over(_curve(loops, 0.42, 0.58))
    return cloth


def _three_days() -> Cloth:
    """Seven days on a thread, three of them tied."""
    cloth = Cloth(KAKI, KAKI_SOFT)
    ways = [_curve(_arc(28, 28, 12.5), turn / 7, (turn + 1) / 7) for turn in range(7)]
    for way in ways:
        cloth.thread(way, 2)
    for turn in range(7):
        x, y = _arc(28, 28, 12.5)(turn / 7)
        if turn in {0, 2, 4}:
            cloth.knot(x, y, 4, KAKI_FILL)
        else:
            cloth.hole(x, y, 3)
    return cloth


def _four_weeks() -> Cloth:
    """Four rings of thread, each passing through the next."""
    cloth = Cloth(AI, AI_SOFT)
    rings = [
        (_arc(16.15 + 7.9 * number, 28, 6), (AI, KAKI_FILL)[number % 2]) for number in range(4)
    ]
    for ring, colour in rings:
        cloth.thread(_curve(ring), 2.4, colour)
    for ring, colour in rings[:-1]:
        cloth.over(_curve(ring, 0.03, 0.24), 2.4, colour)
    return cloth


def _comeback() -> Cloth:
    """A thread that falls, loops, and goes on higher than it began."""
    cloth = Cloth(FUJI, FUJI_SOFT)

    def way(turn: float) -> Point:
        angle = 2 * math.pi * turn
        return 13.5 + 26 * turn + 11 * math.sin(angle), 24 + 7 * (1 - math.cos(angle)) - 6 * turn

    cloth.thread(_curve(way))
    cloth.over(_curve(way, 0.62, 0.9))
    cloth.knot(*way(1), 3.4, KAKI_FILL)
    return cloth


def _five_comebacks() -> Cloth:
    """Two strands laid around each other five times."""
    cloth = Cloth(FUJI, FUJI_SOFT)

    def strand(side: int) -> Callable[[float], Point]:
        return lambda turn: (
            28 + side * 7 * math.sin(math.pi * (0.5 + 5 * turn)),
            12.5 + 31 * turn,
        )

    strands = ((strand(1), FUJI), (strand(-1), KAKI_FILL))
    for way, colour in strands:
        cloth.thread(_curve(way), 3, colour)
    for crossing in range(5):
        way, colour = strands[crossing % 2]
        middle = (crossing + 0.5) / 5
        cloth.over(_curve(way, middle - 0.065, middle + 0.065), 3, colour)
    return cloth


_PICTURES: dict[str, Callable[[], Cloth]] = {
    "first_module": _first_module,
    "five_modules": _five_modules,
    "twenty_modules": _twenty_modules,
    "all_right_first": _all_right_first,
    "five_perfect": _five_perfect,
    "course_understood": _course_understood,
    "three_days": _three_days,
    "four_weeks": _four_weeks,
    "comeback": _comeback,
    "five_comebacks": _five_comebacks,
}


def draw(key: str) -> Image.Image:
    """Return the picture of a badge. Raises KeyError for a badge without one."""
    return _PICTURES[key]().finish()
