"""The same unit over time: what sales do after its learning changes, and whether sales came first. Pure."""

import pandas as pd

from analytics.associations.engine import estimate, regression, slopes
from analytics.associations.engine.aligned import HOME, Pair, X, Y, pair, shifted
from analytics.associations.engine.cleaning import TIME, UNIT
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.panel import Panel

LAGS = (0, 1, 2, 3)
LEAST_TIMES = 3
"""A unit is compared with itself from so many times on."""

_BEFORE = "learnt"


def fixed_effects(panel: Panel, learning: str, sales: str, lag: int) -> Estimate | None:
    """Return sales per unit of learning `lag` times before, unit and time fixed; None where nothing varies."""
    at = _lasting(pair(panel, learning, sales, lag))
    controls = [each for each in at.controls if _varies(at.rows, each)]
    found = _fit(at, [X, *controls])
    if found is None and controls:
        found = _fit(at, [X])
    return slopes.told(at, estimate.FIXED_EFFECTS, found[X]) if found else None


def _fit(at: Pair, columns: list[str]) -> dict[str, regression.Fit] | None:
    if len(at.rows) == 0 or at.rows[TIME].nunique() < 2:
        return None
    return regression.fit(at.rows, Y, columns, absorbed=[UNIT, TIME], groups=HOME)


def _varies(rows: pd.DataFrame, column: str) -> bool:
    return bool((rows.groupby(UNIT)[column].nunique() > 1).any())


def _lasting(at: Pair) -> Pair:
    """Leave out units of which there are fewer than two rows: they say nothing of change."""
    count = at.rows.groupby(UNIT)[X].transform("size")
    rows = at.rows[count >= 2].reset_index(drop=True)
    units = at.units[at.units[UNIT].isin(rows[UNIT])].reset_index(drop=True)
    return Pair(at.learning, at.sales, at.lag, rows, units, at.controls, at.grouped)


def strip(panel: Panel, learning: str, sales: str, lag: int) -> list[Estimate]:
    """Return the estimates at every lag, the one that was asked for first."""
    lags = [lag, *(each for each in LAGS if each != lag)]
    found = [fixed_effects(panel, learning, sales, each) for each in lags]
    return [each for each in found if each is not None]


def lead(panel: Panel, learning: str, sales: str, lag: int) -> Estimate | None:
    """Return how learning of the next time goes with sales, at equal learning until now: nothing, unless sales
    come first.

    Least squares of sales on the learning of the time after, with that of this time and of those until `lag`
    before, unit and time fixed (Wooldridge's test of strict exogeneity). Without those before, an effect of
    learning would look like one of sales.
    """
    at = pair(panel, learning, sales, 0)
    frame = panel.frame[[UNIT, TIME]].copy()
    frame[HOME], frame[Y] = panel.homes, panel.frame[sales]
    frame[X] = shifted(panel, learning, -1)
    before = range(max(lag, 1) + 1)
    names = [f"{_BEFORE}{by}" for by in before]
    for by, name in zip(before, names, strict=True):
        frame[name] = shifted(panel, learning, by)
    rows = frame.dropna().reset_index(drop=True)
    rows = rows[rows.groupby(UNIT)[X].transform("size") >= 2].reset_index(drop=True)
    units = at.units[at.units[UNIT].isin(rows[UNIT])].reset_index(drop=True)
    at = Pair(learning, sales, -1, rows, units, (), panel.grouped)
    for columns in ([X, *names], [X, names[0]], [X]):
        found = _fit(at, columns)
        if found:
            return slopes.told(at, estimate.LEAD, found[X])
    return None
