"""Taking answers in.

An answer is saved by one statement that also checks that the attempt is open and its owner's (`_saved_at_once`):
it takes a share lock on the attempt, which an ongoing hand-in excludes, so no answer slips in behind it
and none that was saved before is lost.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.written import written_once
from courses.quizzes import frozen
from courses.quizzes.actions.deliveries import (
    Delivered,
    GivenAnswer,
    MisfitError,
    Receipt,
    UnknownAttemptError,
)
from courses.quizzes.actions.handing_in import hand_in
from courses.quizzes.actions.starting import find_or_start
from courses.quizzes.models import Answer, Attempt, LateAnswer
from partners.models import Person


def take_answers(*, person: Person, delivered: Delivered) -> Receipt:
    """Store answers and, if asked, hand the attempt in. Repeating a delivery changes nothing.

    An unknown id starts an attempt. Where one is open already (another phone, another tab), that one is
    the attempt: these answers fill only its empty items, the rest is kept as late. After the hand-in
    answers are kept as late too. Raises UnknownAttemptError and MisfitError; nothing is stored then.
    """
    saved = _saved_at_once(person.pk, delivered)
    if saved is not None:
        return saved
    try:
        return _take_slowly(person=person, delivered=delivered)
    except IntegrityError as error:
        if not _is_taken(error):
            raise
        raise UnknownAttemptError from error


def _is_taken(error: IntegrityError) -> bool:
    """Say whether an attempt of this id is there that row security hides: one of another company."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == "quizzes_attempt_pkey"


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


def _saved_at_once(person_id: uuid.UUID, delivered: Delivered) -> Receipt | None:
    """Save answers to an open attempt in one statement; None if there is more to do, or not all were stored."""
    answers = delivered.answers
    if delivered.submit or not answers:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            {
                "attempt": delivered.attempt_id,
                "person": person_id,
                "answers": json.dumps(_rows(answers)),
            },
        )
        saved = dict(cursor.fetchall())
    if len(saved) != len({answer.item for answer in answers}):
        return None
    return Receipt(delivered.attempt_id, Attempt.State.OPEN, saved, [])


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
    attempt = find_or_start(person, delivered)
    _check_fit(_version_of(delivered, attempt), delivered.answers)
    if attempt.state == Attempt.State.OPEN and attempt.pk == delivered.attempt_id:
        # It was started just now, or by somebody for whom this delivery waited.
        receipt = _saved_at_once(person.pk, delivered)
        if receipt is not None:
            return receipt
    stored = {answer.item_key: answer for answer in _answers(attempt.pk)}
    late: list[str] = []
    if delivered.answers:
        late = _merge(attempt, delivered, stored)
    if delivered.submit and attempt.state == Attempt.State.OPEN:
        hand_in(attempt)
    saved = {key: answer.client_seq for key, answer in stored.items()}
    return Receipt(attempt.pk, attempt.state, saved, late)


@written_once
def _answers(attempt_id: uuid.UUID) -> QuerySet[Answer]:
    return Answer.objects.filter(attempt_id=attempt_id)


def _version_of(delivered: Delivered, attempt: Attempt) -> uuid.UUID:
    """Return which version of the quiz a phone shows: that of its own attempt, also where another one counts."""
    if attempt.pk == delivered.attempt_id:
        return attempt.quiz_version_id
    return Attempt.objects.values_list("quiz_version_id", flat=True).get(pk=delivered.attempt_id)


def _options_of(version_id: uuid.UUID) -> dict[str, frozenset[str]]:
    return {item.key: frozenset(item.option_keys) for item in frozen.items(version_id)}


def _check_fit(version_id: uuid.UUID, answers: Sequence[GivenAnswer]) -> None:
    known = _options_of(version_id)
    for index, answer in enumerate(answers):
        if answer.item not in known:
            raise MisfitError(f"answers.{index}.item")
        if not known[answer.item].issuperset(answer.options):
            raise MisfitError(f"answers.{index}.options")


def _merge(attempt: Attempt, delivered: Delivered, stored: dict[str, Answer]) -> list[str]:
    """Store what may still be stored; keep the rest as late. Returns the items that came too late.

    `stored` are the attempt's answers by item; it is kept up to date.
    """
    own, asked = attempt.pk == delivered.attempt_id, _options_of(attempt.quiz_version_id)
    late: list[GivenAnswer] = []
    for given in sorted(delivered.answers, key=lambda answer: answer.seq):
        present = stored.get(given.item)
        fits = given.item in attempt.item_keys and asked[given.item].issuperset(given.options)
        if attempt.state != Attempt.State.OPEN or not fits:
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
    if own and _shares(attempt):
        late += _overtaken(delivered.answers, stored, late)
    if late:
        _keep_late(attempt, delivered.attempt_id, late)
    return sorted({given.item for given in late})


def _shares(attempt: Attempt) -> bool:
    """Say whether answers of another phone are in this attempt. One query."""
    return Attempt.objects.filter(merged_into=attempt).exists()


def _overtaken(
    answers: Sequence[GivenAnswer], stored: Mapping[str, Answer], late: Sequence[GivenAnswer]
) -> list[GivenAnswer]:
    """Return the answers that lost against a later one, which another phone may have given: by another clock."""
    latest = {each.item: each for each in sorted(answers, key=lambda answer: answer.seq)}
    return [
        given
        for given in latest.values()
        if given not in late and set(stored[given.item].option_keys) != set(given.options)
    ]


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
