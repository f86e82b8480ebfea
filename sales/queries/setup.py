"""Reads for setting up sales: products, sources, and how figures would change with another record."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
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

_FIT = {measures.ACTIVITY: measures.COUNTED, measures.OPPORTUNITY: measures.OF_DEALS}

GRAINS = {
    measure: tuple(grain for grain, fits in _FIT.items() if measure in fits)
    for measure in measures.ALL
}
"""From which grains a measure may be counted."""

_UNDER = """
WITH sales_record AS (
  SELECT measure, source_id, grain FROM sales_record WHERE measure <> ALL (%(measures)s) OR %(place)s::uuid IS NOT NULL
   UNION ALL SELECT measure, %(source)s::uuid, %(grain)s FROM unnest(%(measures)s::text[]) AS measure
    WHERE %(place)s::uuid IS NULL
), sales_localrecord AS (
  SELECT measure, organisation_id, source_id FROM sales_localrecord
   WHERE measure <> ALL (%(measures)s) OR organisation_id IS DISTINCT FROM %(place)s::uuid
   UNION ALL SELECT measure, %(place)s::uuid, %(source)s::uuid FROM unnest(%(measures)s::text[]) AS measure
    WHERE %(place)s::uuid IS NOT NULL
)
"""

_BY_MONTH = """
SELECT measure, to_char(day, 'YYYY-MM'), coalesce(currency, ''), sum(n)::bigint
  FROM ({facts}) AS facts WHERE measure = ANY (%(measures)s) GROUP BY 1, 2, 3
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
    months = _months(today)
    part = _part(viewer, months, choice.organisation_id)
    now = _figures(part, [choice.measure])
    then = _figures(part, [choice.measure], choice)
    return _changes(choice.measure, months, now, then)


@dataclasses.dataclass(frozen=True)
class Offer:
    """A measure that could be counted from a source: how, from where it is now, and what it would be.

    `by_month` is what `compared` returns; `counts`: it is counted like this already.
    """

    measure: str
    grain: str
    source: str
    by_month: list[Change]
    counts: bool

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.measure}.{self.grain}"

    @property
    def loses(self) -> bool:
        """Whether less would be counted than is now, in any currency."""
        return any(n > self.then.get(currency, 0) for currency, n in self.now.items())

    @property
    def now(self) -> dict[str, int]:
        """All its months as they count, by currency."""
        return _sum(month.now for month in self.by_month)

    @property
    def then(self) -> dict[str, int]:
        """All its months as they would count, by currency."""
        return _sum(month.then for month in self.by_month)


def offers(
    viewer: Person, source: Source, organisation_id: uuid.UUID | None, today: dt.date
) -> list[Offer]:
    """Return all that could be counted from a source everywhere (None) or in one organisation. Five queries at most.

    In one organisation only the grain that holds everywhere is offered.
    """
    records = {row.measure: row for row in Record.objects.select_related("source").all()}
    own: dict[str, Source] = {}
    if organisation_id:
        local = LocalRecord.objects.filter(organisation_id=organisation_id)
        own = {row.measure: row.source for row in local.select_related("source")}
    months = _months(today)
    part = _part(viewer, months, organisation_id)
    now = _figures(part, measures.ALL)
    then = {}
    for grain, fits in _FIT.items():
        of_grain = [each for each in fits if not organisation_id or records[each].grain == grain]
        choice = Choice("", source.pk, grain, organisation_id)
        then[grain] = _figures(part, of_grain, choice) if of_grain else {}
    found = []
    for measure in measures.ALL:
        record = records[measure]
        teller = own.get(measure, record.source)
        for grain in (record.grain,) if organisation_id else GRAINS[measure]:
            by_month = _changes(measure, months, now, then[grain])
            counts = teller.pk == source.pk and record.grain == grain
            found.append(Offer(measure, grain, teller.label, by_month, counts))
    return found


def to_choose(offered: Sequence[Offer]) -> list[str]:
    """Return the keys of what isn't counted yet and tells no less than what is, each measure in one way. Pure."""
    found: dict[str, str] = {}
    for offer in offered:
        if offer.then and not offer.counts and not offer.loses:
            found.setdefault(offer.measure, offer.key)
    counted = {offer.measure for offer in offered if offer.counts}
    return [key for measure, key in found.items() if measure not in counted]


def _sum(by_month: Iterable[dict[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for amounts in by_month:
        found.update(amounts)
    return dict(found)


def _months(today: dt.date) -> list[dt.date]:
    """Return the first days of the months that are compared, the running one first."""
    running = today.replace(day=1)
    return [before(running, n) for n in range(MONTHS)]


def _part(viewer: Person, months: Sequence[dt.date], organisation_id: uuid.UUID | None) -> Part:
    return Part(since=months[-1], until=after(months[0]), organisation_id=organisation_id).seen_by(
        viewer
    )


_Figures = dict[tuple[str, str], dict[str, int]]
"""Amounts by currency, by measure and month ("2026-11")."""


def _changes(
    measure: str, months: Sequence[dt.date], now: _Figures, then: _Figures
) -> list[Change]:
    keys = [(measure, f"{month:%Y-%m}") for month in months]
    pairs = zip(months, keys, strict=True)
    return [Change(month, now.get(key, {}), then.get(key, {})) for month, key in pairs]


def _figures(part: Part, listed: Sequence[str], choice: Choice | None = None) -> _Figures:
    """Count these measures by month as they are, or as they would be from the source and grain of a choice."""
    values = {**part.values(), "measures": list(listed)}
    under = ""
    if choice:
        under = _UNDER
        values |= {"source": choice.source_id, "grain": choice.grain}
        values["place"] = choice.organisation_id
    found: _Figures = {}
    with connection.cursor() as cursor:
        cursor.execute(under + _BY_MONTH.format(facts=facts(part)), values)
        for measure, month, currency, n in cursor.fetchall():
            found.setdefault((measure, month), {})[currency] = n
    return found
