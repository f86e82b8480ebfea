"""Writes of progress: what a finished run through a scenario means for its module.

A module with a quiz is finished by its quiz, whatever is played in it; one without is finished by the first run that
comes to an ending, and understood when one is passed.
"""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F

from core.outbox import publish
from courses.progress import beginning
from courses.progress.actions import understanding
from courses.progress.events import ModuleFinished, ProgressChanged
from courses.quizzes.models import QuizVersion
from courses.scenarios import queries as scenarios
from courses.scenarios.events import ScenarioRunFinished
from courses.scenarios.queries import Standing

_WRITE = """
UPDATE progress_moduleprogress
   SET finished_at = coalesce(finished_at, %(finished)s::timestamptz),
       understood_at = coalesce(understood_at, %(understood)s::timestamptz),
       first_score = coalesce(first_score, %(score)s::numeric),
       changed_at = CASE WHEN (finished_at, understood_at, first_score) IS DISTINCT FROM
              (coalesce(finished_at, %(finished)s::timestamptz), coalesce(understood_at, %(understood)s::timestamptz),
               coalesce(first_score, %(score)s::numeric)) THEN statement_timestamp() ELSE changed_at END
 WHERE person_id = %(person)s AND module_id = %(module)s
"""


@transaction.atomic(savepoint=False)
def note_run(*, event: ScenarioRunFinished) -> None:
    """Bring a module's progress up to date with a run that was finished.

    Everything is computed anew from the person's runs, so that order and repetition of the news don't matter. What
    was finished or understood before, by a quiz that the module has had, stays so.
    """
    who = {"person_id": event.person_id, "organisation_id": event.organisation_id}
    before = beginning.lock(**who, module_id=event.module_id, at=event.finished_at)
    if not _asks_quiz(event.module_id):
        now = scenarios.standing(event.person_id, event.scenario_id)
        _write(event, now)
        finished = now.finished_at if before.finished_at is None else None
        if finished is not None:
            publish(_finished(event, finished))
        if before.understood_at is None and now.passed_at is not None:
            publish(understanding(event, now.passed_at, with_finish=finished is not None))
    publish(ProgressChanged(person_id=event.person_id, module_id=event.module_id))
    if before.new_day:
        beginning.tell_day(**who, moment=event.finished_at)


def _asks_quiz(module_id: uuid.UUID) -> bool:
    """Say whether the module asks a quiz as it is published now."""
    return QuizVersion.objects.filter(
        quiz__module_id=module_id, module_version_id=F("quiz__module__version_id")
    ).exists()


def _write(event: ScenarioRunFinished, now: Standing) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "person": event.person_id,
                "module": event.module_id,
                "finished": now.finished_at,
                "understood": now.passed_at,
                "score": None if now.first_score is None else Decimal(now.first_score) / 100,
            },
        )


def _finished(event: ScenarioRunFinished, at: dt.datetime) -> ModuleFinished:
    return ModuleFinished(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        team_id=event.team_id,
        module_id=event.module_id,
        attempt_id=None,
        finished_at=at,
    )
