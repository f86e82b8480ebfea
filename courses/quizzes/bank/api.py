"""The editor's door to the bank: items to pick, and a question to keep."""

import unicodedata
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import jsonbody
from core.access import allow
from core.jsonbody import BadBodyError
from core.tables.rows import bad_letters
from courses.catalog.blocks import LETTERS
from courses.quizzes.bank import actions, items, queries
from courses.quizzes.bank.actions import TroublesError
from courses.quizzes.bank.items import Draft, Option
from courses.quizzes.bank.models import KEEPERS, BankItem, keeps_bank
from courses.quizzes.bank.words import message
from partners.requests import PersonRequest

_MOST_LETTERS = 200


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: PersonRequest) -> HttpResponse:
    """GET `?q=&tag=`: the first items that fit. POST an item: 201 with its id and code, or 422 with the field."""
    try:
        if not keeps_bank(request.person):
            raise BadBodyError("not_found", _("This was not found."), status=404)
        if request.method == "POST":
            return _add(request)
        found = queries.picked(request.person, _asked(request, "q"), _asked(request, "tag"))
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    skills, products = queries.tags(request.person)
    return JsonResponse(
        {
            "items": [_item(item) for item in found[: queries.PICKED]],
            "more": len(found) > queries.PICKED,
            "tags": list(dict.fromkeys([*skills, *products])),
        }
    )


def _asked(request: HttpRequest, name: str) -> str:
    """Return a word that was asked for. Raises BadBodyError for one that the database could not compare."""
    text = request.GET.get(name, "")[:_MOST_LETTERS]
    if bad_letters(text):
        raise BadBodyError("bad_text", _("The text has characters that can't be stored."), name)
    return unicodedata.normalize("NFC", text)


def _item(item: BankItem) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "code": item.code,
        "kind": item.kind,
        "stem": item.stem,
        "weight": item.weight,
        "explanation": item.explanation,
        "options": item.options,
        "language": item.language,
        "tags": item.tags,
    }


def _add(request: PersonRequest) -> HttpResponse:
    jsonbody.meant_for(request, request.person.pk)
    draft = _draft(jsonbody.read(request))
    try:
        item = actions.add_item(actor=request.person, draft=draft)
    except TroublesError as error:
        trouble = error.troubles[0]
        problem = BadBodyError(trouble.code, message(trouble), trouble.field, status=422)
        return jsonbody.problem(request, problem)
    return JsonResponse({"id": str(item.pk), "code": item.code}, status=201)


def _draft(body: dict[str, Any]) -> Draft:
    options = jsonbody.a_list(body, "options", most=len(LETTERS))
    return Draft(
        code=items.code(_text(body, "code")),
        kind=_text(body, "kind"),
        stem=items.prose(_text(body, "stem")),
        options=tuple(_option(raw, f"options.{n}") for n, raw in enumerate(options, start=1)),
        explanation=items.prose(_text(body, "explanation")),
        weight=jsonbody.an_integer(body, "weight", most=10, default=1),
        skills=items.tags(_text(body, "skills")),
        products=items.tags(_text(body, "products")),
        language=_language(body),
    )


def _option(raw: Any, field: str) -> Option:
    if not isinstance(raw, dict):
        raise BadBodyError("bad_option", _("An option is an object."), field)
    return Option(
        text=items.line(_text(raw, "text")),
        correct=jsonbody.a_flag(raw, "correct"),
        explanation=items.prose(_text(raw, "explanation")),
    )


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field) or ""
    if not isinstance(value, str):
        raise BadBodyError("bad_text", _("A text is expected."), field)
    return value


def _language(body: dict[str, Any]) -> str:
    language = _text(body, "language") or (translation.get_language() or "ja")[:2]
    if language not in {"ja", "en"}:
        raise BadBodyError("bad_language", _("We don't know this language."), "language")
    return language
