"""Correction for having looked often: Benjamini and Hochberg 1995. Pure."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from analytics.associations.engine.correlation import Floats

LEVEL = 0.05


def corrected(p: Floats | Sequence[float]) -> Floats:
    """Return the q of each p, never below it; NaN stays."""
    values = np.asarray(p, dtype=float)
    known = np.isfinite(values)
    found = np.full(values.shape, np.nan)
    if known.any():
        found[known] = np.maximum(stats.false_discovery_control(values[known]), values[known])
    return found
