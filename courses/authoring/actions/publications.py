"""Writes of publications: now, at a date, and what the clock does when the date has come."""

import dataclasses
import datetime as dt
import uuid

import structlog
from django.db import InterfaceError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import scope
from core.notices import actions as notices
from courses.authoring.actions.drafts import ConflictError, lock
from courses.authoring.models import Draft, PlannedPublication, Snapshot
from courses.authoring.queries import drafts, media
from courses.authoring.queries.drafts import Current
from courses.authoring.words import HELD, OUT
from courses.catalog.models import Module
from courses.progress import publishing
from courses.progress.publishing import NotPublishableError, Published
from partners.models import Organisation, Person
from partners.problems import Problem
from partners.queries import people

log = structlog.get_logger(__name__)

FARTHEST = dt.timedelta(days=366)
"""How far ahead a publication may be planned."""

_NOBODY = uuid.UUID(int=0)


@transaction.atomic
def publish_now(*, module_id: uuid.UUID, base: int, note: str, by: uuid.UUID) -> Published:
    """Publish the draft as its author has just seen it. A publication that waits is called off.

    Raises ConflictError if it no longer stands at `base`, NotPublishableError with all problems of the draft,
    Problem for a module that was put away. Nothing has changed then.
    """
    module, _blocks, current = lock(module_id)
    if current.revision != base:
        raise ConflictError(current)
    _refuse_archived(module)
    published = publish_locked(module, current, note, by)
    end_plan(module, by=by)
    return published


def _refuse_archived(module: Module) -> None:
    if module.is_archived or module.course.is_archived:
        raise Problem(_("This module is archived. Bring it back first."))


def publish_locked(
    module: Module,
    current: Current,
    note: str,
    by: uuid.UUID | None,
    *,
    without_waiting: bool = False,
) -> Published:
    """Publish a locked draft, and note in its history what came out of it. Raises NotPublishableError.

    `without_waiting`: as posts come out, see `publishing.publish`; no more is asked of the draft than there.
    """
    files = media.described(by or _NOBODY, current.document.assets())
    problems = [] if without_waiting else drafts.problems(module.pk, current.document, files)
    if problems:
        raise NotPublishableError(problems)
    published = publishing.publish(
        module_id=module.pk, by=by, note=note, without_waiting=without_waiting
    )
    digest = current.document.digest
    draft, _made = Draft.objects.update_or_create(
        module=module,
        defaults={"published_hash": digest},
        create_defaults={
            "published_hash": digest,
            "content_hash": digest,
            "revision": current.revision,
            "saved_at": current.saved_at,
            "saved_by": current.saved_by,
        },
    )
    if (
        draft.content_hash != digest
    ):  # another door has written it since: that is a revision of its own
        draft.content_hash, draft.revision = digest, current.revision
        draft.save(update_fields=["content_hash", "revision"])
    if published.changed:
        _note_version(current, published)
    return published


def _note_version(current: Current, published: Published) -> None:
    values = {
        "document": current.document.to_json(),
        "content_hash": current.document.digest,
        "origin": Snapshot.Origin.FOUND,
        "saved_by": current.saved_by,
        "began_at": current.saved_at,
        "saved_at": current.saved_at,
    }
    Snapshot.objects.update_or_create(
        module_id=published.version.module_id,
        revision=current.revision,
        defaults={"version": published.version},
        create_defaults=values | {"version": published.version},
    )


@transaction.atomic
def plan(*, module_id: uuid.UUID, at: dt.datetime, note: str, by: uuid.UUID) -> PlannedPublication:
    """Let the draft, as it stands then, come out at a moment. An earlier plan of the module is replaced.

    Raises Problem for a moment that is past or too far away, or a module that was put away.
    """
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    _refuse_archived(module)
    now = timezone.now()
    if at <= now:
        raise Problem(_("This moment is over. Please choose one to come."), "at")
    if at > now + FARTHEST:
        raise Problem(_("Please choose a day within a year."), "at")
    end_plan(module, by=by)
    return PlannedPublication.objects.create(module=module, at=at, note=note, planned_by=by)


@transaction.atomic
def cancel_plan(*, module_id: uuid.UUID, by: uuid.UUID) -> bool:
    """Call a waiting publication off. Returns False where none waits any more."""
    return end_plan(Module.objects.select_for_update(no_key=True).get(pk=module_id), by=by)


def end_plan(module: Module, *, by: uuid.UUID) -> bool:
    """Call off what waits for a locked module. Returns False where nothing does."""
    waiting = PlannedPublication.objects.filter(module=module, state="waiting")
    ended = waiting.update(state=PlannedPublication.State.CANCELLED, ended_at=timezone.now())
    if ended:
        log.info("plan_cancelled", module=str(module.pk), by=str(by))
    return bool(ended)


def publish_due() -> int:
    """Publish whatever is due, each in a transaction of its own. Returns how many came out.

    Two clocks at once, or one that rings twice, publish once: the module is locked, then its plan read anew. A plan
    that fails by a fault of ours is noted, and waits for the next ring; the others come out.
    """
    with scope.scoped(scope.CLIENT):
        due = PlannedPublication.objects.filter(state="waiting", at__lte=timezone.now())
        pairs = list(due.order_by("at").values_list("pk", "module_id"))
        return sum(_try(plan_id, module_id) for plan_id, module_id in pairs)


def _try(plan_id: uuid.UUID, module_id: uuid.UUID) -> bool:
    try:
        return _run(plan_id, module_id)
    except InterfaceError:
        raise  # the database is away: this ring ends, the next one goes on
    except Exception:
        log.exception("plan_failed", plan=str(plan_id), module=str(module_id))
        return False


@dataclasses.dataclass(frozen=True)
class _Ended:
    state: PlannedPublication.State
    published: Published | None = None


@transaction.atomic
def _run(plan_id: uuid.UUID, module_id: uuid.UUID) -> bool:
    module, _blocks, current = lock(module_id)
    waiting = PlannedPublication.objects.filter(pk=plan_id, state="waiting").first()
    if waiting is None or waiting.at > timezone.now():
        return False
    ended = _attempt(module, current, waiting)
    waiting.state, waiting.ended_at = ended.state, timezone.now()
    waiting.version = ended.published.version if ended.published else None
    waiting.save(update_fields=["state", "ended_at", "version"])
    _tell(waiting, current)
    return ended.published is not None


def _attempt(module: Module, current: Current, waiting: PlannedPublication) -> _Ended:
    if not _may_still(waiting):
        log.warning("plan_without_planner", module=str(module.pk))
        return _Ended(PlannedPublication.State.HELD)
    try:
        _refuse_archived(module)
        published = publish_locked(module, current, waiting.note, waiting.planned_by)
    except (NotPublishableError, Problem) as problem:
        log.info("plan_held", module=str(module.pk), problem=str(problem)[:200])
        return _Ended(PlannedPublication.State.HELD)
    return _Ended(PlannedPublication.State.DONE, published)


def _may_still(waiting: PlannedPublication) -> bool:
    """Say whether whoever planned it may still publish; a plan of nobody is the product's own."""
    if waiting.planned_by is None:
        return True
    planner = people.acting(waiting.planned_by)
    return planner is not None and planner.of_client and planner.has_role("author", "admin")


def _tell(ended: PlannedPublication, current: Current) -> None:
    """Tell who planned it what became of it; where they have left, the administrators."""
    if ended.planned_by is None:
        return
    planner = people.acting(ended.planned_by)
    admins = Person.objects.filter(is_active=True, organisation__kind=Organisation.Kind.CLIENT)
    for person in [planner] if planner else admins.filter(roles__contains=["admin"]):
        notices.notify(
            key=f"authoring:plan:{ended.pk}" + ("" if planner else f":{person.pk}"),
            person_id=person.pk,
            organisation_id=person.organisation_id,
            kind=OUT if ended.state == PlannedPublication.State.DONE else HELD,
            url=reverse("authoring:publish", args=[ended.module_id]),
            data={"title": current.document.title},
        )
