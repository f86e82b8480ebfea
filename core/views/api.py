"""The description of the programming interface: as JSON for programs, as a page for people."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.access import allow
from core.api import reference, scopes


@allow("anyone")
@require_safe
@cache_control(public=True, max_age=300)
def openapi(_request: HttpRequest) -> HttpResponse:
    """Hand out the description (OpenAPI 3.1)."""
    made = json.dumps(reference.schema(), ensure_ascii=False)
    return HttpResponse(made, content_type="application/json")


@allow("anyone")
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every operation, with what it takes and answers, and an example."""
    context = {"groups": reference.groups(), "scopes": scopes.known()}
    return render(request, "core/api_docs.html", context)
