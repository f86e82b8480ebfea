"""Figures with what they stand on: means, medians, and how long until most had learnt something. Pure."""

import dataclasses
import datetime as dt
import math
from collections.abc import Iterable, Mapping

from core.rounding import divided

LEAST = 5
"""Means that compare groups need so many values at least."""

MOST = 80
"""The share, in percent, at which a module counts as learnt by a group."""

TARGET = 90
"""How many percent should have finished what is required, until targets can be set."""

STRONG = 80
"""A mean from which on nothing is a weak spot, in percent."""


@dataclasses.dataclass(frozen=True)
class Mean:
    """A mean of `n` scores in thousandths; `percent` is None without any. What is below `target` isn't told as it."""

    n: int
    total: int
    target: int = dataclasses.field(default=0, compare=False)

    @property
    def percent(self) -> int | None:
        """The mean as a percentage."""
        if not self.n:
            return None
        rounded = divided(self.total, 10 * self.n)
        return min(rounded, self.target - 1) if self.total < 10 * self.target * self.n else rounded

    @property
    def enough(self) -> bool:
        """Whether it may be compared with others'."""
        return self.n >= LEAST


@dataclasses.dataclass(frozen=True)
class Share:
    """How many of how many; `percent` is None of nobody. What is below `target` is told as less."""

    part: int
    whole: int
    target: int = dataclasses.field(default=100, compare=False)

    @property
    def percent(self) -> int | None:
        """The share as a percentage: not 0 unless it is nobody, nor the target unless it is reached."""
        if not self.whole:
            return None
        rounded = divided(100 * self.part, self.whole)
        if 100 * self.part < self.target * self.whole:
            rounded = min(rounded, self.target - 1)
        return max(rounded, 1) if self.part else rounded


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
        """How many more have to finish it until MOST percent have."""
        return max(_most_of(self.finished.whole) - self.finished.part, 0)


def _most_of(people: int) -> int:
    return math.ceil(people * MOST / 100)


def spread(days: Mapping[str, int], people: int, published: dt.date, today: dt.date) -> Spread:
    """Say when MOST percent of `people` had finished, given the finishes by day ({"2026-11-03": 12})."""
    total, wanted = sum(days.values()), _most_of(people)
    share = Share(min(total, people), people, MOST)
    so_far = max((today - published).days, 0)
    if not people or total < wanted:
        return Spread(share, None, so_far)
    reached = 0
    for day in sorted(days):
        reached += days[day]
        if reached >= wanted:
            return Spread(share, max((dt.date.fromisoformat(day) - published).days, 0), so_far)
    raise AssertionError  # the last day reaches the total
