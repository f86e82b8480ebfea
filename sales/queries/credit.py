"""Where a person belonged on a day: whose a fact is, as one piece of SQL that everything uses."""

PLACE = """
SELECT m.organisation_id, m.team_id FROM partners_membership m WHERE m.person_id = {person}
 ORDER BY coalesce(lower(m.days), DATE '0001-01-01') <= {day} DESC,
          abs(coalesce(lower(m.days), DATE '0001-01-01') - {day}) LIMIT 1
"""
"""Organisation and team of a person on a day: the last place that they had come to by then, else their first."""

FACTS = {
    "sales_activity": "f.day",
    "sales_ownership": "(f.since AT TIME ZONE %(zone)s)::date",
    "sales_stageentry": "(f.at AT TIME ZONE %(zone)s)::date",
    "sales_opportunity": "(coalesce(f.closed_at, now()) AT TIME ZONE %(zone)s)::date",
}
"""The tables of facts, and the day on which each is somebody's."""


def place(person: str, day: str) -> str:
    """Return the select of organisation and team for these expressions."""
    return PLACE.format(person=person, day=day)
