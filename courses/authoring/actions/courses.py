"""Writes of courses and modules: making, naming, ordering, putting away and bringing back."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from courses.assignments.actions.enrolling import follow_shelf
from courses.authoring.actions.drafts import lock, write
from courses.authoring.actions.publications import end_plan
from courses.authoring.models import Snapshot
from courses.catalog import starting
from courses.catalog.models import Course, Module, ModuleReader
from partners.models import Organisation
from partners.problems import Problem

_Placed = TypeVar("_Placed", Course, Module)


@transaction.atomic
def create_course(*, title: str, summary: str) -> Course:
    """Make a course; it stands last on the shelf."""
    last = Course.objects.aggregate(last=Max("position"))["last"] or 0
    return Course.objects.create(title=title, summary=summary, position=last + 1)


@transaction.atomic
def edit_course(*, course_id: uuid.UUID, title: str, summary: str) -> Course:
    """Name a course anew. Readers see it at once."""
    course = Course.objects.select_for_update(no_key=True).get(pk=course_id)
    course.title, course.summary = title, summary
    course.save(update_fields=["title", "summary"])
    return course


@transaction.atomic
def archive_course(*, course_id: uuid.UUID, archived: bool) -> bool:
    """Put a course away with all its modules, or bring it back. Returns False where it was so already."""
    course = Course.objects.select_for_update(no_key=True).get(pk=course_id)
    if course.is_archived is archived:
        return False
    course.is_archived = archived
    course.save(update_fields=["is_archived"])
    follow_shelf()
    return True


@transaction.atomic
def move_course(*, course_id: uuid.UUID, by: int) -> bool:
    """Move a course up (-1) or down (1) on the shelf. Returns False where it is at the end already."""
    # In the order of their ids, as everybody locks them, so that two who move don't wait for each other.
    rows = list(Course.objects.filter(is_archived=False).order_by("pk").select_for_update())
    rows.sort(key=lambda row: (row.position, row.pk))
    place = next((i for i, row in enumerate(rows) if row.pk == course_id), None)
    return place is not None and _swap(rows, place, by)


@transaction.atomic
def move_module(*, module_id: uuid.UUID, by: int) -> bool:
    """Move a module up (-1) or down (1) in its course. Returns False where it is at the end already."""
    module = Module.objects.only("course_id").get(pk=module_id)
    Course.objects.select_for_update(no_key=True).get(pk=module.course_id)
    mine = Module.objects.filter(course_id=module.course_id, is_archived=False)
    rows = list(mine.only("position").order_by("position", "pk"))
    place = next((i for i, row in enumerate(rows) if row.pk == module_id), None)
    return place is not None and _swap(rows, place, by)


def _swap(rows: Sequence[_Placed], place: int, by: int) -> bool:
    """Exchange two neighbours and number the rows anew; only what changed is written."""
    other = place + by
    if not 0 <= other < len(rows):
        return False
    order = list(rows)
    order[place], order[other] = order[other], order[place]
    for position, row in enumerate(order, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    return True


@dataclasses.dataclass(frozen=True)
class NewModule:
    """What is known of a module before it is written."""

    title: str
    template: str
    language: str


@transaction.atomic
def create_module(*, course_id: uuid.UUID, wanted: NewModule, by: uuid.UUID) -> Module:
    """Make a module with the blocks of its template; it stands last in its course.

    Raises Problem where the course was put away.
    """
    course = Course.objects.select_for_update(no_key=True).get(pk=course_id)
    if course.is_archived:
        raise Problem(_("This course is archived. Bring it back first."))
    last = course.modules.aggregate(last=Max("position"))["last"] or 0
    module = Module.objects.create(
        course=course, title=wanted.title, language=wanted.language, position=last + 1
    )
    module, blocks, current = lock(module.pk)
    begun = dataclasses.replace(
        current.document, blocks=tuple(starting.blocks_for(wanted.template, wanted.language))
    )
    write(module, blocks, current, begun, by, origin=Snapshot.Origin.MADE)
    return module


@transaction.atomic
def archive_module(*, module_id: uuid.UUID, archived: bool, by: uuid.UUID) -> bool:
    """Put a module away, or bring it back. Returns False where it was so already.

    Readers don't see it any more; what they learnt from it stays. A publication that waits is called off.
    """
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    if module.is_archived is archived:
        return False
    module.is_archived = archived
    module.save(update_fields=["is_archived"])
    if archived:
        end_plan(module, by=by)
    follow_shelf()
    return True


@dataclasses.dataclass(frozen=True)
class Reach:
    """Where a module stands and whom it is for; `expires_at` is its last moment, None for none."""

    course_id: uuid.UUID
    audience: str
    organisations: Sequence[Organisation]
    expires_at: dt.datetime | None


@transaction.atomic
def change_reach(*, module_id: uuid.UUID, reach: Reach) -> None:
    """Change course, audience and last moment of a module. Readers meet it at once, no publication is needed.

    Who may see it no longer is not asked for it any more; whom its assignments name and who may see it now, is.
    Raises Problem for an audience of chosen organisations that names none, or a course that was put away.
    """
    if reach.audience == Module.Audience.CHOSEN and not reach.organisations:
        raise Problem(_("Please choose at least one partner."), "organisations")
    # The course before its module: who orders modules locks in this order too.
    course = Course.objects.select_for_update(no_key=True).get(pk=reach.course_id)
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    if course.pk != module.course_id:
        _move_to(module, course)
    module.audience, module.expires_at = reach.audience, reach.expires_at
    module.save(update_fields=["audience", "expires_at"])
    chosen = reach.audience == Module.Audience.CHOSEN
    _choose_readers(module, {each.pk for each in reach.organisations} if chosen else set())
    follow_shelf()


def _choose_readers(module: Module, wanted: set[uuid.UUID]) -> None:
    readers = ModuleReader.objects.filter(module=module)
    there = set(readers.values_list("organisation_id", flat=True))
    readers.filter(organisation__in=there - wanted).delete()
    ModuleReader.objects.bulk_create(
        ModuleReader(module=module, organisation_id=each) for each in wanted - there
    )


def _move_to(module: Module, course: Course) -> None:
    if course.is_archived:
        raise Problem(_("This course is archived. Bring it back first."), "course")
    last = course.modules.aggregate(last=Max("position"))["last"] or 0
    module.course, module.position = course, last + 1
    module.save(update_fields=["course", "position"])
