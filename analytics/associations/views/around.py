"""The drawing of what sales were in the months around a treatment: a course that was completed, or launched."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from analytics.associations import figures
from analytics.associations.over_time_words import tick
from analytics.associations.plot import LEFT, Field, Tick, axis
from core.words import between

MOST_LABELS = 9
"""More than so many labels of months lie on top of each other on a phone."""

Say = Callable[[float | None], str]


@dataclasses.dataclass(frozen=True)
class Point:
    """A time since completion: how it is called, where it lies, and its figures."""

    since: int
    label: str
    x: str
    y: str
    low: str
    high: str
    value: str
    interval: str


def drawn(found: Iterable[Mapping[str, Any]], say: Say = figures.plain) -> dict[str, Any]:
    """Return where the estimates of the times since a treatment lie, with axes; nothing where there are none."""
    times = sorted(found, key=lambda each: each["details"]["since"])
    if not times:
        return {"points": [], "y_ticks": [], "zero": "", "band_width": ""}
    values = [each[name] for each in times for name in ("value", "low", "high")]
    known = [0.0, *(each for each in values if each is not None)]
    since = [each["details"]["since"] for each in times]
    across = axis(
        min(since) - 1, max(since) + 1, from_zero=False, wanted=max(since) - min(since) + 2
    )
    field = Field(across, axis(min(known), max(known), from_zero=True, wanted=4))
    return {
        "points": [_point(each, field, say, math.ceil(len(times) / MOST_LABELS)) for each in times],
        "y_ticks": [Tick(field.up(each), tick(each)) for each in field.y.ticks],
        "zero": field.up(0.0),
        "band_width": f"{max(float(field.across(-0.5).rstrip('%')) - LEFT, 0.0):.2f}%",
    }


def _point(told: Mapping[str, Any], field: Field, say: Say, step: int) -> Point:
    since = told["details"]["since"]
    low, high = told["low"], told["high"]
    known = low is not None and high is not None
    return Point(
        since=since,
        label=tick(since) if since % step == 0 else "",
        x=field.across(since),
        y=field.up(told["value"]),
        low=field.up(low) if known else "",
        high=field.up(high) if known else "",
        value=say(told["value"]),
        interval=between(say(low), say(high), wide=True) if known else "",
    )
