"""The panel: what each person did with each product in each month, straight from the facts."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection

from partners.models import Person
from sales import measures
from sales.queries.facts import Part, facts


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One person's month with one product, in one place. `amounts`: smallest units by currency."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    product_id: uuid.UUID
    month: dt.date
    calls: int
    key_persons: int
    leads: int
    appointments: int
    qualified: int
    won: int
    lost: int
    amounts: Mapping[str, int]


_COUNTS = [name for name in measures.ALL if name != measures.AMOUNT]


def statement(part: Part) -> str:
    """Return the one statement that makes the panel."""
    whose = "person_id, organisation_id, team_id, product_id, month"
    counts = ", ".join(
        f"coalesce(sum(n) FILTER (WHERE measure = '{name}'), 0)::bigint AS {name}"
        for name in _COUNTS
    )
    return f"""
WITH sums AS (
  SELECT person_id, organisation_id, team_id, product_id, date_trunc('month', day)::date AS month,
         measure, currency, sum(n) AS n
    FROM ({facts(part)}) AS facts GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT {whose}, {counts},
       coalesce(json_object_agg(currency, n::bigint) FILTER (WHERE measure = 'amount'), '{{}}') AS amounts
  FROM sums GROUP BY {whose} ORDER BY month, organisation_id, team_id, person_id, product_id
"""  # noqa: S608 - words of ours


def panel(viewer: Person, part: Part) -> list[Line]:
    """Return the panel of what somebody may see. One statement."""
    return panel_of(part.seen_by(viewer))


def panel_of(part: Part) -> list[Line]:
    """Return the panel of this part, as the connection's scope sees it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement(part), part.values())
        names = [column.name for column in cursor.description or ()]
        return [_line(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _line(row: dict[str, Any]) -> Line:
    return Line(**row)
