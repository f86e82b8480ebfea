"""Where everything of a report's drawings lies, in percent of their size. Pure, but for what ticks are called."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

LEFT, RIGHT, TOP, BOTTOM = 13.0, 98.0, 5.0, 86.0
"""The edges of the field in which dots lie."""

MARKS = 4
"""So many series have a colour and a shape; what else is drawn is grey."""

_STEPS = (1, 2, 2.5, 5, 10)


@dataclasses.dataclass(frozen=True)
class Axis:
    """From where to where an axis goes, and where it has ticks, in the unit of the measure."""

    low: float
    high: float
    ticks: Sequence[float]

    def share(self, value: float) -> float:
        """Return where a value lies, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def axis(
    low: float, high: float, *, from_zero: bool, most: float = math.inf, wanted: int = 5
) -> Axis:
    """Return an axis with round ticks that holds these values; `most` is never passed."""
    low = min(0.0, low) if from_zero else low
    span = (high - low) or abs(high) or 1.0
    raw = span / wanted
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * each for each in _STEPS if size * each >= raw * (1 - 1e-9))
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    last = min(last, max(math.floor(most / step + 1e-9), first + 1)) if most < math.inf else last
    ticks = [round(n * step, 10) for n in range(first, last + 1)]
    return Axis(ticks[0], ticks[-1], ticks)


@dataclasses.dataclass(frozen=True)
class Dot:
    """A mark: how it looks (the number of a series, or the size of a heap), where, where it leads, and its number."""

    look: int
    x: str
    y: str
    url: str = ""
    number: int = 0


@dataclasses.dataclass(frozen=True)
class Line:
    """A straight line: whose, and from where to where."""

    look: int
    x1: str
    y1: str
    x2: str
    y2: str


@dataclasses.dataclass(frozen=True)
class Tick:
    """A tick: where, and what it says."""

    at: str
    text: str


@dataclasses.dataclass(frozen=True)
class Plot:
    """The drawing of dots and lines. `heaps` are cells with many reps each, where dots would be too many."""

    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    series: Sequence[tuple[int, Sequence[Dot]]]
    heaps: Sequence[Dot]
    lines: Sequence[Line]
    pooled: Line | None
    names: Sequence[tuple[int, str]]
    others: int


Say = Callable[[float], str]


class Field:
    """The field between two axes."""

    def __init__(self, x: Axis, y: Axis) -> None:
        self.x, self.y = x, y

    def across(self, value: float) -> str:
        """Return a place from left to right."""
        return _percent(LEFT + (RIGHT - LEFT) * self.x.share(value))

    def up(self, value: float) -> str:
        """Return a place from top to bottom."""
        return _percent(BOTTOM - (BOTTOM - TOP) * self.y.share(value))

    def line(
        self, look: int, ends: tuple[float, float], middle: tuple[float, float], slope: float
    ) -> Line:
        """Return a line of this slope through the middle, cut where the field ends."""
        (x1, y1), (x2, y2) = (self._cut(x, middle, slope) for x in ends)
        return Line(look, self.across(x1), self.up(y1), self.across(x2), self.up(y2))

    def _cut(self, x: float, middle: tuple[float, float], slope: float) -> tuple[float, float]:
        y = middle[1] + slope * (x - middle[0])
        if not slope:
            return x, y
        bounded = min(max(y, self.y.low), self.y.high)
        return middle[0] + (bounded - middle[1]) / slope, bounded


def plot(
    result: dict[str, Any], field: Field, say: tuple[Say, Say], urls: Sequence[str] = ()
) -> Plot:
    """Return the drawing of a result: the largest companies in colour, with their lines; the others grey.

    `urls` are where its dots lead, in their order.
    """
    coloured = {place["number"]: n for n, place in enumerate(result["places"][:MARKS], start=1)}
    inner, whole = result.get("slope_within"), result.get("slope")
    lines = [
        field.line(
            coloured[place["number"]],
            (place["from"], place["to"]),
            (place["learning"], place["sales"]),
            inner[0],
        )
        for place in result["places"][:MARKS]
        if inner
    ]
    pooled = (
        field.line(0, tuple(result["span"]), tuple(result["middle"]), whole[0]) if whole else None
    )
    dots_told = result.get("dots", [])
    dots = [
        Dot(coloured.get(place, 0), field.across(x), field.up(y), url, number)
        for number, ((place, x, y), url) in enumerate(
            zip(dots_told, urls or [""] * len(dots_told), strict=True)
        )
    ]
    return Plot(
        x_ticks=[Tick(field.across(each), say[0](each)) for each in field.x.ticks],
        y_ticks=[Tick(field.up(each), say[1](each)) for each in field.y.ticks],
        series=_series(dots),
        heaps=_heaps(result.get("bins", []), field),
        lines=lines,
        pooled=pooled,
        names=[(n, place["name"]) for n, place in enumerate(result["places"][:MARKS], start=1)],
        others=max(len(result["places"]) - MARKS, 0),
    )


def _series(dots: Sequence[Dot]) -> list[tuple[int, list[Dot]]]:
    """Put dots together by look, the grey ones lowest."""
    looks = sorted({dot.look for dot in dots})
    return [(look, [dot for dot in dots if dot.look == look]) for look in looks]


def _heaps(bins: Sequence[Sequence[float]], field: Field) -> list[Dot]:
    most = max((each[2] for each in bins), default=1)
    return [
        Dot(1 + min(4, int(5 * math.sqrt(n / most) * 0.999)), field.across(x), field.up(y))
        for x, y, n in bins
    ]


def _percent(value: float) -> str:
    return f"{value:.2f}%"


BAR_LEFT, BAR_RIGHT = 46.0, 96.0


@dataclasses.dataclass(frozen=True)
class Bar:
    """An estimate with its interval; `low` and `high` are empty where there is none."""

    name: str
    row: int
    at: str
    low: str
    high: str


@dataclasses.dataclass(frozen=True)
class Bars:
    """Estimates on one scale."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    zero: str

    @property
    def height(self) -> int:
        """How far down the field goes, in pixels; below it are the ticks."""
        return 40 * len(self.bars) + 4


def bars(found: Sequence[tuple[str, Sequence[float | None]]], say: Say) -> Bars:
    """Return the drawing of correlations, one under the other."""
    values = [value for _name, each in found for value in each if value is not None]
    scale = axis(min([0.0, *values]), max([0.0, *values]), from_zero=True, wanted=3)

    def place(value: float | None) -> str:
        return (
            ""
            if value is None
            else _percent(BAR_LEFT + (BAR_RIGHT - BAR_LEFT) * scale.share(value))
        )

    drawn = [
        Bar(name, n, *(place(value) for value in each)) for n, (name, each) in enumerate(found)
    ]
    return Bars(drawn, [Tick(place(each), say(each)) for each in scale.ticks], place(0.0))
