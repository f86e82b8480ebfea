"""Learning beside the sales that came `lag` times later, row by row and unit by unit. Pure."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from analytics.associations.engine.cleaning import GROUP, TIME, UNIT
from analytics.associations.engine.panel import Panel

X, Y, HOME = "x", "y", "home"


@dataclasses.dataclass(frozen=True)
class Pair:
    """One learning column against one sales column, at one lag.

    `rows` holds units, groups, times, x (learning `lag` times before), y and the controls; `units` their means, one
    row a unit, in the group where it stood last.
    """

    learning: str
    sales: str
    lag: int
    rows: pd.DataFrame
    units: pd.DataFrame
    controls: tuple[str, ...]
    grouped: bool
    called: tuple[str, ...] = ()
    """How the controls are called in the file."""

    @property
    def groups(self) -> int:
        """How many groups."""
        return int(self.units[GROUP].nunique())

    @property
    def cluster(self) -> str | None:
        """The column by which errors hang together in `units`; None where each unit is its own group."""
        return GROUP if self.grouped and self.groups > 1 else None

    def counts(self) -> dict[str, Any]:
        """Return what an estimate stands on."""
        times = self.rows[TIME].nunique() if TIME in self.rows else 1
        return {
            "n_rows": len(self.rows),
            "n_units": len(self.units),
            "n_groups": self.groups,
            "n_times": int(times),
        }


def shifted(panel: Panel, column: str, by: int) -> "pd.Series[float]":
    """Return for each row what its unit had in `column` so many times before; missing where it wasn't there."""
    if not panel.timed or by == 0:
        return panel.frame[column]
    keys = pd.MultiIndex.from_arrays([panel.frame[UNIT], panel.frame[TIME]])
    wanted = pd.MultiIndex.from_arrays([panel.frame[UNIT], panel.frame[TIME] - by])
    found = pd.Series(panel.frame[column].to_numpy(), index=keys).reindex(wanted)
    return pd.Series(found.to_numpy(), index=panel.frame.index)


def pair(panel: Panel, learning: str, sales: str, lag: int) -> Pair:
    """Return the rows that have learning, sales and every control."""
    lag = lag if panel.timed else 0
    frame = panel.frame[[UNIT, GROUP, *([TIME] if panel.timed else [])]].copy()
    frame[HOME] = panel.homes
    frame[X], frame[Y] = shifted(panel, learning, lag), panel.frame[sales]
    named = {f"c{n}": control for n, control in enumerate(panel.controls)}
    for name, control in named.items():
        frame[name] = panel.frame[control]
    rows = frame.dropna().reset_index(drop=True)
    means = rows.groupby(UNIT)[[X, Y, *named]].mean()
    means[GROUP] = rows.groupby(UNIT)[HOME].last().to_numpy()
    units = means.reset_index()
    units[GROUP] = pd.factorize(units[GROUP], sort=True)[0]
    return Pair(learning, sales, lag, rows, units, tuple(named), panel.grouped, panel.controls)


def groups_of(pair: Pair) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return the group of each unit; one for all where there are none."""
    if not pair.grouped:
        return np.zeros(len(pair.units), dtype=np.int64)
    return np.asarray(pair.units[GROUP], dtype=np.int64)
