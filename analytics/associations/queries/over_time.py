"""The figures of a report month by month: the same reps, where they stand in `unit`, from the same facts."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection

from analytics.associations import measures
from analytics.associations.queries.unit import (
    ASKED,
    ASKED_OF_COURSE,
    FINISHES,
    OF_COURSE,
    SALES,
    own,
    part_of,
    values_of,
)
from analytics.associations.question import Question
from analytics.associations.rows import MonthRow

LONGEST = max(measures.LAGS)

_SOLD = """{own}
SELECT person_id, organisation_id, month, coalesce({sold}, 0)::bigint, coalesce({sold_of}, 0)::bigint
  FROM own GROUP BY 1, 2, 3 ORDER BY 1, 3"""

_LEARNT = """
SELECT person_id, month, finished, score::bigint, scored, seconds::bigint FROM ({finishes}) AS f ORDER BY 1, 2"""

_REQUIRED = """
WITH e AS ({asked})
SELECT person_id, month, sum(asked)::bigint, sum(done)::bigint, 0, 0 FROM (
  SELECT person_id, asked AS month, 1 AS asked, 0 AS done FROM e
  UNION ALL SELECT person_id, greatest(asked, done), 0, 1 FROM e WHERE done IS NOT NULL
) AS flows GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclasses.dataclass
class _Flows:
    """What a person learned, by month."""

    by_month: dict[int, tuple[int, ...]] = dataclasses.field(default_factory=dict)

    def until(self, month: int) -> tuple[int, int]:
        """Return the first two figures added up until a month."""
        told = [each for at, each in self.by_month.items() if at <= month]
        return sum(each[0] for each in told), sum(each[1] for each in told)


def months(question: Question) -> list[MonthRow]:
    """Return a row for each rep and month, from the longest lag before their first sales on. Two statements."""
    part = part_of(question)
    values = values_of(question, part) | {"learnt_until": part.begin(question.until)}
    sold, sold_of = SALES[question.sales]
    with connection.cursor() as cursor:
        cursor.execute(_SOLD.format(own=own(part), sold=sold, sold_of=sold_of), values)
        sales = cursor.fetchall()
        cursor.execute(_learning(question), values)
        learning = _by_person(cursor.fetchall())
    return list(_rows(question, sales, learning))


def _learning(question: Question) -> str:
    course = question.course_id is not None
    if question.learning == measures.REQUIRED:
        return _REQUIRED.format(asked=ASKED.format(course=ASKED_OF_COURSE if course else ""))
    return _LEARNT.format(finishes=FINISHES.format(course=OF_COURSE if course else "", since=""))


def _number(month: dt.date) -> int:
    return month.year * 12 + month.month - 1


def _by_person(rows: Iterable[Any]) -> dict[uuid.UUID, _Flows]:
    found: dict[uuid.UUID, _Flows] = {}
    for person, month, *figures in rows:
        found.setdefault(person, _Flows()).by_month[_number(month)] = tuple(figures)
    return found


def _rows(
    question: Question, sales: Iterable[Any], learning: dict[uuid.UUID, _Flows]
) -> Iterable[MonthRow]:
    sold: dict[tuple[uuid.UUID, uuid.UUID], dict[int, tuple[int, int]]] = {}
    for person, place, month, part, base in sales:
        sold.setdefault((person, place), {})[_number(month)] = (part, base)
    last = _number(question.until) - 1
    for (person, place), told in sold.items():
        flows = learning.get(person, _Flows())
        for month in range(min(told) - LONGEST, min(max(told) + 1, last) + 1):
            learnt = _learnt(question.learning, flows, month)
            yield MonthRow(person, place, month, *learnt, *told.get(month, (0, 0)))


def _learnt(measure: str, flows: _Flows, month: int) -> tuple[int, int]:
    """Return part and base of a measure in a month, as `unit` adds them up."""
    _finished, score, scored, seconds = flows.by_month.get(month, (0, 0, 0, 0))
    if measure == measures.FINISHED:
        return flows.until(month)[0], 1
    if measure == measures.REQUIRED:
        asked, done = flows.until(month)
        return done, asked
    return (score, scored) if measure == measures.QUIZ else (seconds, 1)
