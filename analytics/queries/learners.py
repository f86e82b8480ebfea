"""Reads of single people: who finished a module and who hasn't, and what one person has done.

A person's records go with them: what they learnt with another company is read for those who may see the
person today. So records are read in the client's scope, by ids that were found in the reader's own.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Value
from django.utils import timezone

from analytics.models import PersonSummary
from analytics.queries.members import Member, member_of, people_of
from analytics.queries.modules import Line
from analytics.queries.where import Where
from core import rounding
from core.scope import CLIENT, scoped
from courses.assignments import due, shown
from courses.assignments.models import AssignedModule, Enrolment, EnrolmentQuerySet
from courses.assignments.queries import lists, practising, rights
from courses.assignments.shown import ShownPerson
from courses.catalog.models import Module
from courses.catalog.naming import public
from courses.progress.models import ModuleProgress
from gamification.queries import rules
from partners.models import Person
from partners.models.person import by_reading

PAGE_SIZE = 30

_BY_NAME = by_reading("person__")


@dataclasses.dataclass(frozen=True)
class Learner:
    """One person's way with one module; all but the person are None where nothing was begun."""

    person: Any
    finished_at: dt.datetime | None = None
    understood_at: dt.datetime | None = None
    percent: int | None = None
    minutes: int | None = None
    last_at: dt.datetime | None = None


def learners(where: Where, line: Line, *, finished: bool, number: str | None) -> "Page[Any]":
    """Return one page of those who finished a module, or of those who haven't. Two queries: `line` says how many."""
    records = ModuleProgress.objects.filter(module=line.module)
    done = _finishing(line)
    rows = people_of(where).select_related("person__team").order_by(*_BY_NAME)
    wanted = rows.filter(Exists(done)) if finished else rows.exclude(Exists(done))
    paginator: Paginator[Any] = Paginator(wanted, PAGE_SIZE)
    paginator.count = line.spread.finished.part if finished else line.left
    with scoped(CLIENT):
        page = paginator.get_page(number)
        people = [row.person for row in page.object_list]
        known = {each.person_id: each for each in records.filter(person__in=people)}
    page.object_list = [_learner(person, known.get(person.pk)) for person in people]
    return page


@dataclasses.dataclass(frozen=True)
class Asked:
    """How many of those who haven't finished a module are asked to, by which assignments; and whether more can be."""

    people: int
    assignments: Sequence[uuid.UUID]
    assignable: bool


def asked(where: Where, line: Line) -> Asked:
    """Return who of those who haven't finished a module is asked for it already. Two queries."""
    left = people_of(where).exclude(Exists(_finishing(line))).order_by()
    asking = AssignedModule.objects.filter(
        assignment=OuterRef("assignment"), module=line.module, removed_at__isnull=True
    )
    found = (
        Enrolment.objects.visible_to(where.viewer)
        .open()
        .filter(Exists(asking), person__in=left.values("person"))
    )
    with scoped(CLIENT):
        counted = found.aggregate(
            people=Count("person", distinct=True),
            assignments=ArrayAgg("assignment", distinct=True, default=Value([])),
        )
    can_be = rights.assignable(where.viewer).filter(pk=line.module.pk).exists()
    return Asked(**counted, assignable=can_be)


def with_stumbled(where: Where, lines: Sequence[Line]) -> list[Line]:
    """Return these modules with who stumbled at each and can be asked to practise. One query, none without modules."""
    if not (lines and where.may_assign):
        return list(lines)
    ids = [line.module.pk for line in lines]
    found = practising.stumbled(where.viewer, ids_of(where), ids)
    return [dataclasses.replace(line, stumbled=found.get(line.module.pk)) for line in lines]


def ids_of(where: Where) -> "QuerySet[Any]":
    """Return the ids of its people; lazy."""
    return people_of(where).order_by().values("person")


def _finishing(line: Line) -> "QuerySet[ModuleProgress]":
    """Return what finished a module, of the person of the row outside."""
    return ModuleProgress.objects.filter(
        module=line.module, person=OuterRef("person"), finished_at__isnull=False
    )


def _learner(person: Any, row: ModuleProgress | None) -> Learner:
    if row is None:
        return Learner(person)
    return Learner(
        person=person,
        finished_at=row.finished_at,
        understood_at=row.understood_at,
        percent=None if row.first_score is None else rounding.percent(row.first_score),
        minutes=rounding.whole(row.active_seconds / 60),
        last_at=row.last_at,
    )


def one(viewer: Person, person_id: uuid.UUID) -> Member:
    """Return one person with their figures. Raises Person.DoesNotExist. Two queries."""
    person = (
        Person.objects.visible_to(viewer).select_related("organisation", "team").get(pk=person_id)
    )
    row = PersonSummary.objects.visible_to(viewer).filter(person=person).first()
    return member_of(row or PersonSummary(person=person), person, rules.today())


@dataclasses.dataclass(frozen=True)
class Left:
    """Something required that one person hasn't finished yet: how many days it is late, and whether to remind of it."""

    title: str
    shown: ShownPerson
    late: int
    remind: bool

    @property
    def assignment(self) -> Any:
        """What asks for it."""
        return self.shown.enrolment.assignment


def left_of(viewer: Person, person: Person) -> list[Left]:
    """Return what is required of a person and open, what is due first before the rest. Three queries.

    What several assignments ask for stands once, with the day that comes first.
    """
    found: Any = (
        _required(viewer, person)
        .select_related("assignment__course")
        .annotate(may_remind=rights.to_remind(viewer, rules.today()))
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )
    asked: dict[tuple[Any, Any], list[Any]] = {}
    for row in found:
        asked.setdefault((row.assignment.module_id, row.assignment.course_id), []).append(row)
    if not asked:
        return []
    rows, now = [same[0] for same in asked.values()], timezone.now()
    titles = lists.titles(row.assignment for row in rows)
    return [
        _left(titles[one.enrolment.assignment_id], one, same, now)
        for same, one in zip(asked.values(), shown.people(rows), strict=True)
    ]


def _left(title: str, one: ShownPerson, same: Sequence[Any], now: dt.datetime) -> Left:
    due_at = one.enrolment.due_at
    late = max(-due.days_left(due_at, now, rules.zone()), 0) if due_at else 0
    overdue = [row for row in same if row.due_at and row.due_at < now]
    return Left(title, one, late, remind=any(row.may_remind for row in overdue))


def late_enrolments(viewer: Person, person: Person) -> list[uuid.UUID]:
    """Return what is required of a person and should be finished by now. One query."""
    return list(_required(viewer, person).late(timezone.now()).values_list("pk", flat=True))


def _required(viewer: Person, person: Person) -> EnrolmentQuerySet:
    return (
        Enrolment.objects.visible_to(viewer)
        .open()
        .filter(
            person=person,
            assignment__necessity="required",
            assignment__cancelled_at__isnull=True,
        )
    )


@dataclasses.dataclass(frozen=True)
class Done:
    """A module in one person's list."""

    title: str
    record: ModuleProgress

    @property
    def is_read(self) -> bool:
        """Whether it is a post: there is nothing in it to finish."""
        return self.record.module.form == Module.Form.POST and self.record.finished_at is None

    @property
    def percent(self) -> int | None:
        """The first score, as a percentage."""
        score = self.record.first_score
        return None if score is None else rounding.percent(score)

    @property
    def minutes(self) -> int:
        """Active minutes."""
        return rounding.whole(self.record.active_seconds / 60)


def modules_of(person: Person, number: str | None) -> "Page[Any]":
    """Return one page of what a person has begun or finished, the latest first. Two queries."""
    rows = (
        ModuleProgress.objects.filter(person=person)
        .select_related("module")
        .annotate(title=public("title", "module__"))
        .defer("watched", "understood")
        .order_by("-last_at", "pk")
    )
    with scoped(CLIENT):
        page: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(number)
        page.object_list = [Done(row.title, row) for row in page.object_list]
    return page
