"""What one person is asked to learn."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.written import written_once
from courses.assignments import due, words
from courses.assignments.models import AssignedModule, Assignment, Enrolment
from courses.progress.asked import Asked
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
