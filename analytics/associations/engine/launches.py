"""A launch at one time: the change of those who launched less that of those who had not. Pure.

With several launches at several times there is no such number here: see `staggered`.
"""

from typing import Any

import pandas as pd

from analytics.associations.engine import estimate, findings, regression
from analytics.associations.engine.cleaning import GROUP, TIME, TREATED, UNIT
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding, warning
from analytics.associations.engine.panel import Panel

LEAST_GROUPS = 6
_LAUNCHED, _EVER, _AFTER = "launched", "ever", "after"


def launch(panel: Panel, sales: str, *, errors: str = "") -> tuple[list[Estimate], list[Finding]]:
    """Return the difference in differences, or before and after alone where nobody is left to compare."""
    starts = panel.frame.loc[panel.frame[[sales, *panel.controls]].notna().all(axis=1), TREATED]
    starts = starts.dropna().unique()
    if len(starts) != 1:
        return [], []
    frame = _rows(panel, sales)
    ever, after = frame[TREATED].notna(), frame[TIME] >= starts[0]
    frame[_EVER], frame[_AFTER] = ever.astype(float), after.astype(float)
    frame[_LAUNCHED] = frame[_EVER] * frame[_AFTER]
    if not after.any() or after.all():
        return [], [findings.refusal(findings.NO_BEFORE, estimate.DID)]
    repeated = bool(frame[UNIT].duplicated().any())
    groups = "home" if panel.grouped and frame["home"].nunique() >= LEAST_GROUPS else None
    if groups is None and repeated:
        groups = UNIT
    if ever.all():
        alone = _fit(frame, [_AFTER], [UNIT] if repeated else [], groups, errors)
        told = [_told(alone, frame, sales, estimate.BEFORE_AFTER)] if alone else []
        return told, [warning(findings.NO_COMPARISON, estimate.BEFORE_AFTER)]
    columns = [*(f"c{n}" for n in range(len(panel.controls)))]
    if repeated:
        varying = [each for each in columns if (frame.groupby(UNIT)[each].nunique() > 1).any()]
        found = _fit(frame, [_LAUNCHED, *varying], [UNIT, TIME], groups, errors)
    elif frame[TIME].nunique() > 2:
        found = _fit(frame, [_LAUNCHED, _EVER, *columns], [TIME], groups, errors)
    else:
        found = _fit(frame, [_LAUNCHED, _EVER, _AFTER, *columns], [], groups, errors)
    return [_told(found, frame, sales, estimate.DID)] if found else [], []


def _rows(panel: Panel, sales: str) -> pd.DataFrame:
    frame = panel.frame[[UNIT, GROUP, TIME]].copy()
    frame["home"], frame["y"] = panel.homes, panel.frame[sales]
    for n, control in enumerate(panel.controls):
        frame[f"c{n}"] = panel.frame[control]
    frame = frame.dropna()
    frame[TREATED] = panel.frame.loc[frame.index, TREATED]
    return frame.reset_index(drop=True)


def _fit(
    frame: pd.DataFrame, columns: list[str], absorbed: list[str], groups: str | None, errors: str
) -> regression.Fit | None:
    found = regression.fit(frame, "y", columns, absorbed=absorbed, groups=groups, errors=errors)
    return found[columns[0]] if found else None


def _told(fit: regression.Fit, frame: pd.DataFrame, sales: str, method: str) -> Estimate:
    details: dict[str, Any] = {
        "treated": int(frame.loc[frame[TREATED].notna(), UNIT].nunique()),
        "treated_groups": int(frame.loc[frame[TREATED].notna(), "home"].nunique()),
    }
    return regression.estimated(
        fit,
        method=method,
        learning="treated",
        sales=sales,
        n_units=int(frame[UNIT].nunique()),
        n_groups=int(frame["home"].nunique()),
        n_times=int(frame[TIME].nunique()),
        unit_of_measure=estimate.SALES,
        details=details,
    )
