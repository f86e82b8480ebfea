"""Handing in: from then on nothing of an attempt changes but its score."""

from django.db import connection
from django.utils import timezone

from core.outbox import publish
from courses.quizzes.events import AttemptSubmitted
from courses.quizzes.models import Attempt

_HAND_IN = """
UPDATE quizzes_attempt SET state = 'submitted', submitted_at = %(at)s, is_first = NOT EXISTS (
         SELECT FROM quizzes_attempt f WHERE f.person_id = %(person)s AND f.quiz_id = %(quiz)s AND f.is_first)
 WHERE id = %(attempt)s RETURNING is_first
"""


def hand_in(attempt: Attempt) -> None:
    """Close the attempt; the first hand-in of a quiz is the one that counts."""
    attempt.state = Attempt.State.SUBMITTED
    attempt.submitted_at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _HAND_IN,
            {
                "attempt": attempt.pk,
                "person": attempt.person_id,
                "quiz": attempt.quiz_id,
                "at": attempt.submitted_at,
            },
        )
        attempt.is_first = cursor.fetchone()[0]
    publish(AttemptSubmitted(attempt_id=attempt.pk, person_id=attempt.person_id))
