"""What becomes of a post: it is shown longer, taken back, made a lesson."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.catalog.models import Block, Course, Module, ModuleReader
from courses.posts.models import Post
from partners.problems import Problem


def locked(post_id: uuid.UUID) -> Post:
    """Return a post with its module; nobody else changes it until this transaction ends."""
    # Both rows are locked: of a module that is only joined, a transaction that waited would read the old state.
    found = Post.objects.select_related("module")
    found = found.select_for_update(no_key=True, of=("self", "module"))
    return found.get(pk=post_id)


def archive(module_id: uuid.UUID, *, archived: bool) -> bool:
    """Put a post's module away, or bring it back. Returns False where it was so already."""
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    if module.is_archived is archived:
        return False
    module.is_archived = archived
    module.save(update_fields=["is_archived"])
    return True


@transaction.atomic
def extend(*, post_id: uuid.UUID, days: int | None, base: str) -> bool:
    """Show a post longer: by days from its end (or from now, if that is past), None for good.

    `base` is the end from which the person began (see `Post.end`); where it is another by now, nothing changes.
    """
    post = locked(post_id)
    if post.end != base:
        return False
    ends, now = post.module.expires_at, timezone.now()
    until = max(ends, now) + dt.timedelta(days=days) if days and ends else None
    _set_expiry(post.module_id, until)
    return True


def _set_expiry(module_id: uuid.UUID, expires_at: dt.datetime | None) -> None:
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    module.expires_at = expires_at
    module.save(update_fields=["expires_at"])


@transaction.atomic
def take_back(*, post_id: uuid.UUID, archived: bool) -> bool:
    """Take a post back, or let it be seen again. Returns False where it was so already, or has nothing to show."""
    post = locked(post_id)
    if post.video == Post.Video.FAILED and not archived and not post.module.blocks.exists():
        return False
    return archive(post.module_id, archived=archived)


@transaction.atomic
def promote(*, post_id: uuid.UUID, course_id: uuid.UUID) -> uuid.UUID:
    """Begin a lesson from a post: a draft with its words and file, last in a course. Returns the draft's id.

    The post stays what it is until its end. A second time returns the same draft. Raises Problem where the
    course was put away.
    """
    course = Course.objects.select_for_update(no_key=True).get(pk=course_id)
    post = locked(post_id)
    if post.lesson_id is not None and Module.objects.filter(pk=post.lesson_id).exists():
        return post.lesson_id
    if course.is_archived:
        raise Problem(_("This course is archived. Bring it back first."), "course")
    lesson = _draft_of(post.module, course)
    post.lesson_id = lesson.pk
    post.save(update_fields=["lesson_id"])
    return lesson.pk


def _draft_of(module: Module, course: Course) -> Module:
    last = course.modules.aggregate(last=Max("position"))["last"] or 0
    lesson = Module.objects.create(
        course=course,
        title=module.title,
        summary=module.summary,
        minutes=module.minutes,
        language=module.language,
        picture_id=module.picture_id,
        position=last + 1,
        form=Module.Form.LESSON,
        audience=module.audience,
    )
    ModuleReader.objects.bulk_create(
        ModuleReader(module=lesson, organisation_id=reader.organisation_id)
        for reader in module.readers.all()
    )
    Block.objects.bulk_create(
        Block(
            module=lesson,
            key=block.key,
            kind=block.kind,
            data=block.data,
            position=block.position,
        )
        for block in module.blocks.all()
    )
    return lesson
