"""Duplicates: one module beside its model, or a whole course. What is copied are drafts; nobody reads them yet."""

import dataclasses
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.authoring.actions.courses import create_course
from courses.authoring.actions.drafts import lock, write
from courses.authoring.documents import Document
from courses.authoring.models import Snapshot
from courses.authoring.queries.courses import lessons_of
from courses.catalog.models import Course, Module, ModuleReader
from courses.scenarios.actions import drafting
from courses.scenarios.models import Scenario
from partners.problems import Problem

MOST_COPIED = 100
"""So many modules are copied in one go: it takes seconds, in which their authors' saves wait."""

_LONGEST_COURSE, _LONGEST_MODULE = 100, 140
"""So many signs of a title are left before the word that says that it is a copy."""


@transaction.atomic
def copy_module(*, module_id: uuid.UUID, by: uuid.UUID) -> Module:
    """Make a module whose draft says what this one's draft says, with its scenario and for the same people.

    It stands last in the same course, and nobody reads it before it is published. Raises Problem where the course
    was put away, and for a post.
    """
    # The course before its modules: who orders modules locks in this order too.
    course = _lock_course(Module.objects.values_list("course_id", flat=True).get(pk=module_id))
    source, _rows, theirs = lock(module_id)
    if source.form != Module.Form.LESSON:
        raise Problem(_("A post can't be duplicated. It can be made a lesson."))
    last = course.modules.aggregate(last=Max("position"))["last"] or 0
    with translation.override(source.language):
        title = _copied(theirs.document.title, _LONGEST_MODULE)
    document = dataclasses.replace(theirs.document, title=title)
    return _copy(source, document, course, last + 1, by)


@dataclasses.dataclass(frozen=True)
class Copied:
    """A duplicated course: how many modules it got, and how many archived ones and posts of its model it didn't."""

    course: Course
    modules: int
    archived: int
    posts: int


@transaction.atomic
def copy_course(*, course_id: uuid.UUID, by: uuid.UUID) -> Copied:
    """Make a course of the same summary with a copy of each module, in the same order and for the same people.

    It stands last on the shelf, with a title in the language that is spoken now; its modules keep theirs, and are
    drafts. Archived modules and posts are left out. Raises Problem where the course was put away, has no lesson, or
    more than `MOST_COPIED`.
    """
    source = _lock_course(course_id)
    wanted = list(lessons_of(source).values_list("pk", flat=True))
    if not wanted:
        raise Problem(_("There is no lesson in this course that could be duplicated."))
    if len(wanted) > MOST_COPIED:
        told = _(
            "%(n)s modules are too many for one go, at most %(most)s. Move some elsewhere first."
        )
        raise Problem(told % {"n": len(wanted), "most": MOST_COPIED})
    made = create_course(title=_copied(source.title, _LONGEST_COURSE), summary=source.summary)
    for position, module_id in enumerate(wanted, start=1):
        module, _rows, theirs = lock(module_id)
        _copy(module, theirs.document, made, position, by)
    left = source.modules.exclude(pk__in=wanted)
    archived = left.filter(is_archived=True).count()
    return Copied(made, len(wanted), archived, left.count() - archived)


def _lock_course(course_id: uuid.UUID) -> Course:
    course = Course.objects.select_for_update(no_key=True).get(pk=course_id)
    if course.is_archived:
        raise Problem(_("This course is archived. Bring it back first."))
    return course


def _copied(title: str, longest: int) -> str:
    return gettext("%(title)s (copy)") % {"title": title[:longest]}


def _copy(
    source: Module, document: Document, course: Course, position: int, by: uuid.UUID
) -> Module:
    """Make a module whose draft is this document, with the scenario of the source and for the same people."""
    made = Module.objects.create(
        course=course,
        title=document.title,
        language=source.language,
        position=position,
        audience=source.audience,
    )
    ModuleReader.objects.bulk_create(
        ModuleReader(module=made, organisation_id=each)
        for each in source.readers.values_list("organisation_id", flat=True)
    )
    made, blocks, current = lock(made.pk)
    write(made, blocks, current, document, by, origin=Snapshot.Origin.MADE)
    _copy_scenario(source, made, by)
    return made


def _copy_scenario(source: Module, made: Module, by: uuid.UUID) -> None:
    """Give the copy a scenario that says what the one of the source says, if it has one."""
    theirs = Scenario.objects.filter(module=source).values_list("pk", flat=True).first()
    if theirs is None:
        return
    _draft, document = drafting.lock(theirs)
    mine = drafting.create_scenario(module_id=made.pk, by=by)
    draft, _empty = drafting.lock(mine.pk)
    if made.title != source.title:
        document = dataclasses.replace(document, title=made.title)
    drafting.save_whole(
        scenario_id=mine.pk, base=draft.revision, document=document, by=by, op="import"
    )
