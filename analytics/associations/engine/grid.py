"""Many pairs at once: rank correlations within groups with p values, corrected for how many there are. Pure.

For each pair: ranks less their group's mean, the line through them by least squares, its error by groups (CRV1).
All pairs come from the groups' sums of products; a test holds each equal to `regression.fit`.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy import stats

from analytics.associations.engine.correlation import Floats, Ints

LEVEL = 0.05


@dataclasses.dataclass(frozen=True)
class Grid:
    """Correlations, standard errors, p and q, each a table of learning columns by sales columns."""

    value: Floats
    se: Floats
    p: Floats
    q: Floats

    @property
    def tests(self) -> int:
        """How many could be computed."""
        return int(np.isfinite(self.p).sum())

    @property
    def by_luck(self) -> float:
        """How many would be seen at the 5 % level if there were nothing."""
        return LEVEL * self.tests

    @property
    def hits(self) -> int:
        """How many are seen without correction."""
        return int((self.p[np.isfinite(self.p)] <= LEVEL).sum())

    @property
    def found(self) -> int:
        """How many are left after correction."""
        return int((self.q[np.isfinite(self.q)] <= LEVEL).sum())


def grid(learning: Floats, sales: Floats, group: Ints) -> Grid:
    """Return the grid of complete columns (rows by columns); `group` is of each row."""
    group = np.unique(group, return_inverse=True)[1]
    grouped = group.max() > 0
    x, y = (_centred(stats.rankdata(values, axis=0), group) for values in (learning, sales))
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    x, y = x[order], y[order]
    if grouped:
        xy = np.stack(
            [a.T @ b for a, b in zip(np.split(x, starts[1:]), np.split(y, starts[1:]), strict=True)]
        )
        xx = np.add.reduceat(x**2, starts, axis=0)
        yy = (y**2).sum(axis=0)
    else:
        xy, xx, yy = (x.T @ y)[None], (x**2).sum(axis=0)[None], (y**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        sums = xx.sum(axis=0)[:, None]
        slope = xy.sum(axis=0) / sums
        r = slope * np.sqrt(sums / yy)
        se, freedom = _errors(x, y, (xy, xx), slope, len(starts) if grouped else 0)
        p = 2 * stats.t.sf(np.abs(slope / se), freedom)
        se = se * np.sqrt(sums / yy)
    r, p = (np.where((sums > 1e-9) & (yy > 1e-9), each, np.nan) for each in (r, p))
    return Grid(r, se, p, corrected(p))


def _centred(ranks: Floats, group: Ints) -> Floats:
    count = np.bincount(group)
    sums = np.zeros((len(count), ranks.shape[1]))
    np.add.at(sums, group, ranks)
    return np.asarray(ranks - (sums / count[:, None])[group])


def _errors(
    x: Floats, y: Floats, products: tuple[Floats, Floats], slope: Floats, groups: int
) -> tuple[Floats, int]:
    xy, xx = products
    rows, under = len(x), xx.sum(axis=0)[:, None]
    if groups:
        scores = xy - slope[None] * xx[:, :, None]
        factor = groups / (groups - 1) * (rows - 1) / (rows - 2)
        return np.sqrt(factor * (scores**2).sum(axis=0)) / under, groups - 1
    square = (x**2).T @ (y**2) - 2 * slope * ((x**3).T @ y) + slope**2 * (x**4).sum(axis=0)[:, None]
    return np.sqrt(square * rows / (rows - 2)) / under, rows - 2


def corrected(p: Floats | Sequence[float]) -> Floats:
    """Return Benjamini and Hochberg's q of each p; NaN stays."""
    values = np.asarray(p, dtype=float)
    known = np.isfinite(values)
    found = np.full(values.shape, np.nan)
    if known.any():
        found[known] = stats.false_discovery_control(values[known])
    return found
