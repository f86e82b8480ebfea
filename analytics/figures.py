"""Figures with what they stand on: means, medians, and how long until most had learnt something. Pure."""

import dataclasses
import datetime as dt
import math
from collections.abc import Iterable, Mapping

LEAST = 5
"""Means that compare groups need so many values at least."""

MOST = 80
"""The share, in percent, at which a module counts as learnt by a group."""


@dataclasses.dataclass(frozen=True)
class Mean:
    """A mean of `n` scores in thousandths; `percent` is None without any."""

    n: int
    total: int

    @property
    def percent(self) -> int | None:
        """The mean as a percentage."""
        return _rounded(self.total, 10 * self.n) if self.n else None

    @property
    def enough(self) -> bool:
        """Whether it may be compared with others'."""
        return self.n >= LEAST


@dataclasses.dataclass(frozen=True)
class Share:
    """How many of how many; `percent` is None of nobody. 100 % only where all of them have."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The share as a percentage: neither 0 nor 100 unless it is nobody or all."""
        if not self.whole:
            return None
        rounded = _rounded(100 * self.part, self.whole)
        if 0 < self.part < self.whole:
            return min(max(rounded, 1), 99)
        return rounded


def _rounded(value: int, by: int) -> int:
    """Divide, and round a half up."""
    return (2 * value + by) // (2 * by)


def median(counts: Mapping[str, int]) -> int | None:
    """Return the (lower) median of whole numbers, given how often each comes; None of none."""
    total = sum(counts.values())
    if not total:
        return None
    reached = 0
    for value in sorted(counts, key=int):
        reached += counts[value]
        if 2 * reached >= total:
            return int(value)
    raise AssertionError  # the last value reaches the total


def added(each: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up counts."""
    total: dict[str, int] = {}
    for counts in each:
        for key, n in counts.items():
            total[key] = total.get(key, 0) + n
    return total


@dataclasses.dataclass(frozen=True)
class Spread:
    """How a module spread among today's people of a group.

    `days` is how many days after publication MOST percent of them had finished it, None while they haven't;
    then `so_far` says how many days it has been out.
    """

    finished: Share
    days: int | None
    so_far: int

    @property
    def missing(self) -> int:
        """How many more have to finish it until MOST percent have: 79.7 % are told as 80 %, and aren't enough."""
        return max(_most_of(self.finished.whole) - self.finished.part, 0)


def _most_of(people: int) -> int:
    return math.ceil(people * MOST / 100)


def spread(days: Mapping[str, int], people: int, published: dt.date, today: dt.date) -> Spread:
    """Say when MOST percent of `people` had finished, given the finishes by day ({"2026-11-03": 12})."""
    total, wanted = sum(days.values()), _most_of(people)
    share = Share(min(total, people), people)
    so_far = max((today - published).days, 0)
    if not people or total < wanted:
        return Spread(share, None, so_far)
    reached = 0
    for day in sorted(days):
        reached += days[day]
        if reached >= wanted:
            return Spread(share, max((dt.date.fromisoformat(day) - published).days, 0), so_far)
    raise AssertionError  # the last day reaches the total
