"""Resumable uploads by tus 1.0: creation, termination, checksum and expiration (https://tus.io).

A finished upload says in `Upload-Asset` what became of it, also when it is asked again.
"""

import base64
import binascii
import contextlib
import hashlib
import hmac
import uuid
from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import jsonbody, ratelimit
from core.access import allow
from core.jsonbody import BadBodyError
from core.mediafiles import limits, resumable
from core.mediafiles.errors import MediaError
from core.mediafiles.resumable import Announced
from core.models import Asset, Upload
from core.views.library import owner_of
from core.views.who import Someone, person_of

_PIECE = limits.MIB
"""So many bytes at most lie in memory before they are written and counted."""

_BLOCK = 64 * 1024
_CHECKED = 8 * limits.MIB
"""What a request may hold whose checksum is given: it is looked at before any of it counts."""

_READ_ON = 16 * limits.MIB
"""So many bytes that nobody needs are read before an answer."""

_PATIENCE = 30.0
"""Seconds without a byte after which a sender is taken to be gone."""

_HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_STATUS = {"video_bytes": 413, "picture_bytes": 413, "no_space": 507}
_AGAIN_IN = {"uploads_open": 60, "uploads_day": 3600}


@allow("author", "admin", "ace")
@never_cache
def uploads(request: HttpRequest) -> HttpResponse:
    """Begin an upload (POST with `Upload-Length`, `Upload-Metadata`), or say what is possible (OPTIONS)."""
    return _answer(request, {"POST": _begin, "OPTIONS": _possible})


@allow("author", "admin", "ace")
@never_cache
def upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Tell where an upload stands, go on with it, or forget it while it is unfinished. 404 for somebody else's."""

    def mine(act: Callable[[HttpRequest, Upload], HttpResponse]) -> Callable[..., HttpResponse]:
        def found(request: HttpRequest) -> HttpResponse:
            row = resumable.find(upload_id, _sender(request).pk)
            if row is None:
                raise Http404
            return act(request, row)

        return found

    acts = {"HEAD": mine(_tell), "PATCH": mine(_go_on), "DELETE": mine(_forget)}
    return _answer(request, {**acts, "OPTIONS": _possible})


def _sender(request: HttpRequest) -> Someone:
    """Return for whom it is sent: a door of a higher floor may let a stranger send for somebody (`on_behalf_of`)."""
    found: Someone | None = getattr(request, "on_behalf_of", None)
    return found or person_of(request)


def _answer(
    request: HttpRequest, acts: dict[str, Callable[[HttpRequest], HttpResponse]]
) -> HttpResponse:
    act = acts.get(request.method or "")
    if act is None:
        response = HttpResponse(status=405, headers={"Allow": ", ".join(acts)})
    elif act is not _possible and request.headers.get("Tus-Resumable") != "1.0.0":
        response = HttpResponse(status=412, headers={"Tus-Version": "1.0.0"})
    else:
        try:
            response = act(request)
        except BadBodyError as error:
            response = jsonbody.problem(request, error)
        except MediaError as error:
            response = _refusal(request, error)
    if request.method == "PATCH":
        _read_on(request)
    response["Tus-Resumable"] = "1.0.0"
    return response


def _read_on(request: HttpRequest) -> None:
    """Read what is still on its way, so that the sender hears the answer instead of a broken line."""
    left = _READ_ON
    with _patience(request), contextlib.suppress(OSError):
        while left > 0 and (block := request.read(_BLOCK)):
            left -= len(block)


def _refusal(request: HttpRequest, error: MediaError) -> HttpResponse:
    status = 429 if error.code in _AGAIN_IN else _STATUS.get(error.code, 422)
    problem = BadBodyError(error.code, error.message, "file", status)
    response = jsonbody.problem(request, problem)
    if error.code in _AGAIN_IN:
        response["Retry-After"] = str(_AGAIN_IN[error.code])
    return response


def _possible(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": "1.0.0",
            "Tus-Extension": "creation,termination,checksum,expiration",
            "Tus-Max-Size": str(limits.VIDEO_BYTES),
            "Tus-Checksum-Algorithm": ",".join(_HASHES),
        },
    )


def _begin(request: HttpRequest) -> HttpResponse:
    person = _sender(request)
    announced = _announced(request)
    verdict = ratelimit.hit("uploads", str(person.pk), limits.UPLOADS_AN_HOUR, 3600)
    if not verdict.allowed:
        response = _refusal(request, MediaError("uploads_hour"))
        response.status_code = 429
        response["Retry-After"] = str(verdict.retry_after)
        return response
    row = resumable.begin(
        person_id=person.pk, organisation_id=person.organisation_id, announced=announced
    )
    return _standing(row, 201, Location=f"{request.path}{row.pk}/")


def _tell(_request: HttpRequest, row: Upload) -> HttpResponse:
    headers = {"Upload-Length": str(row.size), "Cache-Control": "no-store"}
    return _standing(row, 200, **headers)


def _forget(_request: HttpRequest, row: Upload) -> HttpResponse:
    resumable.forget(upload_id=row.pk)
    return HttpResponse(status=204)


def _go_on(request: HttpRequest, row: Upload) -> HttpResponse:
    if request.content_type != "application/offset+octet-stream":
        raise BadBodyError("bad_type", _("The bytes of a file are expected."), status=415)
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if offset + length > row.size:
        raise BadBodyError("too_large", _("That is more than was announced."), "file", 413)
    if row.is_open and offset != row.received:
        return _elsewhere(request, row)
    row = _receive(request, row, offset, length) if row.is_open else row
    if row.is_open and row.is_whole:
        row = _there(resumable.finish(upload_id=row.pk, owner_id=owner_of(_sender(request))))
    if row.error:
        return _refusal(request, MediaError(row.error))
    return _standing(row, 204)


def _receive(request: HttpRequest, row: Upload, offset: int, length: int) -> Upload:
    """Take what comes, piece by piece; what arrived before the line broke counts."""
    checksum = _checksum(request)
    for piece in _checked(request, length, *checksum) if checksum else _pieces(request, length):
        row = _there(resumable.append(upload_id=row.pk, offset=offset, piece=piece))
        offset += len(piece)
        if row.error:
            break
        if row.received != offset:
            raise BadBodyError("moved_on", _("This upload stands elsewhere by now."), "file", 409)
    return row


def _pieces(request: HttpRequest, length: int) -> Iterator[bytes]:
    left, piece = length, bytearray()
    with _patience(request):
        while left:
            try:
                block = request.read(min(_BLOCK, left))
            except OSError:
                block = b""
            if not block:
                break
            left -= len(block)
            piece += block
            if len(piece) >= _PIECE:
                yield bytes(piece)
                piece.clear()
    if piece:
        yield bytes(piece)


def _checked(request: HttpRequest, length: int, algorithm: str, expected: bytes) -> Iterator[bytes]:
    if length > _CHECKED:
        raise BadBodyError("too_large", _("That is more than can be sent at once."), status=413)
    data = b"".join(_pieces(request, length))
    if not hmac.compare_digest(_HASHES[algorithm](data).digest(), expected):
        raise BadBodyError("checksum", _("These bytes changed on their way."), "file", 460)
    yield data


def _checksum(request: HttpRequest) -> tuple[str, bytes] | None:
    """Return algorithm and sum of the header `Upload-Checksum`; None where there is none."""
    header = request.headers.get("Upload-Checksum", "")
    if not header:
        return None
    algorithm, _space, encoded = header.partition(" ")
    if algorithm not in _HASHES:
        raise BadBodyError("bad_checksum", _("This kind of checksum is not known."))
    return algorithm, _decoded(encoded)


@contextlib.contextmanager
def _patience(request: HttpRequest) -> Iterator[None]:
    """Give up on a sender that has fallen silent: it must not hold a thread for ever."""
    line = request.META.get("gunicorn.socket")
    if line is None:
        yield
        return
    before = line.gettimeout()
    line.settimeout(_PATIENCE)
    try:
        yield
    finally:
        line.settimeout(before)


def _elsewhere(request: HttpRequest, row: Upload) -> HttpResponse:
    message = _("This upload stands elsewhere by now.")
    response = jsonbody.problem(request, BadBodyError("moved_on", message, "file", 409))
    response["Upload-Offset"] = str(row.received)
    return response


def _standing(row: Upload, status: int, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status, headers=headers)
    response["Upload-Offset"] = str(row.received)
    response["Upload-Expires"] = http_date(row.expires_at.timestamp())
    if row.asset_id:
        response["Upload-Asset"] = str(row.asset_id)
    return response


def _there(row: Upload | None) -> Upload:
    """Return the upload. Raises Http404 where it was forgotten meanwhile."""
    if row is None:
        raise Http404
    return row


def _announced(request: HttpRequest) -> Announced:
    size = _number(request, "Upload-Length")
    words: dict[str, str] = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _space, encoded = pair.strip().partition(" ")
        try:
            words[key] = _decoded(encoded).decode().replace("\x00", "")
        except UnicodeDecodeError:
            raise BadBodyError("bad_metadata", _("These words can't be read."), key[:40]) from None
    kind = words.get("kind", "")
    if kind not in {"", *Asset.Kind.values}:
        raise BadBodyError("bad_metadata", _("These words can't be read."), "kind")
    name = words.get("title") or words.get("filename") or words.get("name") or ""
    return Announced(size, name=name, alt=words.get("alt", ""), kind=kind)


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise BadBodyError("bad_number", _("A number is missing."), header)
    return int(value)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise BadBodyError("bad_metadata", _("These words can't be read.")) from None
