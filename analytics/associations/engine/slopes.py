"""Straight lines through units: as they are, at equal controls, within groups, between groups. Pure."""

import math

from analytics.associations.engine import estimate, regression
from analytics.associations.engine.aligned import Pair, X, Y
from analytics.associations.engine.cleaning import GROUP
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.regression import Fit


def told(
    pair: Pair, method: str, fit: Fit, unit: str = estimate.PER_UNIT, **details: object
) -> Estimate:
    """Return a coefficient as an estimate of this pair."""
    return regression.estimated(
        fit,
        method=method,
        learning=pair.learning,
        sales=pair.sales,
        lag=pair.lag,
        unit_of_measure=unit,
        details=dict(details),
        **{name: n for name, n in pair.counts().items() if name != "n_rows"},
    )


def slopes(pair: Pair) -> list[Estimate]:
    """Return every line that can be drawn."""
    units, cluster = pair.units, pair.cluster
    found = []
    plain = regression.fit(units, Y, [X], groups=cluster)
    if plain:
        found.append(told(pair, estimate.SLOPE, plain[X]))
    found += adjusted(pair)
    if cluster:
        within = regression.fit(units, Y, [X], absorbed=[GROUP], groups=cluster)
        if within:
            found.append(told(pair, estimate.SLOPE_WITHIN, within[X]))
        found += _within_adjusted(pair)
        means = units.assign(mean=units.groupby(GROUP)[X].transform("mean"))
        mundlak = regression.fit(
            means.assign(own=means[X] - means["mean"]), Y, ["own", "mean"], groups=cluster
        )
        if mundlak and pair.groups >= 5:
            found.append(told(pair, estimate.SLOPE_BETWEEN, mundlak["mean"]))
    return found


def adjusted(pair: Pair) -> list[Estimate]:
    """Return slope and correlation at equal controls.

    The correlation is that of what the controls leave of both: t / √(t² + degrees of freedom), of the plain
    least-squares t; its interval is the slope's, on the same scale, so that errors hang together within groups.
    """
    if not pair.controls:
        return []
    columns = [X, *pair.controls]
    fit = regression.fit(pair.units, Y, columns, groups=pair.cluster)
    if fit is None:
        return []
    slope = fit[X]
    r = partial_correlation(pair)
    scale = r / slope.value if slope.value else 0.0
    correlation = Fit(
        r,
        scale * slope.se,
        max(-1.0, scale * slope.low),
        min(1.0, scale * slope.high),
        slope.p,
        slope.errors,
        slope.rows,
    )
    return [
        told(pair, estimate.SLOPE_ADJUSTED, slope, controls=len(pair.controls)),
        told(
            pair, estimate.PARTIAL, correlation, estimate.CORRELATION, controls=len(pair.controls)
        ),
    ]


def _within_adjusted(pair: Pair) -> list[Estimate]:
    """Return the slope within groups at equal controls."""
    if not pair.controls:
        return []
    fit = regression.fit(pair.units, Y, [X, *pair.controls], absorbed=[GROUP], groups=pair.cluster)
    controls = len(pair.controls)
    return [told(pair, estimate.SLOPE_WITHIN_ADJUSTED, fit[X], controls=controls)] if fit else []


def partial_correlation(pair: Pair) -> float:
    """Return the correlation of x and y at equal controls."""
    fit = regression.fit(pair.units, Y, [X, *pair.controls], errors=regression.NORMAL)
    if fit is None:
        return float("nan")
    freedom = len(pair.units) - len(pair.controls) - 2
    t = fit[X].value / fit[X].se
    return t / math.sqrt(t**2 + freedom)
