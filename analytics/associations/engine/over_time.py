"""The same rep over time, as a report tells it: the lag strip, the lead test, and which grade they allow. Pure."""

import uuid
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.associations.engine import estimate
from analytics.associations.engine.analysis import Analysis, analyse
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.panel import Panel
from analytics.associations.rows import MonthRow

LEAST_REPS = 30

_DRAWS = 2
"""Intervals by drawing belong to the correlations, which the report makes itself."""


def over_time(rows: Sequence[MonthRow], lag: int) -> dict[str, Any] | None:
    """Return what is told of the same rep over time; None where too few have months to compare."""
    if len({row.person_id for row in rows if row.sold_of}) < LEAST_REPS:
        return None
    panel = Panel.of(
        _frame(rows),
        unit="unit",
        group="place",
        time="time",
        learning=("learning",),
        sales=("sales",),
    )
    found = analyse(panel, lag=lag, draws=_DRAWS)
    strip = [each for each in found.estimates if each.method == estimate.FIXED_EFFECTS]
    if not strip:
        return None
    lead = found.find(estimate.LEAD)
    return {
        "grade": found.grade,
        "doubts": sorted({each.code for each in _doubts(found)}),
        "strip": [_told(each) for each in sorted(strip, key=lambda each: each.lag)],
        "lead": _told(lead) if lead else None,
    }


def _doubts(found: Analysis) -> list[Any]:
    return [each for answer in found.answers for each in answer.findings]


def _told(one: Estimate) -> dict[str, Any]:
    return {
        "lag": one.lag,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "smallest": one.smallest,
        "months": one.n_rows,
        "reps": one.n_units,
        "partners": one.n_groups,
    }


def _frame(rows: Sequence[MonthRow]) -> pd.DataFrame:
    places = _numbers([row.organisation_id for row in rows])
    people = _numbers([row.person_id for row in rows])
    return pd.DataFrame(
        {
            "unit": [people[row.person_id] for row in rows],
            "place": [places[row.organisation_id] for row in rows],
            "time": [row.month for row in rows],
            "learning": [_share(row.learnt, row.learnt_of) for row in rows],
            "sales": [_share(row.sold, row.sold_of) for row in rows],
        }
    )


def _numbers(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    return {each: n for n, each in enumerate(sorted(set(ids)))}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
