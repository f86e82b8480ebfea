"""The records behind a figure of the funnel: counts of days, entries into a stage, or deals."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from partners.models import Person
from sales import measures
from sales.models import Activity, LocalRecord, Opportunity, Record, StageEntry
from sales.queries.facts import Part

PAGE_SIZE = 30


@dataclasses.dataclass(frozen=True)
class Line:
    """One record: when, who, what; `deal` where it is about one that the viewer may see."""

    day: dt.date
    person: Any
    product: Any
    count: int = 1
    source: str = ""
    deal: Any = None


def sources(lines: Iterable[Line]) -> list[str]:
    """Return the sources of these records, each once."""
    return list(dict.fromkeys(line.source for line in lines))


def page(viewer: Person, part: Part, measure: str, number: str | None) -> "tuple[Page[Any], int]":
    """Return one page of the records that a measure counts, the newest first, and how many all of them come to.

    That is the figure that they stand behind: counts added up, each deal as one. What is RATED opens as well. Four
    queries at most.
    """
    part = part.seen_by(viewer)
    rows, moment = (_rated if measure in measures.RATED else _rows)(viewer, part, measure)
    sums = rows.aggregate(
        n=Count("pk"), all=Sum("count") if rows.model is Activity else Count("pk")
    )
    pages = Paginator(
        rows.select_related("person", "product", "source").order_by(f"-{moment}", "-pk"), PAGE_SIZE
    )
    pages.count = sums["n"]  # it would ask for this alone
    found = pages.get_page(number)
    deals = _deals(viewer, found.object_list)
    found.object_list = [
        Line(
            day=_day(getattr(row, moment), part.zone),
            person=row.person,
            product=row.product,
            count=getattr(row, "count", 1),
            source=row.source.label,
            deal=deals.get(getattr(row, "opportunity_id", row.pk)),
        )
        for row in found.object_list
    ]
    return found, sums["all"] or 0


def _rows(viewer: Person, part: Part, measure: str) -> "tuple[QuerySet[Any], str]":
    """Return the rows that count for a measure, and the name of their moment."""
    record = Record.objects.get(measure=measure)
    told = _told_by(record)
    if record.grain == measures.ACTIVITY:
        counted = Activity.objects.visible_to(viewer).filter(measure=record.measure, count__gt=0)
        return _narrowed(counted, part, told, "day"), "day"
    if stage := next((s for s, each in measures.STAGES.items() if each == record.measure), None):
        entries = StageEntry.objects.visible_to(viewer).filter(stage=stage)
        return _narrowed(entries, part, told, "at"), "at"
    outcome = measures.LOST if record.measure == measures.LOST else measures.WON
    deals = Opportunity.objects.visible_to(viewer).filter(outcome=outcome)
    if record.measure == measures.AMOUNT:
        deals = deals.filter(amount__isnull=False)
    return _narrowed(deals, part, told, "closed_at"), "closed_at"


def _rated(viewer: Person, part: Part, measure: str) -> "tuple[QuerySet[Any], str]":
    """Return the deals that a win rate stands on, and the name of their moment."""
    deals = Opportunity.objects.visible_to(viewer)
    if measure == measures.OPENED:
        won = Record.objects.get(measure=measures.WON)
        return _narrowed(deals, part, _told_by(won), "opened_at"), "opened_at"
    told = Q(pk__in=[])
    for record in Record.objects.filter(measure__in=[measures.WON, measures.LOST]):
        told |= Q(_told_by(record), outcome=record.measure)
    return _narrowed(deals, part, told, "closed_at"), "closed_at"


def _narrowed(rows: "QuerySet[Any]", part: Part, told: Q, moment: str) -> "QuerySet[Any]":
    found = told
    for name, value in (("gte", part.since), ("lt", part.until)):
        if value is not None:
            found &= Q(**{f"{moment}__{name}": value if moment == "day" else part.begin(value)})
    for name in ("organisation_id", "team_id", "product_id", "person_id"):
        if getattr(part, name) is not None:
            found &= Q(**{name: getattr(part, name)})
    if part.without_team:
        found &= Q(team__isnull=True)
    return rows.filter(found)


def _told_by(record: Record) -> Q:
    """Return the condition by which a fact's source is the record where it happened."""
    local = LocalRecord.objects.filter(
        measure=record.measure, organisation_id=OuterRef("organisation_id")
    )
    return Q(source_id=Coalesce(Subquery(local.values("source_id")), Value(record.source_id)))


def _deals(viewer: Person, rows: Any) -> dict[Any, Any]:
    """Return the deals that these rows are, or are about, as far as the viewer may see them. One query at most."""
    rows = list(rows)
    if not rows or isinstance(rows[0], Activity):
        return {}
    if isinstance(rows[0], Opportunity):
        return {row.pk: row for row in rows}
    return Opportunity.objects.visible_to(viewer).in_bulk([row.opportunity_id for row in rows])


def _day(moment: Any, zone: dt.tzinfo) -> dt.date:
    found: dt.date = moment.astimezone(zone).date() if isinstance(moment, dt.datetime) else moment
    return found
