"""Scoring what was handed in, once, and again after a corrected key."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from core.notices.actions import notify
from core.outbox import publish
from courses.catalog.naming import public
from courses.quizzes import frozen, scoring
from courses.quizzes.events import AttemptScored
from courses.quizzes.models import Attempt
from courses.quizzes.notices import RESCORED


@transaction.atomic(savepoint=False)
def score_attempt(*, attempt_id: uuid.UUID) -> bool:
    """Score a submitted attempt, once. Returns False where it was scored before."""
    attempt = _lock(attempt_id)
    if attempt.state != Attempt.State.SUBMITTED:
        return False
    _score(attempt)
    return True


@transaction.atomic(savepoint=False)
def rescore_attempt(*, attempt_id: uuid.UUID) -> bool:
    """Score again after a corrected key, and tell whose first attempt it was. False where the score stays the same."""
    attempt = _lock(attempt_id)
    if attempt.state != Attempt.State.SCORED or not _score(attempt):
        return False
    if attempt.is_first:
        _tell(attempt)
    return True


@dataclasses.dataclass(frozen=True)
class _Locked:
    """What scoring needs of an attempt that nobody else may change meanwhile. Fields as in `_LOCK`."""

    id: uuid.UUID
    state: str
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    quiz_id: uuid.UUID
    module_id: uuid.UUID
    quiz_version_id: uuid.UUID
    is_first: bool
    submitted_at: dt.datetime
    scoring: int
    correct_count: int | None
    item_keys: list[str]


_LOCK = """
SELECT t.id, t.state, t.person_id, t.organisation_id, t.team_id, t.quiz_id, q.module_id, t.quiz_version_id, t.is_first,
       coalesce(t.submitted_at, t.started_at), t.scoring, t.correct_count, t.item_keys
  FROM quizzes_attempt t JOIN quizzes_quiz q ON q.id = t.quiz_id WHERE t.id = %s FOR NO KEY UPDATE OF t
"""

# The newest correction of an item counts, so it comes last into the object.
_ANSWERED = """
SELECT (SELECT coalesce(jsonb_object_agg(a.item_key, jsonb_build_array(a.option_keys, a.credit)), '{}')
          FROM quizzes_answer a WHERE a.attempt_id = %s),
       (SELECT coalesce(jsonb_object_agg(c.item_key, c.correct_keys ORDER BY c.number), '{}')
          FROM quizzes_keycorrection c WHERE c.quiz_version_id = %s)
"""

_WRITE = """
WITH credited AS (
  INSERT INTO quizzes_answer (attempt_id, organisation_id, item_key, option_keys, client_seq, credit)
  SELECT %(attempt)s, %(organisation)s, g.key, '{}', 0, g.value::numeric FROM jsonb_each_text(%(credits)s::jsonb) g
  ON CONFLICT (attempt_id, item_key) DO UPDATE SET credit = excluded.credit
)
UPDATE quizzes_attempt
   SET state = 'scored', scoring = %(scoring)s, scored_at = statement_timestamp(), score = %(score)s,
       max_score = %(max_score)s, correct_count = %(correct)s
 WHERE id = %(attempt)s
"""


def _lock(attempt_id: uuid.UUID) -> _Locked:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [attempt_id])
        row = cursor.fetchone()
    if row is None:
        raise Attempt.DoesNotExist(attempt_id)
    return _Locked(*row)


def _answered(attempt: _Locked) -> tuple[dict[str, tuple[list[str], str | None]], dict[str, Any]]:
    """Return what was chosen, with its credit so far, by item; and the corrected keys by item."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [attempt.id, attempt.quiz_version_id])
        answers, corrections = (json.loads(each) for each in cursor.fetchone())
    return answers, corrections


def _items(version_id: uuid.UUID, corrections: Mapping[str, list[str]]) -> list[scoring.Item]:
    if corrections:
        return scoring.items_of(frozen.document(version_id), corrections)
    return list(frozen.items(version_id))


def _score(attempt: _Locked) -> bool:
    """Write credits and totals, and tell about it. Returns False where nothing changed.

    A score that changed again is told apart: its person doesn't wait for it, and others may for what its news locks.
    """
    answers, corrections = _answered(attempt)
    items = _items(attempt.quiz_version_id, corrections)
    asked = [item for item in items if item.key in attempt.item_keys]
    result = scoring.score(asked, {key: chosen for key, (chosen, _) in answers.items()})
    changed = attempt.scoring == 0 or any(
        credit is None or result.credits.get(key) != scoring.as_credit(credit)
        for key, (_, credit) in answers.items()
    )
    if not changed:
        return False
    _write(attempt, {**dict.fromkeys(answers), **result.credits}, result)
    publish(_scored(attempt, len(asked), result), apart=attempt.scoring > 0)
    return True


def _write(attempt: _Locked, credit_of: Mapping[str, Any], result: scoring.Score) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "attempt": attempt.id,
                "organisation": attempt.organisation_id,
                "credits": json.dumps(credit_of, default=str),
                "scoring": attempt.scoring + 1,
                "score": result.score,
                "max_score": result.max_score,
                "correct": len(result.correct),
            },
        )


def _scored(attempt: _Locked, item_count: int, result: scoring.Score) -> AttemptScored:
    return AttemptScored(
        attempt_id=attempt.id,
        person_id=attempt.person_id,
        organisation_id=attempt.organisation_id,
        team_id=attempt.team_id,
        quiz_id=attempt.quiz_id,
        module_id=attempt.module_id,
        is_first=attempt.is_first,
        submitted_at=attempt.submitted_at,
        scoring=attempt.scoring + 1,
        correct_count=len(result.correct),
        item_count=item_count,
        score_fraction=str(result.fraction),
        before_correct=attempt.correct_count,
    )


def _tell(before: _Locked) -> None:
    """Tell a person that the result that counts is another one now."""
    now = Attempt.objects.values("correct_count", title=public("title", "quiz__module__")).get(
        pk=before.id
    )
    notify(
        key=f"rescored:{before.id}:{before.scoring + 1}",
        person_id=before.person_id,
        organisation_id=before.organisation_id,
        kind=RESCORED,
        url=reverse("quizzes:result", args=[before.id]),
        data={
            "title": now["title"],
            "now": now["correct_count"],
            "before": before.correct_count,
            "of": len(before.item_keys),
        },
    )
