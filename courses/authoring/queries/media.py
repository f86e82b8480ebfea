"""Reads of the client's pictures and videos, as the editor shows and chooses them."""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from core.mediafiles import links
from core.mediafiles.errors import explain
from core.models import Asset
from partners.folding import holding

MOST_FOUND = 40


@dataclasses.dataclass(frozen=True)
class Media:
    """A picture or video with addresses for one person; `src` is empty until it is ready."""

    id: uuid.UUID
    kind: str
    name: str
    alt: str
    state: str
    progress: int
    src: str
    poster: str
    captions: Sequence[str]
    duration_ms: int
    error: str

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels to the editor."""
        return dataclasses.asdict(self) | {"id": str(self.id), "captions": list(self.captions)}


def library() -> QuerySet[Asset]:
    """Return the media of the client's content: those that belong to no organisation."""
    return Asset.objects.filter(organisation_id__isnull=True).prefetch_related(
        "renditions", "captions"
    )


def described(person_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Media]:
    """Return these media for this person, by id; what is not in the library is left out. Three queries at most."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {asset.pk: media_of(person_id, asset) for asset in library().filter(pk__in=wanted)}


def found(person_id: uuid.UUID, words: str, kind: str) -> list[Media]:
    """Return the newest media of a kind (empty: both) whose name or words hold each word. Three queries."""
    rows = library()
    if kind:
        rows = rows.filter(kind=kind)
    rows = holding(rows, words, "name", "alt")
    newest = rows.exclude(state=Asset.State.FAILED).order_by("-created_at", "-pk")
    return [media_of(person_id, asset) for asset in newest[:MOST_FOUND]]


def media_of(person_id: uuid.UUID, asset: Asset) -> Media:
    """Return an asset of `library()` for this person."""
    files = {each.name: each for each in asset.renditions.all()}
    ready = asset.state == Asset.State.READY
    shown = files.get("main" if asset.kind == Asset.Kind.VIDEO else "medium") or next(
        iter(files.values()), None
    )
    poster = files.get("poster")
    return Media(
        id=asset.pk,
        kind=asset.kind,
        name=asset.name,
        alt=asset.alt,
        state=asset.state,
        progress=asset.progress,
        src=links.url(person_id, shown.pk, shown.name) if ready and shown else "",
        poster=links.url(person_id, poster.pk, poster.name) if poster else "",
        captions=sorted(each.language for each in asset.captions.all()),
        duration_ms=asset.duration_ms or 0,
        error=explain(asset.error) if asset.error else "",
    )
