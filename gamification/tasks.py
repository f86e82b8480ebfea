"""Periodic jobs of points and rankings. Each calls one action and survives being run twice."""

from core.jobs import job
from gamification import actions
from gamification.actions.standings import MEND


@job(MEND)
def mend_standings() -> None:
    """Rebuild rankings that Redis has lost, or whose people have changed."""
    actions.mend()
