"""Sales of companies that launched a course, beside those of companies that had not, as a page tells it. Pure.

One start: `launches`; several: `staggered`; both by `analysis`. Nothing is estimated here.
"""

from typing import Any

import pandas as pd

from analytics.associations import measures, steps
from analytics.associations.engine import (
    analysis,
    course,
    estimate,
    findings,
    grading,
    launch_lines,
)
from analytics.associations.engine.panel import Panel
from analytics.associations.launch_rows import DRAWN, Figures
from sales import currencies

VERSION = f"launch-1.{analysis.VERSION}"
"""Goes up when the same figures would give another study."""

LEAST_OTHERS = 6
"""With fewer companies that had not launched nothing above D is said."""


def study(
    figures: Figures, strayed: int | None = None, tell: steps.Tell = steps.nobody
) -> dict[str, Any]:
    """Return the analysis of a launch with its lines by month.

    Of a launch in waves drawn by lot `strayed` says how many companies began in another month: they count as drawn
    (intention to treat), and only where there are none is it told as drawn by lot. Companies that had launched by
    the first month are left out and counted. At grade E nothing is drawn.
    """
    tell(steps.CHECKING)
    frame = _frame(figures)
    panel = Panel.of(
        frame, unit="unit", group="place", time="time", sales=(figures.sales,), treated="treated"
    )
    told = analysis.analyse(panel, by_lot=strayed == 0, tell=tell).told()
    answer = told["answers"][0]
    if panel.units < grading.LEAST_UNITS:
        answer = course.few(answer, panel.units)
    others = _others(figures)
    answer = _capped(answer, others)
    drawn = launch_lines.drawn(figures, frame) if answer["grade"] != grading.E else None
    return {
        "answer": answer,
        "grade": answer["grade"],
        "general": told["general"],
        "estimates": _estimates(told["estimates"], frame, drawn=drawn is not None),
        "facts": told["facts"],
        "others": others,
        "before": len(figures.before & figures.partners),
        "drawn": drawn,
        "starts": _starts(figures, drawn=strayed is not None),
        "strayed": strayed,
    }


def _frame(figures: Figures) -> pd.DataFrame:
    """Return a row for each month of each rep at each company: who moved is another one there."""
    launched, before = figures.launched, figures.before
    lines = [line for line in figures.lines if line.organisation_id not in before]
    return pd.DataFrame(
        {
            "unit": [f"{line.person_id} {line.organisation_id}" for line in lines],
            "place": [str(line.organisation_id) for line in lines],
            "time": pd.Series([course.number(line.month) for line in lines], dtype="int64"),
            "treated": [
                float(course.number(launched[line.organisation_id]))
                if line.organisation_id in launched
                else float("nan")
                for line in lines
            ],
            figures.sales: [_value(figures, line.part, line.base) for line in lines],
        }
    )


def _value(figures: Figures, part: int, base: int) -> float:
    """Return percent, or an amount in whole units of its currency; NaN where nothing is known."""
    if figures.sales in measures.OF_MONEY:
        return part / float(10 ** currencies.digits(figures.currency))
    return 100 * part / base if base else float("nan")


def _others(figures: Figures) -> int:
    """Return how many companies had not launched when the first ones did, or not at all."""
    launched = figures.launched
    there = len(figures.partners - figures.before)
    first = min(launched.values(), default=None)
    return there - sum(month == first for month in launched.values())


def _capped(answer: dict[str, Any], others: int) -> dict[str, Any]:
    """Lower what stands on too few companies that had not launched."""
    if others >= LEAST_OTHERS or answer["grade"] == grading.E:
        return answer
    found = [each for each in answer["findings"] if each["code"] != findings.NO_COMPARISON]
    if others:
        why = findings.warning(findings.FEW_OTHERS, groups=others, least=LEAST_OTHERS)
    else:
        why = findings.warning(findings.NO_COMPARISON, estimate.BEFORE_AFTER)
    reasons = (findings.RAW, why.code)
    return {**answer, "grade": grading.D, "reasons": reasons, "findings": [*found, why.told()]}


def _estimates(
    told: list[dict[str, Any]], frame: pd.DataFrame, *, drawn: bool
) -> list[dict[str, Any]]:
    """Leave out times since the launch of which too few reps are known; at grade E everything."""
    known = course.known(frame)
    return [
        each
        for each in told
        if drawn
        and (
            each["method"] != estimate.EVENT_TIME
            or known.get(each["details"]["since"], 0) >= course.LEAST
        )
    ]


def _starts(figures: Figures, *, drawn: bool) -> list[dict[str, Any]]:
    """Return every company with sales: when it launched, by what that is known, and how many reps it has."""
    reps: dict[Any, set[Any]] = {}
    for line in figures.lines:
        reps.setdefault(line.organisation_id, set()).add(line.person_id)
    known = {start.organisation_id: start for start in figures.starts}
    found = []
    for place, people in reps.items():
        start = known.get(place)
        month = figures.month(start) if start else None
        there = month is not None and month < figures.until
        found.append(
            {
                "organisation_id": str(place),
                "month": f"{month:%Y-%m}" if there else None,
                "by": (DRAWN if drawn else figures.by) if there else "",
                "early": bool(start and figures.early(start)),
                "reps": len(people),
            }
        )
    return sorted(found, key=lambda each: (each["month"] or "9", each["organisation_id"]))
