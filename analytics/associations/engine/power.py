"""The smallest correlation that would probably have been seen. Pure.

By Fisher's z with the t distribution's critical value and the correction for bias, as R's `pwr.r.test` does
(Cohen 1988, ch. 3); tested against its figures.
"""

import math

from scipy import optimize, stats
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import proportion_effectsize

POWER = 0.8
LEVEL = 0.05
SEEN = 2.801585218112969
"""So many standard errors are seen with POWER at LEVEL."""


def seen(freedom: int) -> float:
    """Return the same where the error is estimated from so many degrees of freedom (Bloom 1995): more than SEEN."""
    drawn = stats.t(max(freedom, 1))
    return float(drawn.ppf(1 - LEVEL / 2) + drawn.ppf(POWER))


def power(correlation: float, n: int) -> float:
    """Return how likely a two-sided test at LEVEL sees this correlation among n."""
    critical_t = stats.t.ppf(1 - LEVEL / 2, n - 2)
    critical = math.sqrt(critical_t**2 / (critical_t**2 + n - 2))
    expected = math.atanh(correlation) + correlation / (2 * (n - 1))
    gap, scale = math.atanh(critical), math.sqrt(n - 3)
    return float(
        stats.norm.cdf((expected - gap) * scale) + stats.norm.cdf((-expected - gap) * scale)
    )


def smallest(n: int) -> float | None:
    """Return the smallest correlation seen among n independent people with POWER; None of fewer than 5."""
    if n < 5:
        return None
    return float(optimize.brentq(lambda r: power(r, n) - POWER, 1e-9, 1 - 1e-9))


def smallest_by(low: float, high: float) -> float:
    """Return the same from a 95 % interval: 2.8 of its standard errors, so that clusters count."""
    z = stats.norm.ppf(1 - LEVEL / 2)
    return float((z + stats.norm.ppf(POWER)) * (high - low) / (2 * z))


def needed(correlation: float) -> float:
    """Return among how many a correlation is seen with POWER."""
    return float(optimize.brentq(lambda n: power(abs(correlation), n) - POWER, 5, 1e8))


def needed_by_difference(size: float) -> float:
    """Return how many on each side let a difference of so many standard deviations be seen with POWER."""
    return float(TTestIndPower().solve_power(size, power=POWER, alpha=LEVEL))


def needed_by_shares(before: float, after: float) -> float:
    """Return how many calls (or deals) on each side tell these two shares apart with POWER."""
    size = abs(proportion_effectsize(after, before))
    return float(NormalIndPower().solve_power(size, power=POWER, alpha=LEVEL))
