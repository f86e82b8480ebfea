"""What progress does on news."""

from core.outbox import subscribe
from courses.progress import actions
from courses.quizzes.events import AttemptScored


@subscribe(AttemptScored)
def note_scored(event: AttemptScored) -> None:
    """Bring the module's progress up to date."""
    actions.note_scored(event=event)
