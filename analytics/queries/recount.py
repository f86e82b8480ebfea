"""What every summary should say, computed from the records: one statement a table, for a part of it or for all.

The same statements keep summaries up to date, rebuild them and check them. They read all organisations and
must run in the client's scope. A *part* narrows a statement by words of its own, so that the database plans
for what is asked: one team's row is found by indexes, the whole by scans.
"""

# ruff: noqa: S608 - statements made of words of our own

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from partners.queries.client import here

COUNTED = "'rep' = ANY (p.roles) AND p.is_active"
"""Who counts: an active rep. The one place that says so."""

ACTIVE = "SELECT a.id FROM partners_organisation a WHERE a.is_active"
"""Whose people count in sums for everybody: organisations that are worked with (decision 077)."""

GROUP = "coalesce(p.team_id, p.organisation_id)"
"""The group of a person: their team; people without one form a group under their organisation's id."""


@dataclasses.dataclass(frozen=True)
class Part:
    """What is to be counted: these people, groups, organisations, modules, months; None is all."""

    people: Sequence[uuid.UUID] | None = None
    groups: Sequence[uuid.UUID] | None = None
    organisations: Sequence[uuid.UUID] | None = None
    modules: Sequence[uuid.UUID] | None = None
    months: Sequence[dt.date] | None = None

    def values(self) -> dict[str, Any]:
        """Return the values that the statements name."""
        given = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: list(value) for name, value in given.items() if value is not None} | {
            "zone": str(here())
        }

    def where(self, **columns: str) -> str:
        """Return conditions that hold these columns to this part: `people="p.id"`, …"""
        return "".join(
            f" AND {column} = ANY (%({name})s::{'date' if name == 'months' else 'uuid'}[])"
            for name, column in columns.items()
            if getattr(self, name) is not None
        )


_DONE = """
SELECT m.person_id, count(*) AS finished, count(m.first_score) AS scored,
       sum(round(m.first_score * 1000)) AS score_sum, sum(m.active_seconds) AS seconds
  FROM progress_moduleprogress m WHERE m.finished_at IS NOT NULL{own} GROUP BY m.person_id
"""

_LAST_DAY = "SELECT m.person_id, max(m.day) AS day FROM progress_learningday m WHERE true{own} GROUP BY m.person_id"

TRIES = 3
"""So many tries at a quiz without having understood it: they may need a hand."""

_STUCK = f"""
SELECT DISTINCT ON (m.person_id) m.person_id, m.module_id, count(*) AS tries,
       max((t.submitted_at AT TIME ZONE %(zone)s)::date) AS day
  FROM progress_moduleprogress m
  JOIN quizzes_quiz q ON q.module_id = m.module_id
  JOIN quizzes_attempt t ON t.person_id = m.person_id AND t.quiz_id = q.id AND t.state = 'scored'
 WHERE m.finished_at IS NOT NULL AND m.understood_at IS NULL{{own}}
 GROUP BY m.person_id, m.module_id HAVING count(*) >= {TRIES}
 ORDER BY m.person_id, max(t.submitted_at) DESC, m.module_id
"""


_ASKED = """
SELECT w.person_id, count(*) AS required, count(*) FILTER (WHERE w.done) AS required_done, min(w.due_on) AS due_on
  FROM (
    SELECT m.person_id, bool_and(m.state = 'finished') AS done,
           min((m.due_at AT TIME ZONE %(zone)s)::date) FILTER (WHERE m.state = 'open') AS due_on
      FROM assignments_enrolment m JOIN assignments_assignment a ON a.id = m.assignment_id
     WHERE a.necessity = 'required' AND a.cancelled_at IS NULL AND m.state <> 'ended'{own}
     GROUP BY m.person_id, a.module_id, a.course_id) w
 GROUP BY w.person_id
"""
"""What is asked by several assignments is one thing, finished once none of them is open: of a course a later one may
ask for more than an earlier one did."""


def people(part: Part) -> str:
    """Return the statement that counts people."""
    who = part.where(people="p.id", organisations="p.organisation_id")
    return f"""
SELECT p.id AS person_id, p.organisation_id, {GROUP} AS group_id,
       coalesce(done.finished, 0)::integer AS finished, coalesce(done.scored, 0)::integer AS scored,
       coalesce(done.score_sum, 0)::bigint AS score_sum, coalesce(done.seconds, 0)::bigint AS seconds,
       last.day AS last_on, stuck.module_id AS stuck_module_id,
       coalesce(stuck.tries, 0)::integer AS stuck_tries, stuck.day AS stuck_on,
       coalesce(asked.required, 0)::integer AS required,
       coalesce(asked.required_done, 0)::integer AS required_done, asked.due_on
  FROM partners_person p
  {_of_each(part, _DONE, "done")}
  {_of_each(part, _LAST_DAY, "last")}
  {_of_each(part, _STUCK, "stuck")}
  {_of_each(part, _ASKED, "asked")}
 WHERE {COUNTED}{who}
"""


def misasked() -> str:
    """Return the statement that finds people whose summary differs from what they are asked, with their places."""
    return f"""
SELECT s.person_id, s.organisation_id, s.group_id
  FROM analytics_personsummary s LEFT JOIN ({_ASKED.format(own="")}) asked ON asked.person_id = s.person_id
 WHERE (s.required, s.required_done, s.due_on)
       IS DISTINCT FROM (coalesce(asked.required, 0), coalesce(asked.required_done, 0), asked.due_on)
 LIMIT %(most)s
"""


def _of_each(part: Part, select: str, name: str) -> str:
    """Join what is known of each person: one by one where few are asked for, else all in one go."""
    if part.people is not None:
        own = select.format(own=" AND m.person_id = p.id")
        return f"LEFT JOIN LATERAL ({own}) {name} ON true"
    return f"LEFT JOIN ({select.format(own='')}) {name} ON {name}.person_id = p.id"


def modules_of_teams(part: Part) -> str:
    """Return the statement that counts what each team has made of each module."""
    who = part.where(organisations="p.organisation_id", groups=GROUP, modules="m.module_id")
    asked = part.where(organisations="p.organisation_id", groups=GROUP, modules="q.module_id")
    return f"""
WITH daily AS (
  SELECT m.module_id, p.organisation_id, {GROUP} AS group_id,
         (m.finished_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS finished,
         count(m.first_score) AS scored, sum(round(m.first_score * 1000)) AS score_sum,
         sum(m.active_seconds) AS seconds
    FROM partners_person p
    JOIN progress_moduleprogress m ON m.person_id = p.id AND m.finished_at IS NOT NULL
   WHERE {COUNTED}{who} GROUP BY 1, 2, 3, 4
), answered AS (
  SELECT q.module_id, {GROUP} AS group_id, a.item_key, count(*) AS n,
         count(*) FILTER (WHERE a.credit = 1) AS correct
    FROM partners_person p
    JOIN quizzes_attempt t ON t.person_id = p.id AND t.is_first AND t.state = 'scored'
    JOIN quizzes_quiz q ON q.id = t.quiz_id
    JOIN quizzes_answer a ON a.attempt_id = t.id AND a.credit IS NOT NULL
   WHERE {COUNTED}{asked} GROUP BY 1, 2, 3
), items AS (
  SELECT module_id, group_id, jsonb_object_agg(item_key, jsonb_build_array(n, correct)) AS items
    FROM answered GROUP BY 1, 2
)
SELECT d.module_id, 'team' AS level, d.group_id, d.organisation_id,
       sum(d.finished)::integer AS finished, sum(d.scored)::integer AS scored,
       coalesce(sum(d.score_sum), 0)::bigint AS score_sum, sum(d.seconds)::bigint AS seconds,
       jsonb_object_agg(d.day, d.finished) AS days, coalesce(i.items, '{{}}') AS items
  FROM daily d LEFT JOIN items i USING (module_id, group_id)
 GROUP BY d.module_id, d.group_id, d.organisation_id, i.items
"""


def modules_of_organisations(part: Part) -> str:
    """Return the statement that sums up modules by organisation, from the rows of teams."""
    return _summed_modules(part, "organisation", "s.organisation_id", "s.organisation_id")


def modules_of_everybody(part: Part) -> str:
    """Return the statement that sums up modules over all organisations that are worked with, from their rows."""
    client = "(SELECT id FROM partners_organisation WHERE kind = 'client')"
    return _summed_modules(
        part, "everybody", client, client, f"'organisation' AND s.organisation_id IN ({ACTIVE})"
    )


def _summed_modules(
    part: Part, level: str, group: str, organisation: str, source: str = "'team'"
) -> str:
    who = part.where(modules="s.module_id", organisations="s.organisation_id")
    return f"""
WITH parts AS (
  SELECT s.*, {group} AS whole, {organisation} AS owner
    FROM analytics_modulesummary s WHERE s.level = {source}{who}
), days AS (
  SELECT module_id, whole, jsonb_object_agg(day, n) AS days FROM (
    SELECT module_id, whole, d.key AS day, sum(d.value::integer) AS n
      FROM parts, jsonb_each_text(parts.days) d GROUP BY 1, 2, 3) AS daily GROUP BY 1, 2
), items AS (
  SELECT module_id, whole, jsonb_object_agg(item_key, jsonb_build_array(n, correct)) AS items FROM (
    SELECT module_id, whole, i.key AS item_key, sum((i.value ->> 0)::integer) AS n,
           sum((i.value ->> 1)::integer) AS correct
      FROM parts, jsonb_each(parts.items) i GROUP BY 1, 2, 3) AS answered GROUP BY 1, 2
), sums AS (
  SELECT module_id, whole, owner, sum(finished)::integer AS finished, sum(scored)::integer AS scored,
         sum(score_sum)::bigint AS score_sum, sum(seconds)::bigint AS seconds
    FROM parts GROUP BY 1, 2, 3
)
SELECT module_id, '{level}' AS level, whole AS group_id, owner AS organisation_id, finished, scored,
       score_sum, seconds, days, coalesce(items, '{{}}') AS items
  FROM sums JOIN days USING (module_id, whole) LEFT JOIN items USING (module_id, whole)
"""


def months_of_teams(part: Part) -> str:
    """Return the statement that counts what each team finished in each month."""
    month = "date_trunc('month', m.finished_at AT TIME ZONE %(zone)s)::date"
    who = part.where(organisations="p.organisation_id", groups=GROUP, months=month)
    return f"""
WITH delayed AS (
  SELECT {GROUP} AS group_id, p.organisation_id, {month} AS month,
         greatest(0, (m.finished_at AT TIME ZONE %(zone)s)::date
           - greatest((v.published_at AT TIME ZONE %(zone)s)::date, p.joined_on)) AS delay,
         count(*) AS finished, count(m.first_score) AS scored,
         sum(round(m.first_score * 1000)) AS score_sum, sum(m.active_seconds) AS seconds
    FROM partners_person p
    JOIN progress_moduleprogress m ON m.person_id = p.id AND m.finished_at IS NOT NULL
    LEFT JOIN catalog_moduleversion v ON v.module_id = m.module_id AND v.number = 1
   WHERE {COUNTED}{who} GROUP BY 1, 2, 3, 4
)
SELECT 'team' AS level, group_id, organisation_id, month, sum(finished)::integer AS finished,
       sum(scored)::integer AS scored, coalesce(sum(score_sum), 0)::bigint AS score_sum,
       sum(seconds)::bigint AS seconds, jsonb_object_agg(delay, finished) AS delays
  FROM delayed GROUP BY group_id, organisation_id, month
"""


def months_of_organisations(part: Part) -> str:
    """Return the statement that sums up months by organisation, from the rows of teams."""
    who = part.where(organisations="s.organisation_id", months="s.month")
    return f"""
WITH parts AS (SELECT * FROM analytics_monthsummary s WHERE s.level = 'team'{who}
), delays AS (
  SELECT organisation_id, month, jsonb_object_agg(delay, n) AS delays FROM (
    SELECT organisation_id, month, d.key AS delay, sum(d.value::integer) AS n
      FROM parts, jsonb_each_text(parts.delays) d GROUP BY 1, 2, 3) AS each GROUP BY 1, 2
), sums AS (
  SELECT organisation_id, month, sum(finished)::integer AS finished, sum(scored)::integer AS scored,
         sum(score_sum)::bigint AS score_sum, sum(seconds)::bigint AS seconds
    FROM parts GROUP BY 1, 2
)
SELECT 'organisation' AS level, organisation_id AS group_id, organisation_id, month, finished,
       scored, score_sum, seconds, delays
  FROM sums JOIN delays USING (organisation_id, month)
"""


def groups(part: Part, level: str) -> str:
    """Return the statement that counts the people of each team, or organisation, from their own rows."""
    group = {"team": "s.group_id", "organisation": "s.organisation_id"}[level]
    who = part.where(organisations="s.organisation_id", groups=group)
    return f"""
SELECT '{level}' AS level, {group} AS group_id, s.organisation_id, count(*)::integer AS people,
       count(s.last_on)::integer AS learning,
       count(*) FILTER (WHERE s.required > 0)::integer AS asked,
       count(*) FILTER (WHERE s.required > 0 AND s.required_done = s.required)::integer AS done,
       sum(s.required)::integer AS required, sum(s.required_done)::integer AS required_done,
       sum(s.finished)::integer AS finished
  FROM analytics_personsummary s WHERE true{who} GROUP BY 2, 3
"""
