"""Handing in: from then on nothing of an attempt changes but its score."""

from django.utils import timezone

from core.outbox import publish
from courses.quizzes.events import AttemptSubmitted
from courses.quizzes.models import Attempt


def hand_in(attempt: Attempt) -> None:
    """Close the attempt; the first hand-in of a quiz is the one that counts."""
    attempt.state = Attempt.State.SUBMITTED
    attempt.submitted_at = timezone.now()
    attempt.is_first = not Attempt.objects.filter(
        person_id=attempt.person_id, quiz_id=attempt.quiz_id, is_first=True
    ).exists()
    attempt.save(update_fields=["state", "submitted_at", "is_first"])
    publish(AttemptSubmitted(attempt_id=attempt.pk, person_id=attempt.person_id))
