"""What is known of facts that a source tells again, before it is written."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from sales.deals import Known
from sales.models import Opportunity, Ownership, StageEntry

Key = tuple[uuid.UUID, dt.date, uuid.UUID, str]
"""Person, day, product, measure: what a source counts once."""


@dataclasses.dataclass(frozen=True)
class Deal:
    """A deal that is there: its id, what wrote it last, and all that is known of it."""

    id: uuid.UUID
    cause: uuid.UUID | None
    state: Known


_DEAL = (
    *("pk", "external_id", "cause", "product_id", "opened_at", "outcome", "closed_at"),
    *("reason", "amount", "currency"),
)


def deals(source_id: uuid.UUID, keys: Collection[str]) -> dict[str, Deal]:
    """Return what is known of these deals of a source, by their external ids. Three queries at most."""
    rows = list(
        Opportunity.objects.filter(source_id=source_id, external_id__in=keys).values_list(*_DEAL)
    )
    return _states([row[0] for row in rows], rows) if rows else {}


def _states(pks: Sequence[uuid.UUID], rows: Sequence[tuple[Any, ...]]) -> dict[str, Deal]:
    owners: dict[uuid.UUID, dict[dt.datetime, uuid.UUID]] = defaultdict(dict)
    stages: dict[uuid.UUID, dict[str, dt.datetime]] = defaultdict(dict)
    held = Ownership.objects.filter(opportunity_id__in=pks)
    for pk, since, person_id in held.values_list("opportunity_id", "since", "person_id"):
        owners[pk][since] = person_id
    entered = StageEntry.objects.filter(opportunity_id__in=pks)
    for pk, stage, at in entered.values_list("opportunity_id", "stage", "at"):
        stages[pk][stage] = at
    found: dict[str, Deal] = {}
    for row in rows:
        fields: dict[str, Any] = dict(zip(_DEAL, row, strict=True))
        pk, key, cause = (fields.pop(name) for name in ("pk", "external_id", "cause"))
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
