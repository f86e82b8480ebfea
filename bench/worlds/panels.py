"""Worlds as the report's engine takes them."""

import numpy as np
import pandas as pd

from analytics.associations.engine.panel import Panel
from bench.worlds.cross import Moment
from bench.worlds.drawing import NEVER, Bools, Drawn

HOURS, RATE = "hours", "rate"


def frame(drawn: Drawn) -> pd.DataFrame:
    """Return a row for each rep and month in which they were there."""
    reps, months = drawn.calls.shape
    start = np.where(drawn.told == NEVER, np.nan, drawn.told)
    told = pd.DataFrame(
        {
            "rep": np.repeat(np.arange(reps), months),
            "partner": drawn.partner.ravel(),
            "month": np.tile(np.arange(months), reps),
            "start": np.repeat(start, months),
            HOURS: drawn.hours.ravel(),
            RATE: drawn.sales.ravel(),
        }
    )
    return told[drawn.there.ravel()].reset_index(drop=True)


def of_hours(drawn: Drawn) -> Panel:
    """Return the panel in which hours of learning are held against the rate."""
    return Panel.of(
        frame(drawn), unit="rep", group="partner", time="month", learning=[HOURS], sales=[RATE]
    )


def of_course(drawn: Drawn, *, only: Bools | None = None) -> Panel:
    """Return the panel in which reps before and after a course, or a launch, are compared."""
    told = frame(drawn)
    if only is not None:
        told = told[only[told["rep"].to_numpy()]]
    return Panel.of(told, unit="rep", group="partner", time="month", sales=[RATE], treated="start")


def of_moment(moment: Moment) -> Panel:
    """Return the cross-section."""
    told = pd.DataFrame({"partner": moment.partner, **moment.learning, **moment.sales})
    return Panel.of(told, group="partner", learning=list(moment.learning), sales=list(moment.sales))
