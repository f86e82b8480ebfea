"""Finding the attempt that counts, or starting it: one open attempt a person and quiz."""

import uuid

from django.db import connection
from django.db.models import Exists, F, Q, QuerySet
from django.utils import timezone

from courses.catalog.models import Module
from courses.quizzes import frozen
from courses.quizzes.actions.deliveries import Delivered, UnknownAttemptError
from courses.quizzes.models import Answer, Attempt, Quiz, QuizVersion
from partners.models import Person


def find_or_start(person: Person, delivered: Delivered) -> Attempt:
    """Return the attempt that a delivery belongs to, locked; started if there was none."""
    attempt = _heir_or_self(person, delivered.attempt_id)
    if attempt is not None:
        return attempt
    quiz, version = _quiz_for(person, delivered)
    _one_at_a_time(person, quiz)
    # Whoever waited here may have been waiting for a start of this very attempt.
    attempt, already = _self_or_already(person, delivered, quiz)
    if attempt is not None:
        return attempt
    if already is not None:
        _supersede(person, delivered.attempt_id, already)
        return already
    return _start(person, delivered, quiz, version)


def _heir_or_self(person: Person, attempt_id: uuid.UUID) -> Attempt | None:
    """Return the person's attempt of this id, or the one that it was merged into, locked.

    Raises UnknownAttemptError for somebody else's.
    """
    attempt = _locked().filter(pk=attempt_id).first()
    if attempt is not None and attempt.person_id != person.pk:
        raise UnknownAttemptError
    if attempt is not None and attempt.merged_into_id:
        return _locked().filter(pk=attempt.merged_into_id).first()
    return attempt


def _self_or_already(
    person: Person, delivered: Delivered, quiz: Quiz
) -> tuple[Attempt | None, Attempt | None]:
    """Return the attempt itself if it is there by now, and the one that this one would double.

    That is the open one; else, since a first go that began offline on a second phone belongs to the first go even
    after its hand-in, that one.
    """
    others = Q(state=Attempt.State.OPEN)
    if not delivered.retry:
        others |= Q(is_first=True)
    found = _locked().filter(
        Q(pk=delivered.attempt_id) | others, person_id=person.pk, quiz_id=quiz.pk
    )
    by_rank = sorted(found, key=lambda attempt: attempt.state != Attempt.State.OPEN)
    if any(attempt.pk == delivered.attempt_id for attempt in by_rank):
        return _heir_or_self(person, delivered.attempt_id), None
    return None, next(iter(by_rank), None)


def _one_at_a_time(person: Person, quiz: Quiz) -> None:
    """Wait until nobody else is starting an attempt of this person at this quiz.

    The index of open attempts alone would let a second one in as soon as the first is handed in.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{person.pk}:{quiz.pk}"]
        )


def _locked() -> QuerySet[Attempt]:
    return Attempt.objects.select_for_update(no_key=True).order_by("pk")


def _quiz_for(person: Person, delivered: Delivered) -> tuple[Quiz, QuizVersion]:
    """Return quiz and version: the one the phone kept, if it is a version of this quiz, else the newest."""
    if delivered.module_id is None:
        raise UnknownAttemptError
    wanted = Q(module_version_id=F("quiz__module__version_id"))
    if delivered.quiz_version_id is not None:
        wanted |= Q(pk=delivered.quiz_version_id)
    module = Module.objects.visible_to(person).filter(pk=delivered.module_id)
    versions = list(
        QuizVersion.objects.select_related("quiz")
        .defer("document")
        .filter(wanted, Exists(module), quiz__module_id=delivered.module_id)
        .order_by("pk")
    )
    kept = [version for version in versions if version.pk == delivered.quiz_version_id]
    found = next(iter([*kept, *versions]), None)
    if found is None:
        raise UnknownAttemptError
    return found.quiz, found


def _supersede(person: Person, attempt_id: uuid.UUID, heir: Attempt) -> None:
    Attempt.objects.create(
        pk=attempt_id,
        person=person,
        organisation_id=person.organisation_id,
        team_id=person.team_id,
        quiz_id=heir.quiz_id,
        quiz_version_id=heir.quiz_version_id,
        state=Attempt.State.SUPERSEDED,
        item_keys=heir.item_keys,
        merged_into=heir,
    )


def _start(person: Person, delivered: Delivered, quiz: Quiz, version: QuizVersion) -> Attempt:
    """Start an attempt at all items, or (retry) at those that were not right the last time."""
    keys = [item.key for item in frozen.items(version.pk)]
    if delivered.retry:
        done = understood_items(person.pk, quiz.pk)
        keys = [key for key in keys if key not in done] or keys
    return Attempt.objects.create(
        pk=delivered.attempt_id,
        person=person,
        organisation_id=person.organisation_id,
        team_id=person.team_id,
        quiz=quiz,
        quiz_version=version,
        item_keys=keys,
        started_at=timezone.now(),
    )


def understood_items(person_id: uuid.UUID, quiz_id: uuid.UUID) -> set[str]:
    """Return the items of a quiz that this person has answered rightly at least once. One query."""
    return set(
        Answer.objects.filter(
            attempt__person_id=person_id, attempt__quiz_id=quiz_id, credit=1
        ).values_list("item_key", flat=True)
    )
