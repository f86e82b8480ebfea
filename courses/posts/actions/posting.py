"""Posting: a module in the course of posts, published at once."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.mediafiles.errors import explain
from core.models import Asset
from courses.catalog import cards
from courses.catalog.models import Block, Course, Module, ModuleReader
from courses.posts.models import Post, Shelf
from courses.posts.titling import document, suggested
from courses.progress.publishing import NotPublishableError, publish
from partners.models import Client, Organisation, Person
from partners.problems import Problem


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
    """Publish a post; while its video is being prepared, readers find its words and its place.

    The same key again makes nothing. Raises Problem where there is nothing to say or nobody to say it to.
    """
    course = shelf()  # locked: two sendings of one form come one after the other
    known = Post.objects.filter(key=wanted.key, made_by=person.pk).first()
    if known is not None:
        return known
    asset = _asset(person, wanted)
    if asset is None and not wanted.text.strip():
        raise Problem(_("Please take a video or picture, or write a few lines."), "text")
    if wanted.audience == Module.Audience.CHOSEN and not wanted.organisations:
        raise Problem(_("Please choose at least one partner."), "organisations")
    module = _module(course, wanted)
    _blocks(module, wanted, asset)
    return Post.objects.create(
        module=module,
        key=wanted.key,
        made_by=person.pk,
        asset_id=wanted.asset_id,
        video=_published(module, person.pk, asset),
        published_at=timezone.now(),
    )


def _asset(person: Person, wanted: NewPost) -> Asset | None:
    """Return the post's file, None for none. Raises Problem where it can't be shown to anybody."""
    if wanted.asset_id is None:
        return None
    asset = own_asset(person, wanted.asset_id)
    if asset is None:
        raise Problem(_("This file is gone. Please take it once more."), "file")
    if asset.state == Asset.State.FAILED:
        raise Problem(explain(asset.error), "file")
    return asset


@transaction.atomic
def shelf() -> Course:
    """Return the one course of posts, locked; made when there is none.

    Where somebody archived it, it comes back, but not what was put away with it.
    """
    Shelf.objects.bulk_create([Shelf(pk=1)], ignore_conflicts=True)
    row = Shelf.objects.select_for_update(no_key=True).get(pk=1)
    if row.course_id is None:
        last = Course.objects.aggregate(last=Max("position"))["last"] or 0
        row.course = Course.objects.create(title=name_of_shelf(), position=last + 1)
        row.save(update_fields=["course"])
        return row.course
    course = Course.objects.select_for_update(no_key=True).get(pk=row.course_id)
    if course.is_archived:
        course.modules.filter(is_archived=False).update(is_archived=True)
        course.is_archived = False
        course.save(update_fields=["is_archived"])
    return course


def name_of_shelf() -> str:
    """Return "Latest posts" in the client's language."""
    client = Client.objects.first()
    with translation.override(client.language if client else "ja"):
        return _("Latest posts")


def titled(title: str, text: str) -> str:
    """Return a post's title: the typed one, else its first words, else the day."""
    today = timezone.localdate()
    plain = _("Post of %(month)d/%(day)d") % {"month": today.month, "day": today.day}
    return title.strip() or suggested(text) or plain


def _module(course: Course, wanted: NewPost) -> Module:
    last = course.modules.aggregate(last=Max("position"))["last"] or 0
    module = Module.objects.create(
        course=course,
        title=titled(wanted.title, wanted.text),
        minutes=1,
        language=wanted.language,
        position=last + 1,
        form=Module.Form.POST,
        audience=wanted.audience,
        expires_at=timezone.now() + dt.timedelta(days=wanted.days) if wanted.days else None,
    )
    if wanted.audience == Module.Audience.CHOSEN:
        ModuleReader.objects.bulk_create(
            ModuleReader(module=module, organisation=each) for each in wanted.organisations
        )
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


def _published(module: Module, by: uuid.UUID, asset: Asset | None) -> str:
    """Publish a new module, and return what there is of its video. Raises Problem where it can't be."""
    try:
        version = publish(module_id=module.pk, by=by, without_waiting=True).version
    except NotPublishableError as error:
        raise Problem(error.problems[0].message, "file" if asset else "text") from error
    if asset is None or asset.kind != Asset.Kind.VIDEO:
        return Post.Video.NONE
    return Post.Video.COMING if cards.card(version.document).coming else Post.Video.READY
