"""Writes of progress: heartbeats that come in, and what a scored attempt means for its module."""

import dataclasses
import datetime as dt
import json
import operator
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from core.outbox import publish
from courses.catalog import cards
from courses.catalog.models import Module
from courses.progress import beginning, spans
from courses.progress.beginning import Before
from courses.progress.events import ModuleFinished, ModuleUnderstood, ProgressChanged
from courses.progress.models import ModuleProgress
from courses.quizzes import frozen
from courses.quizzes.events import AttemptScored
from courses.scenarios.events import ScenarioRunFinished
from partners.models import Person

BEAT_SECONDS = 30
"""The longest a heartbeat may last; a longer claim is cut to it."""


@dataclasses.dataclass(frozen=True)
class Beat:
    """A few seconds of learning, as a phone tells them. `video` is the file that played, where the phone says so."""

    module_id: uuid.UUID
    session: uuid.UUID
    seq: int
    kind: str
    seconds: int
    from_ms: int | None = None
    to_ms: int | None = None
    at: dt.datetime | None = None
    video: uuid.UUID | None = None


@transaction.atomic
def record_beats(*, person: Person, beats: Sequence[Beat]) -> int:
    """Store heartbeats; one that was stored before counts no second time. Returns how many were new.

    Beats about modules that this person may not see are left out. Rows are locked in the order of their keys, so that
    two deliveries at once (two tabs, two phones) wait for each other, and neither fails.
    """
    asked = {beat.module_id for beat in beats}
    visible = dict(
        Module.objects.visible_to(person).filter(pk__in=asked).values_list("pk", "version_id")
    )
    fresh = _insert(person, [_own(person, beat) for beat in beats if beat.module_id in visible])
    new_day = bool(fresh) and beginning.mark_day(
        person_id=person.pk, organisation_id=person.organisation_id, moment=timezone.now()
    )
    for module_id in sorted({beat.module_id for beat in fresh}):
        own = [beat for beat in fresh if beat.module_id == module_id]
        video = _video(visible[module_id], own)
        if _advance(person, module_id, own, video).finished_at or new_day:
            publish(ProgressChanged(person_id=person.pk, module_id=module_id))
    return len(fresh)


def _own(person: Person, beat: Beat) -> Beat:
    """Return a beat in a session that is this person's: the same id from another phone is another session."""
    return dataclasses.replace(beat, session=uuid.uuid5(person.pk, beat.session.hex))


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
        for beat in sorted(beats, key=lambda beat: (beat.session, beat.seq))
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


def _video(version_id: uuid.UUID | None, beats: Sequence[Beat]) -> uuid.UUID | None:
    """Return the file of the module's video as it is published, where beats tell of one. One query at most."""
    if version_id is None or all(beat.to_ms is None for beat in beats):
        return None
    found = cards.of_versions([version_id]).get(version_id)
    return found.video if found else None


def _advance(
    person: Person, module_id: uuid.UUID, beats: Sequence[Beat], video: uuid.UUID | None
) -> ModuleProgress:
    progress = _locked_progress(person.pk, person.organisation_id, module_id)
    now = timezone.now()
    _play(progress, beats, video, now)
    progress.active_seconds += sum(min(beat.seconds, BEAT_SECONDS) for beat in beats)
    progress.last_at = progress.changed_at = now
    progress.save(
        update_fields=[
            *("watched", "watched_ms", "position_ms", "position_at", "video"),
            *("active_seconds", "last_at", "changed_at"),
        ]
    )
    return progress


def _play(
    progress: ModuleProgress, beats: Sequence[Beat], video: uuid.UUID | None, now: dt.datetime
) -> None:
    """Add what was played of the module's video; one that another took the place of is left out, or begun anew.

    The video goes on where it was played last, whenever that arrives: a second phone's beats may come late.
    """
    played = [
        (min(beat.at or now, now), beat.from_ms, beat.to_ms)
        for beat in beats
        if beat.from_ms is not None
        and beat.to_ms is not None
        and (video is None or beat.video in (None, video))
    ]
    if not played:
        return
    if video and progress.video not in (None, video):
        progress.watched, progress.position_ms, progress.position_at = [], 0, None
    progress.video = video or progress.video
    watched = [(start, end) for start, end in progress.watched]
    progress.watched = spans.merge([*watched, *((start, end) for _, start, end in played)])
    progress.watched_ms = spans.total(progress.watched)
    at, _, position = max(reversed(played), key=operator.itemgetter(0))
    if progress.position_at is None or at >= progress.position_at:
        progress.position_ms, progress.position_at = position, at


# The quiz that the module asks today, what this person has ever answered rightly of it, and how often the attempt was
# scored. No row for a module that asks none any more.
_RIGHT = """
SELECT v.quiz_id, v.id,
       ARRAY(SELECT DISTINCT a.item_key FROM quizzes_answer a JOIN quizzes_attempt t ON t.id = a.attempt_id
              WHERE t.person_id = %(person)s AND t.quiz_id = v.quiz_id AND a.credit = 1 ORDER BY 1),
       (SELECT t.scoring FROM quizzes_attempt t WHERE t.id = %(attempt)s)
  FROM catalog_module m JOIN quizzes_quizversion v ON v.module_version_id = m.version_id
 WHERE m.id = %(module)s ORDER BY v.id LIMIT 1
"""

_WRITE = """
UPDATE progress_moduleprogress
   SET finished_at = %(finished)s::timestamptz, understood = %(understood)s,
       understood_at = %(understood_at)s::timestamptz,
       first_score = coalesce(%(first_score)s::numeric, first_score),
       changed_at = CASE WHEN (finished_at, understood, understood_at, first_score) IS DISTINCT FROM
              (%(finished)s::timestamptz, %(understood)s::varchar[], %(understood_at)s::timestamptz,
               coalesce(%(first_score)s::numeric, first_score)) THEN statement_timestamp() ELSE changed_at END
 WHERE person_id = %(person)s AND module_id = %(module)s
"""


@transaction.atomic(savepoint=False)
def note_scored(*, event: AttemptScored) -> None:
    """Bring a module's progress up to date with an attempt that was scored (or scored again).

    What is understood is computed anew from the answers, and a score that was corrected again since is left out, so
    that order and repetition of the news don't matter. What is finished stays finished as of its day, also where it
    was finished otherwise: by a scenario, before it had a quiz. A quiz that the module no longer asks says nothing of
    what is understood of today's; an attempt at it finishes the module, and no more.
    """
    who = {"person_id": event.person_id, "organisation_id": event.organisation_id}
    before = beginning.lock(**who, module_id=event.module_id, at=event.submitted_at)
    finished_at, finished_now = before.finished_at, False
    if event.is_first and finished_at is None:
        finished_at, finished_now = event.submitted_at, True
    now = _understood(event)
    understood_at = before.understood_at
    if now and not (now.complete and finished_at):
        understood_at = None
    elif now and finished_at:
        understood_at = understood_at or max(event.submitted_at, finished_at)
    _write(event, before, now, finished_at, understood_at)
    publish(ProgressChanged(person_id=event.person_id, module_id=event.module_id))
    if finished_now:
        publish(_finished(event))
    if understood_at is not None and before.understood_at is None:
        publish(understanding(event, understood_at, with_finish=finished_now))
    if before.new_day:
        beginning.tell_day(**who, moment=event.submitted_at)


@dataclasses.dataclass(frozen=True)
class _Now:
    """What was ever answered rightly of today's quiz, whether that is all of it, and whether no news is newer."""

    right: list[str]
    complete: bool
    is_newest: bool


def _understood(event: AttemptScored) -> _Now | None:
    """Return what is understood of the quiz that is asked today; None if the attempt was at another one."""
    values = {"person": event.person_id, "module": event.module_id, "attempt": event.attempt_id}
    with connection.cursor() as cursor:
        cursor.execute(_RIGHT, values)
        quiz_id, version_id, right, scoring = cursor.fetchone() or (None, None, [], None)
    if quiz_id != event.quiz_id:
        return None
    wanted = {item.key for item in frozen.items(version_id)}
    return _Now(right, bool(wanted) and wanted <= set(right), scoring == event.scoring)


def _write(
    event: AttemptScored,
    before: Before,
    now: _Now | None,
    finished_at: dt.datetime | None,
    understood_at: dt.datetime | None,
) -> None:
    counts = event.is_first and now is not None and now.is_newest
    values = {
        "person": event.person_id,
        "module": event.module_id,
        "finished": finished_at,
        "understood": now.right if now else before.understood,
        "understood_at": understood_at,
        "first_score": Decimal(event.score_fraction) if counts else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def understanding(
    event: AttemptScored | ScenarioRunFinished, at: dt.datetime, *, with_finish: bool
) -> ModuleUnderstood:
    """Return the news that somebody has understood a module, by a scored attempt or a finished run."""
    return ModuleUnderstood(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        module_id=event.module_id,
        at=at,
        with_finish=with_finish,
    )


def _finished(event: AttemptScored) -> ModuleFinished:
    return ModuleFinished(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        team_id=event.team_id,
        module_id=event.module_id,
        attempt_id=event.attempt_id,
        finished_at=event.submitted_at,
    )
