"""Periodic jobs of scenarios' figures. Each calls one action and survives being run twice."""

from analytics.scenarios import actions
from core.jobs import job


@job("scenario_figures.mend")
def mend() -> None:
    """Catch up with what people chose, and with what they left in the middle."""
    actions.mend()
