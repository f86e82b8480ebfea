"""All learning held against all sales at once: rank correlations within companies. Pure.

Each correlation is the one that `correlation.parts` says within groups. Its standard error comes from what each
company (each rep, where companies are few) adds to it, ranks held fixed; its interval lies on Fisher's scale, by the
t distribution with as many degrees of freedom as there are companies less one. So a grid of any size costs no draws.
"""

import dataclasses
import functools
import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from scipy import stats

from analytics.associations import measures
from analytics.associations.engine import copied, power
from analytics.associations.engine.corrections import LEVEL, corrected
from analytics.associations.engine.correlation import Floats, Ints

VERSION = "grid-1"
"""Goes up when the same figures would give another grid."""

_NOTHING = 1e-11

K = TypeVar("K")

_smallest = functools.cache(power.smallest)


@dataclasses.dataclass(frozen=True)
class Found:
    """One cell: `reason` where nothing is said, else the correlation with interval and p."""

    reps: int
    partners: int
    reason: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    smallest: float | None = None


def cell(x: Floats, y: Floats, group: Ints) -> Found:
    """Return the correlation of two figures within groups; NaN is a missing one."""
    there = ~(np.isnan(x) | np.isnan(y))
    x, y = x[there], y[there]
    _, group = np.unique(group[there], return_inverse=True)
    reps, partners = len(x), int(group.max()) + 1 if len(group) else 0
    if reps < measures.LEAST_REPS:
        return Found(reps, partners, measures.FEW, smallest=_smallest(reps))
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        reason = measures.SAME_LEARNING if np.ptp(x) == 0 else measures.SAME_SALES
        return Found(reps, partners, reason)
    found = _within(_centred(x, group), _centred(y, group), group, partners)
    if found is None:
        return Found(reps, partners, measures.FEW, smallest=_smallest(reps))
    value, error, freedom = found
    low, high, p = _sure(value, error, freedom)
    least = max(power.smallest_by(low, high), _smallest(reps) or 0.0)
    return Found(reps, partners, "", value, low, high, p, smallest=min(least, 1.0))


def marked(cells: Mapping[K, Found]) -> dict[K, Found]:
    """Return the cells with q: p after Benjamini and Hochberg over all that are said."""
    said = [key for key, each in cells.items() if each.p is not None]
    q = corrected([cells[key].p or 0.0 for key in said])
    return {**cells} | {
        key: dataclasses.replace(cells[key], q=float(each))
        for key, each in zip(said, q, strict=True)
    }


def _centred(values: Floats, group: Ints) -> Floats:
    """Return ranks over all, less the mean of their group."""
    ranks: Floats = stats.rankdata(values)
    means: Floats = np.bincount(group, weights=ranks) / np.bincount(group)
    return ranks - means[group]


def _within(x: Floats, y: Floats, group: Ints, groups: int) -> tuple[float, float, int] | None:
    """Return correlation, standard error and degrees of freedom; None where no colleagues differ."""
    xx, yy, whole = float(x @ x), float(y @ y), len(x) ** 3 / 12
    if xx <= _NOTHING * whole or yy <= _NOTHING * whole:
        return None
    value = float(np.clip(float(x @ y) / math.sqrt(xx * yy), -1, 1))
    adds: Floats = x * y / math.sqrt(xx * yy) - value / 2 * (x * x / xx + y * y / yy)
    if groups >= measures.LEAST_CLUSTERS:
        adds, freedom = np.bincount(group, weights=adds).astype(np.float64), groups - 1
    else:
        freedom = len(x) - groups - 1
    n = len(adds)
    return value, math.sqrt(float(adds @ adds) * n / (n - 1)), freedom


def _sure(value: float, error: float, freedom: int) -> tuple[float, float, float]:
    """Return interval and p, both on Fisher's scale: one leaves out 0 where the other is below LEVEL."""
    spread = error / (1 - value**2) if abs(value) < 1 - _NOTHING else 0.0
    if spread == 0.0:
        return value, value, float(value == 0)
    middle, away = math.atanh(value), stats.t.ppf(1 - LEVEL / 2, freedom) * spread
    p = float(2 * stats.t.sf(abs(middle) / spread, freedom))
    return math.tanh(middle - away), math.tanh(middle + away), p


@dataclasses.dataclass(frozen=True)
class Wide:
    """A row a rep: their company, and each measure of learning and of sales; NaN where a figure is missing."""

    place: Ints
    learning: Mapping[str, Floats]
    sales: Mapping[tuple[str, str], Floats]

    @property
    def reps(self) -> int:
        """How many reps."""
        return len(self.place)

    @property
    def partners(self) -> int:
        """How many companies."""
        return int(self.place.max()) + 1 if len(self.place) else 0


def read(rows: bytes | bytearray, columns: Sequence[tuple[str, str]]) -> Wide:
    """Return the figures that PostgreSQL copied out: person, company, pairs of sales and of learning."""
    pairs = [("sales", n) for n in range(len(columns))]
    pairs += [("learning", n) for n in range(len(measures.LEARNING))]
    kinds = {"person": copied.ID, "place": copied.ID}
    kinds |= {f"{what}{n}_{part}": copied.LONG for what, n in pairs for part in ("part", "base")}
    told = copied.table(rows, kinds)
    _, place = np.unique(told["place"], return_inverse=True)
    values = {
        (what, n): _share(told[f"{what}{n}_part"], told[f"{what}{n}_base"]) for what, n in pairs
    }
    return Wide(
        place,
        {name: values["learning", n] for n, name in enumerate(measures.LEARNING)},
        {column: values["sales", n] for n, column in enumerate(columns)},
    )


def _share(part: Ints, base: Ints) -> Floats:
    """Return parts of bases; NaN where there is no base."""
    found: Floats = np.full(len(part), np.nan)
    np.divide(part, base, out=found, where=base > 0)
    return found


def grid(wide: Wide) -> dict[tuple[str, str, str], Found]:
    """Return every learning held against every sales."""
    found = {
        (name, *column): cell(x, y, wide.place)
        for name, x in wide.learning.items()
        for column, y in wide.sales.items()
    }
    return marked(found)
