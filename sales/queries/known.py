"""What is known of facts that a source tells again, before it is written."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from sales.deals import Known

Key = tuple[uuid.UUID, dt.date, uuid.UUID, str]
"""Person, day, product, measure: what a source counts once."""


@dataclasses.dataclass(frozen=True)
class Deal:
    """A deal that is there: its id, what wrote it last, and all that is known of it."""

    id: uuid.UUID
    cause: uuid.UUID | None
    state: Known


_DEAL = (
    *("id", "external_id", "cause", "product_id", "opened_at", "outcome", "closed_at"),
    *("reason", "amount", "currency"),
)
_DEALS = f"""
SELECT {", ".join(_DEAL)} FROM sales_opportunity WHERE source_id = %(source)s AND external_id = ANY (%(keys)s)
"""  # noqa: S608 - names of ours
_OWNERS = (
    "SELECT opportunity_id, since, person_id FROM sales_ownership WHERE opportunity_id = ANY (%s)"
)
_STAGES = "SELECT opportunity_id, stage, at FROM sales_stageentry WHERE opportunity_id = ANY (%s)"


def deals(source_id: uuid.UUID, keys: Collection[str]) -> dict[str, Deal]:
    """Return what is known of these deals of a source, by their external ids. Three queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(_DEALS, {"source": source_id, "keys": list(keys)})
        rows = cursor.fetchall()
        return _states(cursor, rows) if rows else {}


def _states(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> dict[str, Deal]:
    owners: dict[uuid.UUID, dict[dt.datetime, uuid.UUID]] = defaultdict(dict)
    stages: dict[uuid.UUID, dict[str, dt.datetime]] = defaultdict(dict)
    pks = [row[0] for row in rows]
    cursor.execute(_OWNERS, [pks])
    for pk, since, person_id in cursor.fetchall():
        owners[pk][since] = person_id
    cursor.execute(_STAGES, [pks])
    for pk, stage, at in cursor.fetchall():
        stages[pk][stage] = at
    found: dict[str, Deal] = {}
    for row in rows:
        fields: dict[str, Any] = dict(zip(_DEAL, row, strict=True))
        pk, key, cause = (fields.pop(name) for name in ("id", "external_id", "cause"))
        state = Known(owners=owners[pk], stages=stages[pk], **fields)
        found[key] = Deal(pk, cause, state)
    return found


_COUNTS = """
SELECT u.n, a.count FROM unnest(%(people)s::uuid[], %(days)s::date[], %(products)s::uuid[], %(measures)s::text[])
       WITH ORDINALITY AS u (person_id, day, product_id, measure, n)
  JOIN sales_activity a ON a.person_id = u.person_id AND a.day = u.day AND a.product_id = u.product_id
       AND a.measure = u.measure AND a.source_id = %(source)s
"""


def counts(source_id: uuid.UUID, keys: Sequence[Key]) -> Mapping[Key, int]:
    """Return what a source has counted of these so far. One query."""
    people, days, products, measures = zip(*keys, strict=True) if keys else ((), (), (), ())
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {
                "people": list(people),
                "days": list(days),
                "products": list(products),
                "measures": list(measures),
                "source": source_id,
            },
        )
        return {keys[number - 1]: count for number, count in cursor.fetchall()}
