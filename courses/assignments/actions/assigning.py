"""Writes of assignments: asking people to learn something, another due date, taking it back."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.scope import CLIENT, scoped
from courses.assignments import due
from courses.assignments import targets as kinds
from courses.assignments.actions import enrolling
from courses.assignments.actions.enrolling import Part
from courses.assignments.models import Assignment, AssignmentTarget
from courses.assignments.queries import naming, reach, rights
from courses.assignments.targets import Target
from courses.catalog.models import Course, Module
from partners.models import Person
from partners.problems import Problem
from partners.queries.client import client, zone


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be learnt, by whom and by when: a module or a course. `remind_days`: None for no reminder.

    The same `key` sent again is the same wish: it makes no second assignment.
    """

    module: Module | None = None
    course: Course | None = None
    targets: Sequence[Target] = ()
    required: bool = True
    due_on: dt.date | None = None
    remind_days: int | None = None
    message: str = ""
    opens: str = ""
    key: uuid.UUID | None = None


@transaction.atomic
def assign(*, actor: Person, wish: Wish) -> Assignment:
    """Ask people to learn something; each is enrolled at once, and told after the commit.

    Who comes to fit a target later is enrolled then. Raises Problem for what can't be finished by anybody, for
    targets that the actor may not ask or that reach nobody, and for a day that is over.
    """
    if not rights.may_assign(actor):
        raise PermissionDenied
    enrolling.lock()
    # Made of whose key it is, too: one that stands for somebody else's assignment must not tell that it is there.
    key = uuid.uuid5(wish.key, str(actor.pk)) if wish.key else uuid7()
    if wish.key and (made := rights.changeable(actor).filter(pk=key).first()):
        return made
    modules = _modules(actor, wish)
    targets = [each.target for each in naming.named(actor, wish.targets)]
    if not targets or len(targets) < len(set(wish.targets)):
        raise Problem(_("Choose whom to ask. Somebody you chose can't be asked any more."), "to")
    if not reach.reached(actor, targets, modules).exists():
        raise Problem(_("This reaches nobody: no one there may see it. Choose others."), "to")
    now = timezone.now()
    assignment = Assignment.objects.create(
        pk=key,
        organisation_id=actor.organisation_id,
        module=wish.module,
        course=wish.course,
        necessity="required" if wish.required else "optional",
        due_at=_due_at(wish.due_on, now),
        remind_days=wish.remind_days if wish.due_on else None,
        message=wish.message.strip()[:500],
        opens=" ".join(wish.opens.split())[:80],
        created_by=actor,
        created_at=now,
    )
    AssignmentTarget.objects.bulk_create(_rows(actor, assignment, targets))
    with scoped(CLIENT):
        enrolling.begin(assignment_id=assignment.pk, at=now)
    return assignment


def _modules(actor: Person, wish: Wish) -> list[uuid.UUID]:
    if (wish.module is None) == (wish.course is None):
        raise Problem(_("Choose a module or a course."), "what")
    modules = rights.modules_of(actor, wish.module, wish.course)
    if not modules:
        message = _(
            "Nobody could finish this: it isn't published, or has neither quiz nor scenario."
        )
        raise Problem(message, "what")
    return modules


def _due_at(day: dt.date | None, now: dt.datetime) -> dt.datetime | None:
    if day is None:
        return None
    here = zone(client())
    if day < now.astimezone(here).date():
        raise Problem(_("This day is over. Choose today or a later one."), "due_on")
    return due.end_of(day, here)


def _rows(
    actor: Person, assignment: Assignment, targets: Sequence[Target]
) -> list[AssignmentTarget]:
    homes = {each.target: each.organisation_id for each in naming.named(actor, targets)}
    rows = []
    for target in targets:
        row = AssignmentTarget(assignment=assignment, kind=target.kind, role=target.role)
        row.organisation_id = homes[target] or target.organisation
        if target.kind == kinds.ORGANISATION:
            row.organisation_id = target.id
        elif target.kind == kinds.TEAM:
            row.team_id = target.id
        elif target.kind == kinds.PERSON:
            row.person_id = target.id
        rows.append(row)
    return rows


@transaction.atomic
def change_due(
    *, actor: Person, assignment_id: uuid.UUID, due_on: dt.date | None, remind_days: int | None
) -> bool:
    """Give an assignment another due date, or none; who is still at it is told. Returns whether anything changed.

    Raises Problem for a day that is over, and where the assignment was taken back.
    """
    row = _own(actor, assignment_id)
    due_at = row.due_at if _same_day(row, due_on) else _due_at(due_on, timezone.now())
    remind_days = remind_days if due_on else None
    if (due_at, remind_days) == (row.due_at, row.remind_days):
        return False
    row.due_at, row.remind_days = due_at, remind_days
    row.save(update_fields=["due_at", "remind_days"])
    enrolling.refresh(part=Part(assignment=row.pk))
    return True


def _same_day(row: Assignment, day: dt.date | None) -> bool:
    if row.due_at is None or day is None:
        return row.due_at is None and day is None
    return due.day_of(row.due_at, zone(client())) == day


@transaction.atomic
def cancel(*, actor: Person, assignment_id: uuid.UUID) -> bool:
    """Take an assignment back: nobody is asked any more; who has finished it, has. Returns whether it was open."""
    row = _own(actor, assignment_id, also_cancelled=True)
    if row.cancelled_at is not None:
        return False
    row.cancelled_at = timezone.now()
    row.save(update_fields=["cancelled_at"])
    enrolling.refresh(part=Part(assignment=row.pk))
    return True


def _own(actor: Person, assignment_id: uuid.UUID, *, also_cancelled: bool = False) -> Assignment:
    """Return an assignment that the actor may change, locked. Raises Assignment.DoesNotExist for others."""
    found = rights.changeable(actor).select_for_update(no_key=True, of=("self",))
    row: Assignment = found.get(pk=assignment_id)
    if row.cancelled_at is not None and not also_cancelled:
        raise Problem(_("This has been taken back already."))
    return row
