"""Means by month of who had launched and who had not, as far as they may be shown. Pure.

A company is drawn in all months or in none: those that could not stand by themselves are left out together (as in
the funnel), so that no line, and no difference of two, tells about fewer than 5 people.
"""

from typing import Any

import pandas as pd

from analytics.associations import measures
from analytics.associations.launch_rows import Figures
from sales import funnel

LAUNCHED, OTHERS = "launched", "others"


def drawn(figures: Figures, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the two means of each month, the months of launches, and how many companies are not drawn.

    With one start the launched are drawn before it as well; with several, whoever had launched by then.
    """
    there = frame.dropna(subset=[figures.sales])
    visible = _visible(there)
    shown = there[there["place"].isin(visible)]
    starts = sorted({*shown["treated"].dropna().astype(int)})
    several = len(starts) > 1
    by_then = shown["treated"] <= shown["time"] if several else shown["treated"].notna()
    sold = _sold(figures, frame).loc[shown.index]
    months = []
    for time, of_month in shown.groupby("time"):
        sides = {
            name: of_month[by_then.loc[of_month.index] == launched]
            for name, launched in ((LAUNCHED, True), (OTHERS, False))
        }
        months.append({"month": _month(int(time)), **_sides(figures, sides, sold)})
    homes = shown.drop_duplicates("place")["treated"]
    marks = [{"month": _month(each), "companies": int((homes == each).sum())} for each in starts]
    return {
        "months": months,
        "marks": marks,
        "several": several,
        "left_out": int(there["place"].nunique() - len(visible)),
    }


def _visible(frame: pd.DataFrame) -> frozenset[str]:
    """Return the companies that may stand by themselves in their month with the fewest people."""
    least = frame.groupby(["place", "time"])["unit"].nunique().groupby("place").min()
    return funnel.shown(
        funnel.Cell(key=str(key), people=int(people), counts={}, amounts={}, tops={})
        for key, people in least.items()
    )


def _sold(figures: Figures, frame: pd.DataFrame) -> "pd.DataFrame":
    """Return part and base of each row of the frame."""
    before = figures.before
    lines = [line for line in figures.lines if line.organisation_id not in before]
    return pd.DataFrame(
        {"part": [line.part for line in lines], "base": [line.base for line in lines]},
        index=frame.index,
    )


def _sides(
    figures: Figures, sides: dict[str, pd.DataFrame], sold: pd.DataFrame
) -> dict[str, list[float | int] | None]:
    """Return mean, reps and companies of both; where one may not be shown neither is, nor can be worked out."""
    held = any(_held(figures, sold.loc[side.index]) for side in sides.values() if len(side))
    return {
        name: [float(side[figures.sales].mean()), len(side), int(side["place"].nunique())]
        if len(side) and not held
        else None
        for name, side in sides.items()
    }


def _held(figures: Figures, sold: pd.DataFrame) -> bool:
    """Say whether a mean stands on too few cases, or on one rep's amount."""
    if len(sold) < funnel.LEAST_PEOPLE:
        return True
    if figures.sales in measures.OF_MONEY:
        return bool(2 * sold["part"].max() > sold["part"].sum() > 0)
    return bool(sold["base"].sum() < funnel.LEAST_BASE)


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"
