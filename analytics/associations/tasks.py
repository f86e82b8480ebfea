"""The statistics worker's jobs. Only it has numpy and SciPy, so that only the jobs themselves import them."""

from functools import partial

from analytics.associations import actions, grids, launches, nightly, rollouts, studies
from analytics.associations.measures import LEARNING
from analytics.associations.queries.grids import Figures
from core.jobs import job
from core.scope import CLIENT, scoped


@job(actions.COMPUTE)
def compute() -> None:
    """Compute the reports, studies of courses, launches and roll-outs that wait."""
    from analytics.associations.engine import (  # noqa: PLC0415 - nobody else may need it
        course,
        launched,
        result,
    )
    from analytics.associations.engine import rollouts as planning  # noqa: PLC0415

    with scoped(CLIENT):
        actions.compute_waiting(engine=result.result, version=result.VERSION)
        studies.compute_waiting(engine=course.study, version=course.VERSION)
        launches.compute_waiting(engine=launched.study, version=launched.VERSION)
        rollouts.compute_waiting(engine=planning.compare, version=planning.VERSION)


@job(nightly.NIGHT)
def night() -> None:
    """Go on with this night's months, grids and courses."""
    from analytics.associations.engine import cells, course  # noqa: PLC0415 - nobody else may need it

    def found(figures: Figures) -> dict[tuple[str, str, str], cells.Found]:
        return cells.grid(
            {name: [row.learning[n] for row in figures.rows] for n, name in enumerate(LEARNING)},
            {
                column: [row.sales[n] for row in figures.rows]
                for n, column in enumerate(figures.columns)
            },
            [row.organisation_id for row in figures.rows],
        )

    nightly.night(
        partial(grids.keep, engine=found, version=cells.VERSION),
        partial(studies.keep, engine=course.study, version=course.VERSION),
    )
