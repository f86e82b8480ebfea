"""What one sentence may say. Pure."""

import dataclasses
from typing import Any

from analytics.associations.engine import findings
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding


@dataclasses.dataclass(frozen=True)
class Answer:
    """The headline of one pair of learning and sales, with its evidence grade and why.

    `learning` is "treated" for a course, a programme or a launch. Grade E has no headline; at grade D there is none
    where what was seen before forbids one. `smallest` would probably have been seen. `turned` says that a number
    that may be told turns round at equal controls.
    """

    learning: str
    sales: str
    grade: str
    reasons: tuple[str, ...]
    headline: Estimate | None
    smallest: float | None = None
    findings: tuple[Finding, ...] = ()
    turned: bool = False

    def told(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Part:
    """Everything about one pair: what was computed, doubted and refused."""

    learning: str
    sales: str
    estimates: tuple[Estimate, ...] = ()
    findings: tuple[Finding, ...] = ()
    units: int = 0
    groups: int = 0
    grouped: bool = False

    def find(self, *methods: str) -> Estimate | None:
        """Return the first estimate by the first of these methods that has one."""
        for method in methods:
            for each in self.estimates:
                if each.method == method:
                    return each
        return None

    def codes(self, kind: str | None = None) -> set[str]:
        """Return the codes of what was found."""
        return {each.code for each in self.findings if kind in {None, each.kind}}

    def withheld(self) -> set[str]:
        """Return the methods whose numbers may not be told."""
        codes, refused = self.codes(), self.codes(findings.REFUSAL)
        held: set[str] = set()
        for code, methods in _HELD.items():
            if code in (refused if code in _IF_REFUSED else codes):
                held |= set(methods)
        return held

    def turns(self) -> bool:
        """Say whether a number that may be told turns round at equal controls: then none has a direction."""
        held = self.withheld()
        return any(
            each.code == findings.SIGN_ADJUSTED and each.values.get("raw") not in held
            for each in self.findings
        )


_POOLED = ("pooled", "pearson", "kendall", "slope", "odds", "logit", "difference")
_RANKS = (
    *_POOLED,
    "within",
    "between",
    "partial",
    "slope_within",
    "slope_within_adjusted",
    "slope_between",
    "slope_adjusted",
)
_STUDY, _WEIGHTED = ("event_study", "event_time"), ("ipw", "aipw", "ra", "ipw_ra")
_EVERY = (
    *_RANKS, *_STUDY, *_WEIGHTED, "fixed_effects", "lead", "dip_matched", "did", "before_after", "difference",
    "common_odds", "logit",
)  # fmt: skip
_IF_REFUSED = {findings.CEILING}
_HELD = {
    findings.SIGN_DIFFERS: _POOLED,
    findings.CEILING: _RANKS,
    findings.FEW_UNITS: _EVERY,
    findings.FEW_TREATED: (*_STUDY, *_WEIGHTED, "dip_matched", "did", "difference"),
    findings.FEW_TREATED_GROUPS: (*_STUDY, "did", "dip_matched"),
    findings.DIP: (*_STUDY, "did", "before_after"),
    findings.PRE_TREND: (*_STUDY, "did", "before_after"),
    findings.OVERLAP: _WEIGHTED,
}
