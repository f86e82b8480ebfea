"""What sales do around a first treatment, beside units that are not treated yet: Callaway and Sant'Anna. Pure.

Computed by diff-diff: group-time effects, their mean, by time since; Rambachan and Roth's bounds (`HonestDiD`) and
Roth's power of the look before (`PreTrendsPower`). Two-way fixed effects are nowhere: where effects grow they
compare the treated with the treated.
"""

import dataclasses
import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from diff_diff import CallawaySantAnna, SurveyDesign
from diff_diff.honest_did import HonestDiD
from diff_diff.pretrends import PreTrendsPower
from scipy import stats

from analytics.associations import steps
from analytics.associations.engine import alike, estimate, findings, power
from analytics.associations.engine.cleaning import TIME, TREATED, UNIT
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding, refusal, warning
from analytics.associations.engine.panel import Panel

NEVER_TREATED, NOT_YET = "never_treated", "not_yet_treated"
LEAST_UNITS = 10
"""So many treated, and so many others, are needed."""
LEAST_GROUPS = 6
"""Treatment in fewer groups than this says nothing that holds beyond them."""
FLAT, DIPPED = 0.05, 0.01
"""The joint test of times before fails below the first; the last one before was a dip below the second."""
MOST_LEADS = 6
HONEST, HONEST_OVER = (0.25, 0.5, 1.0, 1.5, 2.0), 3
"""Other trends as large as so many times the largest step before; for the mean of so many times after."""


@dataclasses.dataclass(frozen=True)
class Study:
    """What was found around the treatment; `overall` is missing where it could not be computed."""

    overall: Estimate | None = None
    times: tuple[Estimate, ...] = ()
    findings: tuple[Finding, ...] = ()
    tested: bool = False
    """Whether there were times before of which it could be seen that nothing differed."""

    @property
    def refused(self) -> bool:
        """Whether the number may not be told."""
        return self.overall is None or any(each.kind == findings.REFUSAL for each in self.findings)


@dataclasses.dataclass(frozen=True)
class _Rows:
    frame: pd.DataFrame
    counts: dict[str, Any]
    cluster: str | None


def study(
    panel: Panel,
    sales: str,
    *,
    control: str = NOT_YET,
    covariates: Sequence[str] = (),
    looks: bool = True,
    tell: steps.Tell = steps.nobody,
) -> Study:
    """Return the event study of one sales column; `looks` at the times before and at how robust it is."""
    rows, found = _rows(panel, sales, covariates)
    found += _who(rows.frame, panel)
    if any(each.code in {findings.NOBODY_LEFT, findings.NO_BEFORE} for each in found):
        return Study(findings=tuple(found))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = _fit(rows, control, covariates, "varying")
            overall, times, leads = _told(fitted, rows, sales)
            if looks:
                tell(steps.DOUBTING)
                more, details = _looked(fitted, rows, control, covariates, overall)
                overall = dataclasses.replace(overall, details={**overall.details, **details})
                found += more
    except (ValueError, np.linalg.LinAlgError, KeyError) as error:
        return Study(
            findings=(
                *found,
                refusal(findings.NOT_COMPUTED, estimate.EVENT_STUDY, why=str(error)[:200]),
            )
        )
    return Study(overall, tuple(times), tuple(found), leads)


def _rows(panel: Panel, sales: str, covariates: Sequence[str]) -> tuple[_Rows, list[Finding]]:
    first = int(panel.frame[TIME].min())
    frame = pd.DataFrame(
        {
            "unit": panel.frame[UNIT],
            "time": panel.frame[TIME] - first + 1,
            "first": panel.frame[TREATED] - first + 1,
            "group": panel.homes,
            "y": panel.frame[sales],
            **{each: panel.frame[each] for each in covariates},
        }
    )
    frame = frame.dropna(subset=["y", *covariates])
    early = frame["first"] <= 1
    told: list[Finding] = []
    if early.any():
        units = int(frame.loc[early, "unit"].nunique())
        told.append(warning(findings.ALWAYS_TREATED, estimate.EVENT_STUDY, units=units))
        frame = frame[~early]
    frame["first"] = frame["first"].where(frame["first"] <= frame["time"].max()).fillna(0)
    frame = frame.reset_index(drop=True)
    groups = frame["group"].nunique()
    counts = {
        "n_rows": len(frame),
        "n_units": int(frame["unit"].nunique()),
        "n_groups": int(groups),
        "n_times": int(frame["time"].nunique()),
    }
    return _Rows(frame, counts, "group" if panel.grouped and groups > 1 else None), told


def _who(frame: pd.DataFrame, panel: Panel) -> list[Finding]:
    """Say who is missing: treated, groups with treated, others to compare with, times before."""
    about, found = estimate.EVENT_STUDY, []
    units = frame.drop_duplicates("unit")
    treated = units[units["first"] > 0]
    others = len(units) - len(treated)
    if len(treated) < LEAST_UNITS:
        found.append(refusal(findings.FEW_TREATED, about, units=len(treated), least=LEAST_UNITS))
    groups = int(treated["group"].nunique())
    if panel.grouped and groups < LEAST_GROUPS:
        found.append(refusal(findings.FEW_TREATED_GROUPS, about, groups=groups, least=LEAST_GROUPS))
    if not others and treated["first"].nunique() < 2:
        found.append(refusal(findings.NOBODY_LEFT, about))
    elif not len(treated) or (treated["first"] <= 1).all():
        found.append(refusal(findings.NO_BEFORE, about))
    return found


def _fit(rows: _Rows, control: str, covariates: Sequence[str], base: str) -> Any:
    never = bool((rows.frame["first"] == 0).any())
    # Without covariates there is nothing to be doubly robust about: means of changes, by the quicker way.
    method = CallawaySantAnna(
        control_group=control if never else NOT_YET,
        base_period=base,
        cluster=rows.cluster,
        estimation_method="dr" if covariates else "reg",
    )
    few = alike.together(rows.frame) if rows.cluster and not covariates else None
    if few is not None:
        weights = SurveyDesign(weights=alike.WEIGHT)
        return method.fit(few, "y", "unit", "time", "first", survey_design=weights)
    return method.fit(rows.frame, "y", "unit", "time", "first", covariates=list(covariates) or None)


def _told(fitted: Any, rows: _Rows, sales: str) -> tuple[Estimate, list[Estimate], bool]:
    common = {
        "learning": "treated",
        "sales": sales,
        "unit_of_measure": estimate.SALES,
        "errors": "groups" if rows.cluster else "units",
        **rows.counts,
    }
    low, high = (float(each) for each in fitted.overall_conf_int)
    treated = int((rows.frame.drop_duplicates("unit")["first"] > 0).sum())
    if not math.isfinite(float(fitted.overall_se)):
        raise ValueError("no standard error")
    overall = Estimate(
        method=estimate.EVENT_STUDY,
        value=float(fitted.overall_att),
        se=float(fitted.overall_se),
        low=low,
        high=high,
        p=float(fitted.overall_p_value),
        smallest=power.SEEN * float(fitted.overall_se),
        details={"treated": treated, "others": rows.counts["n_units"] - treated},
        **common,
    )
    events = fitted.aggregate("event_study")
    times = [
        Estimate(
            method=estimate.EVENT_TIME,
            value=float(events.att[n]),
            se=_number(events.se[n]),
            low=_number(events.conf_int_lower[n]),
            high=_number(events.conf_int_upper[n]),
            p=_number(events.p_value[n]),
            details={"since": int(since)},
            **common,
        )
        for n, since in enumerate(events.event_time)
    ]
    return overall, times, any(int(since) < 0 for since in events.event_time)


def _number(value: Any) -> float | None:
    return float(value) if math.isfinite(float(value)) else None


def _looked(
    fitted: Any, rows: _Rows, control: str, covariates: Sequence[str], overall: Estimate
) -> tuple[list[Finding], dict[str, Any]]:
    """Look at the times before, at what the look could have seen, and at what other trends would change."""
    about = estimate.EVENT_STUDY
    events = fitted.aggregate("event_study")
    before = [n for n, since in enumerate(events.event_time) if since < 0 and events.se[n] > 0]
    if not before:
        return [warning(findings.NO_PRE_TREND, about)], {}
    p, details = _joint(events, before[-MOST_LEADS:], rows), {}
    details["pre_trend_p"] = p
    last = before[-1]
    dip = int(events.event_time[last]) == -1 and events.att[last] < 0
    found = []
    if dip and events.p_value[last] < DIPPED:
        found.append(
            refusal(
                findings.DIP, about, size=float(events.att[last]), p=float(events.p_value[last])
            )
        )
    elif p < FLAT:
        found.append(refusal(findings.PRE_TREND, about, p=p))
    try:
        more, sensitivity = _sensitivity(_large(rows), control, covariates, overall)
    except (ValueError, np.linalg.LinAlgError, KeyError) as error:
        return [*found, warning(findings.NO_SENSITIVITY, about, why=str(error)[:200])], details
    return found + more, {**details, **sensitivity}


def _joint(events: Any, before: list[int], rows: _Rows) -> float:
    """Return p of the hypothesis that nothing differed at any time before: of few groups by Hotelling's T²."""
    value = np.asarray(events.att)[before]
    known = [int(since) for since in events.vcov_index]
    at = [known.index(int(events.event_time[n])) for n in before]
    cov = np.asarray(events.vcov)[np.ix_(at, at)]
    wald = float(value @ np.linalg.pinv(cov) @ value)
    rank = int(np.linalg.matrix_rank(cov))
    if rows.cluster:
        groups = rows.counts["n_groups"]
        left = max(1, groups - rank)
        return float(stats.f.sf(wald / rank * left / max(1, groups - 1), rank, left))
    return float(stats.chi2.sf(wald, rank))


def _large(rows: _Rows) -> _Rows:
    """Leave out those who were treated at a time at which hardly anybody was: a spread of few can't be known."""
    sizes = rows.frame.drop_duplicates("unit")["first"].value_counts()
    kept = rows.frame["first"].map(sizes) >= LEAST_UNITS
    return _Rows(
        rows.frame[kept | (rows.frame["first"] == 0)].reset_index(drop=True),
        rows.counts,
        rows.cluster,
    )


def _near(events: Any) -> Any:
    """Keep the times around the treatment: of more than there are groups, no spread can be known."""
    times = np.asarray(events.event_time)
    kept = (times >= -MOST_LEADS) & (times < MOST_LEADS)
    changed = {
        field.name: getattr(events, field.name)[kept]
        for field in dataclasses.fields(events)
        if field.name not in {"vcov", "vcov_index"}
        and isinstance(getattr(events, field.name), np.ndarray)
        and getattr(events, field.name).shape == times.shape
    }
    known = np.isin(np.asarray(events.vcov_index), times[kept])
    changed["vcov"] = np.asarray(events.vcov)[np.ix_(known, known)]
    changed["vcov_index"] = np.asarray(events.vcov_index)[known]
    return dataclasses.replace(events, **changed)


def _sensitivity(
    rows: _Rows, control: str, covariates: Sequence[str], overall: Estimate
) -> tuple[list[Finding], dict[str, Any]]:
    """Return what other trends would change, and which could have been there without being seen."""
    events = _near(_fit(rows, control, covariates, "universal").aggregate("event_study"))
    about, found = estimate.EVENT_STUDY, []
    bounds = []
    after = max(1, sum(1 for since in events.event_time if since >= 0))
    mean = np.where(np.arange(after) < HONEST_OVER, 1 / min(after, HONEST_OVER), 0.0)
    for size in HONEST:
        honest = HonestDiD(M=size, l_vec=mean).fit(events)
        bounds.append({"M": size, "low": float(honest.ci_lb), "high": float(honest.ci_ub)})
    covers = [each["M"] for each in bounds if each["low"] <= 0 <= each["high"]]
    power_before = PreTrendsPower(pretest_form="wald").fit(events)
    drift = float(power_before.mdv) * (after + 1) / 2
    details = {
        "honest": bounds,
        "breaks_at": min(covers) if covers else None,
        "unseen_trend": float(power_before.mdv),
        "unseen_drift": drift,
    }
    if not math.isfinite(drift) or drift > abs(overall.value):
        found.append(warning(findings.PRE_TREND_POWER, about, drift=drift))
    if overall.points and covers and min(covers) <= 1.0:
        found.append(warning(findings.NOT_ROBUST, about, breaks_at=min(covers)))
    return found, details
