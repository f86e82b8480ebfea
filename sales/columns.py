"""Columns side by side, drawn without a style of their own. Pure."""

import dataclasses
from collections.abc import Sequence

_TOP, _BOTTOM, _FILLED = 16.0, 84.0, 0.6
"""Where the tallest column ends and all begin, in percent of the height; how much of its place one fills."""


@dataclasses.dataclass(frozen=True)
class Column:
    """Where a column is drawn, as places in percent; `height` is none for what isn't known."""

    x: float
    middle: float
    y: float
    width: float
    height: float


def columns(values: Sequence[int | None]) -> list[Column]:
    """Return a column for each value, the tallest as high as there is room; unknown ones have no height."""
    most = max((value for value in values if value is not None), default=0) or 1
    place = 100 / max(len(values), 1)
    found = []
    for number, value in enumerate(values):
        height = (_BOTTOM - _TOP) * (value or 0) / most
        left = number * place + place * (1 - _FILLED) / 2
        middle = (number + 0.5) * place
        found.append(Column(left, middle, _BOTTOM - height, place * _FILLED, height))
    return found
