"""What sales did around the completion of a course: Callaway and Sant'Anna, as a page tells it. Pure."""

from typing import Any

import pandas as pd

from analytics.associations.course_rows import Figures
from analytics.associations.engine import analysis, estimate, findings, grading
from analytics.associations.engine.panel import Panel

VERSION = f"course-1.{analysis.VERSION}"
"""Goes up when the same figures would give another study."""

SALES = ("appointments", "qualified", "win")

LEAST = 5
"""A time since completion at which fewer reps are known is held back."""


def study(figures: Figures) -> dict[str, Any]:
    """Return the analysis of a course, without times at which too few reps are known.

    Before and after alone, with nobody to compare with, isn't told.
    """
    frame = _frame(figures)
    panel = Panel.of(frame, unit="unit", group="place", time="time", sales=SALES, treated="treated")
    told = analysis.analyse(panel).told()
    if panel.units < grading.LEAST_UNITS:
        told["answers"] = [few(each, panel.units) for each in told["answers"]]
    reps = known(frame)
    told["estimates"] = [
        each
        for each in told["estimates"]
        if each["method"] != estimate.EVENT_TIME or reps.get(each["details"]["since"], 0) >= LEAST
    ]
    return {name: told[name] for name in ("answers", "estimates", "findings", "facts", "grade")}


def few(answer: dict[str, Any], units: int) -> dict[str, Any]:
    """Say that there are too few, where there are: not that those few are all alike."""
    why = findings.refusal(findings.FEW_UNITS, "treated", units=units, least=grading.LEAST_UNITS)
    few = {"grade": grading.E, "reasons": [findings.FEW_UNITS], "headline": None, "smallest": None}
    return {**answer, **few, "findings": [why.told()]}


def known(frame: pd.DataFrame) -> dict[int, int]:
    """Return how many reps are known at each time since."""
    since = (frame["time"] - frame["treated"]).dropna()
    return {int(key): int(n) for key, n in since.value_counts().items()}


def _frame(figures: Figures) -> pd.DataFrame:
    lines = figures.lines
    return pd.DataFrame(
        {
            "unit": [str(line.person_id) for line in lines],
            "place": [str(line.organisation_id) for line in lines],
            "time": [number(line.month) for line in lines],
            "treated": [
                number(line.completed) if line.completed else float("nan") for line in lines
            ],
            "appointments": [_share(line.appointments, line.calls) for line in lines],
            "qualified": [_share(line.qualified, line.appointments) for line in lines],
            "win": [_share(line.won, line.decided) for line in lines],
        }
    )


def number(month: Any) -> int:
    """Return a month as a whole number that counts on."""
    return int(month.year * 12 + month.month - 1)


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else float("nan")
