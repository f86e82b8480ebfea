"""What the pages around the desk share."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from courses.scenarios import queries
from courses.scenarios.queries import Drafted
from partners.requests import PersonRequest


def draft_or_404(request: PersonRequest, scenario_id: uuid.UUID) -> Drafted:
    """Return a scenario's draft for its author. Raises Http404."""
    found = queries.drafted(request.person, scenario_id)
    if found is None:
        raise Http404
    return found


def shown(
    request: PersonRequest, name: str, drafted: Drafted, context: dict[str, Any]
) -> HttpResponse:
    """Render a page about a scenario; 422 if its form, or what is brought, has something to mend."""
    form = context.get("form")
    is_wrong = bool(context.get("is_wrong")) or (form is not None and bool(form.errors))
    context |= {
        "drafted": drafted,
        "scenario": drafted.scenario,
        "module": drafted.scenario.module,
        "desk": reverse("scenario_desk:desk", args=[drafted.scenario.pk]),
    }
    return render(
        request, f"scenarios/around/{name}.html", context, status=422 if is_wrong else 200
    )
