"""News of quizzes."""

import dataclasses
import datetime as dt
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttemptSubmitted(Event):
    """Somebody handed in their answers: they wait for scoring."""

    attempt_id: uuid.UUID
    person_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttemptScored(Event):
    """An attempt has its score. `scoring` is 1 the first time, 2 and more after a corrected key.

    `score_fraction` is score over maximum as text ("0.750"); `before_correct` is the number of right items
    before a re-scoring (None the first time).
    """

    attempt_id: uuid.UUID
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    quiz_id: uuid.UUID
    module_id: uuid.UUID
    is_first: bool
    submitted_at: dt.datetime
    scoring: int
    correct_count: int
    item_count: int
    score_fraction: str
    before_correct: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeyCorrected(Event):
    """The right answer of a published item was corrected: its attempts are to be scored again.

    They are in parts: `after` is the last attempt of the part before, None for the first part.
    """

    quiz_version_id: uuid.UUID
    correction_id: uuid.UUID
    after: uuid.UUID | None = None
