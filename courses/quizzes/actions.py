"""Writes of attempts: taking answers in, handing in, scoring, scoring again.

An answer is saved by one statement that also checks that the attempt is open and its owner's (`_save_fast`):
it takes a share lock on the attempt, which an ongoing hand-in excludes, so no answer slips in behind it
and none that was saved before is lost.
"""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core import scope
from core.outbox import publish
from courses.catalog.models import Module
from courses.quizzes import scoring
from courses.quizzes.events import AttemptScored, AttemptSubmitted, KeyCorrected
from courses.quizzes.models import (
    Answer,
    Attempt,
    KeyCorrection,
    LateAnswer,
    Quiz,
    QuizVersion,
)
from partners.models import Person


class UnknownAttemptError(LookupError):
    """There is no such attempt, module or version for this person."""


class MisfitError(ValueError):
    """The answers don't belong to the questions of the attempt's version. `field` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclasses.dataclass(frozen=True)
class GivenAnswer:
    """An answer as the phone sent it. `seq` rises with every change on that phone."""

    item: str
    options: tuple[str, ...]
    seq: int
    at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Delivered:
    """All that a phone sends about an attempt in one go."""

    attempt_id: uuid.UUID
    answers: Sequence[GivenAnswer]
    submit: bool = False
    module_id: uuid.UUID | None = None
    quiz_version_id: uuid.UUID | None = None
    retry: bool = False


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What the server now holds: the attempt that counts, the stored `seq` by item, what came too late."""

    attempt_id: uuid.UUID
    state: str
    saved: dict[str, int]
    late: list[str]


def take_answers(*, person: Person, delivered: Delivered) -> Receipt:
    """Store answers and, if asked, hand the attempt in. Repeating a delivery changes nothing.

    An unknown id starts an attempt. Where one is open already (another phone, another tab), that one is
    the attempt: these answers fill only its empty items, the rest is kept as late. After the hand-in
    answers are kept as late too. Raises UnknownAttemptError and MisfitError; nothing is stored then.
    """
    if not delivered.submit and delivered.answers:
        saved = _save_fast(person.pk, delivered.attempt_id, delivered.answers)
        if saved is not None:
            return Receipt(delivered.attempt_id, Attempt.State.OPEN, saved, [])
    return _take_slowly(person=person, delivered=delivered)


_SAVE = """
WITH open_attempt AS (
  SELECT t.id, t.organisation_id, t.item_keys, v.document
    FROM quizzes_attempt t JOIN quizzes_quizversion v ON v.id = t.quiz_version_id
   WHERE t.id = %(attempt)s AND t.person_id = %(person)s AND t.state = 'open' FOR SHARE OF t
), given AS (
  SELECT * FROM jsonb_to_recordset(%(answers)s::jsonb)
      AS g(item text, options text[], seq bigint, at timestamptz)
), saved AS (
  INSERT INTO quizzes_answer
         (attempt_id, organisation_id, item_key, option_keys, client_seq, client_at)
  SELECT a.id, a.organisation_id, g.item, g.options, g.seq, g.at FROM open_attempt a, given g
   WHERE (SELECT bool_and(item = ANY (a.item_keys) AND EXISTS (
            SELECT FROM jsonb_array_elements(a.document -> 'items') i
             WHERE i ->> 'key' = item AND options <@ ARRAY(
                   SELECT o ->> 'key' FROM jsonb_array_elements(i -> 'options') o))) FROM given)
  ON CONFLICT (attempt_id, item_key) DO UPDATE
     SET option_keys = excluded.option_keys, client_seq = excluded.client_seq,
         client_at = excluded.client_at, saved_at = now()
   WHERE quizzes_answer.client_seq < excluded.client_seq
  RETURNING item_key, client_seq
)
SELECT item_key, client_seq FROM saved
"""


def _save_fast(
    person_id: uuid.UUID, attempt_id: uuid.UUID, answers: Sequence[GivenAnswer]
) -> dict[str, int] | None:
    """Save answers to an open attempt in one statement; None if that did not store all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            {"attempt": attempt_id, "person": person_id, "answers": json.dumps(_rows(answers))},
        )
        saved = dict(cursor.fetchall())
    return saved if len(saved) == len({answer.item for answer in answers}) else None


def _rows(answers: Sequence[GivenAnswer]) -> list[dict[str, Any]]:
    latest = {a.item: a for a in sorted(answers, key=lambda a: a.seq)}
    return [
        {
            "item": a.item,
            "options": list(a.options),
            "seq": a.seq,
            "at": a.at.isoformat() if a.at else None,
        }
        for a in latest.values()
    ]


@transaction.atomic
def _take_slowly(*, person: Person, delivered: Delivered) -> Receipt:
    """The whole protocol, under a lock on the attempt that counts."""
    attempt = _find_or_start(person, delivered)
    _check_fit(attempt, delivered.answers)
    late: list[str] = []
    if delivered.answers:
        late = _merge(attempt, delivered)
    if delivered.submit and attempt.state == Attempt.State.OPEN:
        _hand_in(attempt)
    return Receipt(attempt.pk, attempt.state, _stored(attempt), late)


def _find_or_start(person: Person, delivered: Delivered) -> Attempt:
    attempt = _heir_or_self(person, delivered.attempt_id)
    if attempt is not None:
        return attempt
    if Attempt.objects.filter(pk=delivered.attempt_id).exists():
        raise UnknownAttemptError
    quiz, version = _quiz_for(person, delivered)
    _one_at_a_time(person, quiz)
    attempt = _heir_or_self(person, delivered.attempt_id)
    if attempt is not None:
        return attempt
    already = _locked(person, quiz=quiz, state=Attempt.State.OPEN)
    if already is None and not delivered.retry:
        # A first go that began offline on a second phone belongs to the first go, even after its hand-in.
        already = _locked(person, quiz=quiz, is_first=True)
    if already is not None:
        _supersede(person, delivered.attempt_id, already)
        return already
    return _start(person, delivered, quiz, version)


def _heir_or_self(person: Person, attempt_id: uuid.UUID) -> Attempt | None:
    """Return the person's attempt of this id, or the one that it was merged into."""
    attempt = _locked(person, pk=attempt_id)
    if attempt is not None and attempt.merged_into_id:
        return _locked(person, pk=attempt.merged_into_id)
    return attempt


def _one_at_a_time(person: Person, quiz: Quiz) -> None:
    """Wait until nobody else is starting an attempt of this person at this quiz.

    The index of open attempts alone would let a second one in as soon as the first is handed in.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{person.pk}:{quiz.pk}"]
        )


def _locked(person: Person, **criteria: Any) -> Attempt | None:
    return (
        Attempt.objects.select_for_update(no_key=True, of=("self",))
        .select_related("quiz_version")
        .filter(person=person, **criteria)
        .first()
    )


def _quiz_for(person: Person, delivered: Delivered) -> tuple[Quiz, QuizVersion]:
    """Return quiz and version: the one the phone kept, if it is a version of this quiz, else the newest."""
    if delivered.module_id is None:
        raise UnknownAttemptError
    module = Module.objects.visible_to(person).filter(pk=delivered.module_id).first()
    if module is None:
        raise UnknownAttemptError
    versions = QuizVersion.objects.select_related("quiz").filter(quiz__module=module)
    version = None
    if delivered.quiz_version_id is not None:
        version = versions.filter(pk=delivered.quiz_version_id).first()
    if version is None:
        version = versions.filter(module_version_id=module.version_id).first()
    if version is None:
        raise UnknownAttemptError
    return version.quiz, version


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
    keys = [item["key"] for item in version.document["items"]]
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


def _check_fit(attempt: Attempt, answers: Sequence[GivenAnswer]) -> None:
    known = {
        item["key"]: {option["key"] for option in item["options"]}
        for item in attempt.quiz_version.document["items"]
    }
    for index, answer in enumerate(answers):
        if answer.item not in known:
            raise MisfitError(f"answers.{index}.item")
        if not set(answer.options) <= known[answer.item]:
            raise MisfitError(f"answers.{index}.options")


def _merge(attempt: Attempt, delivered: Delivered) -> list[str]:
    """Store what may still be stored; keep the rest as late. Returns the items that came too late."""
    own = attempt.pk == delivered.attempt_id
    stored = {answer.item_key: answer for answer in attempt.answers.all()}
    late: list[GivenAnswer] = []
    for given in sorted(delivered.answers, key=lambda answer: answer.seq):
        present = stored.get(given.item)
        if attempt.state != Attempt.State.OPEN or given.item not in attempt.item_keys:
            if not _known(present, given, own=own):
                late.append(given)
        elif present is None:
            stored[given.item] = Answer.objects.create(
                attempt=attempt,
                organisation_id=attempt.organisation_id,
                item_key=given.item,
                option_keys=list(given.options),
                client_seq=given.seq,
                client_at=given.at,
            )
        elif own and present.client_seq < given.seq:
            present.option_keys, present.client_seq = list(given.options), given.seq
            present.client_at, present.saved_at = given.at, timezone.now()
            present.save(update_fields=["option_keys", "client_seq", "client_at", "saved_at"])
        elif not _known(present, given, own=own):
            late.append(given)
    _keep_late(attempt, delivered.attempt_id, late)
    return sorted({given.item for given in late})


def _known(present: Answer | None, given: GivenAnswer, *, own: bool) -> bool:
    """Say whether nothing is lost without this answer: it is stored, or older than what its phone sent."""
    if present is None:
        return False
    outdated = own and present.client_seq >= given.seq
    return outdated or set(present.option_keys) == set(given.options)


def _keep_late(attempt: Attempt, source: uuid.UUID, late: Sequence[GivenAnswer]) -> None:
    LateAnswer.objects.bulk_create(
        [
            LateAnswer(
                attempt=attempt,
                organisation_id=attempt.organisation_id,
                source_attempt_id=source,
                item_key=given.item,
                option_keys=list(given.options),
                client_seq=given.seq,
                client_at=given.at,
            )
            for given in late
        ],
        ignore_conflicts=True,
    )


def _hand_in(attempt: Attempt) -> None:
    """Close the attempt; the first hand-in of a quiz is the one that counts."""
    attempt.state = Attempt.State.SUBMITTED
    attempt.submitted_at = timezone.now()
    attempt.is_first = not Attempt.objects.filter(
        person_id=attempt.person_id, quiz_id=attempt.quiz_id, is_first=True
    ).exists()
    attempt.save(update_fields=["state", "submitted_at", "is_first"])
    publish(AttemptSubmitted(attempt_id=attempt.pk, person_id=attempt.person_id))


def _stored(attempt: Attempt) -> dict[str, int]:
    return dict(attempt.answers.values_list("item_key", "client_seq"))


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
    """Score all scored attempts of a version again, each in its own transaction. Returns how many changed."""
    attempts = Attempt.objects.filter(
        quiz_version_id=quiz_version_id, state=Attempt.State.SCORED
    ).values_list("pk", flat=True)
    return sum(rescore_attempt(attempt_id=pk) for pk in attempts.iterator(chunk_size=500))
