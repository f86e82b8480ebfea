"""What one person is asked to learn."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.written import written_once
from courses.assignments import due, words
from courses.assignments.models import AssignedModule, Assignment, Enrolment
from courses.catalog.naming import public
from courses.progress.asked import Asked
from courses.progress.models import ModuleProgress
from partners.models import Person
from partners.queries.client import client, zone

_OPTIONAL = 1e12
"""What is only suggested comes after everything that is required."""


def asked_of(person: Person) -> dict[uuid.UUID, Asked]:
    """Return what this person is asked, by module: the most pressing of its assignments. Two queries."""
    found: dict[uuid.UUID, Asked] = {}
    listed = _open(person)
    if not listed:
        return found
    now, here = timezone.now(), zone(client())
    for module_id, due_at, necessity, opens, message in listed:
        required = necessity == Assignment.Necessity.REQUIRED
        asked = _asked(due_at, required, now, here, opens, message)
        if module_id not in found or asked.rank < found[module_id].rank:
            found[module_id] = asked
    return found


@written_once
def _open(person: Person) -> QuerySet[AssignedModule, tuple[Any, ...]]:
    return AssignedModule.objects.filter(
        removed_at__isnull=True,
        assignment__cancelled_at__isnull=True,
        assignment__enrolments__person_id=person.pk,
        assignment__enrolments__state=Enrolment.State.OPEN,
    ).values_list(
        "module_id",
        "assignment__enrolments__due_at",
        "assignment__necessity",
        "assignment__opens",
        "assignment__message",
    )


def _asked(
    due_at: dt.datetime | None,
    required: bool,
    now: dt.datetime,
    here: dt.tzinfo,
    opens: str,
    message: str,
) -> Asked:
    rank = (due_at.timestamp() if due_at else _OPTIONAL / 2) + (0 if required else _OPTIONAL)
    label = words.necessity(required=required)
    if due_at is not None:
        label = words.by_when(due_at, now, here)
    presses = required and due_at is not None and due.days_left(due_at, now, here) <= due.SOON
    tone = words.tone(due_at, now, here) if required else ""
    return Asked(presses, rank, label, tone, opens, message)


MOST_OPENED = 50
"""Of all that was opened to somebody, so many of the newest are listed."""


def opened_by(person: Person, module_id: uuid.UUID) -> list[str]:
    """Return what this person may do as they finished a module, in the words of who assigned it. One query.

    What waits for more modules isn't among it. The news of a finish comes a moment after it, so what is still open
    with nothing left to finish counts as well.
    """
    mine = ModuleProgress.objects.filter(person_id=person.pk, finished_at__isnull=False)
    finished = mine.filter(module_id=OuterRef("module_id"))
    asked = AssignedModule.objects.filter(
        assignment=OuterRef("assignment_id"), removed_at__isnull=True
    )
    over = Q(state=Enrolment.State.FINISHED) | (
        Q(state=Enrolment.State.OPEN) & ~Exists(asked.filter(~Exists(finished)))
    )
    found = _opening(person).filter(
        over, Exists(mine.filter(module_id=module_id)), assignment__modules__module_id=module_id
    )
    return list(dict.fromkeys(found.values_list("assignment__opens", flat=True)))


@dataclasses.dataclass(frozen=True)
class Opened:
    """What somebody may do since they finished a module or a course."""

    opens: str
    title: str
    at: dt.datetime


def opened(person: Person) -> list[Opened]:
    """Return what was opened to this person, the newest first. One query."""
    found = (
        _opening(person)
        .filter(state=Enrolment.State.FINISHED)
        .annotate(
            module_title=public("title", "assignment__module__"),
            title=Coalesce(F("assignment__course__title"), F("module_title")),
        )
        .order_by("-finished_at", "pk")
    )
    rows = found.values_list("assignment__opens", "title", "finished_at")
    return [Opened(opens, title, at) for opens, title, at in rows[:MOST_OPENED] if at]


def _opening(person: Person) -> QuerySet[Enrolment]:
    """Return what this person is asked to finish, or has finished, where that opens something to them."""
    mine = Enrolment.objects.asked().filter(person_id=person.pk)
    return mine.exclude(assignment__opens="").order_by("assigned_at", "pk")


def settled_among(enrolments: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return which of these enrolments are finished, and which are asked no longer, by their states. One query."""
    found = Enrolment.objects.filter(pk__in=set(enrolments)).exclude(state=Enrolment.State.OPEN)
    return dict(found.values_list("pk", "state"))
