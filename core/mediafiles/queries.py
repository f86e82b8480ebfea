"""Reads of media."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.mediafiles import limits
from core.models import Asset, Caption, Rendition, Upload

_STANDS_STILL = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Handout:
    """What is needed to hand out one file; small enough to be kept in a cache."""

    path: str
    sha256: str
    content_type: str
    size: int
    name: str


def library(organisation_id: uuid.UUID | None) -> QuerySet[Asset]:
    """Return the videos of one organisation, or of the client's content (None), the newest first.

    With renditions and captions; 3 queries.
    """
    return assets(organisation_id).filter(kind=Asset.Kind.VIDEO)


def assets(organisation_id: uuid.UUID | None) -> QuerySet[Asset]:
    """Return the pictures and videos of one library, the newest first, with renditions and captions.

    3 queries. Among a partner's pictures are people's faces: whoever shows them has to choose.
    """
    found = Asset.objects.filter(organisation_id=organisation_id)
    return found.prefetch_related("renditions", "captions").order_by("-created_at", "-pk")


def search(
    *, organisation_id: uuid.UUID | None, person_id: uuid.UUID, words: str, kind: str
) -> QuerySet[Asset]:
    """Return what of a library can be put into a module: of a kind (empty: both), with each word in its name.

    Of a partner's pictures only one's own, since the others' faces are among them.
    """
    found = assets(organisation_id)
    if kind:
        found = found.filter(kind=kind)
    if organisation_id is not None:
        found = found.filter(Q(kind=Asset.Kind.VIDEO) | Q(uploaded_by=person_id))
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(alt__icontains=word))
    return found


def lacking_captions(asset_ids: Iterable[uuid.UUID], language: str) -> set[uuid.UUID]:
    """Return which of these videos have no captions in a language. One query."""
    spoken = Caption.objects.filter(asset=OuterRef("pk"), language=language)
    videos = Asset.objects.filter(pk__in=set(asset_ids), kind=Asset.Kind.VIDEO)
    return set(videos.exclude(Exists(spoken)).values_list("pk", flat=True))


def left_behind(person_id: uuid.UUID) -> list[Upload]:
    """Return a person's uploads that stand still and can be gone on with, the newest first. One query."""
    now = timezone.now()
    still = now + limits.UPLOAD_LIVES - _STANDS_STILL
    mine = Upload.objects.filter(person_id=person_id, asset=None, error="")
    return list(mine.filter(expires_at__gt=now, expires_at__lt=still).order_by("-created_at"))


def handout(rendition_id: uuid.UUID) -> Handout | None:
    """Return one file of an asset that the connection's scope may see. One query."""
    return _handout(Rendition.objects.filter(pk=rendition_id))


def picture(asset_id: uuid.UUID, size: str) -> Handout | None:
    """Return one size of a picture that the connection's scope may see. One query."""
    return _handout(Rendition.objects.filter(asset_id=asset_id, name=size))


def caption(caption_id: uuid.UUID) -> Caption | None:
    """Return captions of a video that the connection's scope may see. One query."""
    # Row security stands on the asset: a caption or rendition is only reached through it.
    return Caption.objects.filter(pk=caption_id).select_related("asset").first()


def _handout(found: QuerySet[Rendition]) -> Handout | None:
    row = found.filter(asset__state=Asset.State.READY).select_related("asset").first()
    if row is None:
        return None
    return Handout(row.path, row.sha256, row.content_type, row.size, row.name)
