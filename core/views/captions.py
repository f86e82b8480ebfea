"""Captions edited beside their video: a form of rows, and the same by JSON for the page's script."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import jsonbody
from core.access import allow
from core.jsonbody import BadBodyError
from core.mediafiles import actions, captions, cues, limits
from core.mediafiles.cues import Row, Trouble
from core.mediafiles.errors import MediaError, explain
from core.models import Asset
from core.views.library import library_asset, link_to

_BLANK = 3
"""Empty rows for those whose browser runs no script."""

_BODY = 2 * limits.CAPTION_BYTES
_FORMS = {"vtt": "text/vtt", "srt": "application/x-subrip"}


@dataclass(frozen=True)
class Line:
    """A row as the page draws it, with what is to be mended in it by field."""

    row: Row
    errors: dict[str, str]


@allow("author", "admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_captions(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    """Show a video with its captions in one language as rows, and take the rows back."""
    asset = _ready(request, pk, language)
    text = _text(asset, language)
    rows, base = (cues.rows_of(text) if text else []), actions.captions_base(text)
    troubles: list[Trouble] = []
    problem = ""
    if request.method == "POST":
        rows = _typed(request)
        troubles, problem, base = _save(asset, language, rows, request.POST.get("base", ""))
        if not troubles and not problem:
            messages.success(request, _("The captions are saved."))
            return redirect("core:edit_captions", pk=asset.pk, language=language)
    context = {
        **_page(request, asset, language),
        "lines": _lines(rows, troubles),
        "blank": range(0 if rows else _BLANK),
        "base": base,
        "problem": problem,
    }
    status = 422 if troubles or problem else 200
    return render(request, "core/captions.html", context, status=status)


@allow("author", "admin")
@never_cache
@require_http_methods(["PUT"])
def save_captions(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    """Take the rows as JSON: 200 with the new base, 409 for somebody else's change, 422 row by row."""
    asset = _ready(request, pk, language)
    try:
        body = jsonbody.read(request, _BODY)
        rows = [_row(raw, n) for n, raw in enumerate(jsonbody.a_list(body, "rows", most=10_000))]
        base = str(body.get("base", ""))
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    troubles, problem, now = _save(asset, language, rows, base)
    if not troubles and not problem:
        return JsonResponse({"base": now, "count": sum(not row.is_blank for row in rows)})
    answer = {
        "code": "captions" if troubles else "conflict" if now != base else "captions_empty",
        "message": problem or _("Some captions need a hand before they can be saved."),
        "field": "",
        "base": now,
        "problems": [
            {"row": each.row, "field": each.field, "message": explain(each.code)}
            for each in troubles
        ],
    }
    return JsonResponse(answer, status=409 if answer["code"] == "conflict" else 422)


@allow("author", "admin")
@require_safe
def export_captions(request: HttpRequest, pk: uuid.UUID, language: str, form: str) -> HttpResponse:
    """Hand out captions as a file, for other programs: `vtt` or `srt`."""
    asset = _ready(request, pk, language)
    text = _text(asset, language)
    if not text or form not in _FORMS:
        raise Http404
    content = text if form == "vtt" else cues.srt(captions.parse(text))
    response = HttpResponse(content, content_type=f"{_FORMS[form]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="captions-{language}.{form}"'
    return response


def _ready(request: HttpRequest, pk: uuid.UUID, language: str) -> Asset:
    asset = library_asset(request, pk)
    if language not in dict(settings.LANGUAGES) or asset.state != Asset.State.READY:
        raise Http404
    return asset


def _text(asset: Asset, language: str) -> str:
    return next((each.text for each in asset.captions.all() if each.language == language), "")


def _save(
    asset: Asset, language: str, rows: Sequence[Row], base: str
) -> tuple[list[Trouble], str, str]:
    """Return what is to be mended by row, what is in the way of all, and the base to go on from."""
    found, troubles = cues.read(rows, asset.duration_ms)
    if troubles:
        return troubles, "", base
    try:
        saved = actions.write_captions(asset=asset, language=language, cues=found, base=base)
    except MediaError:
        return [], _("There is no caption here yet. Please write one."), base
    except actions.CaptionsConflictError as conflict:
        words = _(
            "Somebody else has changed these captions meanwhile. Yours are still here; "
            "save again to replace theirs."
        )
        return [], words, conflict.base
    return [], "", actions.captions_base(saved.text)


def _typed(request: HttpRequest) -> list[Row]:
    lists = [request.POST.getlist(name) for name in ("begins", "ends", "text", "settings")]
    return [Row(*fields) for fields in zip_longest(*lists, fillvalue="")]


def _row(raw: Any, number: int) -> Row:
    fields = ("begins", "ends", "text", "settings")
    given = [raw.get(name, "") for name in fields] if isinstance(raw, dict) else []
    words = [word for word in given if isinstance(word, str)]
    if len(words) < len(fields):
        raise BadBodyError("bad_row", _("A caption has two times and a text."), f"rows.{number}")
    return Row(*map(str, words))


def _lines(rows: Sequence[Row], troubles: Sequence[Trouble]) -> list[Line]:
    errors: dict[int, dict[str, str]] = {}
    for each in troubles:
        errors.setdefault(each.row, {}).setdefault(each.field, explain(each.code))
    return [Line(row, errors.get(number, {})) for number, row in enumerate(rows)]


def _page(request: HttpRequest, asset: Asset, language: str) -> dict[str, Any]:
    spoken = {each.language for each in asset.captions.all()}
    return {
        "asset": asset,
        "language": language,
        "label": dict(settings.LANGUAGES)[language],
        "others": [pair for pair in settings.LANGUAGES if pair[0] != language],
        "exists": language in spoken,
        "main": link_to(request, asset, "main"),
        "poster": link_to(request, asset, "poster"),
    }
