"""Everything that can honestly be said of a panel: numbers, doubts, refusals and grades. Pure."""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from analytics.associations import steps
from analytics.associations.engine import (
    corrections,
    estimate,
    findings,
    grading,
    learning,
    treatment,
)
from analytics.associations.engine.answer import Answer, Part
from analytics.associations.engine.cleaning import TIME, TREATED, UNIT
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding, warning
from analytics.associations.engine.panel import Panel

__all__ = ["VERSION", "Analysis", "Answer", "analyse"]

VERSION = "5"
"""Goes up when the same figures would give another result."""

LEFT = 0.1
"""Where more than this share of the units is gone before the last time, it is told who left."""


@dataclasses.dataclass(frozen=True)
class Analysis:
    """All answers, all estimates behind them, and what was left out, doubted and refused."""

    answers: tuple[Answer, ...]
    estimates: tuple[Estimate, ...]
    findings: tuple[Finding, ...]
    facts: dict[str, Any]
    """Units, groups, times, rows, share missing, lag, period, tests, expected by luck, version."""
    withheld: tuple[str, ...] = ()
    """What was computed and is not told: method, learning, sales."""
    general: tuple[Finding, ...] = ()
    """Those of the findings that are about no single answer."""

    @property
    def grade(self) -> str:
        """The grade of the first answer."""
        return self.answers[0].grade if self.answers else "E"

    @property
    def warnings(self) -> list[Finding]:
        """Doubts."""
        return [each for each in self.findings if each.kind == findings.WARNING]

    @property
    def refusals(self) -> list[Finding]:
        """Why numbers are not told."""
        return [each for each in self.findings if each.kind == findings.REFUSAL]

    def find(
        self, method: str, learning: str = "", sales: str = "", lag: int | None = None
    ) -> Estimate | None:
        """Return the first estimate by this method, of these columns."""
        for each in self.estimates:
            if (
                each.method == method
                and learning in {"", each.learning}
                and sales in {"", each.sales}
                and lag in {None, each.lag}
            ):
                return each
        return None

    def told(self) -> dict[str, Any]:
        """Return everything as JSON keeps it; what is not a number is None."""
        told = dataclasses.asdict(self) | {
            "grade": self.grade,
            "warnings": [each.told() for each in self.warnings],
            "refusals": [each.told() for each in self.refusals],
        }
        return dict(_plain(told))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def analyse(
    panel: Panel,
    *,
    lag: int = 1,
    by_lot: bool = False,
    anyway: bool = False,
    seed: int = 1,
    draws: int = 2000,
    tell: steps.Tell = steps.nobody,
) -> Analysis:
    """Analyse every learning column against every sales column, and the treatment against every sales column.

    `lag` times lie between learning and sales (a cross-section has none); it is fixed before anything is looked at.
    `by_lot` says that who is treated was drawn by lot: only then is there a grade A. What is refused is not among
    the estimates, unless it is asked for `anyway`: for tests and for checking, never for a page. `seed` and `draws`
    are of the intervals of rank correlations. `tell` hears which step begins.
    """
    lag = lag if panel.timed else 0
    parts = [treatment.against(panel, sales, tell) for sales in panel.sales] if panel.treats else []
    treated = len(parts)
    parts += [
        learning.against(panel, each, sales, lag=lag, seed=seed, draws=draws, tell=tell)
        for each in panel.learning
        for sales in panel.sales
    ]
    parts, tests = _corrected(parts)
    general = _general(panel, parts, tests)
    return Analysis(
        answers=_answers(panel, parts, treated, by_lot=by_lot),
        estimates=tuple(each for _part, each, held in _every(parts) if anyway or not held),
        findings=(*general, *(each for part in parts for each in part.findings)),
        facts={**_facts(panel, lag), **tests, "seed": seed, "draws": draws},
        withheld=tuple(
            f"{each.method}:{part.learning}:{part.sales}"
            for part, each, held in _every(parts)
            if held
        ),
        general=general,
    )


def _answers(
    panel: Panel, parts: Sequence[Part], treated: int, *, by_lot: bool
) -> tuple[Answer, ...]:
    """Grade each part; the first ones, so many as are `treated`, are about the treatment."""
    told = [grading.treatment(part, by_lot=by_lot) for part in parts[:treated]]
    drawn = by_lot and not panel.timed
    return (*told, *(grading.learning(part, by_lot=drawn) for part in parts[treated:]))


def _every(parts: Sequence[Part]) -> Iterator[tuple[Part, Estimate, bool]]:
    """Yield each estimate with its part, and whether it is withheld."""
    for part in parts:
        held = part.withheld()
        for each in part.estimates:
            yield part, each, each.method in held


def _general(panel: Panel, parts: Sequence[Part], tests: dict[str, Any]) -> tuple[Finding, ...]:
    """Return what was found of all of it together."""
    known = panel.at_once.findings
    found = [each for each in known if not any(each in part.findings for part in parts)]
    found += _leavers(panel)
    if tests["tests"] > 1:
        found.append(warning(findings.BY_LUCK, "", **tests))
    return tuple(found)


_FAMILIES = (
    {estimate.WITHIN, estimate.POOLED},
    {estimate.FIXED_EFFECTS},
    {estimate.EVENT_STUDY, estimate.DID},
)
"""What is looked at together, and therefore corrected together; all lags of a strip are one family."""


def _corrected(parts: list[Part]) -> tuple[list[Part], dict[str, Any]]:
    """Give every estimate of a family its q (Benjamini and Hochberg), and count what luck alone would show."""
    told = {"tests": 0, "hits": 0, "found": 0}
    every = [list(part.estimates) for part in parts]
    for family in _FAMILIES:
        places = [
            (row, n)
            for row, found in enumerate(every)
            for n, each in enumerate(found)
            if each.method in family and each.p is not None
        ]
        if len(places) < 2 or len({row for row, _ in places}) < 2:
            continue
        p = [every[row][n].p or 0.0 for row, n in places]
        for (row, n), q in zip(places, corrections.corrected(p), strict=True):
            every[row][n] = dataclasses.replace(every[row][n], q=float(q))
        told["tests"] += len(p)
        told["hits"] += sum(each <= corrections.LEVEL for each in p)
        told["found"] += sum((every[row][n].q or 0.0) <= corrections.LEVEL for row, n in places)
    parts = [
        dataclasses.replace(part, estimates=tuple(found))
        for part, found in zip(parts, every, strict=True)
    ]
    return parts, {**told, "by_luck": corrections.LEVEL * told["tests"]}


def _missing(once: Panel, sales: Sequence[str]) -> float:
    """Return the share of rows that lack something of the learning, or of these measures of sales."""
    needed = [*once.learning, *sales]
    complete = int(once.frame[needed].notna().all(axis=1).sum()) if needed else len(once.frame)
    return 1 - complete / once.asked if once.asked else 0.0


def _facts(panel: Panel, lag: int) -> dict[str, Any]:
    once = panel.at_once
    return {
        "version": VERSION,
        "units": once.units,
        "groups": once.groups if once.grouped else 0,
        "times": panel.times,
        "rows": len(once.frame),
        "asked": once.asked,
        "missing": _missing(once, once.sales),
        "missing_by": {each: _missing(once, [each]) for each in once.sales},
        "lag": lag,
        "period": panel.period,
        "grouped": panel.grouped,
        "timed": panel.timed,
    }


def _leavers(panel: Panel) -> list[Finding]:
    """Say how many units are gone before the last time, and what they learned, or had, beside the others."""
    if not panel.timed:
        return []
    last = panel.frame.groupby(UNIT)[TIME].max()
    gone = last < panel.frame[TIME].max()
    if gone.mean() <= LEFT or gone.all():
        return []
    told: dict[str, Any] = {"share": float(gone.mean()), "units": int(gone.sum())}
    found = []
    if panel.treats:
        had = panel.frame.groupby(UNIT)[TREATED].min() <= last
        beside = {"had_gone": float(had[gone].mean()), "had_stayed": float(had[~gone].mean())}
        found.append(warning(findings.LEAVERS_TREATED, "", **told, **beside))
    if panel.learning:
        means = panel.frame.groupby(UNIT)[list(panel.learning)].mean()
        values = {
            name: [float(means.loc[gone, name].mean()), float(means.loc[~gone, name].mean())]
            for name in panel.learning
        }
        found.append(warning(findings.LEAVERS, "", **told, learning=values))
    return found
