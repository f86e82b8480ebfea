"""The editor's doors: reading and saving a draft, choosing media, adding a picture."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import jsonbody
from core.jsonbody import BadBodyError
from core.mediafiles import limits
from core.mediafiles.actions import add_picture
from core.mediafiles.errors import MediaError
from core.mediafiles.uploads import Arrived, receives
from courses.authoring import advice, island, shapes
from courses.authoring.actions.drafts import ConflictError, Saved, save_draft
from courses.authoring.doors import authors
from courses.authoring.queries import drafts, media
from courses.catalog import queries as catalogue
from partners.requests import PersonRequest

MOST_BYTES = 1024 * 1024
"""What a draft may weigh: sixty full blocks are a tenth of it."""

_MOST_DEEP = 80
_KINDS = ("image", "video")


@authors
@never_cache
@require_http_methods(["GET", "HEAD", "PUT"])
def draft(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Hand out a draft, or save it over the revision that its author began from."""
    if request.method != "PUT":
        return JsonResponse(island.of(_editing(request, module_id), request.person))
    if drafts.module_of(request.person, module_id) is None:
        raise Http404
    try:
        jsonbody.meant_for(request, request.person.pk)
        body = jsonbody.read(request, MOST_BYTES, depth=_MOST_DEEP)
        saved = save_draft(
            module_id=module_id,
            base=jsonbody.an_integer(body, "base", most=2**31 - 1),
            document=shapes.read(body.get("document")),
            by=request.person.pk,
        )
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    except ConflictError as conflict:
        return _conflict(request, conflict)
    return JsonResponse(_saved(request, module_id, saved))


def _editing(request: PersonRequest, module_id: uuid.UUID) -> drafts.Editing:
    found = drafts.editing(request.person, module_id)
    if found is None:
        raise Http404
    return found


def _saved(request: PersonRequest, module_id: uuid.UUID, saved: Saved) -> dict[str, Any]:
    document = saved.current.document
    files = media.described(request.person.pk, document.assets())
    return {
        "revision": saved.current.revision,
        "saved_at": saved.current.saved_at.isoformat(),
        "changed": saved.changed,
        "problems": advice.as_json(drafts.problems(module_id, document, files)),
        "warnings": advice.as_json(
            advice.warnings(document, files, catalogue.known(document.language))
        ),
    }


def _conflict(request: PersonRequest, conflict: ConflictError) -> JsonResponse:
    current = conflict.current
    name = drafts.names([current.saved_by]).get(current.saved_by, "")
    body = {
        "code": "conflict",
        "message": _("Somebody else has saved meanwhile. Nothing of theirs was overwritten."),
        "revision": current.revision,
        "by": name,
        "own": current.saved_by == request.person.pk,
        "at": current.saved_at.isoformat(),
        "document": current.document.to_json(),
    }
    return JsonResponse(body, status=409)


@authors
@never_cache
@require_safe
def found_media(request: PersonRequest) -> HttpResponse:
    """Find pictures and videos of the library: `q` words, `kind` image or video."""
    kind = request.GET.get("kind", "")
    words = request.GET.get("q", "")[:80].replace("\x00", "")
    assets = media.found(request.person.pk, words, kind if kind in _KINDS else "")
    return JsonResponse({"assets": [each.to_json() for each in assets]})


@authors
@require_POST
@receives("picture_bytes", file=limits.PICTURE_BYTES)
def pictures(request: PersonRequest) -> HttpResponse:
    """Take a picture in: 201 with its asset, or 422 with what is wrong with it."""
    file = request.FILES.get("file")
    try:
        if not isinstance(file, Arrived):
            raise BadBodyError("no_file", _("Please choose a picture."), "file", 422)
        if file.refusal is not None:
            raise file.refusal
        asset = add_picture(
            file.incoming.file.read(),
            name=file.name or "",
            alt=request.POST.get("alt", "").replace("\x00", ""),
            uploaded_by=request.person.pk,
        )
    except MediaError as error:
        return jsonbody.problem(request, BadBodyError(error.code, error.message, "file", 422))
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    shown = media.described(request.person.pk, [asset.pk])[asset.pk]
    return JsonResponse(shown.to_json(), status=201)
