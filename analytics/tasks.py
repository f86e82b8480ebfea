"""Periodic jobs of reports. Each calls one action and survives being run twice."""

from analytics import actions
from core.jobs import job

MEND = "analytics.mend_summaries"


@job(MEND)
def mend_summaries() -> None:
    """Catch up with what was learnt, people that no news told of, and sums for everybody."""
    actions.mend()
