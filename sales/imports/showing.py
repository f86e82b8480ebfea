"""What a run would do, as examples for a page: names instead of ids, days as they are written."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from partners.models import Person
from sales.imports import values
from sales.imports.running import CHANGED, NEW, Run
from sales.models import Product


def shown(run: Run) -> dict[str, list[dict[str, Any]]]:
    """Return the examples of what is new and what changes. Two queries."""
    examples = [each for kind in (NEW, CHANGED) for each in run.examples[kind]]
    ids = {
        value
        for each in examples
        for _column, old, new in each.changes
        for value in (old, new)
        if isinstance(value, uuid.UUID)
    }
    names: dict[Any, str] = {pk: each.name for pk, each in Person.objects.in_bulk(ids).items()}
    names |= {pk: each.name for pk, each in Product.objects.in_bulk(ids).items()}
    return {
        kind: [
            {
                "row": each.row,
                "key": each.key,
                "changes": [
                    [column, _said(old, names, run.zone), _said(new, names, run.zone)]
                    for column, old, new in each.changes
                ],
            }
            for each in run.examples[kind]
        ]
        for kind in (NEW, CHANGED)
    }


def _said(value: Any, names: dict[Any, str], zone: dt.tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, uuid.UUID):
        return names.get(value, str(value))
    if isinstance(value, dt.datetime):
        return values.said(value, zone)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"{Decimal(values.written(*value)):,} {value[1]}"
    return str(value)
