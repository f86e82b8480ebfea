"""What other systems hear of quizzes."""

from django.utils.translation import gettext_lazy as _

from courses.quizzes.events import AttemptScored
from partners.webhooks import kinds
from partners.webhooks.actions import announce, is_heard

SCORED = "attempt.scored"


def declare_all() -> None:
    """Say which news we bring."""
    when = _("When an attempt at a quiz has its score, and again when a corrected key changes it.")
    kinds.declare(SCORED, _("Attempt scored"), when)


def is_score_heard(event: AttemptScored) -> bool:
    """Say whether anybody wants to hear of a score. One query."""
    return is_heard(kind=SCORED, organisation=event.organisation_id)


def tell_scored(event: AttemptScored) -> None:
    """Announce a score; each scoring of an attempt once."""
    announce(
        kind=SCORED,
        organisation=event.organisation_id,
        source_key=f"{event.attempt_id}:{event.scoring}",
        data={
            "attempt_id": event.attempt_id,
            "scoring": event.scoring,
            "person_id": event.person_id,
            "organisation_id": event.organisation_id,
            "team_id": event.team_id,
            "module_id": event.module_id,
            "quiz_id": event.quiz_id,
            "is_first": event.is_first,
            "submitted_at": event.submitted_at,
            "correct_count": event.correct_count,
            "item_count": event.item_count,
            "score_fraction": event.score_fraction,
        },
    )
