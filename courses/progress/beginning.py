"""Writes that come first: a way through a module begins, or goes on, on a day of learning."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db import connection

from core.outbox import publish
from courses.progress.events import LearningDayBegun
from partners.queries.client import here

_MARK = """
INSERT INTO progress_learningday (person_id, organisation_id, day) VALUES (%(person)s, %(organisation)s, %(day)s)
ON CONFLICT DO NOTHING
"""

# Marks the day first, as heartbeats do: two who lock the day and the way wait for each other in one order.
_LOCK = f"""
WITH learnt AS ({_MARK} RETURNING day)
INSERT INTO progress_moduleprogress (person_id, organisation_id, module_id, last_at, position_ms, watched_ms, watched,
       active_seconds, understood)
SELECT %(person)s, %(organisation)s, %(module)s, %(at)s::timestamptz, 0, 0, '[]'::jsonb, 0, '{{}}'::varchar[]
  FROM (SELECT 1) AS one LEFT JOIN learnt ON true
ON CONFLICT (person_id, module_id) DO UPDATE
   SET last_at = greatest(progress_moduleprogress.last_at, excluded.last_at),
       changed_at = CASE WHEN progress_moduleprogress.last_at < excluded.last_at THEN statement_timestamp()
                         ELSE progress_moduleprogress.changed_at END
RETURNING finished_at, understood_at, understood, EXISTS (SELECT FROM learnt)
"""  # noqa: S608 - put together from constants


@dataclasses.dataclass(frozen=True)
class Before:
    """A way through a module as it was before the news. `new_day`: with it the person's day of learning begins."""

    finished_at: dt.datetime | None
    understood_at: dt.datetime | None
    understood: list[str]
    new_day: bool


def learning_day(moment: dt.datetime) -> dt.date:
    """Return the day on which this moment falls for the client."""
    return moment.astimezone(here()).date()


def mark_day(*, person_id: uuid.UUID, organisation_id: uuid.UUID, moment: dt.datetime) -> bool:
    """Note that the person learnt on this day, and tell so the first time. Returns whether it is the first time."""
    values = _day_of(person_id, organisation_id, moment)
    with connection.cursor() as cursor:
        cursor.execute(_MARK, values)
        is_new = bool(cursor.rowcount)
    if is_new:
        tell_day(person_id=person_id, organisation_id=organisation_id, moment=moment)
    return is_new


def tell_day(*, person_id: uuid.UUID, organisation_id: uuid.UUID, moment: dt.datetime) -> None:
    """Tell that the person's day of learning has begun; for whoever has marked it just now."""
    day = learning_day(moment).isoformat()
    publish(LearningDayBegun(person_id=person_id, organisation_id=organisation_id, day=day))


def lock(
    *, person_id: uuid.UUID, organisation_id: uuid.UUID, module_id: uuid.UUID, at: dt.datetime
) -> Before:
    """Mark the day of this moment, lock the way through a module and return it as it was.

    The way begins here where no heartbeat came before. One statement. That the day is new has still to be told.
    """
    values = _day_of(person_id, organisation_id, at) | {"module": module_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        return Before(*cursor.fetchone())


def _day_of(
    person_id: uuid.UUID, organisation_id: uuid.UUID, moment: dt.datetime
) -> dict[str, Any]:
    return {"person": person_id, "organisation": organisation_id, "day": learning_day(moment)}
