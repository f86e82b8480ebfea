"""The figures of a course's study, from the table of months, and studies as the client may see them."""

import datetime as dt
import uuid
from typing import Any

from django.db import connection

from analytics.associations.course_rows import NOWHERE
from analytics.associations.models import CourseStudy
from analytics.associations.queries.copied import copied
from courses.catalog.models import Course
from courses.posts.queries import courses_of_lessons
from partners.models import Person
from sales.queries.facts import Part

MOST_A_NIGHT = 10
"""So many courses are looked at each night, those with the most completions."""

LEAST_COMPLETIONS, LEAST_PARTNERS = 50, 6
"""By so many reps, of so many companies, a course must be completed to be looked at by itself."""

# Who finished every module that a course has today completed it when they finished the last one.
_COMPLETED = """
WITH part AS (
  SELECT id, course_id FROM catalog_module WHERE NOT is_archived AND version_id IS NOT NULL
), whole AS (SELECT course_id, count(*) AS n FROM part GROUP BY 1
), completed AS (
  SELECT p.course_id, m.person_id, max(m.finished_at) AS at, count(*) AS n
    FROM progress_moduleprogress m JOIN part p ON p.id = m.module_id
   WHERE m.finished_at IS NOT NULL GROUP BY 1, 2
), first AS (
  SELECT c.course_id, c.person_id, date_trunc('month', c.at AT TIME ZONE %(zone)s)::date AS month
    FROM completed c JOIN whole w ON w.course_id = c.course_id AND w.n = c.n
)"""

_DAY = "DATE '2000-01-01'"

# People and companies by number, months by day: rows that are all of one length.
_MONTHS = f""", p AS (SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM partners_person
), o AS (SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM partners_organisation)
SELECT p.n, o.n, r.month - {_DAY}, r.sold_on - {_DAY}, r.appointments, r.calls, r.qualified, r.won, r.won + r.lost
  FROM associations_repmonth r JOIN p ON p.id = r.person_id JOIN o ON o.id = r.organisation_id
 WHERE r.replaced IS NULL AND r.sold_on IS NOT NULL AND r.month >= %(since)s::date AND r.month < %(until)s::date
UNION ALL
SELECT p.n, {NOWHERE}, f.month - {_DAY}, 0, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM first f JOIN p ON p.id = f.person_id WHERE f.course_id = %(course)s::uuid"""  # noqa: S608 - words of ours

_MANY = """
SELECT f.course_id FROM first f JOIN partners_person p ON p.id = f.person_id
 WHERE f.course_id IN (
  SELECT coalesce(a.course_id, m.course_id)
    FROM assignments_assignment a LEFT JOIN catalog_module m ON m.id = a.module_id
   WHERE a.necessity = 'required' AND a.cancelled_at IS NULL)
 GROUP BY 1 HAVING count(*) >= %(completions)s AND count(DISTINCT p.organisation_id) >= %(partners)s
 ORDER BY count(*) DESC, 1 LIMIT %(most)s"""


def figures(course_id: uuid.UUID, since: dt.date, until: dt.date) -> bytearray:
    """Return the figures of a course's study as they are copied out: see `course_rows`. One statement."""
    asked = {"course": course_id, "since": since, "until": until}
    return copied(_COMPLETED + _MONTHS, {**Part().values(), **asked})


def many_must() -> list[uuid.UUID]:
    """Return the courses that are looked at by themselves: required of many, and completed by enough. One statement."""
    rows = _rows(
        _COMPLETED + _MANY,
        {"completions": LEAST_COMPLETIONS, "partners": LEAST_PARTNERS, "most": MOST_A_NIGHT},
    )
    return [row[0] for row in rows]


def due(since: dt.datetime) -> list[uuid.UUID]:
    """Return the courses of tonight that nobody has looked at since a moment."""
    looked_at = set(
        CourseStudy.objects.filter(checked_at__gte=since).values_list("course_id", flat=True)
    )
    return [each for each in many_must() if each not in looked_at]


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**Part().values(), **values})
        found: list[Any] = cursor.fetchall()
    return found


def courses(viewer: Person) -> list[tuple[Course, CourseStudy | None]]:
    """Return every course of lessons with its newest study, if it has one. Two queries."""
    newest = (
        CourseStudy.objects.filter(organisation_id=viewer.organisation_id)
        .order_by("course_id", "-created_at", "-pk")
        .distinct("course_id")
        .defer("result")
    )
    found = {study.course_id: study for study in newest}
    rows = courses_of_lessons().filter(is_archived=False).order_by("position", "title")
    return [(course, found.get(course.pk)) for course in rows]


def study(
    viewer: Person, course_id: uuid.UUID, study_id: uuid.UUID | None = None
) -> CourseStudy | None:
    """Return a course's newest study, or the one that is asked for. One query."""
    rows = CourseStudy.objects.filter(organisation_id=viewer.organisation_id, course_id=course_id)
    if study_id:
        rows = rows.filter(pk=study_id)
    return rows.order_by("-created_at", "-pk").first()


def before(study: CourseStudy) -> int:
    """Return how many studies are computed before this one. One query."""
    waiting = CourseStudy.objects.filter(state=CourseStudy.State.WAITING)
    return waiting.filter(created_at__lt=study.created_at).count()
