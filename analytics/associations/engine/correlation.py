"""Rank correlation over all, within groups and between them, for rows that may count several times. Pure.

Rows are ranked over all of them, equal values sharing the mean of their ranks (Spearman). With R the ranks,
`pooled` is their Pearson correlation; `within` that of the ranks less their group's mean (what is left with a
constant for each group); `between` that of the groups' means, each counted once for each of its rows. Sums of
products over all are those within plus those between: nothing else is in the pooled figure.
"""

import dataclasses

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Rows:
    """What is correlated: two values of each row, and the number of its group (0, 1, …; none left out)."""

    x: Floats
    y: Floats
    group: Ints

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max()) + 1 if len(self.group) else 0


@dataclasses.dataclass(frozen=True)
class Parts:
    """Correlations of one or many draws of the rows, and the slopes of straight lines through the values.

    What can't be computed, since nothing differs, is NaN.
    """

    pooled: Floats
    within: Floats
    between: Floats
    slope: Floats
    slope_within: Floats


class Sample:
    """Rows prepared for being counted with many sets of weights: sorted once, summed often."""

    def __init__(self, rows: Rows) -> None:
        order = np.argsort(rows.group, kind="stable")
        self.x, self.y, self.group = rows.x[order], rows.y[order], rows.group[order]
        self.starts = np.flatnonzero(np.r_[True, np.diff(self.group) != 0])
        self.sizes = np.diff(np.r_[self.starts, len(self.group)])
        self._ways = [_ties(self.x), _ties(self.y)]

    def __len__(self) -> int:
        return len(self.x)

    def parts(self, weights: Floats) -> Parts:
        """Return the parts for each line of weights (draws by rows): how often each row counts."""
        ranks = [_ranks(weights, *way) for way in self._ways]
        pooled, within, between, _, _ = self._split(weights, *ranks)
        x, y = (values - values.mean() for values in (self.x, self.y))
        lines = self._split(
            weights, np.broadcast_to(x, weights.shape), np.broadcast_to(y, weights.shape)
        )
        return Parts(pooled, within, between, *lines[3:])

    def _split(self, weights: Floats, x: Floats, y: Floats) -> tuple[Floats, ...]:
        def summed(values: Floats) -> Floats:
            return np.add.reduceat(values, self.starts, axis=1)

        count, wx, wy = summed(weights), weights * x, weights * y
        sx, sy = summed(wx), summed(wy)
        total = count.sum(axis=1)

        def products(
            a: Floats, b: Floats, sa: Floats, sb: Floats
        ) -> tuple[Floats, Floats, Floats, Floats]:
            raw = summed(a * b).sum(axis=1)
            means = np.divide(sa * sb, count, out=np.zeros_like(sa), where=count > 0).sum(axis=1)
            whole = sa.sum(axis=1) * sb.sum(axis=1) / total
            return raw - whole, raw - means, means - whole, raw

        xx, yy, xy = products(wx, x, sx, sx), products(wy, y, sy, sy), products(wx, y, sx, sy)
        size = xx[3], yy[3]
        found = [_correlation(xy[n], xx[n], yy[n], size) for n in range(3)]
        return (*found, _slope(xy[0], xx[0], size[0]), _slope(xy[1], xx[1], size[0]))


def parts(rows: Rows) -> Parts:
    """Return the parts of the rows as they are."""
    return Sample(rows).parts(np.ones((1, len(rows.x))))


_NOTHING = 1e-11
"""Sums of squares below this share of the whole are what rounding leaves."""


def _correlation(xy: Floats, xx: Floats, yy: Floats, size: tuple[Floats, Floats]) -> Floats:
    differs = (xx > _NOTHING * size[0]) & (yy > _NOTHING * size[1])
    under = np.sqrt(np.where(differs, xx, 1.0)) * np.sqrt(np.where(differs, yy, 1.0))
    return np.where(differs, np.clip(xy / under, -1.0, 1.0), np.nan)


def _slope(xy: Floats, xx: Floats, size: Floats) -> Floats:
    differs = xx > _NOTHING * size
    return np.where(differs, xy / np.where(differs, xx, 1.0), np.nan)


def _ties(values: Floats) -> tuple[Ints, Ints, Ints]:
    """Return the order by value, where each run of equal values begins, and the run of each row."""
    order = np.argsort(values, kind="stable")
    new = np.r_[True, np.diff(values[order]) != 0]
    run = np.empty(len(values), dtype=np.int64)
    run[order] = np.cumsum(new) - 1
    return order, np.flatnonzero(new), run


def _ranks(weights: Floats, order: Ints, starts: Ints, run: Ints) -> Floats:
    """Return the rank of each row less the mean rank, where each row stands there as often as it counts."""
    count = np.add.reduceat(weights[:, order], starts, axis=1)
    until = np.cumsum(count, axis=1)
    middle = until - (count - 1) / 2 - (until[:, -1:] + 1) / 2
    return middle[:, run]
