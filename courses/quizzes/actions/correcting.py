"""Correcting a published key, and scoring what was answered by it again."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from core import scope
from core.outbox import publish
from courses.quizzes import scoring
from courses.quizzes.actions.deliveries import MisfitError
from courses.quizzes.actions.scoring import rescore_attempt
from courses.quizzes.events import KeyCorrected
from courses.quizzes.models import Attempt, KeyCorrection, Quiz, QuizVersion


@transaction.atomic
def correct_key(
    *,
    quiz_version_id: uuid.UUID,
    item_key: str,
    correct_keys: Sequence[str],
    note: str,
    by: uuid.UUID,
) -> KeyCorrection:
    """Correct the right answer of a published item; its attempts are scored again by a worker.

    Raises MisfitError if the item or an option does not exist, or the number of right options does not
    fit the kind of question.
    """
    version = QuizVersion.objects.get(pk=quiz_version_id)
    Quiz.objects.select_for_update(no_key=True).get(pk=version.quiz_id)
    item = next((i for i in scoring.items_of(version.document) if i.key == item_key), None)
    if item is None:
        raise MisfitError("item_key")
    fits = len(correct_keys) >= 1 if item.kind == "multiple" else len(correct_keys) == 1
    if not fits or not set(correct_keys) <= item.option_keys:
        raise MisfitError("correct_keys")
    correction = KeyCorrection.objects.create(
        quiz_version=version,
        number=version.corrections.count() + 1,
        item_key=item_key,
        correct_keys=list(correct_keys),
        note=note,
        corrected_by=by,
    )
    with scope.scoped(scope.CLIENT):
        publish(KeyCorrected(quiz_version_id=version.pk, correction_id=correction.pk))
    return correction


def rescore_version(*, quiz_version_id: uuid.UUID) -> int:
    """Score the attempts of a version again. Returns how many changed.

    One that is being scored right now may have read the key before it was corrected: it is waited for. One that
    still waits for its score will have it by the corrected key.
    """
    attempts = Attempt.objects.filter(
        quiz_version_id=quiz_version_id, state__in=[Attempt.State.SUBMITTED, Attempt.State.SCORED]
    ).values_list("pk", flat=True)
    return sum(rescore_attempt(attempt_id=pk) for pk in attempts.iterator(chunk_size=500))
