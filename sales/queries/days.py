"""Reads of the days that reps enter by hand."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.months import before, last_day
from partners.models import Person
from partners.queries.client import zone_named
from sales import days, measures
from sales.models import Opportunity, Source
from sales.queries.facts import Part, facts
from sales.queries.products import told_apart

LOOKS_BACK = dt.timedelta(days=90)
"""So long a product that was sold comes first."""

DEALS = 12
"""So many deals are shown, the newest ones."""

_WAYS = """
SELECT r.measure, r.grain, s.kind, s.name FROM sales_record r
  LEFT JOIN sales_localrecord l ON l.measure = r.measure AND l.organisation_id = %s
  JOIN sales_source s ON s.id = coalesce(l.source_id, r.source_id)
"""

_SHELF = """
SELECT p.id, p.name, p.code, coalesce(json_object_agg(a.measure, a.count) FILTER (WHERE a.day = %(day)s), '{}'),
       array_remove(array_agg(DISTINCT a.day), NULL)
  FROM sales_product p
  LEFT JOIN sales_activity a ON a.product_id = p.id AND a.person_id = %(person)s AND a.day >= %(since)s
       AND a.source_id = (SELECT id FROM sales_source WHERE kind = 'hand')
 GROUP BY p.id
HAVING NOT p.is_archived OR bool_or(a.day = %(day)s)
 ORDER BY max(a.day) DESC NULLS LAST, p.name, p.id
"""

_LED_TO = """
SELECT measure, currency, coalesce(sum(n) FILTER (WHERE day >= %(running)s), 0)::bigint,
       coalesce(sum(n) FILTER (WHERE day <= %(then)s), 0)::bigint
  FROM ({facts}) AS facts WHERE person_id = %(person)s GROUP BY 1, 2
"""

_TODAY = """
SELECT EXISTS (SELECT FROM sales_product WHERE NOT is_archived)
   AND EXISTS (SELECT FROM ({ways}) AS w WHERE w.kind = 'hand'),
       (SELECT json_object_agg(day, counts) FROM (
         SELECT day, json_object_agg(measure, n) AS counts FROM (
           SELECT day, measure, sum(count) AS n FROM sales_activity
            WHERE person_id = %s AND day BETWEEN %s AND %s
              AND source_id = (SELECT id FROM sales_source WHERE kind = 'hand')
            GROUP BY 1, 2) AS entered
          GROUP BY 1) AS days),
       (SELECT time_zone FROM partners_client)
"""


@dataclasses.dataclass(frozen=True)
class Way:
    """How a measure's figures come in for one organisation: from which source, as counts or from deals."""

    measure: str
    grain: str
    by_hand: bool
    source: str

    @property
    def is_counter(self) -> bool:
        """Whether it is counted by hand, day by day."""
        return self.by_hand and self.grain == measures.ACTIVITY


def ways(organisation_id: uuid.UUID) -> dict[str, Way]:
    """Return by measure how its figures come in for an organisation. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, [organisation_id])
        found = {
            measure: Way(measure, grain, kind == Source.Kind.HAND, name)
            for measure, grain, kind, name in cursor.fetchall()
        }
    return {measure: found[measure] for measure in measures.ALL}


@dataclasses.dataclass(frozen=True)
class Shelved:
    """A product with what a rep has entered for it on a day."""

    id: uuid.UUID
    name: str
    counts: Mapping[str, int]
    days: Sequence[dt.date]

    @property
    def total(self) -> int:
        """How many things were counted."""
        return sum(self.counts.values())


def shelf(person: Person, day: dt.date) -> list[Shelved]:
    """Return the products that are sold, those the person sold last first, with the counts of a day. One query."""
    values: dict[str, Any] = {"person": person.pk, "day": day, "since": day - LOOKS_BACK}
    with connection.cursor() as cursor:
        cursor.execute(_SHELF, values)
        rows = cursor.fetchall()
    called = told_apart(row[:3] for row in rows)
    return [Shelved(pk, called[pk], counts, on) for pk, _name, _code, counts, on in rows]


def own_deals(person: Person, since: dt.date, zone: dt.tzinfo) -> list[Any]:
    """Return the person's deals by hand that are open or were decided since a day, each with `stage`. One query."""
    begin = dt.datetime.combine(since, dt.time(), tzinfo=zone)
    found = (
        Opportunity.objects.visible_to(person)
        .filter(Q(closed_at__gte=begin) | Q(closed_at=None), person=person, source__kind="hand")
        .exclude(outcome=Opportunity.Outcome.REFUNDED)
        .annotate(passed=ArrayAgg("entries__stage", filter=Q(entries__isnull=False), default=[]))
        .select_related("product")
        .order_by("-opened_at", "-pk")[:DEALS]
    )
    rows: list[Any] = list(found)
    for row in rows:
        row.stage = _furthest(row.passed)
    return rows


def _furthest(passed: Iterable[str]) -> str:
    return max(passed, key=days.STAGES.index, default="")


@dataclasses.dataclass(frozen=True)
class Led:
    """What one measure comes to: this month so far, and the same days of the month before."""

    measure: str
    now: int
    then: int
    currency: str = ""


def led_to(person: Person, today: dt.date, zone: dt.tzinfo) -> list[Led]:
    """Return what counts for a person this month until today, beside the same days of the last one. One query."""
    running, earlier = today.replace(day=1), before(today)
    part = Part(since=earlier, until=today + dt.timedelta(days=1), zone=zone)
    values = {**part.values(), "person": person.pk, "running": running}
    values["then"] = min(earlier.replace(day=1) + (today - running), last_day(earlier))
    with connection.cursor() as cursor:
        cursor.execute(_LED_TO.format(facts=facts(part)), values)
        found = {
            (measure, currency or ""): (now, then)
            for measure, currency, now, then in cursor.fetchall()
        }
    keys = [(each, "") for each in measures.ALL if each != measures.AMOUNT]
    keys += sorted(key for key in found if key[0] == measures.AMOUNT)
    return [
        Led(measure, *found.get((measure, currency), (0, 0)), currency=currency)
        for measure, currency in keys
    ]


@dataclasses.dataclass(frozen=True)
class Today:
    """The day it is where the client is, whether a rep enters days by hand, and what is there; None is nothing yet."""

    day: dt.date
    is_asked: bool
    counts: Mapping[str, int] | None


_TODAYS, _KNOWN_FOR = "sales:today:{}", 60


def today_of(person: Person) -> Today:
    """Return how far a rep's own day is entered: kept a minute, or until they enter more. At most one query."""
    key = _TODAYS.format(person.pk)
    found: Today | None = cache.get(key)
    if found is None:
        found = _today_of(person)
        cache.set(key, found, _KNOWN_FOR)
    return found


def forget_today(person: Person) -> None:
    """Have a rep's own day looked up anew."""
    cache.delete(_TODAYS.format(person.pk))


def _today_of(person: Person) -> Today:
    now = timezone.now()
    about = now.date()  # where the client is it may be the day before or after
    around = [about - dt.timedelta(days=1), about + dt.timedelta(days=1)]
    with connection.cursor() as cursor:
        cursor.execute(_TODAY.format(ways=_WAYS), [person.organisation_id, person.pk, *around])
        is_asked, entered, named = cursor.fetchone()
    day = timezone.localdate(now, zone_named(named))
    return Today(day, is_asked, (entered or {}).get(day.isoformat()))
