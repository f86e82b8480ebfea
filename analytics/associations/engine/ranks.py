"""Rank correlation of units over all, within and between groups, with intervals; the linear one beside it. Pure."""

import math
from typing import Any

import numpy as np
from scipy import stats

from analytics.associations import measures
from analytics.associations.engine import correlation, estimate, power, resampling
from analytics.associations.engine.aligned import Pair, X, Y, groups_of
from analytics.associations.engine.correlation import Floats, Rows
from analytics.associations.engine.estimate import Estimate

_Z = 1.959963984540054
PARTS = (estimate.POOLED, estimate.WITHIN, estimate.BETWEEN)


def rank_correlations(pair: Pair, *, seed: int, draws: int) -> list[Estimate]:
    """Return the parts that can be computed, the one that tells most of units themselves first."""
    group = groups_of(pair)
    rows = Rows(pair.units[X].to_numpy(), pair.units[Y].to_numpy(), group)
    by_groups = rows.groups >= measures.LEAST_CLUSTERS
    draw = resampling.by_groups if by_groups else resampling.within_groups
    found = correlation.parts(rows)
    intervals = draw(rows, seed, draws)
    wanted = [estimate.WITHIN, estimate.POOLED] if rows.groups > 1 else [estimate.POOLED]
    if rows.groups >= measures.LEAST_BETWEEN:
        wanted.append(estimate.BETWEEN)
    told = []
    for method in wanted:
        value = float(getattr(found, method)[0])
        interval = intervals[method]
        low, high = interval.low, interval.high
        if method == estimate.BETWEEN and not by_groups:
            low = high = None
        if not math.isnan(value):
            told.append(_told(pair, method, value, (low, high), by_groups))
    return told


def _told(
    pair: Pair,
    method: str,
    value: float,
    interval: tuple[float | None, float | None],
    by_groups: bool,
) -> Estimate:
    low, high = interval
    known = low is not None and high is not None
    smallest = None
    if known and low is not None and high is not None:
        smallest = max(power.smallest_by(low, high), power.smallest(len(pair.units)) or 0.0)
    return Estimate(
        method=method,
        learning=pair.learning,
        sales=pair.sales,
        value=value,
        se=(high - low) / (2 * _Z) if low is not None and high is not None else None,
        low=low,
        high=high,
        lag=pair.lag,
        errors=("groups" if by_groups else "units") if known else "",
        smallest=smallest,
        **pair.counts(),
    )


def pearson(x: Floats, y: Floats) -> tuple[float, float, float, float]:
    """Return r, its interval by Fisher's z, and p; NaN for what figures that hardly differ don't tell."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = stats.pearsonr(x, y)
        interval = found.confidence_interval(0.95)
    return float(found.statistic), float(interval.low), float(interval.high), float(found.pvalue)


def spearman(x: Floats, y: Floats) -> float:
    """Return Spearman's rank correlation as the report splits it: the part over all."""
    rows = Rows(np.asarray(x, float), np.asarray(y, float), np.zeros(len(x), dtype=np.int64))
    return float(correlation.parts(rows).pooled[0])


def kendall(x: Floats, y: Floats) -> tuple[float, float]:
    """Return Kendall's tau-b and p."""
    found = stats.kendalltau(x, y)
    return float(found.statistic), float(found.pvalue)


def others(pair: Pair) -> list[Estimate]:
    """Return Pearson's r and, of few units, Kendall's tau, over all."""
    x, y = pair.units[X].to_numpy(), pair.units[Y].to_numpy()
    value, low, high, p = pearson(x, y)
    common: dict[str, Any] = {
        "learning": pair.learning,
        "sales": pair.sales,
        "lag": pair.lag,
        **pair.counts(),
    }
    found = []
    if np.isfinite([value, low, high, p]).all():
        found.append(
            Estimate(
                method=estimate.PEARSON,
                value=value,
                low=low,
                high=high,
                p=p,
                errors="normal",
                **common,
            )
        )
    if len(x) <= measures.MOST_DOTS:
        tau, p = kendall(x, y)
        if np.isfinite([tau, p]).all():
            found.append(
                Estimate(method=estimate.KENDALL, value=tau, p=p, errors="normal", **common)
            )
    return found
