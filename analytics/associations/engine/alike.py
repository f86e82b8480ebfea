"""Units that differ in their figures alone, taken together: the same numbers from far fewer rows. Pure.

An event study without covariates is made of means of changes, and errors of groups of sums over each group. So units
of one group that were first treated at the same time, and are known at the same times, may stand as one whose figures
are their means and which weighs as many as they are: estimates and errors are those of all of them.
"""

import numpy as np
import pandas as pd

WEIGHT = "weight"

_MOST_TIMES = 52
"""Which of so many times are known fits into one number."""

_WORTH = 0.5
"""With more of them left than this share of the units nothing is gained."""


def together(frame: pd.DataFrame) -> pd.DataFrame | None:
    """Return the rows of those that stand for units (unit, time, first, group, y), and WEIGHT; None where few would.

    Times count on from 1, and no figure is missing.
    """
    times = int(frame["time"].max())
    if times > _MOST_TIMES:
        return None
    _, at, unit = np.unique(frame["unit"].to_numpy(), return_index=True, return_inverse=True)
    time = frame["time"].to_numpy().astype(np.int64) - 1
    units = frame.iloc[at][["group", "first"]].reset_index(drop=True)
    units["known"] = np.bincount(unit, weights=2.0**time)
    kinds = units.groupby(["group", "first", "known"], sort=True)
    kind = kinds.ngroup().to_numpy()
    if kinds.ngroups > _WORTH * len(units):
        return None
    place = kind[unit] * times + time
    sums = np.bincount(place, weights=frame["y"].to_numpy(), minlength=kinds.ngroups * times)
    counts = np.bincount(place, minlength=kinds.ngroups * times)
    there = np.flatnonzero(counts)
    stands = units.groupby(kind).first()
    return pd.DataFrame(
        {
            "unit": there // times,
            "time": there % times + 1,
            "first": stands["first"].to_numpy()[there // times],
            "group": stands["group"].to_numpy()[there // times],
            "y": sums[there] / counts[there],
            WEIGHT: counts[there].astype(np.float64),
        }
    )
