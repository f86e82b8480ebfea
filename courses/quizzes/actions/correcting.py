"""Correcting a published key, and scoring what was answered by it again."""

import dataclasses
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

_PART = 200
"""So many attempts are scored again in one go: less than a second's work."""


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


@transaction.atomic(savepoint=False)
def rescore_part(*, news: KeyCorrected) -> int:
    """Score the next attempts of a corrected version again, and tell who goes on after them. Returns how many changed.

    All of a part is in one transaction, shorter than a worker's lease; the next part is a delivery of its own. A part
    that is done once more changes nothing.

    One that is being scored right now may have read the key before it was corrected: it is waited for. One that
    still waits for its score will have it by the corrected key.
    """
    attempts = Attempt.objects.filter(
        quiz_version_id=news.quiz_version_id,
        state__in=[Attempt.State.SUBMITTED, Attempt.State.SCORED],
    )
    if news.after is not None:
        attempts = attempts.filter(pk__gt=news.after)
    part = list(attempts.order_by("pk").values_list("pk", flat=True)[:_PART])
    changed = sum(rescore_attempt(attempt_id=pk) for pk in part)
    if len(part) == _PART:
        publish(dataclasses.replace(news, after=part[-1]), apart=True)
    return changed
