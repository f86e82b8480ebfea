"""Hands out media: who asks is checked at each request, what they may see from a 60 s cache."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from core.access import allow
from core.mediafiles import links, queries, ranges, storage
from core.mediafiles.queries import Handout
from core.views.who import person_of

log = structlog.get_logger(__name__)

_KNOWN_FOR = 60
_BLOCK = 256 * 1024
_KEPT = "private, max-age=31536000, immutable"

_POLICY = "default-src 'none'; sandbox"
"""Whatever a browser takes a file for, it may run nothing and load nothing."""


@allow("person")
@require_safe
def media(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponseBase:
    """Hand out one rendition. 403 for a wrong or old token, 404 for what isn't for this person."""
    _check_token(request, str(pk))
    return _serve(request, _known(request, str(pk), lambda: queries.handout(pk)))


@allow("person")
@require_safe
def picture(request: HttpRequest, pk: uuid.UUID, size: str) -> HttpResponseBase:
    """Hand out one size of a picture. 403 and 404 as for `media`."""
    _check_token(request, f"{pk}/{size}")
    return _serve(request, _known(request, f"{pk}/{size}", lambda: queries.picture(pk, size)))


@allow("person")
@require_safe
def captions(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    """Hand out a video's captions as WebVTT. They may be mended, so they aren't kept for long."""
    _check_token(request, str(pk))
    found = queries.caption(pk)
    if found is None or found.language != language:
        raise Http404
    response = HttpResponse(found.text, content_type="text/vtt; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    _protect(response)
    return response


def _check_token(request: HttpRequest, what: str) -> None:
    if not links.is_good(request.GET.get("t", ""), person_of(request).pk, what):
        raise PermissionDenied


def hand_out(request: HttpRequest, file: Handout, keep: str) -> HttpResponseBase:
    """Hand out a file that another door has found to be for this person. `keep`: for how long, as a header says it."""
    response = _serve(request, file)
    response["Cache-Control"] = keep
    return response


def _known(request: HttpRequest, what: str, find: Callable[[], Handout | None]) -> Handout:
    """Return what may be handed out, remembered for each organisation apart. Raises Http404."""
    person = person_of(request)
    scope = "client" if person.of_client else person.organisation_id
    key = f"media:{scope}:{what}"
    found: Handout | None = cache.get(key)
    if found is None:
        found = find()
        if found is None:
            raise Http404
        cache.set(key, found, _KNOWN_FOR)
    return found


def _serve(request: HttpRequest, file: Handout) -> HttpResponseBase:
    etag = f'"{file.sha256}"'
    if _has_it(request.headers.get("If-None-Match", ""), etag):
        return _dressed(HttpResponse(status=304), file, etag)
    if settings.MEDIA_ACCEL_PREFIX:
        response = HttpResponse(content_type=file.content_type)
        response["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL_PREFIX.rstrip('/')}/{file.path}"
        return _dressed(response, file, etag)
    place = storage.absolute(file.path)
    if not place.is_file():
        log.error("media_missing", path=file.path)
        raise Http404
    try:
        part = _part(request, file, etag)
    except ranges.UnsatisfiableError:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{file.size}"
        return _dressed(refused, file, etag)
    return _dressed(_stream(request, place, file, part), file, etag)


def _part(request: HttpRequest, file: Handout, etag: str) -> ranges.Part | None:
    """Return the part that is asked for; all of it where the asker's first parts are of another file."""
    if request.headers.get("If-Range", etag) != etag:
        return None
    return ranges.requested(request.headers.get("Range", ""), file.size)


def _stream(
    request: HttpRequest, place: Path, file: Handout, part: ranges.Part | None
) -> StreamingHttpResponse:
    shown = part or ranges.Part(0, file.size - 1)
    content = iter(()) if request.method == "HEAD" else _blocks(place, shown)
    response = StreamingHttpResponse(
        content, status=206 if part else 200, content_type=file.content_type
    )
    response["Content-Length"] = str(shown.size)
    if part:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{file.size}"
    return response


def _blocks(place: Path, part: ranges.Part) -> Iterator[bytes]:
    left = part.size
    with place.open("rb", buffering=0) as file:
        file.seek(part.first)
        while left and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block


def _dressed(response: HttpResponseBase, file: Handout, etag: str) -> HttpResponseBase:
    """Add what every answer about a file carries."""
    response["ETag"] = etag
    response["Cache-Control"] = _KEPT
    response["Accept-Ranges"] = "bytes"
    # Already compressed, and a range counts the file's own bytes: no middleware is to pack it again.
    response["Content-Encoding"] = "identity"
    ending = PurePosixPath(file.path).suffix
    response["Content-Disposition"] = f'inline; filename="{file.name}{ending}"'
    _protect(response)
    return response


def _protect(response: HttpResponseBase) -> None:
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"


def _has_it(header: str, etag: str) -> bool:
    known = {each.strip().removeprefix("W/") for each in header.split(",")}
    return etag in known or "*" in known
