"""Percentile bootstrap intervals: whole groups are drawn anew, or rows within each group. Pure.

With groups the draws are those of `scipy.stats.bootstrap((groups,), …, method="percentile")` with the same seed;
each draw is ranked anew.
"""

import dataclasses
from collections.abc import Iterator

import numpy as np

from analytics.associations.engine.correlation import Floats, Ints, Parts, Rows, Sample

DRAWS = 2000
LEVEL = 0.95
_AT_ONCE = 4_000_000
"""So many figures are held in memory at once, for each of a dozen intermediate results."""


@dataclasses.dataclass(frozen=True)
class Interval:
    """Between what the middle LEVEL of all draws lies; both None where a draw can't be computed."""

    low: float | None
    high: float | None


def by_groups(rows: Rows, seed: int, draws: int = DRAWS) -> dict[str, Interval]:
    """Return the interval of each part, drawing groups."""
    sample, rng = Sample(rows), np.random.default_rng(seed)
    drawn = rng.integers(0, rows.groups, (draws, rows.groups))
    return _intervals(_in_pieces(sample, drawn))


def _in_pieces(sample: Sample, drawn: Ints) -> Iterator[Parts]:
    draws, groups = drawn.shape
    step = max(1, _AT_ONCE // len(sample))
    for begin in range(0, draws, step):
        piece = drawn[begin : begin + step]
        yield sample.parts(_counted(piece, groups)[:, sample.group])


def _counted(drawn: Ints, size: int) -> Floats:
    """Return how often each of `size` was drawn, for each line of draws."""
    flat = (drawn + np.arange(len(drawn))[:, None] * size).ravel()
    counts = np.bincount(flat, minlength=len(drawn) * size)
    return counts.reshape(len(drawn), size).astype(np.float64)


def within_groups(rows: Rows, seed: int, draws: int = DRAWS) -> dict[str, Interval]:
    """Return the interval of each part, drawing rows within each group: it tells about these groups alone."""
    sample, rng = Sample(rows), np.random.default_rng(seed)
    step = max(1, _AT_ONCE // len(sample))
    return _intervals(
        sample.parts(_rows_drawn(sample, rng, min(step, draws - begin)))
        for begin in range(0, draws, step)
    )


def _rows_drawn(sample: Sample, rng: np.random.Generator, draws: int) -> Floats:
    return np.concatenate(
        [_counted(rng.integers(0, size, (draws, size)), size) for size in sample.sizes.tolist()],
        axis=1,
    )


def _intervals(pieces: Iterator[Parts]) -> dict[str, Interval]:
    found = list(pieces)
    names = [field.name for field in dataclasses.fields(Parts)]
    return {
        name: _interval(np.concatenate([getattr(each, name) for each in found])) for name in names
    }


def _interval(values: Floats) -> Interval:
    if np.isnan(values).any():
        return Interval(None, None)
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    return Interval(float(low), float(high))
