"""Reads for setting up sales: products, sources, and how figures would change with another record."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet

from core.months import after, before
from partners.models import Person
from sales import measures
from sales.models import Activity, LocalRecord, Opportunity, Product, Record, Source
from sales.queries.facts import Part, facts

PAGE_SIZE = 30
MONTHS = 3
"""Over so many months old and new figures are compared."""

GRAINS = {
    measure: tuple(
        grain
        for grain, fits in (
            (measures.ACTIVITY, measures.COUNTED),
            (measures.OPPORTUNITY, measures.OF_DEALS),
        )
        if measure in fits
    )
    for measure in measures.ALL
}
"""From which grains a measure may be counted."""

_UNDER = """
WITH sales_record AS (
  SELECT measure, source_id, grain FROM sales_record WHERE measure <> %(measure)s OR %(place)s::uuid IS NOT NULL
   UNION ALL SELECT %(measure)s, %(source)s::uuid, %(grain)s WHERE %(place)s::uuid IS NULL
), sales_localrecord AS (
  SELECT measure, organisation_id, source_id FROM sales_localrecord
   WHERE measure <> %(measure)s OR organisation_id IS DISTINCT FROM %(place)s::uuid
   UNION ALL SELECT %(measure)s, %(place)s::uuid, %(source)s::uuid WHERE %(place)s::uuid IS NOT NULL
)
"""

_BY_MONTH = """
SELECT to_char(day, 'YYYY-MM'), coalesce(currency, ''), sum(n)::bigint
  FROM ({facts}) AS facts WHERE measure = %(measure)s GROUP BY 1, 2
"""


def products(number: str | None) -> "Page[Product]":
    """Return one page of products, the archived ones last. Two queries."""
    return Paginator(Product.objects.order_by("is_archived", "name", "pk"), PAGE_SIZE).get_page(
        number
    )


def sources() -> list[Any]:
    """Return all sources with `counts`, whether anything is counted from them. One query."""
    found = Source.objects.annotate(
        counts=Exists(Record.objects.filter(source=OuterRef("pk")))
        | Exists(LocalRecord.objects.filter(source=OuterRef("pk")))
    )
    return list(found.order_by("is_archived", "kind", "name"))


def records() -> list[Any]:
    """Return what counts for each measure, with `elsewhere`, how many organisations differ. Two queries."""
    local = LocalRecord.objects.values_list("measure").annotate(Count("pk"))
    differ = dict(local)
    rows: dict[str, Any] = {
        row.measure: row for row in Record.objects.select_related("source").all()
    }
    for row in rows.values():
        row.elsewhere = differ.get(row.measure, 0)
    return [rows[measure] for measure in measures.ALL]


def uncounted_in(
    source_id: uuid.UUID, grain: str, organisation_ids: Collection[uuid.UUID | None]
) -> dict[str, list[uuid.UUID | None]]:
    """Return in which of these organisations a measure isn't counted from this source and grain, by measure.

    None stands for one of which nothing is known, where what holds everywhere counts. A measure that is counted from
    it in all of them isn't told of. Two queries.
    """
    local = LocalRecord.objects.filter(organisation_id__in=[pk for pk in organisation_ids if pk])
    own: dict[tuple[uuid.UUID | None, str], uuid.UUID]
    own = {(row.organisation_id, row.measure): row.source_id for row in local}
    found: dict[str, list[uuid.UUID | None]] = {}
    for record in Record.objects.all():
        elsewhere = [
            pk
            for pk in organisation_ids
            if record.grain != grain or own.get((pk, record.measure), record.source_id) != source_id
        ]
        if elsewhere:
            found[record.measure] = elsewhere
    return found


def uncounted_sources() -> list[Source]:
    """Return the sources with figures that aren't counted, since another source is the record. One query."""
    counts = Exists(_uncounted(Activity, measures.ACTIVITY, measure=OuterRef("measure")))
    deals = Exists(_uncounted(Opportunity, measures.OPPORTUNITY))
    return list(Source.objects.filter(counts | deals).order_by("kind", "name"))


def _uncounted(model: type[Any], grain: str, **measure: Any) -> "QuerySet[Any]":
    """Return facts of the outer source that no record counts: that of their organisation, else everybody's."""
    source = {"source_id": OuterRef("source_id")}
    own = LocalRecord.objects.filter(
        organisation_id=OuterRef(OuterRef("organisation_id")), measure=OuterRef("measure")
    )
    everywhere = Record.objects.filter(~Exists(own), grain=grain, **source, **measure)
    local = LocalRecord.objects.filter(
        organisation_id=OuterRef("organisation_id"), **source, **measure
    )
    found: QuerySet[Any] = model.objects.filter(
        ~Exists(everywhere), ~Exists(local), source_id=OuterRef("pk")
    )
    return found


def local_records(measure: str) -> list[LocalRecord]:
    """Return the organisations in which another source counts. One query."""
    found = LocalRecord.objects.filter(measure=measure).select_related("organisation", "source")
    return list(found.order_by("organisation__kind", "organisation__name"))


@dataclasses.dataclass(frozen=True)
class Choice:
    """What would count: a source and grain for a measure, in one organisation or (None) everywhere."""

    measure: str
    source_id: uuid.UUID
    grain: str
    organisation_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True)
class Change:
    """A month's figure as it counts now, and as it would: `amounts` by currency, one under "" for counts."""

    month: dt.date
    now: dict[str, int]
    then: dict[str, int]


def compared(viewer: Person, choice: Choice, today: dt.date) -> list[Change]:
    """Return the last months' figures as they are and as they would be, the newest first. Two queries.

    The same statement counts both: for the new one the tables of records are replaced by what was chosen.
    """
    running = today.replace(day=1)
    months = [before(running, n) for n in range(MONTHS)]
    part = Part(
        since=months[-1], until=after(running), organisation_id=choice.organisation_id
    ).seen_by(viewer)
    now, then = _figures(part, choice, ""), _figures(part, choice, _UNDER)
    return [
        Change(month, now.get(f"{month:%Y-%m}", {}), then.get(f"{month:%Y-%m}", {}))
        for month in months
    ]


def _figures(part: Part, choice: Choice, under: str) -> dict[str, dict[str, int]]:
    values = {
        **part.values(),
        "measure": choice.measure,
        "source": choice.source_id,
        "grain": choice.grain,
        "place": choice.organisation_id,
    }
    found: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(under + _BY_MONTH.format(facts=facts(part)), values)
        for month, currency, n in cursor.fetchall():
            found.setdefault(month, {})[currency] = n
    return found
