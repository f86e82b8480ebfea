"""The statistics worker's jobs. What they do is imported when they run: no other process has its libraries."""

from importlib import import_module

from analytics.associations import nightly, waiting
from core.jobs import job, preload

_WORKER = "analytics.associations.worker"

preload(waiting.QUEUE, _WORKER)


@job(waiting.COMPUTE)
def compute() -> None:
    """Compute the reports, grids, studies of courses, launches and roll-outs that wait."""
    import_module(_WORKER).compute()


@job(nightly.NIGHT)
def night() -> None:
    """Go on with this night's months, grids and courses."""
    import_module(_WORKER).night()
