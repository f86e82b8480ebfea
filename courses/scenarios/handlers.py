"""What scenarios do on news."""

from core.outbox import subscribe
from courses.scenarios.actions import publishing, settling
from courses.scenarios.events import ScenarioPublished, ScenarioWithdrawn


@subscribe(ScenarioPublished, queue="bulk")
def settle_runs(event: ScenarioPublished) -> None:
    """Look at the runs that are in the middle of an older version; the clock looks at what is beyond."""
    settling.settle(scenario_id=event.scenario_id, most=settling.AT_ONCE)


@subscribe(ScenarioWithdrawn, queue="bulk")
def end_runs(event: ScenarioWithdrawn) -> None:
    """End what is still open of a version that was taken back; the clock looks at what is beyond."""
    settling.settle(scenario_id=event.scenario_id, most=settling.AT_ONCE)


@subscribe(ScenarioPublished, queue="bulk")
def prove(event: ScenarioPublished) -> None:
    """Search through the version's states."""
    publishing.prove(version_id=event.version_id)
