"""One number with what it stands on. Pure."""

import dataclasses
from typing import Any

# Methods, as `Estimate.method` names them.
POOLED, WITHIN, BETWEEN = "pooled", "within", "between"
"""Rank correlations (Spearman): over all, within groups, between groups."""
PEARSON, KENDALL = "pearson", "kendall"
PARTIAL = "partial"
"""Correlation that is left at equal controls."""
SLOPE, SLOPE_ADJUSTED = "slope", "slope_adjusted"
SLOPE_WITHIN, SLOPE_WITHIN_ADJUSTED, SLOPE_BETWEEN = (
    "slope_within",
    "slope_within_adjusted",
    "slope_between",
)
"""Least squares: sales per unit of learning; at equal controls; within groups, both; between groups (Mundlak)."""
FIXED_EFFECTS, LEAD = "fixed_effects", "lead"
"""The same unit over time: sales per unit of learning `lag` times before; sales before learning (falsification)."""
EVENT_STUDY, EVENT_TIME = "event_study", "event_time"
"""Callaway–Sant'Anna: the mean over everything after treatment; one time since (`details["since"]`)."""
DIP_MATCHED = "dip_matched"
"""After a treatment less after an equally bad time without one."""
DIFFERENCE, IPW, AIPW, RA, IPW_RA = "difference", "ipw", "aipw", "ra", "ipw_ra"
"""Treated less others: as they are, and weighted to be alike."""
DID, BEFORE_AFTER = "did", "before_after"
"""Change of the launched less that of the others; change of the launched alone."""
ODDS, COMMON_ODDS, LOGIT = "odds", "common_odds", "logit"
"""Odds ratio of two yes-or-no figures: over all, at equal groups (Mantel–Haenszel); log odds at equal controls."""

LEVEL = 0.05

# Units of measure.
CORRELATION, PER_UNIT, SALES, RATIO = "correlation", "per_unit", "sales", "ratio"
LOG_ODDS = "log_odds"
"""From -1 to 1; units of sales per unit of learning; units of sales; odds; logarithms of odds per unit."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with standard error and 95 % interval; None of these is known where it is None.

    `learning` is "treated" where two kinds of units are compared. `q` is p after Benjamini–Hochberg over all cells.
    """

    method: str
    learning: str
    sales: str
    value: float
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    n_rows: int
    n_units: int
    n_groups: int
    n_times: int = 1
    lag: int = 0
    unit_of_measure: str = CORRELATION
    errors: str = ""
    """How the standard error came about: "groups" or "units" drawn anew, "CRV1", "CRV3", "HC1", "normal", …"""
    smallest: float | None = None
    """The smallest value that would probably have been seen (80 % power, 5 % level)."""
    details: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def points(self) -> int:
        """1 or -1 where the interval lies on one side of nothing, also among all cells of its grid; else 0."""
        if self.q is not None and self.q > LEVEL:
            return 0
        nothing = 1.0 if self.unit_of_measure == RATIO else 0.0
        if self.low is None or self.high is None:
            return 0
        return int(self.low > nothing) - int(self.high < nothing)

    def told(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return dataclasses.asdict(self)
