"""The worker's door to files of figures. It survives being run twice."""

from django.utils import timezone

from core import bell
from core.jobs import job
from sales.imports import actions, working


@job(actions.WORK, hours=2)
def work() -> None:
    """Do what waits; where something was done, more may have come meanwhile."""
    if working.work():
        bell.call(actions.WORK, actions.QUEUE)


@job("imports.tidy")
def tidy() -> None:
    """Put files aside that nobody took in for a month."""
    actions.put_aside_forgotten(timezone.now())
