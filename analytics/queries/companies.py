"""Reads for the client's people: all companies side by side, in figures and for one module.

A mean that compares companies is shown from LEAST people on; every figure comes with its base.
"""

import dataclasses
import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, F, FloatField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from analytics.figures import TARGET, Mean, Share, Spread, median, spread
from analytics.models import GroupSummary, Level, ModuleSummary, MonthSummary, PersonSummary
from analytics.queries.team import Figures
from analytics.queries.where import known_since
from core import months
from courses.catalog.models import Module
from gamification.queries import rules
from partners.folding import holding
from partners.models import Organisation, Person

PAGE_SIZE = 30
SORTS = ("name", "share", "late", "people")


@dataclasses.dataclass(frozen=True)
class Company:
    """A company among all: how many people, how far, how well, how soon after publication (median days)."""

    organisation: Any
    people: int
    learning: int
    required: Share
    quiz: Mean
    days: int | None
    finished: int
    late: int


@dataclasses.dataclass(frozen=True)
class Everybody:
    """The figures of all companies together, with how soon something new is learnt."""

    figures: Figures
    companies: int
    days: int | None


def everybody(viewer: Person) -> Everybody:
    """Return the figures over all companies that are worked with, the months' of their people too. Four queries."""
    month = rules.running_month()
    groups = (
        GroupSummary.objects.visible_to(viewer)
        .filter(level=Level.ORGANISATION, organisation__is_active=True)
        .aggregate(
            companies=Count("pk"),
            people=Coalesce(Sum("people"), 0),
            learning=Coalesce(Sum("learning"), 0),
            asked=Coalesce(Sum("asked"), 0),
            done=Coalesce(Sum("done"), 0),
            finished=Coalesce(Sum("finished"), 0),
        )
    )
    sums = {row["month"]: row for row in _months(viewer, [month, months.before(month)])}
    now, before = sums.get(month, {}), sums.get(months.before(month), {})
    people = PersonSummary.objects.visible_to(viewer).filter(organisation__is_active=True)
    return Everybody(
        figures=Figures(
            people=groups["people"],
            learning=groups["learning"],
            required=Share(groups["done"], groups["asked"], TARGET),
            quiz=Mean(now.get("scored", 0), now.get("score_sum", 0)),
            quiz_before=Mean(before.get("scored", 0), before.get("score_sum", 0)),
            late=people.filter(due_on__lt=rules.today()).count(),
            finished=now.get("finished", 0),
            finished_ever=groups["finished"],
            seconds=now.get("seconds", 0),
            month=month,
        ),
        companies=groups["companies"],
        days=_median(month),
    )


def _months(viewer: Person, wanted: list[dt.date]) -> "QuerySet[Any, Any]":
    found = MonthSummary.objects.visible_to(viewer).filter(
        level=Level.ORGANISATION, organisation__is_active=True, month__in=wanted
    )
    return (
        found.order_by()
        .values("month")
        .annotate(
            finished=Sum("finished"),
            scored=Sum("scored"),
            score_sum=Sum("score_sum"),
            seconds=Sum("seconds"),
        )
    )


_DELAYS = """
SELECT d.key, sum(d.value::integer)::integer
  FROM analytics_monthsummary s JOIN partners_organisation o ON o.id = s.organisation_id AND o.is_active,
       jsonb_each_text(s.delays) d
 WHERE s.month = %s AND s.level = 'organisation' GROUP BY d.key
"""


def _median(month: dt.date) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_DELAYS, [month])
        return median(dict(cursor.fetchall()))


def companies(viewer: Person, words: str, sort: str, number: str | None) -> "Page[Any]":
    """Return one page of companies; its `object_list` holds Companies. Four queries."""
    page = Paginator(_sorted(viewer, words, sort), PAGE_SIZE).get_page(number)
    page.object_list = _figures(viewer, list(page.object_list))
    return page


def all_companies(viewer: Person) -> list[Company]:
    """Return all companies by name, for a file. Three queries."""
    return _figures(viewer, list(_sorted(viewer, "", "name")))


def furthest(viewer: Person, first: int) -> list[Company]:
    """Return the companies furthest from the target in what is required, none that reached it. Three queries."""
    behind = _sorted(viewer, "", "share").filter(
        asked__gt=0, done__lt=F("asked") * Value(TARGET) / Value(100.0)
    )
    return _figures(viewer, list(behind[:first]))


def _sorted(viewer: Person, words: str, sort: str) -> "QuerySet[Any]":
    found: QuerySet[Any, Any] = GroupSummary.objects.visible_to(viewer).filter(
        level=Level.ORGANISATION, organisation__is_active=True
    )
    found = holding(found, words, "organisation__name")
    by_name = ("organisation__kind", "organisation__name", "pk")
    if sort == "people":
        found = found.order_by("-people", *by_name)
    elif sort == "share":
        share = Cast(F("done"), FloatField()) / NullIf(F("asked"), 0)
        found = found.order_by(share.asc(nulls_last=True), *by_name)
    elif sort == "late":
        late = _late(viewer).filter(organisation=OuterRef("organisation"))
        found = found.order_by(Coalesce(Subquery(late.values("late")), 0).desc(), *by_name)
    else:
        found = found.order_by(*by_name)
    return found.select_related("organisation")


def _late(viewer: Person) -> Any:
    """Count the people of each company who are late with something required."""
    late = PersonSummary.objects.visible_to(viewer).filter(due_on__lt=rules.today())
    return late.order_by().values("organisation").annotate(late=Count("pk"))


def _figures(viewer: Person, rows: list[Any]) -> list[Company]:
    ids, month = [row.group_id for row in rows], rules.running_month()
    found = MonthSummary.objects.visible_to(viewer).filter(
        level=Level.ORGANISATION, group_id__in=ids, month=month
    )
    by_id = {row.group_id: row for row in found}
    late = {
        each["organisation"]: each["late"] for each in _late(viewer).filter(organisation__in=ids)
    }
    none = MonthSummary(delays={})
    return [
        Company(
            organisation=row.organisation,
            people=row.people,
            learning=row.learning,
            required=Share(row.done, row.asked, TARGET),
            quiz=Mean(own.scored, own.score_sum),
            days=median(own.delays),
            finished=own.finished,
            late=late.get(row.group_id, 0),
        )
        for row in rows
        for own in [by_id.get(row.group_id, none)]
    ]


@dataclasses.dataclass(frozen=True)
class CompanyModule:
    """A company's way with one module."""

    organisation: Any
    spread: Spread
    quiz: Mean


def companies_of(
    viewer: Person, module: Any, published: dt.date, number: str | None
) -> "Page[Any]":
    """Return one page of the companies that a module is for, those furthest behind first. Three queries."""
    row = ModuleSummary.objects.visible_to(viewer).filter(
        level=Level.ORGANISATION, module=module, group_id=OuterRef("group_id")
    )
    found = (
        _audience(GroupSummary.objects.visible_to(viewer), module)
        .filter(level=Level.ORGANISATION, organisation__is_active=True, people__gt=0)
        .annotate(done_here=Coalesce(Subquery(row.values("finished")[:1]), 0))
        .annotate(share=Cast(F("done_here"), FloatField()) / F("people"))
        .select_related("organisation")
        .order_by("share", "-people", "organisation__name", "pk")
    )
    page = Paginator(found, PAGE_SIZE).get_page(number)
    rows = list(page.object_list)
    known = {
        each.group_id: each
        for each in ModuleSummary.objects.visible_to(viewer).filter(
            level=Level.ORGANISATION, module=module, group_id__in=[r.group_id for r in rows]
        )
    }
    none, today = ModuleSummary(days={}), rules.today()
    page.object_list = [
        CompanyModule(
            organisation=each.organisation,
            spread=spread(own.days, each.people, known_since(each.organisation, published), today),
            quiz=Mean(own.scored, own.score_sum),
        )
        for each in rows
        for own in [known.get(each.group_id, none)]
    ]
    return page


def _audience(groups: "QuerySet[Any]", module: Any) -> "QuerySet[Any]":
    """Hold companies to those that a module is for."""
    if module.audience == Module.Audience.CLIENT:
        return groups.filter(organisation__kind=Organisation.Kind.CLIENT)
    if module.audience == Module.Audience.CHOSEN:
        return groups.filter(organisation__in=module.readers.values("organisation"))
    return groups
