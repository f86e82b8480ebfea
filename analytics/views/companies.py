"""The first page of progress for the client's people: all companies together, and one by one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analytics.figures import LEAST, MOST, TARGET
from analytics.queries import companies, modules
from analytics.queries.modules import Whom
from analytics.queries.where import OFFICE
from analytics.views.asked import of_client
from core.access import allow
from partners.requests import PersonRequest


@allow(*OFFICE)
@require_safe
def progress(request: PersonRequest) -> HttpResponse:
    """For the client's people: all companies together, and one by one."""
    person = of_client(request)
    words, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "name")
    found, weak = companies.everybody(person), modules.weak(Whom(person))
    context = {
        "everybody": found,
        "figures": found.figures,
        "page": companies.companies(person, words, sort, request.GET.get("page")),
        "weak": weak,
        "answered": bool(weak) or modules.answered(Whom(person)),
        "news": modules.lines(Whom(person), "", None).object_list[:5],
        "words": words,
        "sort": sort if sort in companies.SORTS else "name",
        "sorts": companies.SORTS,
        "target": TARGET,
        "most": MOST,
        "least": LEAST,
        "now": timezone.now(),
    }
    return render(request, "analytics/progress.html", context)
