"""The addresses of all that a scenario shows, for a phone that keeps it; and the door to the faces of its aces."""

import uuid
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core.access import allow
from core.mediafiles import links, manifest
from core.views.media import hand_out
from courses.catalog import reading
from courses.catalog.reading import Video
from courses.scenarios import aces
from courses.scenarios.document import Document
from partners.requests import PersonRequest

_SIZES = {"face": "small", "picture": "medium"}


def of(person_id: uuid.UUID, document: Document) -> dict[str, Any]:
    """Return by asset where its picture or video is. Three queries where there are videos, else none."""
    found: dict[str, Any] = {}
    videos = []
    for _key, field, asset in document.media():
        if field in _SIZES:
            found[f"{field}:{asset}"] = links.picture_url(person_id, asset, _SIZES[field])
        else:
            videos.append(uuid.UUID(asset))
    described = manifest.of(videos)
    for asset_id, about in described.items():
        video = reading.video(about, person_id, get_language() or "ja")
        if video is not None:
            found[f"video:{asset_id}"] = _as_json(video)
    return found


@allow("person")
@require_safe
def ace(request: PersonRequest, run_id: uuid.UUID, ace_id: uuid.UUID) -> HttpResponseBase:
    """Hand out the face of an ace who explains something in a run of one's own. 404 for every other face."""
    found = aces.face(request.person, run_id, ace_id)
    if found is None:
        raise Http404
    return hand_out(request, found, "private, max-age=600")


def _as_json(video: Video) -> dict[str, Any]:
    return {
        "src": video.main.src,
        "type": video.main.type,
        "poster": video.poster,
        "tracks": [
            {"src": track.src, "lang": track.lang, "label": track.label} for track in video.tracks
        ],
    }
