"""Reads of media."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from core.models import Asset, Caption, Rendition


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
    videos = Asset.objects.filter(kind=Asset.Kind.VIDEO, organisation_id=organisation_id)
    return videos.prefetch_related("renditions", "captions").order_by("-created_at", "-pk")


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
