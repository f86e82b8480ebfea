"""What those who assign see: assignments with how many have finished, and the people of one."""

import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from courses.assignments.models import Assignment, AssignmentTarget, Enrolment
from courses.assignments.queries import naming, rights, shelf
from courses.assignments.targets import Target
from courses.catalog.models import Course, Module
from courses.catalog.naming import public
from partners.folding import holding
from partners.models import Person
from partners.models.person import by_reading
from partners.queries.client import here

PAGE_SIZE = 30

NAMED = 2
"""So many of those whom an assignment names stand in a list; its page names all."""

STATES = ("late", "open", "finished")
"""How the people of an assignment are looked at; without one of these, all who are asked."""


@dataclasses.dataclass(frozen=True)
class Counts:
    """How many people in view are asked, have finished, and are late."""

    people: int = 0
    finished: int = 0
    late: int = 0

    @property
    def open(self) -> int:
        """How many have not finished, begun or not."""
        return self.people - self.finished

    def of(self, state: str) -> int:
        """How many are in one of STATES; of another word, all who are asked."""
        known = {"late": self.late, "open": self.open, "finished": self.finished}
        return known.get(state, self.people)


@dataclasses.dataclass(frozen=True)
class Row:
    """One assignment in a list, with its counts of the people in view; `off`: nothing of it is on the shelf.

    `whom` it names, a few of them, as far as the viewer may name them; `unnamed` is how many more there are.
    """

    assignment: Assignment
    title: str
    counts: Counts
    off: shelf.Off | None = None
    whom: Sequence[naming.Named] = ()
    unnamed: int = 0


def titles(assignments: Iterable[Assignment]) -> dict[uuid.UUID, str]:
    """Return what each of these is about: a course's title, a module's as published. One query."""
    rows = list(assignments)
    modules = Module.objects.filter(pk__in={a.module_id for a in rows if a.module_id})
    known = dict(modules.values_list("pk", public("title")))
    return {
        a.pk: known.get(a.module_id, "") if a.module_id else (a.course.title if a.course else "")
        for a in rows
    }


def assignments_page(
    viewer: Person, number: str | None, *, module: uuid.UUID | None = None
) -> "Page[Row]":
    """Return one page of assignments, those that run first, then the newest. Nine queries."""
    found = Assignment.objects.visible_to(viewer).select_related("course")
    if module is not None:
        found = found.filter(modules__module_id=module, modules__removed_at__isnull=True)
    page: Page[Any] = Paginator(
        found.order_by(F("cancelled_at").desc(nulls_first=True), "-created_at", "pk"), PAGE_SIZE
    ).get_page(number)
    page.object_list = _rows(viewer, list(page.object_list))
    return page


def asking(viewer: Person, what: Module | Course) -> tuple[shelf.Asking, list[Row]]:
    """Return what asks for this module or course, and the first of it as a list shows it. Ten queries."""
    found = shelf.asking(viewer, what)
    rows = Assignment.objects.visible_to(viewer).select_related("course").in_bulk(found.first)
    return found, _rows(viewer, [rows[pk] for pk in found.first])


def _rows(viewer: Person, rows: Sequence[Assignment], *, whom: bool = True) -> list[Row]:
    """Return these with their titles and counts, and whom they name. Seven queries at most, without whom three."""
    ids = [row.pk for row in rows]
    named, counted, off = titles(rows), counts(viewer, ids), shelf.off(viewer, ids)
    named_in = _whom(viewer, ids) if whom else {}
    return [
        Row(
            row,
            named[row.pk],
            counted.get(row.pk, Counts()),
            off.get(row.pk),
            *named_in.get(row.pk, ((), 0)),
        )
        for row in rows
    ]


def _whom(
    viewer: Person, assignments: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[list[naming.Named], int]]:
    """Return a few of those whom each assignment names, and how many more. Four queries at most.

    Other companies' targets are neither named nor counted for a manager.
    """
    rows = AssignmentTarget.objects.filter(assignment__in=assignments)
    if not rights.assigns_everywhere(viewer):
        rows = rows.filter(organisation_id=viewer.organisation_id)
    each = [F("assignment_id")]
    placed = rows.annotate(
        place=Window(RowNumber(), partition_by=each, order_by="pk"),
        n=Window(Count("pk"), partition_by=each),
    )
    found: dict[uuid.UUID, list[Target]] = {}
    more: dict[uuid.UUID, int] = {}
    few = placed.filter(place__lte=NAMED).order_by("assignment_id", "place")
    for pk, n, kind, organisation, team, person, role in few.values_list(
        "assignment_id", "n", "kind", "organisation_id", "team_id", "person_id", "role"
    ):
        found.setdefault(pk, []).append(_target(kind, organisation, team, person, role))
        more[pk] = max(n - NAMED, 0)
    wanted = [one for listed in found.values() for one in listed]
    named = {one.target: one for one in naming.shown(viewer, wanted)}
    return {
        pk: ([named[one] for one in listed if one in named], more[pk])
        for pk, listed in found.items()
    }


def counts(viewer: Person, assignments: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Counts]:
    """Count the people in view of these assignments. One query."""
    late = Q(state=Enrolment.State.OPEN, due_at__lt=timezone.now())
    found = (
        Enrolment.objects.visible_to(viewer)
        .asked()
        .filter(assignment__in=assignments)
        .order_by()
        .values("assignment_id")
        .annotate(
            people=Count("pk"),
            finished=Count("pk", filter=Q(state=Enrolment.State.FINISHED)),
            late=Count("pk", filter=late),
        )
    )
    return {
        row["assignment_id"]: Counts(row["people"], row["finished"], row["late"]) for row in found
    }


@dataclasses.dataclass(frozen=True)
class Reminding:
    """How many others are still at it: whom the viewer would remind now, who was reminded today, who is only asked
    since today, whom no news reaches.

    `company` is where those whom no news reaches belong; None where it isn't one company.
    """

    left: int
    done: int
    fresh: int
    waiting: int
    company: uuid.UUID | None


def reminding(viewer: Person, assignment: uuid.UUID) -> Reminding:
    """Count who of an assignment could be reminded by hand. One query."""
    today = timezone.localdate(timezone=here())
    waits = rights.waiting(viewer)
    mine = Enrolment.objects.visible_to(viewer).filter(assignment=assignment)
    found = mine.aggregate(
        left=Count("pk", filter=rights.to_remind(viewer, today)),
        done=Count("pk", filter=rights.reminded(viewer, today)),
        fresh=Count("pk", filter=rights.just_asked(viewer, today)),
        waiting=Count("pk", filter=waits),
        companies=ArrayAgg("organisation", distinct=True, filter=waits, default=Value([])),
    )
    companies = found.pop("companies")
    return Reminding(**found, company=companies[0] if len(companies) == 1 else None)


def assignment(viewer: Person, assignment_id: uuid.UUID) -> Row:
    """Return one assignment with its counts. Raises Assignment.DoesNotExist. Four queries."""
    row = Assignment.objects.visible_to(viewer).select_related("course").get(pk=assignment_id)
    return _rows(viewer, [row], whom=False)[0]


def targets(viewer: Person, assignment_id: uuid.UUID) -> list[naming.Named]:
    """Return whom an assignment names, as far as the viewer may name them. Four queries."""
    mine = Assignment.objects.visible_to(viewer).filter(pk=assignment_id)
    rows = mine.values_list(
        "targets__kind",
        "targets__organisation_id",
        "targets__team_id",
        "targets__person_id",
        "targets__role",
    )
    return naming.shown(viewer, [_target(*row) for row in rows if row[0]])


def _target(
    kind: str,
    organisation: uuid.UUID | None,
    team: uuid.UUID | None,
    person: uuid.UUID | None,
    role: str,
) -> Target:
    if kind == "role":
        return Target(kind, role=role, organisation=organisation)
    return Target(kind, person or team or organisation)


def people_page(viewer: Person, row: Row, state: str, number: str | None) -> "Page[Any]":
    """Return one page of the people of an assignment: the late first, then by reading. Two queries.

    Only what the order needs is sorted; the rows of the page are read in full after that.
    """
    mine = Enrolment.objects.visible_to(viewer)
    found = in_state(mine.asked().filter(assignment=row.assignment), state, timezone.now())
    ordered = found.order_by(
        "-state",
        F("due_at").asc(nulls_last=True),
        *by_reading("person__"),
        "pk",
    )
    paginator: Paginator[Any] = Paginator(ordered.values_list("pk", flat=True), PAGE_SIZE)
    paginator.count = row.counts.of(state)
    page = paginator.get_page(number)
    ids = list(page.object_list)
    full = mine.select_related("person__organisation", "person__team", "organisation").in_bulk(ids)
    page.object_list = [full[pk] for pk in ids if pk in full]
    return page


def in_state(found: Any, state: str, now: dt.datetime) -> Any:
    """Keep the enrolments in one of STATES; another word keeps all."""
    if state == "late":
        return found.late(now)
    if state == "open":
        return found.open()
    return found.filter(state=Enrolment.State.FINISHED) if state == "finished" else found


def author_of(viewer: Person, row: Assignment) -> str:
    """Return who assigned it, empty where that is not for the viewer to know. One query."""
    found = Person.objects.visible_to(viewer).filter(pk=row.created_by_id).first()
    return found.name if found else ""


def shelf_page(viewer: Person, text: str, number: str | None) -> "Page[Module]":
    """Return one page of the modules that can be assigned, those whose titles hold all words. Two queries."""
    found = rights.assignable(viewer).alias(public_title=public("title"))
    found = holding(found, text, "public_title", "course__title")
    page: Page[Any] = Paginator(found, PAGE_SIZE).get_page(number)
    return page


def courses(modules: Iterable[Module]) -> list[tuple[Course, list[Module]]]:
    """Put modules that stand in the order of the shelf under their courses."""
    grouped = itertools.groupby(modules, key=lambda module: module.course)
    return [(course, list(group)) for course, group in grouped]
