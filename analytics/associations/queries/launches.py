"""The figures of a launch, from the table of months, and studies of launches as the client may see them."""

import datetime as dt
import uuid
from typing import Any, cast

from django.db import connection
from django.db.models import QuerySet

from analytics.associations import measures
from analytics.associations.launch_rows import Figures, Line, Start
from analytics.associations.models import LaunchStudy, Month
from core.months import before
from partners.models import Organisation, Person
from sales.queries.credit import place
from sales.queries.facts import Part

_STARTS = f"""
WITH sellers AS MATERIALIZED (
  SELECT DISTINCT person_id, organisation_id FROM associations_repmonth WHERE replaced IS NULL AND sold_on IS NOT NULL
), told AS (
  SELECT e.person_id, (e.assigned_at AT TIME ZONE %(zone)s)::date AS day, true AS asked
    FROM assignments_enrolment e JOIN assignments_assignment a ON a.id = e.assignment_id
    LEFT JOIN catalog_module m ON m.id = a.module_id
   WHERE coalesce(a.course_id, m.course_id) = %(course)s AND a.cancelled_at IS NULL
  UNION ALL SELECT p.person_id, (p.finished_at AT TIME ZONE %(zone)s)::date, false
    FROM progress_moduleprogress p JOIN catalog_module m ON m.id = p.module_id
   WHERE m.course_id = %(course)s AND p.finished_at IS NOT NULL
)
SELECT w.organisation_id, date_trunc('month', min(t.day) FILTER (WHERE t.asked))::date,
       date_trunc('month', min(t.day) FILTER (WHERE NOT t.asked))::date
  FROM told t CROSS JOIN LATERAL ({place("t.person_id", "t.day")}) w
  JOIN sellers s ON s.person_id = t.person_id AND s.organisation_id = w.organisation_id
  JOIN partners_organisation o ON o.id = w.organisation_id AND o.kind = 'partner'
 GROUP BY 1 ORDER BY 1"""  # noqa: S608 - a part of the statement, with no value in it

_PANEL = """
SELECT r.person_id, r.organisation_id, r.month, {part}, {base}
  FROM associations_repmonth r JOIN partners_organisation o ON o.id = r.organisation_id AND o.kind = 'partner'
 WHERE r.replaced IS NULL AND r.sold_on IS NOT NULL AND r.month >= %(since)s AND r.month < %(until)s
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

_SALES = {
    measures.APPOINTMENTS: ("sum(r.appointments)::bigint", "sum(r.calls)::bigint"),
    measures.QUALIFIED: ("sum(r.qualified)::bigint", "sum(r.appointments)::bigint"),
    measures.WIN: ("sum(r.won)::bigint", "sum(r.won + r.lost)::bigint"),
    measures.AMOUNT: ("coalesce(sum((r.amounts -> %(currency)s ->> 0)::bigint), 0)::bigint", "1"),
}


def figures(asked: LaunchStudy, since: dt.date, until: dt.date) -> Figures:
    """Return the figures of a launch. Two statements."""
    return Figures(
        sales=asked.sales,
        currency=asked.currency,
        since=since,
        until=until,
        starts=starts(asked.course_id),
        lines=lines(asked.sales, asked.currency, since, until),
    )


def starts(course_id: uuid.UUID) -> list[Start]:
    """Return when each partner began with a course. One statement."""
    return [Start(*row) for row in _rows(_STARTS, {"course": course_id})]


def lines(sales: str, currency: str, since: dt.date, until: dt.date) -> list[Line]:
    """Return the months of everybody who sells for a partner. One statement."""
    part, base = _SALES[sales]
    values = {"currency": currency, "since": since, "until": until}
    return [Line(*row) for row in _rows(_PANEL.format(part=part, base=base), values)]


def counted(until: dt.date) -> bool:
    """Say whether the months before this one have been counted, so that they can be looked at. One query."""
    return Month.objects.filter(month=before(until)).exists()


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**Part().values(), **values})
        found: list[Any] = cursor.fetchall()
    return found


def studies(viewer: Person) -> "QuerySet[LaunchStudy]":
    """Return the launches that were looked at, the newest first, without those that only found another one."""
    rows = _own(viewer).exclude(state=LaunchStudy.State.SAME).defer("result")
    return rows.select_related("course", "requested_by", "rollout").order_by("-created_at", "-pk")


def study(viewer: Person, study_id: uuid.UUID) -> LaunchStudy:
    """Return one; one that found another one's result is that one. Raises LaunchStudy.DoesNotExist. One query."""
    rows = _own(viewer).select_related("course", "rollout", "same_as__course")
    found = rows.get(pk=study_id)
    return cast("LaunchStudy | None", found.same_as) or found


def _own(viewer: Person) -> "QuerySet[LaunchStudy]":
    return LaunchStudy.objects.filter(organisation_id=viewer.organisation_id)


def names(viewer: Person, ids: set[str]) -> dict[str, str]:
    """Return what companies are called. One query."""
    rows = Organisation.objects.visible_to(viewer).filter(pk__in=ids)
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def ahead(asked: LaunchStudy) -> int:
    """Return how many launches are computed before this one. One query."""
    waiting = LaunchStudy.objects.filter(state=LaunchStudy.State.WAITING)
    return waiting.filter(created_at__lt=asked.created_at).count()
