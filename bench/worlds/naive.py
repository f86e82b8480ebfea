"""What somebody finds who does the obvious thing. Plain numpy: nothing here is the report's."""

import numpy as np
from scipy import stats

from bench.worlds.drawing import NEVER, Drawn, Floats, Ints


def pooled(drawn: Drawn, lag: int = 1) -> float:
    """Return the slope of the line through all reps' months."""
    x, y, _ = lagged(drawn, lag)
    return float(stats.linregress(x, y).slope)


def between(drawn: Drawn) -> float:
    """Return the slope of the line through the partners' means."""
    x, y, partner = lagged(drawn, 1)
    means = [np.bincount(partner, each) / np.bincount(partner) for each in (x, y)]
    return float(stats.linregress(*means).slope)


def lagged(drawn: Drawn, lag: int) -> tuple[Floats, Floats, Ints]:
    """Return learning, sales so many months later, and partner, of all months that are known."""
    y = drawn.sales[:, lag:]
    known = np.isfinite(y)
    return (
        drawn.hours[:, : drawn.world.months - lag][known],
        y[known],
        drawn.partner[:, lag:][known],
    )


def two_way(drawn: Drawn) -> float:
    """Return the coefficient of "has taken the course" with reps and months fixed."""
    x, y = (_without_means(each) for each in (drawn.treated.astype(float), drawn.sales))
    return float((x * y).sum() / (x * x).sum())


def two_way_p(drawn: Drawn) -> float:
    """Return its p-value, as though each rep's months had nothing to do with each other nor with colleagues'."""
    x, y = (_without_means(each) for each in (drawn.treated.astype(float), drawn.sales))
    left = y - two_way(drawn) * x
    free = y.size - sum(y.shape)
    se = np.sqrt((left**2).sum() / free / (x * x).sum())
    return float(2 * stats.t.sf(abs(two_way(drawn)) / se, free))


def _without_means(values: Floats) -> Floats:
    by_month = values - values.mean(axis=0, keepdims=True)
    found: Floats = by_month - by_month.mean(axis=1, keepdims=True)
    return found


def month_before(drawn: Drawn) -> float:
    """Return how much more was sold in the month of the course than in the month before."""
    who = np.flatnonzero((drawn.start != NEVER) & (drawn.start > 0))
    at = drawn.start[who]
    return float(np.nanmean(drawn.sales[who, at] - drawn.sales[who, at - 1]))


def before_after(drawn: Drawn) -> float:
    """Return how much more the launched sold since the launch than before it."""
    launched, month = drawn.start != NEVER, int(drawn.start.min())
    sold = drawn.sales[launched]
    return float(np.nanmean(sold[:, month:]) - np.nanmean(sold[:, :month]))
