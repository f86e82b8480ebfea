"""Learning and sales of one month, counted from the records: what the table of months should hold, in one statement.

Sales are those of the panel. Learning is credited as sales are: to where the person belonged on the day.
"""

import datetime as dt
from typing import Any

from django.db import connection

from core.months import after
from sales import measures
from sales.queries.credit import place
from sales.queries.facts import Part, facts

COUNTS = tuple(name for name in measures.ALL if name != measures.AMOUNT)
LEARNT = ("finished", "scored", "score", "seconds", "asked", "done")
FIGURES = ("sold_on", *COUNTS, "amounts", *LEARNT)
"""What a row tells, in the table's names."""

_NO_COUNTS = ", ".join("0" for _ in COUNTS)
_NO_LEARNING = ", ".join("0" for _ in LEARNT)

_EXPECTED = """
WITH told AS MATERIALIZED ({facts}),
learnt AS (
  SELECT m.person_id, (m.finished_at AT TIME ZONE %(zone)s)::date AS day, 1 AS finished,
         (m.first_score IS NOT NULL)::int AS scored, coalesce(round(m.first_score * 1000), 0)::bigint AS score,
         m.active_seconds AS seconds, 0 AS asked, 0 AS done
    FROM progress_moduleprogress m WHERE m.finished_at >= %(since_at)s AND m.finished_at < %(until_at)s
  UNION ALL SELECT e.person_id, (e.assigned_at AT TIME ZONE %(zone)s)::date, 0, 0, 0, 0, 1, 0
    FROM {required} AND e.assigned_at >= %(since_at)s AND e.assigned_at < %(until_at)s
  UNION ALL SELECT e.person_id, (greatest(e.assigned_at, e.finished_at) AT TIME ZONE %(zone)s)::date, 0, 0, 0, 0, 0, 1
    FROM {required} AND e.finished_at IS NOT NULL AND greatest(e.assigned_at, e.finished_at) >= %(since_at)s
     AND greatest(e.assigned_at, e.finished_at) < %(until_at)s
), days AS (
  SELECT person_id, day, {learnt_sums} FROM learnt GROUP BY 1, 2
), money AS (
  SELECT person_id, organisation_id, team_id, currency, sum(n)::bigint AS units, count(*) AS deals
    FROM told WHERE measure = 'amount' GROUP BY 1, 2, 3, 4
)
SELECT person_id, organisation_id, team_id, max(sold_on) AS sold_on, {count_sums},
       coalesce(jsonb_object_agg(currency, jsonb_build_array(units, deals)) FILTER (WHERE currency IS NOT NULL), '{{}}')
         AS amounts, {learnt_sums}
  FROM (
    SELECT person_id, organisation_id, team_id, max(day) AS sold_on, {counts},
           NULL::text AS currency, 0::bigint AS units, 0::bigint AS deals, {no_learning_named}
      FROM told GROUP BY 1, 2, 3
    UNION ALL
    SELECT person_id, organisation_id, team_id, NULL, {no_counts}, currency, units, deals, {no_learning} FROM money
    UNION ALL
    SELECT d.person_id, p.organisation_id, p.team_id, NULL, {no_counts}, NULL, 0, 0, {learnt_named}
      FROM days d CROSS JOIN LATERAL ({place}) p
    UNION ALL
    SELECT m.person_id, m.organisation_id, m.team_id, NULL, {no_counts}, NULL, 0, 0, {no_learning}
      FROM partners_membership m WHERE m.days && daterange(%(since)s::date, %(until)s::date)
  ) AS parts GROUP BY 1, 2, 3
"""

_REQUIRED = """assignments_enrolment e JOIN assignments_assignment a ON a.id = e.assignment_id
   WHERE a.necessity = 'required' AND a.cancelled_at IS NULL AND e.state <> 'ended'"""


def expected(part: Part) -> str:
    """Return the select that makes the rows of a part, which must be one month."""
    return _EXPECTED.format(
        facts=facts(part),
        required=_REQUIRED,
        place=place("d.person_id", "d.day"),
        counts=", ".join(
            f"coalesce(sum(n) FILTER (WHERE measure = '{name}'), 0)::bigint AS {name}"
            for name in COUNTS
        ),
        count_sums=", ".join(f"sum({name})::bigint AS {name}" for name in COUNTS),
        learnt_sums=", ".join(f"sum({name})::bigint AS {name}" for name in LEARNT),
        learnt_named=", ".join(f"d.{name}" for name in LEARNT),
        no_counts=_NO_COUNTS,
        no_learning=_NO_LEARNING,
        no_learning_named=", ".join(f"0 AS {name}" for name in LEARNT),
    )


_CHANGED = """
WITH expected AS MATERIALIZED ({expected}),
stored AS MATERIALIZED (SELECT * FROM associations_repmonth WHERE month = %(since)s AND replaced IS NULL),
changed AS MATERIALIZED (
  SELECT s.id AS old, e.person_id IS NOT NULL AS stays, e.person_id, e.team_id, {figures}, {differs},
         e.organisation_id, coalesce(e.organisation_id, s.organisation_id) AS place,
         coalesce(e.person_id, s.person_id) AS whose
    FROM expected e FULL JOIN stored s ON e.person_id = s.person_id AND e.organisation_id = s.organisation_id
         AND coalesce(e.team_id, e.organisation_id) = coalesce(s.team_id, s.organisation_id)
   WHERE e.person_id IS NULL OR s.person_id IS NULL OR ({e_figures}) IS DISTINCT FROM ({s_figures})
)"""

_WRITE = """, retired AS (
  {retire} RETURNING m.id
), added AS (
  INSERT INTO associations_repmonth (person_id, organisation_id, team_id, month, revision, {names})
  SELECT c.person_id, c.organisation_id, c.team_id, %(since)s, %(revision)s, {c_figures}
    FROM changed c, (SELECT count(*) FROM retired) AS first WHERE c.stays RETURNING id
)"""

_TOLD = """
SELECT place, count(*), {any_differs} FROM changed GROUP BY 1 ORDER BY 1
"""

_RETIRE = {
    False: "DELETE FROM associations_repmonth m USING changed c WHERE m.id = c.old",
    True: "UPDATE associations_repmonth m SET replaced = %(revision)s FROM changed c WHERE m.id = c.old",
}


def month(of: dt.date) -> Part:
    """Return the part that a month is."""
    return Part(since=of, until=after(of))


def _compared(part: Part) -> str:
    return _CHANGED.format(
        expected=expected(part),
        figures=", ".join(f"e.{name}" for name in FIGURES),
        differs=", ".join(
            f"coalesce(e.{name}, {_zero(name)}) IS DISTINCT FROM coalesce(s.{name}, {_zero(name)}) AS differs_{name}"
            for name in FIGURES
        ),
        e_figures=", ".join(f"e.{name}" for name in FIGURES),
        s_figures=", ".join(f"s.{name}" for name in FIGURES),
    )


def _zero(name: str) -> str:
    return {"sold_on": "DATE '0001-01-01'", "amounts": "'{}'::jsonb"}.get(name, "0")


Changes = list[tuple[Any, int, list[str]]]
"""For each organisation: how many rows differ, and in which figures."""


def rewrite(of: dt.date, *, revision: int, keep: bool) -> Changes:
    """Make the rows of a month what the records say. One statement.

    `keep` those of before, as replaced by this revision.
    """
    part = month(of)
    statement = _compared(part) + _WRITE.format(
        retire=_RETIRE[keep],
        names=", ".join(FIGURES),
        c_figures=", ".join(f"c.{name}" for name in FIGURES),
    )
    return _told(statement, {**part.values(), "revision": revision})


def differences(of: dt.date) -> Changes:
    """Return where the rows of a month aren't what the records say. One statement."""
    part = month(of)
    return _told(_compared(part), part.values())


def _told(statement: str, values: dict[str, Any]) -> Changes:
    any_differs = ", ".join(f"bool_or(differs_{name})" for name in FIGURES)
    with connection.cursor() as cursor:
        cursor.execute(statement + _TOLD.format(any_differs=any_differs), values)
        return [
            (place, count, [name for name, one in zip(FIGURES, told, strict=True) if one])
            for place, count, *told in cursor.fetchall()
        ]


_FIRST = """
SELECT date_trunc('month', least(
  (SELECT min(day) FROM sales_activity),
  (SELECT min(at AT TIME ZONE %(zone)s)::date FROM sales_stageentry),
  (SELECT min(closed_at AT TIME ZONE %(zone)s)::date FROM sales_opportunity),
  (SELECT min(finished_at AT TIME ZONE %(zone)s)::date FROM progress_moduleprogress),
  (SELECT min(assigned_at AT TIME ZONE %(zone)s)::date FROM assignments_enrolment)))::date
"""


def first() -> dt.date | None:
    """Return the month of the first fact of sales or learning. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, Part().values())
        found: dt.date | None = cursor.fetchone()[0]
    return found
