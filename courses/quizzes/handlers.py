"""What quizzes do on news."""

from core.outbox import subscribe
from courses.quizzes import actions, webhooks
from courses.quizzes.events import AttemptScored, AttemptSubmitted, KeyCorrected


@subscribe(AttemptSubmitted)
def score(event: AttemptSubmitted) -> None:
    """Score what was handed in."""
    actions.score_attempt(attempt_id=event.attempt_id)


@subscribe(KeyCorrected, queue="bulk")
def rescore(event: KeyCorrected) -> None:
    """Score a part of the corrected version's attempts again."""
    actions.rescore_part(news=event)


@subscribe(AttemptScored, queue="bulk", concerns=webhooks.is_score_heard)
def announce_score(event: AttemptScored) -> None:
    """Tell other systems; scoring never waits for it."""
    webhooks.tell_scored(event)
