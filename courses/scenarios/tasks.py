"""Periodic jobs of scenarios. Each calls one action and survives being run twice."""

from core.jobs import job
from courses.scenarios.actions import settling


@job("scenarios.settle_runs", hours=1)
def settle_runs() -> None:
    """End the runs that have waited too long in a version that can't be gone on with."""
    settling.settle()
