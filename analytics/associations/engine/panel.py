"""Learning and sales of many units, by time or at once: a table that was checked and cleaned. Pure."""

import dataclasses
import functools
from collections.abc import Sequence

import pandas as pd

from analytics.associations.engine import cleaning
from analytics.associations.engine.cleaning import GROUP, TIME, TREATED, UNIT
from analytics.associations.engine.findings import Finding

__all__ = ["GROUP", "TIME", "TREATED", "UNIT", "Panel"]


@dataclasses.dataclass(frozen=True)
class Panel:
    """Rows of units (reps) in groups (partners), at times (months, counted on) or at one time.

    The frame holds UNIT and GROUP (whole numbers from 0), TIME (whole numbers; only if `timed`), TREATED
    (the first time at which a unit is treated, NaN of whom never is, one value a unit; without times 0 or 1; only if
    `treats`), and the columns of learning, sales and controls as floats. Nothing in it is infinite; learning and
    sales may be missing (each method takes the rows that have what it needs); no unit stands twice at a time.
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
    whole: "Panel | None" = None
    """The same units, one row each, where all times together are known better than by the mean of each."""

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
        treated time of a unit: NaN, 0 or infinity is never; or 0 and 1, whether it is treated at that time. Of
        several currencies the most frequent one stays. Where all rows are of one time, there are no times.
        """
        table = cleaning.Table(frame, tuple(learning), tuple(sales), tuple(controls))
        if time is not None and treated is None and frame[time].nunique() == 1:
            time = None
        table.name(unit=unit, group=group, time=time, treated=treated, currency=currency)
        table.one_currency()
        table.without_future(now)
        table.once_a_time()
        table.finite()
        table.by_treatment()
        table.constant()
        return cls(
            frame=table.numbered(),
            learning=table.learning,
            sales=table.sales,
            controls=table.controls,
            timed=time is not None,
            treats=treated is not None,
            grouped=group is not None and group != unit,
            period=period,
            asked=len(frame),
            findings=tuple(table.findings),
        )

    @property
    def at_once(self) -> "Panel":
        """What tells of units beside each other: their whole, else this panel, of which their means are taken."""
        return self.whole or self

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

    @functools.cached_property
    def homes(self) -> "pd.Series[int]":
        """The group of each row's unit where it stood last: by this one errors hang together."""
        ordered = self.frame.sort_values(TIME, kind="stable") if self.timed else self.frame
        last: pd.Series[int] = ordered.groupby(UNIT)[GROUP].last()
        return self.frame[UNIT].map(last)
