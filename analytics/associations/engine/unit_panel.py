"""The figures of a report as the panel that `analyse` takes: a row a rep, and their months. Pure."""

import dataclasses
import uuid
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.associations.engine.panel import Panel
from analytics.associations.rows import MonthRow, Row, Unit

LEARNING, SALES, TENURE = "learning", "sales", "tenure"

_COLUMNS: dict[str, Any] = {
    "unit": "rep",
    "group": "company",
    "learning": (LEARNING,),
    "sales": (SALES,),
}


def panel(unit: Unit) -> Panel:
    """Return the months of all reps, and beside them each rep's whole: sums over sums, not means of months.

    Time since joining is a control where it is known of everybody with both figures.
    """
    known = all(row.tenure is not None for row in unit.complete)
    whole = Panel.of(_whole(unit.rows), **_COLUMNS, controls=(TENURE,) if known else ())
    months = Panel.of(_months(unit.months), **_COLUMNS, time="month")
    return dataclasses.replace(months, whole=whole) if months.timed and months.units else whole


def _whole(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **_keys(rows),
            LEARNING: [_share(row.learnt, row.learnt_of) for row in rows],
            SALES: [_share(row.sold, row.sold_of) for row in rows],
            TENURE: [float("nan") if row.tenure is None else float(row.tenure) for row in rows],
        }
    )


def _months(rows: Sequence[MonthRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **_keys(rows),
            "month": [row.month for row in rows],
            LEARNING: [_share(row.learnt, row.learnt_of) for row in rows],
            SALES: [_share(row.sold, row.sold_of) for row in rows],
        }
    )


def _keys(rows: Sequence[Row] | Sequence[MonthRow]) -> dict[str, list[int]]:
    """Return numbers of reps and companies, in the order of their ids."""
    people = _numbers([row.person_id for row in rows])
    places = _numbers([row.organisation_id for row in rows])
    return {
        "rep": [people[row.person_id] for row in rows],
        "company": [places[row.organisation_id] for row in rows],
    }


def _numbers(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    return {each: n for n, each in enumerate(sorted(set(ids)))}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
