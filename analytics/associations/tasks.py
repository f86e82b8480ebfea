"""The statistics worker's job. Only it has numpy and SciPy, so that only the job itself imports them."""

from analytics.associations import actions
from core.jobs import job
from core.scope import CLIENT, scoped


@job(actions.COMPUTE)
def compute() -> None:
    """Compute the reports that wait."""
    from analytics.associations.engine import result  # noqa: PLC0415 - nobody else may need it

    with scoped(CLIENT):
        actions.compute_waiting(engine=result.result, version=result.VERSION)
