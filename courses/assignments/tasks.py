"""Periodic jobs of assignments. Each calls one action and survives being run twice."""

from core.jobs import job
from courses.assignments.actions import enrolling, telling


@job("assignments.remind")
def remind() -> None:
    """Remind of due dates, and tell whoever was not told yet."""
    telling.tell()
    telling.remind_of_dates()


@job("assignments.follow_shelf")
def follow_shelf() -> None:
    """Ask for what stands on the shelf now: a module's end comes without news, as does what was changed past us."""
    enrolling.follow_shelf()
