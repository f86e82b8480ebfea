"""What progress does on news."""

from core.outbox import subscribe
from courses.progress import actions, playing, webhooks
from courses.progress.events import ModuleFinished
from courses.quizzes.events import AttemptScored
from courses.scenarios.events import ScenarioRunFinished


@subscribe(AttemptScored)
def note_scored(event: AttemptScored) -> None:
    """Bring the module's progress up to date."""
    actions.note_scored(event=event)


@subscribe(ScenarioRunFinished)
def note_run(event: ScenarioRunFinished) -> None:
    """Bring the module's progress up to date."""
    playing.note_run(event=event)


@subscribe(ModuleFinished, queue="bulk", concerns=webhooks.is_finish_heard)
def announce_finish(event: ModuleFinished) -> None:
    """Tell other systems; learning never waits for it."""
    webhooks.tell_finished(event)
