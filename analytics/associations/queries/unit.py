"""The figures of a report: one row a rep, from the same facts as the panel of sales, in one statement.

A rep stands where their last sales of the months were credited, with the sales of that place alone. Months in
which they sold something count; learning is looked at the lag before each of them.
"""

import uuid
from typing import Any

from django.db import connection

from analytics.associations import measures
from analytics.associations.question import Question
from analytics.associations.rows import Row, Unit
from partners.models import Organisation
from sales.queries.facts import Part, facts

SALES = {
    measures.APPOINTMENTS: ("sum(appointments)", "sum(calls)"),
    measures.QUALIFIED: ("sum(qualified)", "sum(appointments)"),
    measures.WIN: ("sum(won)", "sum(won + lost)"),
    measures.AMOUNT: ("sum(amount)", "count(DISTINCT month)"),
    measures.DEAL: ("sum(amount)", "sum(deals)"),
}

FINISHES = """
SELECT m.person_id, date_trunc('month', m.finished_at AT TIME ZONE %(zone)s)::date AS month,
       count(*) AS finished, count(m.first_score) AS scored,
       coalesce(sum(round(m.first_score * 1000)), 0) AS score, sum(m.active_seconds) AS seconds
  FROM progress_moduleprogress m{course}
 WHERE m.finished_at < %(learnt_until)s::timestamptz{since} GROUP BY 1, 2
"""

OF_COURSE = " JOIN catalog_module c ON c.id = m.module_id AND c.course_id = %(course_id)s::uuid"

_LEARNING = {
    measures.FINISHED: """
SELECT w.person_id, coalesce(sum(d.finished) FILTER (WHERE d.month <= w.month), 0) AS part, max(w.months) AS base
  FROM worked w LEFT JOIN done d USING (person_id) GROUP BY 1""",
    measures.QUIZ: """
SELECT w.person_id, coalesce(sum(d.score), 0) AS part, coalesce(sum(d.scored), 0) AS base
  FROM worked w LEFT JOIN done d USING (person_id, month) GROUP BY 1""",
    measures.MINUTES: """
SELECT w.person_id, coalesce(sum(d.seconds), 0) AS part, max(w.months) AS base
  FROM worked w LEFT JOIN done d USING (person_id, month) GROUP BY 1""",
    measures.REQUIRED: """
SELECT w.person_id, count(*) FILTER (WHERE e.done <= w.month) AS part, count(e.asked) AS base
  FROM worked w LEFT JOIN asked e ON e.person_id = w.person_id AND e.asked <= w.month GROUP BY 1""",
}

ASKED = """
SELECT e.person_id, date_trunc('month', e.assigned_at AT TIME ZONE %(zone)s)::date AS asked,
       date_trunc('month', e.finished_at AT TIME ZONE %(zone)s)::date AS done
  FROM assignments_enrolment e JOIN assignments_assignment a ON a.id = e.assignment_id
 WHERE a.necessity = 'required' AND a.cancelled_at IS NULL AND e.state <> 'ended'{course}
"""

ASKED_OF_COURSE = """
   AND (a.course_id = %(course_id)s::uuid
        OR a.module_id IN (SELECT id FROM catalog_module WHERE course_id = %(course_id)s::uuid))"""

_OWN = """
WITH sums AS MATERIALIZED (
  SELECT person_id, organisation_id, date_trunc('month', day)::date AS month, max(day) AS last, {counts},
         coalesce(sum(n) FILTER (WHERE measure = 'amount' AND currency = %(currency)s), 0) AS amount,
         count(*) FILTER (WHERE measure = 'amount' AND currency = %(currency)s) AS deals
    FROM ({facts}) AS facts GROUP BY 1, 2, 3
), home AS (
  SELECT DISTINCT ON (person_id) person_id, organisation_id FROM sums ORDER BY person_id, last DESC, organisation_id
), own AS MATERIALIZED (SELECT s.* FROM sums s JOIN home USING (person_id, organisation_id)
)"""

_UNIT = """{own}, worked AS MATERIALIZED (
  SELECT person_id, (month - make_interval(months => %(lag)s::int))::date AS month,
         count(*) OVER (PARTITION BY person_id) AS months FROM own
), sold AS (
  SELECT person_id, organisation_id, {sold} AS part, {sold_of} AS base FROM own GROUP BY 1, 2
), {source}, learnt AS ({learning}
), belonging AS (
  SELECT DISTINCT ON (m.person_id) m.person_id, m.organisation_id FROM partners_membership m
    JOIN partners_person p ON p.id = m.person_id AND 'rep' = ANY (p.roles)
   WHERE m.days && daterange(%(since)s::date, %(until)s::date){where}
   ORDER BY m.person_id, lower(m.days) DESC NULLS LAST
)
SELECT coalesce(s.person_id, b.person_id), coalesce(s.organisation_id, b.organisation_id),
       coalesce(l.part, 0)::bigint, coalesce(l.base, 0)::bigint,
       coalesce(s.part, 0)::bigint, coalesce(s.base, 0)::bigint, %(until)s::date - p.joined_on
  FROM sold s FULL JOIN belonging b ON b.person_id = s.person_id
  LEFT JOIN learnt l ON l.person_id = s.person_id
  LEFT JOIN partners_person p ON p.id = coalesce(s.person_id, b.person_id)
"""

_COUNTED = ("calls", "appointments", "qualified", "won", "lost")


def unit(question: Question) -> Unit:
    """Return the figures of everybody whom the connection's scope shows. Two statements."""
    part = part_of(question)
    with connection.cursor() as cursor:
        cursor.execute(statement(question, part), values_of(question, part))
        rows = [Row(*row) for row in cursor.fetchall()]
    return Unit(rows, _names({row.organisation_id for row in rows}))


def values_of(question: Question, part: Part) -> dict[str, Any]:
    """Return the values that the statements name."""
    return {
        **part.values(),
        "lag": question.lag,
        "currency": question.currency,
        "course_id": question.course_id,
        "learnt_since": part.begin(question.learning_since),
        "learnt_until": part.begin(question.learning_until),
    }


def part_of(question: Question) -> Part:
    """Return the part of the facts that is asked for."""
    return Part(
        since=question.since,
        until=question.until,
        organisation_id=question.organisation_id,
        team_id=question.team_id,
        product_id=question.product_id,
    )


def statement(question: Question, part: Part) -> str:
    """Return the one statement that makes the rows."""
    sold, sold_of = SALES[question.sales]
    course = question.course_id is not None
    if question.learning == measures.REQUIRED:
        source = f"asked AS ({ASKED.format(course=ASKED_OF_COURSE if course else '')})"
    else:
        ever = question.learning == measures.FINISHED
        since = "" if ever else " AND m.finished_at >= %(learnt_since)s::timestamptz"
        done = FINISHES.format(course=OF_COURSE if course else "", since=since)
        source = f"done AS MATERIALIZED ({done})"
    return _UNIT.format(
        own=own(part),
        sold=sold,
        sold_of=sold_of,
        source=source,
        learning=_LEARNING[question.learning],
        where="".join(
            f" AND m.{name} = %({name})s::uuid"
            for name in ("organisation_id", "team_id")
            if getattr(part, name) is not None
        ),
    )


def own(part: Part) -> str:
    """Return the beginning of a statement that has each rep's months at the place of their last sales, as `own`."""
    counts = ", ".join(
        f"coalesce(sum(n) FILTER (WHERE measure = '{name}'), 0) AS {name}" for name in _COUNTED
    )
    return _OWN.format(counts=counts, facts=facts(part))


def _names(ids: set[uuid.UUID]) -> dict[uuid.UUID, Any]:
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
