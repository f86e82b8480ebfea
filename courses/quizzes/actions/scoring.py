"""Scoring what was handed in, once, and again after a corrected key."""

import uuid

from django.db import transaction
from django.utils import timezone

from core.outbox import publish
from courses.quizzes import scoring
from courses.quizzes.events import AttemptScored
from courses.quizzes.models import Answer, Attempt, KeyCorrection


@transaction.atomic(savepoint=False)
def score_attempt(*, attempt_id: uuid.UUID) -> bool:
    """Score a submitted attempt, once. Returns False where it was scored before."""
    attempt = _for_scoring(attempt_id)
    if attempt.state != Attempt.State.SUBMITTED:
        return False
    _write_score(attempt)
    return True


@transaction.atomic(savepoint=False)
def rescore_attempt(*, attempt_id: uuid.UUID) -> bool:
    """Score again after a corrected key. Returns False where the score stays the same."""
    attempt = _for_scoring(attempt_id)
    if attempt.state != Attempt.State.SCORED:
        return False
    return _write_score(attempt)


def _for_scoring(attempt_id: uuid.UUID) -> Attempt:
    return (
        Attempt.objects.select_for_update(no_key=True, of=("self",))
        .select_related("quiz_version", "quiz")
        .get(pk=attempt_id)
    )


def corrections_of(quiz_version_id: uuid.UUID) -> dict[str, list[str]]:
    """Return the corrected keys of a version: item → right options, the newest correction of each."""
    rows = KeyCorrection.objects.filter(quiz_version_id=quiz_version_id).order_by("number")
    return {row.item_key: row.correct_keys for row in rows}


def _write_score(attempt: Attempt) -> bool:
    """Write credits and totals, and tell about it. Returns False where nothing changed."""
    items = scoring.items_of(attempt.quiz_version.document, corrections_of(attempt.quiz_version_id))
    asked = [item for item in items if item.key in attempt.item_keys]
    answers = {answer.item_key: answer for answer in attempt.answers.all()}
    result = scoring.score(asked, {key: row.option_keys for key, row in answers.items()})
    before = attempt.correct_count
    changed = attempt.scoring == 0 or any(
        row.credit != result.credits.get(key) for key, row in answers.items()
    )
    if not changed:
        return False
    _write_credits(attempt, answers, result)
    attempt.scoring += 1
    attempt.state, attempt.scored_at = Attempt.State.SCORED, timezone.now()
    attempt.score, attempt.max_score = result.score, result.max_score
    attempt.correct_count = len(result.correct)
    attempt.save(
        update_fields=["scoring", "state", "scored_at", "score", "max_score", "correct_count"]
    )
    publish(_scored(attempt, len(asked), result, before))
    return True


def _write_credits(attempt: Attempt, answers: dict[str, Answer], result: scoring.Score) -> None:
    missing = [
        Answer(
            attempt=attempt,
            organisation_id=attempt.organisation_id,
            item_key=key,
            credit=credit,
        )
        for key, credit in result.credits.items()
        if key not in answers
    ]
    for key, row in answers.items():
        row.credit = result.credits.get(key)
    if answers:
        Answer.objects.bulk_update(answers.values(), ["credit"])
    if missing:
        Answer.objects.bulk_create(missing)


def _scored(
    attempt: Attempt, item_count: int, result: scoring.Score, before: int | None
) -> AttemptScored:
    return AttemptScored(
        attempt_id=attempt.pk,
        person_id=attempt.person_id,
        organisation_id=attempt.organisation_id,
        team_id=attempt.team_id,
        quiz_id=attempt.quiz_id,
        module_id=attempt.quiz.module_id,
        is_first=attempt.is_first,
        submitted_at=attempt.submitted_at or attempt.started_at,
        scoring=attempt.scoring,
        correct_count=len(result.correct),
        item_count=item_count,
        score_fraction=str(result.fraction),
        before_correct=before,
    )
