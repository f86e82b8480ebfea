"""The editor's door to the glossary: find a word, or add one while writing."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import ids, jsonbody
from core.access import allow
from core.jsonbody import BadBodyError
from courses.catalog import actions, queries
from courses.catalog.actions import Details
from courses.catalog.models import Term
from partners.problems import Problem
from partners.requests import PersonRequest

_MOST_IDS = 100


@allow("author", "admin")
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: PersonRequest) -> HttpResponse:
    """Return the words that match `q`, or those named by `id`; or add one. 404 for others than the client's."""
    if not request.person.of_client:
        raise Http404
    if request.method == "POST":
        return _add(request)
    words = request.GET.get("q", "").replace("\0", "")[:80]
    found = queries.offered(words, _ids(request))
    return JsonResponse({"terms": [_as_json(term) for term in found]})


def _ids(request: HttpRequest) -> list[uuid.UUID]:
    found = []
    for each in request.GET.getlist("id")[:_MOST_IDS]:
        try:
            found.append(ids.parse(each))
        except ValueError:
            continue
    return found


def _add(request: PersonRequest) -> HttpResponse:
    try:
        term = actions.add_term(details=_details(jsonbody.read(request)))
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    except actions.WordTakenError as problem:
        answer = {"code": "taken", "message": str(problem.message), "field": "word"}
        there = {"term": _as_json(problem.term)} if problem.term else {}
        return JsonResponse(answer | there, status=422)
    except Problem as problem:
        refused = BadBodyError("misfit", str(problem.message), problem.field or "", status=422)
        return jsonbody.problem(request, refused)
    return JsonResponse(_as_json(term), status=201)


def _details(body: dict[str, Any]) -> Details:
    """Return what the body says. Raises BadBodyError for what is no text."""
    values = {}
    for field in ("word", "reading", "meaning", "language", "note"):
        value = body.get(field, "")
        if not isinstance(value, str):
            raise BadBodyError("bad_text", _("A text is expected."), field, status=422)
        values[field] = value
    return Details(**values)


def _as_json(term: Term) -> dict[str, str]:
    return {
        "id": str(term.pk),
        "word": term.word,
        "reading": term.reading,
        "meaning": term.meaning,
        "language": term.language,
    }
