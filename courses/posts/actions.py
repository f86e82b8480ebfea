"""Writes of quick posts."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import scope
from core.models import Asset
from core.notices import actions as notices
from courses.catalog.models import Block, Course, Module, ModuleReader
from courses.posts.models import Post, Shelf
from courses.posts.titling import document, suggested
from courses.posts.words import FAILED, OUT
from courses.progress.publishing import NotPublishableError, publish
from partners.models import Organisation, Person
from partners.problems import Problem

log = structlog.get_logger(__name__)


@dataclasses.dataclass(frozen=True)
class NewPost:
    """What somebody posts. `key` is the form's; `days` None: for good; `alt` tells what a picture shows."""

    key: uuid.UUID
    text: str
    title: str
    language: str
    audience: str
    organisations: Sequence[Organisation]
    days: int | None
    asset_id: uuid.UUID | None = None
    alt: str = ""


def own_asset(person: Person, asset_id: uuid.UUID) -> Asset | None:
    """Return a file that this person has uploaded for the client. One query."""
    mine = Asset.objects.filter(uploaded_by=person.pk, organisation_id__isnull=True)
    return mine.filter(pk=asset_id).first()


@transaction.atomic
def make_post(*, person: Person, wanted: NewPost) -> Post:
    """Post; it is published at once, or as soon as its video is ready. The same key again makes nothing.

    Raises Problem where there is nothing to say or nobody to say it to.
    """
    course = _shelf()  # locked: two sendings of one form come one after the other
    known = Post.objects.filter(key=wanted.key, made_by=person.pk).first()
    if known is not None:
        return known
    asset = own_asset(person, wanted.asset_id) if wanted.asset_id else None
    if wanted.asset_id and asset is None:
        raise Problem(_("This file is gone. Please take it once more."), "file")
    if asset is None and not wanted.text.strip():
        raise Problem(_("Please take a video or picture, or write a few lines."), "text")
    if wanted.audience == Module.Audience.CHOSEN and not wanted.organisations:
        raise Problem(_("Please choose at least one partner."), "organisations")
    module = _module(course, wanted)
    _blocks(module, wanted, asset)
    post = Post.objects.create(
        module=module,
        key=wanted.key,
        made_by=person.pk,
        asset_id=wanted.asset_id,
        days=wanted.days,
    )
    _publish(post, tell=False)
    return post


def _shelf() -> Course:
    """Return the course of posts, locked; made when there is none, or it was put away."""
    Shelf.objects.bulk_create([Shelf(pk=1)], ignore_conflicts=True)
    shelf = Shelf.objects.select_for_update(no_key=True).get(pk=1)
    if shelf.course is not None and not shelf.course.is_archived:
        return shelf.course
    with translation.override(settings.LANGUAGE_CODE):
        title = _("This morning's word")
    last = Course.objects.aggregate(last=Max("position"))["last"] or 0
    shelf.course = Course.objects.create(title=title, position=last + 1)
    shelf.save(update_fields=["course"])
    return shelf.course


def _module(course: Course, wanted: NewPost) -> Module:
    today = timezone.localdate()
    plain = _("%(title)s, %(month)d/%(day)d") % {
        "title": _("This morning's word"),
        "month": today.month,
        "day": today.day,
    }
    last = course.modules.aggregate(last=Max("position"))["last"] or 0
    module = Module.objects.create(
        course=course,
        title=wanted.title.strip() or suggested(wanted.text) or plain,
        minutes=1,
        language=wanted.language,
        position=last + 1,
        form=Module.Form.POST,
        audience=wanted.audience,
    )
    if wanted.audience == Module.Audience.CHOSEN:
        for each in wanted.organisations:
            ModuleReader.objects.create(module=module, organisation=each)
    return module


def _blocks(module: Module, wanted: NewPost, asset: Asset | None) -> None:
    blocks: list[tuple[str, dict[str, object]]] = []
    if asset is not None and asset.kind == Asset.Kind.VIDEO:
        blocks.append((Block.Kind.VIDEO, {"asset": str(asset.pk), "title": module.title}))
    elif asset is not None:
        alt = wanted.alt.strip() or module.title
        blocks.append((Block.Kind.IMAGE, {"asset": str(asset.pk), "alt": alt}))
    if wanted.text.strip():
        blocks.append((Block.Kind.TEXT, {"doc": document(wanted.text)}))
    for place, (kind, data) in enumerate(blocks):
        key = uuid.uuid4().hex[:8]
        Block.objects.create(module=module, key=key, kind=kind, data=data, position=place)


def publish_ready() -> int:
    """Publish the posts whose video is ready, and tell of those whose video can't be prepared. Returns how many.

    Each in a transaction of its own; two clocks at once publish once: the post is locked and read anew.
    """
    with scope.scoped(scope.CLIENT):
        waiting = Post.objects.filter(published_at__isnull=True, module__is_archived=False)
        by_asset = dict(waiting.order_by("created_at").values_list("pk", "asset_id"))
        settled = Asset.objects.filter(pk__in=[each for each in by_asset.values() if each]).exclude(
            state__in=[Asset.State.WAITING, Asset.State.WORKING]
        )
        states = dict(settled.values_list("pk", "state"))
        return sum(
            _settle(post_id, states[asset_id])
            for post_id, asset_id in by_asset.items()
            if asset_id in states
        )


@transaction.atomic
def _settle(post_id: uuid.UUID, state: str) -> bool:
    post = _locked(post_id)
    if post.published_at is not None or post.module.is_archived:
        return False
    if state != Asset.State.READY:
        _tell(post, FAILED)
        return False
    return _publish(post, tell=True)


def _publish(post: Post, *, tell: bool) -> bool:
    """Publish a post of this transaction; False where its file is not ready yet."""
    try:
        publish(module_id=post.module_id, by=post.made_by)
    except NotPublishableError as error:
        if post.asset_id is None:
            raise Problem(_("Please write something here."), "text") from error
        log.info("post_waits", post=str(post.pk))
        return False
    now = timezone.now()
    expires_at = now + dt.timedelta(days=post.days) if post.days else None
    _set_expiry(post.module_id, expires_at)
    post.published_at = now
    post.save(update_fields=["published_at"])
    if tell:
        _tell(post, OUT)
    return True


def _set_expiry(module_id: uuid.UUID, expires_at: dt.datetime | None) -> None:
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    module.expires_at = expires_at
    module.save(update_fields=["expires_at"])


def _tell(post: Post, kind: str) -> None:
    """Tell whoever posted it what became of it, once."""
    person = Person.objects.filter(pk=post.made_by, is_active=True).first()
    if person is None:
        return
    notices.notify(
        key=f"posts:{kind}:{post.pk}",
        person_id=person.pk,
        organisation_id=person.organisation_id,
        kind=kind,
        url=reverse("posts:mine"),
        data={"title": post.module.title},
    )


def _locked(post_id: uuid.UUID) -> Post:
    found = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("module")
    return found.get(pk=post_id)


@transaction.atomic
def extend(*, post_id: uuid.UUID, days: int | None, base: str) -> bool:
    """Show a post longer: by days from its end (or from now, if that is past), None for good.

    `base` is the end from which the person began (see `Post.end`); where it is another by now, nothing changes.
    """
    post = _locked(post_id)
    if post.promoted_at is not None or post.end != base:
        return False
    if post.published_at is None:
        post.days = min((post.days or 0) + days, 366) if days and post.days else None
        post.save(update_fields=["days"])
        return True
    ends, now = post.module.expires_at, timezone.now()
    until = max(ends, now) + dt.timedelta(days=days) if days and ends else None
    _set_expiry(post.module_id, until)
    return True


@transaction.atomic
def take_back(*, post_id: uuid.UUID, archived: bool) -> bool:
    """Take a post back, or let it be seen again. Returns False where it was so already, or it is a lesson by now."""
    post = _locked(post_id)
    module = Module.objects.select_for_update(no_key=True).get(pk=post.module_id)
    if post.promoted_at is not None or module.is_archived is archived:
        return False
    module.is_archived = archived
    module.save(update_fields=["is_archived"])
    return True


@transaction.atomic
def promote(*, post_id: uuid.UUID, course_id: uuid.UUID) -> bool:
    """Make a post a lesson of a course, for good; what was learnt from it stays. False: it is one already.

    Raises Problem while it isn't published, or where the course was put away.
    """
    course = Course.objects.select_for_update(no_key=True).get(pk=course_id)
    post = _locked(post_id)
    if post.promoted_at is not None:
        return False
    if post.published_at is None:
        raise Problem(_("It is not published yet. Please wait until its video is ready."))
    if course.is_archived:
        raise Problem(_("This course is archived. Bring it back first."), "course")
    last = course.modules.aggregate(last=Max("position"))["last"] or 0
    module = Module.objects.select_for_update(no_key=True).get(pk=post.module_id)
    module.form, module.course, module.position = Module.Form.LESSON, course, last + 1
    module.expires_at, module.is_archived = None, False
    module.save(update_fields=["form", "course", "position", "expires_at", "is_archived"])
    post.promoted_at = timezone.now()
    post.save(update_fields=["promoted_at"])
    return True
