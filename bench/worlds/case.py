"""What a world must show, and what was found in it with one seed."""

import dataclasses
from collections.abc import Callable
from typing import Any

from analytics.associations.engine.analysis import Analysis
from analytics.associations.engine.estimate import Estimate


@dataclasses.dataclass(frozen=True)
class Found:
    """What one seed's world came to. `naive` is what the obvious reading says; no `value` is a refusal.

    `kept` says whether the guard that the world is about did its work.
    """

    truth: float
    naive: float
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    grade: str = ""
    kept: bool = True
    codes: tuple[str, ...] = ()

    @property
    def covers(self) -> bool:
        """Whether the truth lies in the interval."""
        return (
            self.low is not None and self.high is not None and self.low <= self.truth <= self.high
        )


@dataclasses.dataclass(frozen=True)
class Case:
    """One world with its gates.

    `off`: so far the naive reading must miss on average. `tolerance`: the report's mean may be off by so much more
    than luck explains; None where the report is to refuse. `rejects`: so often at most it may find something that
    isn't there; `naive_rejects`: so often at least the naive test must. `grades` are those that may be given.
    """

    name: str
    title: str
    guard: str
    draw: Callable[[int, float], Any]
    read: Callable[[Any], Found]
    off: float | None = None
    tolerance: float | None = 0.05
    coverage: bool = True
    rejects: float | None = None
    naive_rejects: float | None = None
    keeps: float = 1.0
    grades: str = "ABCDE"

    def run(self, seed: int, size: float = 1.0) -> Found:
        """Draw the world with this seed, `size` times as many reps as usual, and read it."""
        return self.read(self.draw(seed, size))


def found(
    analysis: Analysis,
    estimate: Estimate | None,
    *,
    truth: float,
    naive: float,
    kept: bool = True,
) -> Found:
    """Return what an analysis found by one estimate."""
    told: dict[str, Any] = {}
    if estimate is not None:
        told = {name: getattr(estimate, name) for name in ("value", "se", "low", "high", "p")}
    return Found(
        truth=truth,
        naive=naive,
        grade=analysis.grade,
        kept=kept,
        codes=tuple(sorted(codes(analysis))),
        **told,
    )


def codes(analysis: Analysis) -> set[str]:
    """Return the codes of everything that was doubted or refused."""
    every = [*analysis.findings, *(each for answer in analysis.answers for each in answer.findings)]
    return {each.code for each in every}
