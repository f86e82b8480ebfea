"""The statistics worker's jobs. Only it has numpy and SciPy, so that only the jobs themselves import them."""

from functools import partial
from typing import Any

from analytics.associations import actions, grids, launches, nightly, rollouts, studies
from analytics.associations.queries.grids import Figures
from core.jobs import job
from core.scope import CLIENT, scoped


@job(actions.COMPUTE)
def compute() -> None:
    """Compute the reports, grids, studies of courses, launches and roll-outs that wait."""
    from analytics.associations.engine import (  # noqa: PLC0415 - nobody else may need it
        cells,
        course,
        launched,
        result,
    )
    from analytics.associations.engine import rollouts as planning  # noqa: PLC0415

    of_courses = studies.Engine(course.read, course.study)
    with scoped(CLIENT):
        actions.compute_waiting(engine=result.result, version=result.VERSION)
        grids.compute_waiting(engine=_grid, version=cells.VERSION)
        studies.compute_waiting(engine=of_courses, version=course.VERSION)
        launches.compute_waiting(engine=launched.study, version=launched.VERSION)
        rollouts.compute_waiting(engine=planning.compare, version=planning.VERSION)


@job(nightly.NIGHT)
def night() -> None:
    """Go on with this night's months, grids and courses."""
    from analytics.associations.engine import cells, course  # noqa: PLC0415 - nobody else may need it

    of_courses = studies.Engine(course.read, course.study)
    nightly.night(
        partial(grids.keep, engine=_grid, version=cells.VERSION),
        partial(studies.keep, engine=of_courses, version=course.VERSION),
    )


def _grid(figures: Figures) -> tuple[int, int, dict[tuple[str, str, str], Any]]:
    from analytics.associations.engine import cells  # noqa: PLC0415 - as above

    wide = cells.read(figures.rows, figures.columns)
    return wide.reps, wide.partners, dict(cells.grid(wide))
