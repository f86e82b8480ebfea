"""How a script is told of pictures and videos: as JSON, with addresses that are good for one person."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from core.mediafiles import links
from core.mediafiles.errors import explain
from core.models import Asset


def asset(found: Asset, person_id: uuid.UUID) -> dict[str, Any]:
    """Describe an asset of `queries.assets()`; `src` and `poster` are empty until it is ready.

    `error` says in the reader's words why it can't be shown; `retry_url` is empty where trying again
    doesn't help. No query.
    """
    is_video = found.kind == Asset.Kind.VIDEO
    files = {each.name: each for each in found.renditions.all()}
    ready = found.state == Asset.State.READY
    big, small = ("main", "poster") if is_video else ("medium", "small")

    def address(name: str) -> str:
        file = files.get(name)
        return links.url(person_id, file.pk, file.name) if ready and file else ""

    return {
        "id": str(found.pk),
        "kind": found.kind,
        "name": found.name,
        "alt": found.alt,
        "state": found.state,
        "progress": found.progress,
        "error": explain(found.error) if found.error else "",
        "src": address(big),
        "poster": address(small),
        "duration_ms": found.duration_ms or 0,
        "captions": sorted(each.language for each in found.captions.all()),
        "tracks": {
            each.language: links.caption_url(person_id, each.pk, each.language)
            for each in found.captions.all()
        },
        "page_url": reverse("core:video", args=[found.pk]) if is_video else "",
        "retry_url": _retry(found),
    }


def assets(found: Iterable[Asset], person_id: uuid.UUID) -> list[dict[str, Any]]:
    """Describe several assets, in their order."""
    return [asset(each, person_id) for each in found]


def _retry(found: Asset) -> str:
    can = found.state == Asset.State.FAILED and found.source_path
    return reverse("core:retry_video", args=[found.pk]) if can else ""
