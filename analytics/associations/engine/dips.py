"""A course after a bad time: what came after it, beside what came after an equally bad time without one. Pure.

Whoever is sent to a course since a month was bad does better afterwards anyway: a bad month is followed by a usual
one. So after each treatment, and at the same time of each unit that is not treated yet: sales of the times after, by
least squares on treatment, what was usual before, and the time that came just before; a constant for each time
and each time since.
"""

import numpy as np
import pandas as pd

from analytics.associations.engine import estimate, regression
from analytics.associations.engine.cleaning import TIME, TREATED, UNIT
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.panel import Panel

AFTER = 3
"""So many times from the treatment on are looked at."""
LEAST = 30
"""With fewer equally bad times without a treatment the line through all times is stretched there, and it is told."""


def dip_matched(panel: Panel, sales: str) -> Estimate | None:
    """Return the difference after an equally bad time; None where nobody can be compared."""
    stacked = _stacked(panel, sales)
    treated = stacked.loc[stacked["treated"] == 1, "unit"].nunique()
    if treated < 5 or stacked["treated"].all():
        return None
    bad = stacked.loc[stacked["treated"] == 1, "trigger"]
    near = stacked["trigger"].between(bad.quantile(0.025), bad.quantile(0.975))
    stretched = int((near & (stacked["treated"] == 0)).sum()) < LEAST
    alike = stacked if stretched else stacked[near].reset_index(drop=True)
    del stacked
    columns = ["treated", "usual", "trigger"]
    found = regression.fit(alike, "y", columns, absorbed=["when"], groups="home")
    if found is None:
        return None
    fit = found["treated"]
    return regression.estimated(
        fit,
        method=estimate.DIP_MATCHED,
        learning="treated",
        sales=sales,
        n_units=int(alike["unit"].nunique()),
        n_groups=int(alike["home"].nunique()),
        n_times=panel.times,
        unit_of_measure=estimate.SALES,
        details={"treated": int(treated), "after": AFTER, "stretched": stretched},
    )


def _stacked(panel: Panel, sales: str) -> pd.DataFrame:
    frame = panel.frame
    wide = frame.pivot(index=UNIT, columns=TIME, values=sales).sort_index(axis=1)
    first = frame.groupby(UNIT)[TREATED].first().reindex(wide.index)
    homes = panel.homes.groupby(frame[UNIT]).first().reindex(wide.index)
    found = [
        _one(wide, first, homes, when, by)
        for when in sorted(first.dropna().unique())
        for by in range(AFTER)
    ]
    pieces = [each for each in found if each is not None]
    if not pieces:
        return pd.DataFrame(columns=["y", "usual", "trigger", "treated", "home", "unit", "when"])
    return pd.concat(pieces, ignore_index=True)


def _one(
    wide: pd.DataFrame, first: "pd.Series[float]", homes: "pd.Series[int]", when: float, by: int
) -> pd.DataFrame | None:
    """Return everybody `by` times after a treatment at `when`: who was treated then, and who is not treated yet.

    Each time after stands for itself: who is to be free of treatment for longer would have to have had no other bad
    time since.
    """
    before = [time for time in wide.columns if time < when - 1]
    if when - 1 not in wide.columns or when + by not in wide.columns or not before:
        return None
    free = first.isna() | (first > when + by) | (first == when)
    piece = pd.DataFrame(
        {
            "y": wide[when + by],
            "usual": wide[before].mean(axis=1),
            "trigger": wide[when - 1],
            "treated": (first == when).astype(float),
            "home": homes.astype("int32"),
            "unit": wide.index.astype("int32"),
            "when": np.int32(when * 1000 + by),
        }
    )
    return piece[free].dropna()
