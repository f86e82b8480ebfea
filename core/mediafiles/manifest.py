"""How media stand in a published document: by ids, sizes and hashes, so that they never change."""

import uuid
from collections.abc import Iterable
from typing import Any

from core.models import Asset, Caption, Rendition


def of(asset_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, dict[str, Any]]:
    """Describe these assets, by id; unknown ones are left out. Three queries at most.

    A video: `{"asset", "duration_ms", "main", "saver", "poster", "captions": [{"language", "id"}]}`, and
    `"coming": True` while it is being prepared;
    a picture: `{"asset", "renditions": {name: file}}`; a file: `{"id", "size", "type", "sha256", "w", "h"}`.
    """
    wanted = {each for each in asset_ids if each is not None}
    if not wanted:
        return {}
    assets = Asset.objects.filter(pk__in=wanted).prefetch_related("renditions", "captions")
    return {asset.pk: _describe(asset) for asset in assets}


def captions(asset_ids: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Return the captions that these videos have today, by asset. One query, none without a video.

    Of a published document those that were there then are frozen with it; what is added or taken away later holds for
    all who read it, without another publication.
    """
    wanted = set(asset_ids)
    found: dict[str, list[dict[str, str]]] = {each: [] for each in wanted}
    if wanted:
        rows = Caption.objects.filter(asset_id__in=wanted).order_by("language")
        for pk, asset_id, language in rows.values_list("pk", "asset_id", "language"):
            found[str(asset_id)].append({"language": language, "id": str(pk)})
    return found


def ready(asset_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of the assets that are there and ready to be shown. One query."""
    found = Asset.objects.filter(pk__in=set(asset_ids), state=Asset.State.READY)
    return set(found.values_list("pk", flat=True))


def coming(asset_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of the assets that are being prepared, or wait for it. One query."""
    found = Asset.objects.filter(pk__in=set(asset_ids), state__in=Asset.COMING)
    return set(found.values_list("pk", flat=True))


def _describe(asset: Asset) -> dict[str, Any]:
    files = {rendition.name: _file(rendition) for rendition in asset.renditions.all()}
    if asset.kind == Asset.Kind.IMAGE:
        return {"asset": str(asset.pk), "renditions": files}
    captions = sorted(asset.captions.all(), key=lambda each: each.language)
    described = {
        "asset": str(asset.pk),
        "duration_ms": asset.duration_ms,
        "main": files.get("main"),
        "saver": files.get("saver"),
        "poster": files.get("poster"),
        "captions": [{"language": each.language, "id": str(each.pk)} for each in captions],
    }
    return described | ({"coming": True} if asset.state in Asset.COMING else {})


def _file(rendition: Rendition) -> dict[str, Any]:
    return {
        "id": str(rendition.pk),
        "size": rendition.size,
        "type": rendition.content_type,
        "sha256": rendition.sha256,
        "w": rendition.width,
        "h": rendition.height,
    }
