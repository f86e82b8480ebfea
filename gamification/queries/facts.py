"""What a person has done, summed up for badges from the records of courses."""

import datetime as dt
import uuid

from django.db import connection

from gamification.badges import WEEKS_BACK, Facts

LEAST_ITEMS = 3
"""A quiz with fewer questions is too easily all right to be worth a badge."""

LEAST_MODULES = 2
"""A course with fewer modules is not yet a course to be proud of."""

# A course is understood when every module of it that asks a quiz today and is open to everybody is.
_FACTS = """
SELECT p.finished, p.understood, p.comebacks,
  (SELECT count(*) FROM quizzes_attempt t WHERE t.person_id = %(person)s AND t.is_first AND t.state = 'scored'
      AND cardinality(t.item_keys) >= %(least_items)s AND t.correct_count = cardinality(t.item_keys)),
  (SELECT count(*) FROM (
     SELECT m.course_id FROM catalog_module m JOIN catalog_course c ON c.id = m.course_id
       LEFT JOIN progress_moduleprogress u
              ON u.module_id = m.id AND u.person_id = %(person)s AND u.understood_at IS NOT NULL
      WHERE m.version_id IS NOT NULL AND NOT m.is_archived AND NOT c.is_archived AND m.audience = 'everybody'
        AND m.form = 'lesson' AND EXISTS (SELECT FROM quizzes_quizversion q WHERE q.module_version_id = m.version_id)
      GROUP BY m.course_id HAVING count(*) >= %(least_modules)s AND count(*) = count(u.id)) AS courses),
  ARRAY(SELECT d.day FROM progress_learningday d WHERE d.person_id = %(person)s AND d.day >= %(since)s)
  FROM (SELECT count(finished_at) AS finished, count(understood_at) AS understood,
               count(understood_at) FILTER (WHERE first_score < 1) AS comebacks
          FROM progress_moduleprogress WHERE person_id = %(person)s) AS p
"""


def facts_of(person_id: uuid.UUID, today: dt.date) -> Facts:
    """Return what badges look at. One query."""
    since = today - dt.timedelta(days=today.weekday(), weeks=WEEKS_BACK)
    with connection.cursor() as cursor:
        cursor.execute(
            _FACTS,
            {
                "person": person_id,
                "least_items": LEAST_ITEMS,
                "least_modules": LEAST_MODULES,
                "since": since,
            },
        )
        finished, understood, comebacks, perfect, courses, days = cursor.fetchone()
    return Facts(finished, understood, perfect, comebacks, courses, frozenset(days))
