"""What sales did around the completion of a course: Callaway and Sant'Anna, as a page tells it. Pure."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.associations import course_rows, steps
from analytics.associations.engine import analysis, copied, estimate, findings, grading
from analytics.associations.engine.correlation import Floats, Ints
from analytics.associations.engine.panel import Panel

VERSION = f"course-1.{analysis.VERSION}"
"""Goes up when the same figures would give another study."""

SHARES = {
    "appointments": ("appointments", "calls"),
    "qualified": ("qualified", "appointments"),
    "win": ("won", "decided"),
}
SALES = tuple(SHARES)

LEAST = 5
"""A time since completion at which fewer reps are known is held back."""

_COLUMNS = dict.fromkeys(("unit", "place", "month", "sold_on"), copied.WHOLE)
_COLUMNS |= dict.fromkeys(course_rows.SALES, copied.LONG)


@dataclasses.dataclass(frozen=True)
class Months:
    """Months with sales of reps, in order of both: where, which month, how much; and who completed when.

    Reps and companies count on from 0, months are those since the year 0. `completed` is one figure a rep, 0 of whom
    never did.
    """

    unit: Ints
    place: Ints
    month: Ints
    sales: Mapping[str, Ints]
    completed: Ints

    @property
    def print(self) -> str:
        """A hash of all figures."""
        hashed = hashlib.sha256()
        for each in (self.unit, self.place, self.month, *self.sales.values(), self.completed):
            hashed.update(np.ascontiguousarray(each).tobytes())
        return hashed.hexdigest()

    @property
    def completions(self) -> int:
        """How many completed it."""
        return int((self.completed > 0).sum())

    @property
    def partners(self) -> int:
        """Of how many companies they are, each of the one where they stood last."""
        last = np.r_[self.unit[1:] != self.unit[:-1], True] if len(self.unit) else np.zeros(0, bool)
        return len(np.unique(self.place[last][self.completed > 0]))


def read(rows: bytearray) -> Months:
    """Return the figures of rows that were copied out; who moved within a month stands where they sold last."""
    told = copied.table(rows, _COLUMNS)
    done = told["place"] == course_rows.NOWHERE
    sold = ~done
    people, unit = np.unique(told["unit"][sold], return_inverse=True)
    _, place = np.unique(told["place"][sold], return_inverse=True)
    month, day = _numbers(told["month"][sold]), told["sold_on"][sold]
    key = unit * 65536 + month
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.r_[True, np.diff(key[order]) != 0]) if len(key) else order
    moved = len(begins) < len(key)
    if moved:
        order = np.lexsort((place, -day.astype(np.int64), key))
    sales = {}
    for name in course_rows.SALES:
        counts = told[name][sold].astype(np.int64)[order]
        sales[name] = np.add.reduceat(counts, begins) if moved else counts
    first = order[begins]
    completed = np.zeros(len(people), dtype=np.int64)
    at = np.searchsorted(people, told["unit"][done])
    there = np.isin(told["unit"][done], people)
    completed[at[there]] = _numbers(told["month"][done])[there]
    return Months(unit[first], place[first], month[first], sales, completed)


def _numbers(days: NDArray[Any]) -> Ints:
    """Return the months since the year 0 in which days since 2000 lie."""
    found = np.datetime64("2000-01-01") + days.astype(np.int64)
    return found.astype("datetime64[M]").astype(np.int64) + 1970 * 12


def study(months: Months, tell: steps.Tell = steps.nobody) -> dict[str, Any]:
    """Return the analysis of a course, without times at which too few reps are known.

    Before and after alone, with nobody to compare with, isn't told.
    """
    tell(steps.CHECKING)
    frame = _frame(months)
    panel = Panel.of(frame, unit="unit", group="place", time="time", sales=SALES, treated="treated")
    reps = known(frame)
    del frame
    told = analysis.analyse(panel, tell=tell).told()
    if panel.units < grading.LEAST_UNITS:
        told["answers"] = [few(each, panel.units) for each in told["answers"]]
    told["estimates"] = [
        each
        for each in told["estimates"]
        if each["method"] != estimate.EVENT_TIME or reps.get(each["details"]["since"], 0) >= LEAST
    ]
    kept = ("answers", "estimates", "findings", "general", "facts", "grade")
    return {name: told[name] for name in kept}


def few(answer: dict[str, Any], units: int) -> dict[str, Any]:
    """Say that there are too few, where there are: not that those few are all alike."""
    why = findings.refusal(findings.FEW_UNITS, "treated", units=units, least=grading.LEAST_UNITS)
    few = {"grade": grading.E, "reasons": [findings.FEW_UNITS], "headline": None, "smallest": None}
    return {**answer, **few, "findings": [why.told()]}


def known(frame: pd.DataFrame) -> dict[int, int]:
    """Return how many reps are known at each time since."""
    since = (frame["time"] - frame["treated"]).dropna()
    return {int(key): int(n) for key, n in since.value_counts().items()}


def _frame(months: Months) -> pd.DataFrame:
    treated = np.where(months.completed > 0, months.completed, np.nan)
    return pd.DataFrame(
        {
            "unit": months.unit,
            "place": months.place,
            "time": months.month,
            "treated": treated[months.unit],
            **{
                name: _share(months.sales[part], months.sales[whole])
                for name, (part, whole) in SHARES.items()
            },
        }
    )


def number(month: dt.date) -> int:
    """Return a month as a whole number that counts on."""
    return month.year * 12 + month.month - 1


def _share(part: Ints, whole: Ints) -> Floats:
    found: Floats = np.full(len(part), np.nan)
    np.divide(100 * part, whole, out=found, where=whole > 0)
    return found
