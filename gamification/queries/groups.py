"""What teams and partners add up to: computed from people and standings, whenever it may have changed.

These reads look at all organisations; they serve the keeping of standings and must run in the client's scope.
"""

import datetime as dt
import uuid

from django.db import connection

from gamification import months
from gamification.models import GroupStanding, Standing
from gamification.ranking import Group, Points
from partners.queries.client import here
from partners.queries.stopping import STOPPED_AT

# An active rep has the role, has joined by the day and has not left by then. The client's own people
# are ranked by team, not as a partner. A stopped partner has the month in which it was stopped, and none after.
_COMPUTE = f"""
WITH ranked AS MATERIALIZED (
  SELECT o.id, o.kind FROM partners_organisation o
   WHERE (o.is_active OR ({STOPPED_AT} AT TIME ZONE %(zone)s)::date >= %(month)s)
     AND (%(organisation)s::uuid IS NULL OR o.id = %(organisation)s)
)
SELECT p.organisation_id, p.team_id, coalesce(sum(s.points), 0), count(*), grouping(p.team_id), o.kind
  FROM partners_person p
  JOIN ranked o ON o.id = p.organisation_id
  LEFT JOIN gamification_standing s ON s.person_id = p.id AND s.month = %(month)s
 WHERE 'rep' = ANY (p.roles) AND (p.is_active OR p.left_on > %(day)s)
   AND (p.left_on IS NULL OR p.left_on > %(day)s) AND (p.joined_on IS NULL OR p.joined_on <= %(day)s)
   AND (%(organisation)s::uuid IS NULL OR p.organisation_id = %(organisation)s)
 GROUP BY GROUPING SETS ((p.organisation_id, o.kind), (p.organisation_id, o.kind, p.team_id))
"""  # noqa: S608 - STOPPED_AT is a constant; every value is a parameter


def compute(
    month: dt.date, today: dt.date, organisation_id: uuid.UUID | None = None
) -> list[Group]:
    """Return what each team and partner (of one organisation, or of all) should stand at. One query."""
    day = min(today, months.last_day(month))
    with connection.cursor() as cursor:
        values = {"month": month, "day": day, "organisation": organisation_id, "zone": str(here())}
        cursor.execute(_COMPUTE, values)
        rows = cursor.fetchall()
    groups = []
    for organisation, team, points, people, whole, kind in rows:
        if (team is None) != bool(whole) or (whole and kind != "partner"):
            continue  # people without a team, or the client as a whole: ranked nowhere
        groups.append(Group(organisation, team, points, people))
    return groups


def stored(month: dt.date, organisation_id: uuid.UUID | None = None) -> list[Group]:
    """Return what each team and partner stands at. One query."""
    rows = GroupStanding.objects.filter(month=month)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    return [
        Group(*row) for row in rows.values_list("organisation_id", "team_id", "points", "people")
    ]


def moved_people(month: dt.date) -> list[uuid.UUID]:
    """Return whose standing names an organisation or team that is no longer theirs. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.person_id FROM gamification_standing s"
            " JOIN partners_person p ON p.id = s.person_id WHERE s.month = %s"
            " AND (s.organisation_id, s.team_id) IS DISTINCT FROM (p.organisation_id, p.team_id)",
            [month],
        )
        return [row[0] for row in cursor.fetchall()]


def people_of(month: dt.date) -> list[Points]:
    """Return everybody's points of the month. One query."""
    rows = Standing.objects.filter(month=month)
    return [Points(*row) for row in rows.values_list("person_id", "organisation_id", "points")]
