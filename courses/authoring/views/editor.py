"""The page on which a module is written; its scripts do the rest through the API."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from courses.authoring import island
from courses.authoring.doors import authors
from courses.authoring.kinds import KINDS
from courses.authoring.queries import drafts
from partners.requests import PersonRequest


@authors
@never_cache
@ensure_csrf_cookie
@require_safe
def editor(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Write a module: its draft as a data island, and a template for each kind of block."""
    found = drafts.editing(request.person, module_id)
    if found is None:
        raise Http404
    context = {
        "editing": found,
        "module": found.module,
        "draft": island.of(found, request.person),
        "kinds": KINDS,
        "language": get_language(),
    }
    return render(request, "authoring/editor.html", context)
