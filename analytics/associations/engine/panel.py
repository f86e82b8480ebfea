"""Learning and sales of many units, by time or at once: a table that was checked and cleaned. Pure."""

import dataclasses
from collections.abc import Sequence

import pandas as pd

from analytics.associations.engine.findings import Finding

UNIT, GROUP, TIME, TREATED = "unit", "group", "time", "treated"
"""Names of the frame's own columns; those of learning, sales and controls keep the names they were given."""

NEVER = float("nan")
"""The first treated time of whom nothing ever happened to."""


@dataclasses.dataclass(frozen=True)
class Panel:
    """Rows of units (reps) in groups (partners), at times (months, counted on) or at one time.

    The frame holds `unit` and `group` (whole numbers from 0), `time` (whole numbers; only if `timed`), `treated`
    (the first time at which a unit is treated, NaN of whom never is, one value a unit; only if `treats`), and the
    columns of learning, sales and controls as floats. Nothing in it is infinite; learning and sales may be missing
    (each method takes the rows that have what it needs); no unit stands twice at a time.
    """

    frame: pd.DataFrame
    learning: tuple[str, ...]
    sales: tuple[str, ...]
    controls: tuple[str, ...] = ()
    timed: bool = False
    treats: bool = False
    grouped: bool = True
    period: str = "month"
    """What a time is: "month", "year" or "time"."""
    asked: int = 0
    """How many rows there were before anything was left out."""
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(  # noqa: PLR0913 - the columns of a table
        cls,
        frame: pd.DataFrame,
        *,
        unit: str | None = None,
        group: str | None = None,
        time: str | None = None,
        learning: Sequence[str] = (),
        sales: Sequence[str] = (),
        treated: str | None = None,
        controls: Sequence[str] = (),
        currency: str | None = None,
        now: int | None = None,
        period: str = "month",
    ) -> "Panel":
        """Check and clean a frame, whose columns are named here.

        `unit` may be left out of a cross-section (each row is one), `group` where there are none (each unit is its
        own). `time` are whole numbers that count on; later ones than `now` are left out. `treated` is the first
        treated time of a unit: NaN, 0 or infinity is never. Of several currencies the most frequent one stays.
        """
        raise NotImplementedError

    @property
    def units(self) -> int:
        """How many units."""
        return int(self.frame[UNIT].nunique())

    @property
    def groups(self) -> int:
        """How many groups."""
        return int(self.frame[GROUP].nunique())

    @property
    def times(self) -> int:
        """How many times."""
        return int(self.frame[TIME].nunique()) if self.timed else 1
