"""Shares, odds and what lies between two kinds where sales are yes or no. Pure; computed by statsmodels."""

import dataclasses
import warnings

import numpy as np
import pandas as pd
from statsmodels.discrete.discrete_model import Logit
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.tools.sm_exceptions import PerfectSeparationError

from analytics.associations.engine import estimate
from analytics.associations.engine.aligned import Pair, X, Y
from analytics.associations.engine.cleaning import GROUP
from analytics.associations.engine.estimate import Estimate


@dataclasses.dataclass(frozen=True)
class Odds:
    """An odds ratio with its interval, and the test of none."""

    value: float
    low: float
    high: float
    p: float
    statistic: float = float("nan")


def wilson(part: int, base: int) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    low, high = proportion_confint(part, base, method="wilson")
    return float(low), float(high)


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float]:
    """Return Newcombe's interval of the first share less the second."""
    low, high = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    return float(low), float(high)


def crude(tables: list["np.ndarray[tuple[int, int], np.dtype[np.float64]]"]) -> Odds:
    """Return the odds ratio over all tables together."""
    table = Table2x2(np.sum(tables, axis=0), shift_zeros=True)
    low, high = table.oddsratio_confint()
    return Odds(float(table.oddsratio), float(low), float(high), float(table.oddsratio_pvalue()))


def common(tables: list["np.ndarray[tuple[int, int], np.dtype[np.float64]]"]) -> Odds:
    """Return the odds ratio at equal groups (Mantel and Haenszel), and the test with continuity correction."""
    table = StratifiedTable([np.asarray(each, float) for each in tables])
    low, high = table.oddsratio_pooled_confint()
    test = table.test_null_odds(correction=True)
    return Odds(
        float(table.oddsratio_pooled),
        float(low),
        float(high),
        float(test.pvalue),
        float(test.statistic),
    )


def binary(values: "pd.Series[float]") -> bool:
    """Say whether there are only yes and no."""
    return set(values.unique()) == {0.0, 1.0}


def odds(pair: Pair) -> list[Estimate]:
    """Return what can be told of yes-or-no sales: odds at equal controls, and of yes-or-no learning in tables."""
    units = pair.units
    found = []
    if binary(units[Y]):
        found += _logit(pair)
    if not (binary(units[Y]) and binary(units[X])):
        return found
    tables = [_table(each) for _, each in units.groupby(GROUP)] if pair.grouped else [_table(units)]
    told = [(estimate.ODDS, crude(tables))]
    telling = [
        each for each in tables if (each.sum(axis=0) > 0).all() and (each.sum(axis=1) > 0).all()
    ]
    if len(tables) > 1 and telling:
        with np.errstate(all="ignore"):
            told.append((estimate.COMMON_ODDS, common(telling)))
    known = [(method, each) for method, each in told if 0 < each.low < each.high < np.inf]
    return found + [_told(pair, method, each) for method, each in known]


def _table(units: pd.DataFrame) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    with_it, sold = units[X] == 1, units[Y] == 1
    return np.array(
        [
            [(with_it & sold).sum(), (with_it & ~sold).sum()],
            [(~with_it & sold).sum(), (~with_it & ~sold).sum()],
        ],
        dtype=float,
    )


def _told(pair: Pair, method: str, found: Odds) -> Estimate:
    return Estimate(
        method=method,
        learning=pair.learning,
        sales=pair.sales,
        value=found.value,
        se=float((np.log(found.high) - np.log(found.low)) / (2 * 1.959963984540054)),
        low=found.low,
        high=found.high,
        p=found.p,
        lag=pair.lag,
        unit_of_measure=estimate.RATIO,
        errors="log odds",
        details={"statistic": found.statistic} if found.statistic == found.statistic else {},
        **pair.counts(),
    )


def logit(
    frame: pd.DataFrame, y: str, x: list[str], cluster: str | None = None
) -> dict[str, tuple[float, ...]]:
    """Return log odds per unit of each column: value, error, interval, p."""
    matrix = np.column_stack([np.ones(len(frame)), frame[x].to_numpy(dtype=float)])
    kind = {"cov_type": "cluster", "cov_kwds": {"groups": frame[cluster]}} if cluster else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = Logit(frame[y].to_numpy(dtype=float), matrix).fit(disp=0, maxiter=200, **kind)
    interval = result.conf_int()
    return {
        name: (result.params[n], result.bse[n], interval[n][0], interval[n][1], result.pvalues[n])
        for n, name in enumerate(["const", *x])
    }


def _logit(pair: Pair) -> list[Estimate]:
    cluster = pair.cluster if pair.groups >= 10 else None
    try:
        value, se, low, high, p = map(float, logit(pair.units, Y, [X, *pair.controls], cluster)[X])
    except (np.linalg.LinAlgError, PerfectSeparationError, ValueError):
        return []
    if not np.isfinite(se):
        return []
    return [
        Estimate(
            method=estimate.LOGIT,
            learning=pair.learning,
            sales=pair.sales,
            value=value,
            se=se,
            low=low,
            high=high,
            p=p,
            lag=pair.lag,
            unit_of_measure=estimate.LOG_ODDS,
            errors="CRV0" if cluster else "normal",
            details={"controls": len(pair.controls)},
            **pair.counts(),
        )
    ]
