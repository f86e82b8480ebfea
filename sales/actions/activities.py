"""Counts of days, as a source tells them."""

import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Iterable

from django.db import transaction

from sales.actions.writing import ACTIVITIES, BATCH, Outcome


@dataclasses.dataclass(frozen=True, kw_only=True)
class Count:
    """How often a person did something for a product on a day. None says nothing; 0 is a count."""

    person_id: uuid.UUID
    product_id: uuid.UUID
    day: dt.date
    measure: str
    count: int | None


@transaction.atomic
def record_activities(
    *, source_id: uuid.UUID, counts: Iterable[Count], cause: uuid.UUID | None = None
) -> Outcome:
    """Write these counts, each over what the same source said of the same day before; all or nothing.

    Of two counts of the same thing the later one holds. Needs a scope that sees these people, and the client's
    where a `cause` is named, by which it can be taken back. One statement for a thousand.
    """
    outcome, rest = Outcome(), iter(counts)
    while batch := list(itertools.islice(rest, BATCH)):
        outcome += _record(source_id, batch, cause)
    return outcome


def _record(source_id: uuid.UUID, batch: list[Count], cause: uuid.UUID | None) -> Outcome:
    told = {
        (each.person_id, each.day, each.product_id, each.measure): each.count
        for each in batch
        if each.count is not None
    }
    names = ("person_id", "day", "product_id", "measure")
    rows = [
        {
            **dict(zip(names, key, strict=True)),
            "source_id": source_id,
            "count": count,
            "cause": cause,
        }
        for key, count in told.items()
    ]
    written = ACTIVITIES.write(rows, log=cause is not None)
    new = sum(written.values())
    return Outcome(new, len(written) - new, len(batch) - len(written))
