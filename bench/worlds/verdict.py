"""What many seeds of a world come to, held against its gates."""

import dataclasses
import math
import statistics
from collections import Counter
from collections.abc import Sequence

from bench.worlds.case import Case, Found

MANY = 100
"""From so many seeds on coverage is held against the band; of fewer only what chance can't explain is an error."""

LEAST_COVERAGE, MOST_COVERAGE = 0.89, 0.99
LEVEL = 0.05

FALSE_ALARMS = 0.05
"""A test of what was seen before refuses so many good studies, as a matter of course."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A world's figures over its seeds, and which gates it missed. NaN is what there is nothing of."""

    case: Case
    seeds: int
    truth: float
    naive: float
    ours: float
    sd: float
    coverage: float
    rejected: float
    naive_rejected: float
    kept: float
    refused: float
    grades: "Counter[str]"
    missed: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether all gates were kept."""
        return not self.missed

    COLUMNS = (
        "world", "truth", "obvious reading", "report: mean", "sd", "coverage", "finds something",
        "grades", "guard kept", "verdict",
    )  # fmt: skip
    HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|"

    def markdown(self) -> str:
        """Return a line of the table."""
        case = self.case
        naive = (
            f"finds something in {self.naive_rejected:.0%}"
            if case.naive_rejects is not None
            else f"{self.naive:.2f}"
        )
        ours = "refused" if self.refused == 1 else f"{self.ours:.3f}"
        if self.refused == 1 and case.rejects is not None:
            ours = "" if case.tolerance is None else "nothing is told"
        if 0 < self.refused < 1:
            ours += f" (refused in {self.refused:.0%})"
        grades = ", ".join(f"{key or '–'} {n}" for key, n in sorted(self.grades.items()))
        guard = f"{case.guard}: {self.kept:.0%}" if case.guard else ""
        cells = [
            f"{case.name}: {case.title}",
            f"{self.truth:.2f}",
            naive,
            ours,
            _number(self.sd, ".3f"),
            _number(self.coverage if case.coverage else math.nan, ".2f"),
            _number(self.rejected if case.rejects is not None else math.nan, ".0%"),
            grades,
            guard,
            "kept" if self.good else "; ".join(self.missed),
        ]
        return f"| {' | '.join(cells)} |"


def _number(value: float, form: str) -> str:
    return "" if math.isnan(value) else format(value, form)


def verdict(case: Case, found: Sequence[Found]) -> Verdict:
    """Sum up what was found in a world with some seeds."""
    told = [each for each in found if each.value is not None]
    off = [each.value - each.truth for each in told if each.value is not None]
    bounded = [each for each in told if each.low is not None]
    ps = [each.p for each in found if each.p is not None]
    result = Verdict(
        case=case,
        seeds=len(found),
        truth=statistics.fmean(each.truth for each in found),
        naive=statistics.fmean(each.naive for each in found),
        ours=statistics.fmean(each.value or 0.0 for each in told) if told else math.nan,
        sd=statistics.stdev(off) if len(off) > 1 else math.nan,
        coverage=statistics.fmean(each.covers for each in bounded) if bounded else math.nan,
        rejected=sum(p < LEVEL for p in ps) / len(found),
        naive_rejected=statistics.fmean(each.naive < LEVEL for each in found),
        kept=statistics.fmean(each.kept for each in found),
        refused=1 - len(told) / len(found),
        grades=Counter(each.grade for each in found),
        missed=(),
    )
    return dataclasses.replace(result, missed=tuple(_missed(result, off)))


def _missed(found: Verdict, off: Sequence[float]) -> list[str]:
    case = found.case
    missed = []
    if case.off is not None and abs(found.naive - found.truth) < case.off:
        missed.append(f"the obvious reading is off by less than {case.off:g}")
    if case.naive_rejects is not None and found.naive_rejected < case.naive_rejects:
        missed.append("the obvious test doesn't cry wolf")
    if case.tolerance is not None:
        missed += _not_recovered(found, off, case.tolerance)
    if case.rejects is not None and found.rejected > case.rejects + _luck(case.rejects, found):
        missed.append(f"finds something in {found.rejected:.0%}")
    if found.kept < case.keeps - 1e-9:
        missed.append(f"its guard was kept in {found.kept:.0%} only")
    if odd := set(found.grades) - set(case.grades) - {""}:
        missed.append(f"grade {', '.join(sorted(odd))}")
    return missed


def _not_recovered(found: Verdict, off: Sequence[float], tolerance: float) -> list[str]:
    if found.refused == 1 and "E" in found.case.grades:
        return []
    missed = []
    alarms = FALSE_ALARMS + 3 * math.sqrt(FALSE_ALARMS * (1 - FALSE_ALARMS) / found.seeds)
    if found.refused > alarms and "E" not in found.case.grades:
        missed.append(f"refused in {found.refused:.0%}")
    if not off:
        return [*missed, "nothing was told"]
    allowed = tolerance + 3 * (found.sd if len(off) > 1 else math.inf) / math.sqrt(len(off))
    if abs(statistics.fmean(off)) > allowed:
        missed.append(f"off by {statistics.fmean(off):+.3f}")
    low, high = LEAST_COVERAGE, MOST_COVERAGE
    if len(off) < MANY:
        low, high = 0.95 - 3 * math.sqrt(0.95 * 0.05 / len(off)), 1.0
    if found.case.coverage and not low <= found.coverage <= high:
        missed.append(f"covers in {found.coverage:.0%}")
    return missed


def _luck(share: float, found: Verdict) -> float:
    """Return by how much a share of few seeds may be higher by chance."""
    return 0.0 if found.seeds >= MANY else 3 * math.sqrt(share * (1 - share) / found.seeds)
