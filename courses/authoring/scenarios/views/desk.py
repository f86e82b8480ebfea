"""The desk on which a scenario is written: outline, one form a scene, the map beside it."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from courses.authoring.doors import authors
from courses.authoring.views.pages import module_or_404
from courses.scenarios import queries
from courses.scenarios.actions.drafting import create_scenario
from courses.scenarios.models import Scenario
from courses.scenarios.queries import Drafted
from partners.requests import PersonRequest


@authors
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_module(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Lead to a module's scenario; where it has none yet, ask and make it."""
    module = module_or_404(request, module_id)
    if request.method == "POST":
        made = create_scenario(module_id=module.pk, by=request.person.pk)
        return redirect("scenario_desk:desk", made.pk)
    known = Scenario.objects.filter(module=module).values_list("pk", flat=True).first()
    if known is not None:
        return redirect("scenario_desk:desk", known)
    return render(request, "scenarios/desk/begin.html", {"module": module})


@authors
@never_cache
@ensure_csrf_cookie
@require_safe
def desk(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Write a scenario: one scene (`scene`, else the first) beside the outline and the map."""
    drafted = drafted_or_404(request, scenario_id)
    return render(request, "scenarios/desk/desk.html", {"drafted": drafted})


def drafted_or_404(request: PersonRequest, scenario_id: uuid.UUID) -> Drafted:
    """Return a scenario's draft for its author. Raises Http404."""
    found = queries.drafted(request.person, scenario_id)
    if found is None:
        raise Http404
    return found
