"""What the answers say about a question: how hard it is, whom it tells apart, what else was chosen. Pure.

Only first attempts count: later ones know the answer. The terms are those of classical test theory.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from analytics.figures import Share
from core import rounding
from sales import wilson

ENOUGH = 30
"""From so many first attempts on a question is judged; with fewer the figures stand there alone."""

WORTHWHILE = 0.2
"""A discrimination from which on a question is usually said to tell people apart (Ebel 1965)."""

_Z = 1.959963984540054
"""The normal distribution's 97.5 % point."""


@dataclass(frozen=True)
class Discrimination:
    """The correlation between one question's credit and that of the others in the attempt, -1 to 1, with 95 % interval.

    The question itself is left out of what it is compared with (corrected item-total correlation), since it would
    else go along with itself.
    """

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, correlation: float, n: int) -> "Discrimination":
        """Return it with Fisher's interval, tanh(atanh r ± 1.96/√(n-3)). `n` is at least 4."""
        if abs(correlation) >= 1:
            return cls(correlation, correlation, correlation)
        middle, half = math.atanh(correlation), _Z / math.sqrt(n - 3)
        return cls(correlation, math.tanh(middle - half), math.tanh(middle + half))


@dataclass(frozen=True)
class Option:
    """An answer that could be chosen, and how many chose it, of all who answered."""

    text: str
    is_right: bool
    chosen: Share


@dataclass(frozen=True)
class Question:
    """A question with what first attempts made of it. `number` is its place in the quiz, from 1.

    `correlation` is None where it can't be told: all answered alike, or the quiz asks nothing else.
    """

    number: int
    stem: str
    right: Share
    correlation: float | None
    options: Sequence[Option]

    @property
    def n(self) -> int:
        """How many answered it in their first attempt."""
        return self.right.whole

    @cached_property
    def facility(self) -> tuple[int, int] | None:
        """The 95 % interval (Wilson) of the share of right answers, in percent; None while nobody answered."""
        if not self.n:
            return None
        low, high = wilson.interval(self.right.part, self.n)
        return rounding.percent(low), rounding.percent(high)

    @cached_property
    def discrimination(self) -> Discrimination | None:
        """How well it tells apart; None where too few answered, or it can't be told."""
        if self.correlation is None or self.n < ENOUGH:
            return None
        return Discrimination.of(self.correlation, self.n)

    @cached_property
    def remarks(self) -> list[str]:
        """What is worth a look, the most urgent first: see `words.REMARKS`. Nothing where too few answered."""
        if self.n < ENOUGH:
            return []
        found = self.discrimination
        wrong = [each.chosen.part for each in self.options if not each.is_right]
        said = {
            "reversed": found is not None and found.high < 0,
            "lured": max(wrong, default=0) > self.right.part,
            "blunt": found is not None and 0 <= found.high < WORTHWHILE,
            "known": self.facility is not None and self.facility[0] >= 95,
            "unused": 0 in wrong,
        }
        return [name for name, holds in said.items() if holds]


def hardest_first(questions: Sequence[Question]) -> list[Question]:
    """Return the questions, those with the smallest share of right answers first; what nobody answered comes last."""
    return sorted(
        questions,
        key=lambda one: (not one.n, one.right.part / one.n if one.n else 0.0, one.number),
    )
