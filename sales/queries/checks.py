"""Whether facts are credited to who had them, where they belonged. Runs in the client's scope."""

from django.db import connection

from core.scope import CLIENT, scoped
from partners.queries.client import client, zone
from sales.queries.credit import FACTS, place

_ELSEWHERE = """
SELECT count(*) FROM {table} f CROSS JOIN LATERAL ({place}) p
 WHERE (f.organisation_id, f.team_id) IS DISTINCT FROM (p.organisation_id, p.team_id)
"""

_SOMEBODY_ELSES = """
SELECT count(*) FROM {table} f CROSS JOIN LATERAL (
  SELECT o.person_id FROM sales_ownership o WHERE o.opportunity_id = {deal}
   ORDER BY o.since <= {at} DESC, abs(extract(epoch FROM o.since - {at})) LIMIT 1) o
 WHERE f.person_id <> o.person_id
"""


def differences() -> list[str]:
    """Return what is credited to the wrong place or person, a line for each table. Six queries."""
    values = {"zone": str(zone(client()))}
    wrong = {
        f"{table} in another place": _ELSEWHERE.format(table=table, place=place("f.person_id", day))
        for table, day in FACTS.items()
    } | {
        f"{table} of another person": _SOMEBODY_ELSES.format(table=table, deal=deal, at=at)
        for table, deal, at in (
            ("sales_stageentry", "f.opportunity_id", "f.at"),
            ("sales_opportunity", "f.id", "coalesce(f.closed_at, now())"),
        )
    }
    found = []
    with scoped(CLIENT), connection.cursor() as cursor:
        for what, statement in wrong.items():
            cursor.execute(statement, values)
            (count,) = cursor.fetchone()
            if count:
                found.append(f"{count} rows of {what}")
    return found
