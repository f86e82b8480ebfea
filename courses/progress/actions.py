"""Writes of progress: heartbeats that come in, and what a scored attempt means for its module."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.outbox import publish
from courses.catalog.models import Module
from courses.progress import spans
from courses.progress.events import ModuleFinished, ModuleUnderstood
from courses.progress.models import LearningDay, ModuleProgress
from courses.quizzes.actions import understood_items
from courses.quizzes.events import AttemptScored
from courses.quizzes.models import QuizVersion
from partners.models import Person

BEAT_SECONDS = 30
"""The longest a heartbeat may last; a longer claim is cut to it."""


@dataclasses.dataclass(frozen=True)
class Beat:
    """A few seconds of learning, as a phone tells them."""

    module_id: uuid.UUID
    session: uuid.UUID
    seq: int
    kind: str
    seconds: int
    from_ms: int | None = None
    to_ms: int | None = None
    at: dt.datetime | None = None


def learning_day(moment: dt.datetime) -> dt.date:
    """Return the day on which this moment falls for the client."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@transaction.atomic
def record_beats(*, person: Person, beats: Sequence[Beat]) -> int:
    """Store heartbeats; one that was stored before counts no second time. Returns how many were new.

    Beats about modules that this person may not see are left out.
    """
    asked = {beat.module_id for beat in beats}
    visible = set(
        Module.objects.visible_to(person).filter(pk__in=asked).values_list("pk", flat=True)
    )
    fresh = _insert(person, [beat for beat in beats if beat.module_id in visible])
    for module_id in {beat.module_id for beat in fresh}:
        _advance(person, module_id, [beat for beat in fresh if beat.module_id == module_id])
    if fresh:
        _mark_day(person.pk, person.organisation_id, timezone.now())
    return len(fresh)


_INSERT = """
INSERT INTO progress_heartbeat
       (person_id, organisation_id, module_id, session, seq, kind, seconds, from_ms, to_ms, client_at)
SELECT %(person)s, %(organisation)s, b.module, b.session, b.seq, b.kind, b.seconds, b.from_ms, b.to_ms, b.at
  FROM jsonb_to_recordset(%(beats)s::jsonb) AS b(module uuid, session uuid, seq int, kind text,
       seconds int, from_ms int, to_ms int, at timestamptz)
ON CONFLICT (session, seq) DO NOTHING
RETURNING session, seq
"""


def _insert(person: Person, beats: Sequence[Beat]) -> list[Beat]:
    """Insert beats and return those that were not there before, in the phone's order."""
    if not beats:
        return []
    rows = [
        {
            "module": str(beat.module_id),
            "session": str(beat.session),
            "seq": beat.seq,
            "kind": beat.kind,
            "seconds": min(beat.seconds, BEAT_SECONDS),
            "from_ms": beat.from_ms,
            "to_ms": beat.to_ms,
            "at": beat.at.isoformat() if beat.at else None,
        }
        for beat in beats
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "person": person.pk,
                "organisation": person.organisation_id,
                "beats": json.dumps(rows),
            },
        )
        stored = set(cursor.fetchall())
    fresh = {(b.session, b.seq): b for b in beats if (b.session, b.seq) in stored}
    return list(fresh.values())


def _locked_progress(
    person_id: uuid.UUID, organisation_id: uuid.UUID, module_id: uuid.UUID
) -> ModuleProgress:
    ModuleProgress.objects.bulk_create(
        [ModuleProgress(person_id=person_id, organisation_id=organisation_id, module_id=module_id)],
        ignore_conflicts=True,
    )
    return ModuleProgress.objects.select_for_update(no_key=True).get(
        person_id=person_id, module_id=module_id
    )


def _advance(person: Person, module_id: uuid.UUID, beats: Sequence[Beat]) -> None:
    progress = _locked_progress(person.pk, person.organisation_id, module_id)
    played = [(b.from_ms, b.to_ms) for b in beats if b.from_ms is not None and b.to_ms is not None]
    if played:
        merged = spans.merge([*((start, end) for start, end in progress.watched), *played])
        progress.watched, progress.watched_ms = merged, spans.total(merged)
        progress.position_ms = played[-1][1]
    progress.active_seconds += sum(min(beat.seconds, BEAT_SECONDS) for beat in beats)
    progress.last_at = timezone.now()
    progress.save(
        update_fields=["watched", "watched_ms", "position_ms", "active_seconds", "last_at"]
    )


def _mark_day(person_id: uuid.UUID, organisation_id: uuid.UUID, moment: dt.datetime) -> None:
    LearningDay.objects.bulk_create(
        [
            LearningDay(
                person_id=person_id, organisation_id=organisation_id, day=learning_day(moment)
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic(savepoint=False)
def note_scored(*, event: AttemptScored) -> None:
    """Bring a module's progress up to date with an attempt that was scored (or scored again).

    Everything is computed anew from the answers, so that order and repetition of the news don't matter.
    """
    progress = _locked_progress(event.person_id, event.organisation_id, event.module_id)
    finished_now = event.is_first and progress.finished_at is None
    if event.is_first:
        progress.finished_at = event.submitted_at
        progress.first_score = event.score_fraction
    understood_now = _understand(progress, event)
    progress.last_at = max(progress.last_at, event.submitted_at)
    progress.save(
        update_fields=["finished_at", "first_score", "understood", "understood_at", "last_at"]
    )
    _mark_day(event.person_id, event.organisation_id, event.submitted_at)
    if finished_now:
        publish(
            ModuleFinished(
                person_id=event.person_id,
                organisation_id=event.organisation_id,
                team_id=event.team_id,
                module_id=event.module_id,
                attempt_id=event.attempt_id,
                finished_at=event.submitted_at,
            )
        )
    if understood_now and progress.understood_at:
        publish(
            ModuleUnderstood(
                person_id=event.person_id,
                organisation_id=event.organisation_id,
                module_id=event.module_id,
                at=progress.understood_at,
            )
        )


def _understand(progress: ModuleProgress, event: AttemptScored) -> bool:
    """Recompute what is understood; say whether that completes the quiz now."""
    version = QuizVersion.objects.filter(quiz_id=event.quiz_id).order_by("-number").first()
    wanted = {item["key"] for item in version.document["items"]} if version else set()
    right = understood_items(event.person_id, event.quiz_id)
    progress.understood = sorted(right)
    complete = bool(wanted) and wanted <= right and progress.finished_at is not None
    newly = complete and progress.understood_at is None
    if newly:
        progress.understood_at = max(event.submitted_at, progress.finished_at or event.submitted_at)
    elif not complete:
        progress.understood_at = None
    return newly
