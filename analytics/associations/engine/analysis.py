"""Everything that can honestly be said of a panel: numbers, doubts, refusals and grades. Pure."""

import dataclasses
from typing import Any

from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding
from analytics.associations.engine.panel import Panel

VERSION = "2"
"""Goes up when the same figures would give another result."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What one sentence may say: the headline of one pair of learning and sales, with its evidence grade.

    `learning` is "treated" for a course, a programme or a launch. Grade E has no headline.
    """

    learning: str
    sales: str
    grade: str
    reasons: tuple[str, ...]
    headline: Estimate | None
    smallest: float | None = None
    findings: tuple[Finding, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Analysis:
    """All answers, all estimates behind them, and what was left out, doubted and refused."""

    answers: tuple[Answer, ...]
    estimates: tuple[Estimate, ...]
    findings: tuple[Finding, ...]
    facts: dict[str, Any]
    """Units, groups, times, rows, share missing, lag, period, tests, expected by luck, version."""

    @property
    def grade(self) -> str:
        """The grade of the first answer."""
        return self.answers[0].grade if self.answers else "E"

    @property
    def warnings(self) -> list[Finding]:
        """Doubts."""
        return [each for each in self.findings if each.kind == "warning"]

    @property
    def refusals(self) -> list[Finding]:
        """Why numbers are not told."""
        return [each for each in self.findings if each.kind == "refusal"]

    def find(
        self, method: str, learning: str = "", sales: str = "", lag: int | None = None
    ) -> Estimate | None:
        """Return the first estimate by this method, of these columns."""
        for each in self.estimates:
            if (
                each.method == method
                and (not learning or each.learning == learning)
                and (not sales or each.sales == sales)
                and (lag is None or each.lag == lag)
            ):
                return each
        return None

    def told(self) -> dict[str, Any]:
        """Return everything as JSON keeps it."""
        return dataclasses.asdict(self) | {"grade": self.grade}


def analyse(
    panel: Panel,
    *,
    lag: int = 1,
    by_lot: bool = False,
    anyway: bool = False,
    seed: int = 1,
    draws: int = 2000,
) -> Analysis:
    """Analyse every learning column against every sales column, and the treatment against every sales column.

    `lag` times lie between learning and sales (a cross-section has none); it is fixed before anything is looked at.
    `by_lot` says that who is treated was drawn by lot: only then is there a grade A. What is refused is not among
    the estimates, unless it is asked for `anyway`: for tests and for checking, never for a page. `seed` and `draws` are
    of the intervals of rank correlations.
    """
    raise NotImplementedError
