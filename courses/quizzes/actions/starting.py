"""Finding the attempt that counts, or starting it: one open attempt a person and quiz."""

import uuid

from django.db import connection
from django.db.models import Exists, F, Q, QuerySet
from django.utils import timezone

from core.written import written_once
from courses.catalog.models import Module
from courses.quizzes import frozen
from courses.quizzes.actions.deliveries import Delivered, UnknownAttemptError
from courses.quizzes.models import Answer, Attempt, QuizVersion
from partners.models import Person


def find_or_start(person: Person, delivered: Delivered) -> Attempt:
    """Return the attempt that a delivery belongs to, locked; started if there was none."""
    attempt = _heir_or_self(person, delivered.attempt_id)
    if attempt is not None:
        return attempt
    quiz_id, version_id = _quiz_for(person, delivered)
    _one_at_a_time(person.pk, quiz_id)
    # Whoever waited here may have been waiting for a start of this very attempt.
    attempt, already = _self_or_already(person, delivered, quiz_id)
    if attempt is not None:
        return attempt
    if already is not None:
        _supersede(person, delivered.attempt_id, already, version_id)
        return already
    return _start(person, delivered, quiz_id, version_id)


def _heir_or_self(person: Person, attempt_id: uuid.UUID) -> Attempt | None:
    """Return the person's attempt of this id, or the one that it was merged into, locked.

    Raises UnknownAttemptError for somebody else's.
    """
    attempt = next(iter(_lock(attempt_id)), None)
    if attempt is not None and attempt.person_id != person.pk:
        raise UnknownAttemptError
    if attempt is not None and attempt.merged_into_id:
        return next(iter(_lock(attempt.merged_into_id)), None)
    return attempt


def _self_or_already(
    person: Person, delivered: Delivered, quiz_id: uuid.UUID
) -> tuple[Attempt | None, Attempt | None]:
    """Return the attempt itself if it is there by now, and the one that this one would double.

    That is the open one; else, since a first go that began offline on a second phone belongs to the first go even
    after its hand-in, that one.
    """
    found = _lock_candidates(person.pk, quiz_id, delivered.attempt_id, delivered.retry)
    by_rank = sorted(found, key=lambda attempt: attempt.state != Attempt.State.OPEN)
    if any(attempt.pk == delivered.attempt_id for attempt in by_rank):
        return _heir_or_self(person, delivered.attempt_id), None
    return None, next(iter(by_rank), None)


def _one_at_a_time(person_id: uuid.UUID, quiz_id: uuid.UUID) -> None:
    """Wait until nobody else is starting an attempt of this person at this quiz.

    The index of open attempts alone would let a second one in as soon as the first is handed in.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{person_id}:{quiz_id}"]
        )


@written_once
def _lock(attempt_id: uuid.UUID) -> QuerySet[Attempt]:
    return Attempt.objects.select_for_update(no_key=True).filter(pk=attempt_id)


@written_once
def _lock_candidates(
    person_id: uuid.UUID, quiz_id: uuid.UUID, attempt_id: uuid.UUID, is_retry: bool
) -> QuerySet[Attempt]:
    wanted = Q(pk=attempt_id) | Q(state=Attempt.State.OPEN)
    if not is_retry:
        wanted |= Q(is_first=True)
    locked = Attempt.objects.select_for_update(no_key=True).order_by("pk")
    return locked.filter(wanted, person_id=person_id, quiz_id=quiz_id)


def _quiz_for(person: Person, delivered: Delivered) -> tuple[uuid.UUID, uuid.UUID]:
    """Return quiz and version: the one the phone kept, if it is a version of this quiz, else the newest."""
    if delivered.module_id is None:
        raise UnknownAttemptError
    versions = dict(_versions(person, delivered.module_id, delivered.quiz_version_id))
    kept = [pk for pk in versions if pk == delivered.quiz_version_id]
    found = next(iter([*kept, *versions]), None)
    if found is None:
        raise UnknownAttemptError
    return versions[found], found


@written_once
def _versions(
    person: Person, module_id: uuid.UUID, kept: uuid.UUID | None
) -> QuerySet[QuizVersion, tuple[uuid.UUID, uuid.UUID]]:
    """Return the newest version of a module's quiz, and the one that a phone kept, each with its quiz."""
    wanted = Q(module_version_id=F("quiz__module__version_id"))
    if kept is not None:
        wanted |= Q(pk=kept)
    module = Module.objects.visible_to(person).filter(pk=module_id)
    found = QuizVersion.objects.filter(wanted, Exists(module), quiz__module_id=module_id)
    return found.order_by("pk").values_list("pk", "quiz_id")


def _supersede(person: Person, attempt_id: uuid.UUID, heir: Attempt, version_id: uuid.UUID) -> None:
    """Note that an attempt at this version, which may be another one than its heir's, is merged into the heir."""
    Attempt.objects.create(
        pk=attempt_id,
        person=person,
        organisation_id=person.organisation_id,
        team_id=person.team_id,
        quiz_id=heir.quiz_id,
        quiz_version_id=version_id,
        state=Attempt.State.SUPERSEDED,
        item_keys=[item.key for item in frozen.items(version_id)],
        merged_into=heir,
    )


_START = """
INSERT INTO quizzes_attempt (id, person_id, organisation_id, team_id, quiz_id, quiz_version_id, item_keys, started_at,
       state, is_first, scoring)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'open', false, 0)
"""


def _start(
    person: Person, delivered: Delivered, quiz_id: uuid.UUID, version_id: uuid.UUID
) -> Attempt:
    """Start an attempt at all items, or (retry) at those that were not right the last time."""
    keys = [item.key for item in frozen.items(version_id)]
    if delivered.retry:
        done = understood_items(person.pk, quiz_id)
        keys = [key for key in keys if key not in done] or keys
    started = Attempt(
        pk=delivered.attempt_id,
        person_id=person.pk,
        organisation_id=person.organisation_id,
        team_id=person.team_id,
        quiz_id=quiz_id,
        quiz_version_id=version_id,
        item_keys=keys,
        started_at=timezone.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _START,
            [
                started.pk,
                started.person_id,
                started.organisation_id,
                started.team_id,
                quiz_id,
                version_id,
                keys,
                started.started_at,
            ],
        )
    return started


def understood_items(person_id: uuid.UUID, quiz_id: uuid.UUID) -> set[str]:
    """Return the items of a quiz that this person has answered rightly at least once. One query."""
    return set(
        Answer.objects.filter(
            attempt__person_id=person_id, attempt__quiz_id=quiz_id, credit=1
        ).values_list("item_key", flat=True)
    )
