"""What the statistics worker does. It alone has numpy and SciPy: only `tasks` imports this, where they are."""

from functools import partial
from typing import Any

from analytics.associations import actions, grids, launches, nightly, rollouts, studies
from analytics.associations.engine import cells, course, launched, result
from analytics.associations.engine import rollouts as planning
from analytics.associations.queries.grids import Figures
from core.scope import CLIENT, scoped

_OF_COURSES = studies.Engine(course.read, course.study)


def compute() -> None:
    """Compute the reports, grids, studies of courses, launches and roll-outs that wait."""
    with scoped(CLIENT):
        actions.compute_waiting(engine=result.result, version=result.VERSION)
        grids.compute_waiting(engine=_grid, version=cells.VERSION)
        studies.compute_waiting(engine=_OF_COURSES, version=course.VERSION)
        launches.compute_waiting(engine=launched.study, version=launched.VERSION)
        rollouts.compute_waiting(engine=planning.compare, version=planning.VERSION)


def night() -> None:
    """Go on with this night's months, grids and courses."""
    nightly.night(
        partial(grids.keep, engine=_grid, version=cells.VERSION),
        partial(studies.keep, engine=_OF_COURSES, version=course.VERSION),
    )


def _grid(figures: Figures) -> tuple[int, int, dict[tuple[str, str, str], Any]]:
    wide = cells.read(figures.rows, figures.columns)
    return wide.reps, wide.partners, dict(cells.grid(wide))
