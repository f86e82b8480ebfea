"""The same rep over time as a page shows it: sentence, strip of lags with the check below, and both as a table."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from analytics.associations import over_time_words as said
from analytics.associations.plot import Bars, bars
from analytics.associations.question import Question
from core.words import between


@dataclasses.dataclass(frozen=True)
class Line:
    """An estimate in the table."""

    name: str
    value: str
    interval: str
    reps: int
    months: int


@dataclasses.dataclass(frozen=True)
class Same:
    """Everything that this part of a report's page draws; `asked` is the lag that was asked for."""

    sentence: str
    stands_on: str
    smallest: str
    unit: str
    said: bool
    asked: str
    bars: Bars
    lines: Sequence[Line]


_WIDER = 2.0
"""A check that needs so much more room than the strip would press it flat: it stands in the table alone."""


def _span(told: Sequence[dict[str, Any]]) -> float:
    ends: list[float] = [each[name] or each["value"] for each in told for name in ("low", "high")]
    return max([0.0, *ends]) - min([0.0, *ends])


def same(question: Question, told: dict[str, Any]) -> Same:
    """Return what is shown of the same reps over time."""
    strip = [*told["strip"], *([told["lead"] | {"lag": -1}] if told["lead"] else [])]
    drawn = [
        (
            said.lag(each["lag"]),
            [_scaled(question, each[name]) for name in ("value", "low", "high")],
        )
        for each in strip
    ]
    return Same(
        sentence=said.sentence(question, told),
        stands_on=said.stands_on(question, told),
        smallest=said.smallest(question, told) if said.is_said(told) else "",
        unit=said.unit(question),
        said=said.is_said(told),
        asked=said.lag(question.lag),
        bars=bars(drawn, said.tick),
        lines=[_line(question, each) for each in strip],
    )


def _scaled(question: Question, value: float | None) -> float | None:
    return None if value is None else said.scaled(question, value)


def _line(question: Question, told: dict[str, Any]) -> Line:
    interval = ""
    if told["low"] is not None:
        low, high = (said.change(question, told[name], sign=True) for name in ("low", "high"))
        interval = between(low, high, wide=True)
    return Line(
        name=said.lag(told["lag"]),
        value=said.change(question, told["value"], sign=True),
        interval=interval,
        reps=told["reps"],
        months=told["months"],
    )
