"""The desk on which a scenario is written: outline, one form a scene, the map beside it."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from courses.authoring.doors import authors
from courses.authoring.scenarios import mapping, pieces
from courses.authoring.scenarios.naming import Names
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
    """Write a scenario: one scene (`scene`, else the first) beside the outline and the map.

    The desk's own script asks for another scene's pieces, as JSON.
    """
    drafted = drafted_or_404(request, scenario_id)
    scene, panel = request.GET.get("scene", ""), request.GET.get("panel", "")
    found = pieces.context(request, drafted, scene, panel)
    if pieces.wanted(request):
        return answer(request, found, "outline", "form", "side")
    return render(request, "scenarios/desk/desk.html", found)


def answer(
    request: PersonRequest, found: dict[str, Any], *names: str, **more: object
) -> JsonResponse:
    """Return pieces of the desk as its script takes them in, with the revision that they show."""
    drafted: Drafted = found["drafted"]
    body = {
        "revision": drafted.draft.revision,
        "saved_at": drafted.draft.saved_at.isoformat(),
        "scene": found["shown"].key,
        "panel": found["panel"],
        "title": drafted.document.title,
        "undo": found["can_undo"],
        "redo": found["can_redo"],
        "media": found["media"],
        "html": pieces.drawn(request, found, *names),
        **more,
    }
    return JsonResponse(body)


@authors
@never_cache
@require_safe
def scenario_map(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Show the map on a page of its own, with the same in words below; `chapter` opens one that is folded."""
    drafted = drafted_or_404(request, scenario_id)
    found = pieces.context(request, drafted)
    opened = request.GET.getlist("chapter")
    address = found["address"]
    found["map"] = mapping.draw(
        drafted.document, drafted.report, link=lambda key: f"{address}?scene={key}", opened=opened
    )
    found["lines"] = mapping.lines(drafted.document, drafted.report)
    found["names"] = Names(drafted.document)
    return render(request, "scenarios/desk/map.html", found)


def drafted_or_404(request: PersonRequest, scenario_id: uuid.UUID) -> Drafted:
    """Return a scenario's draft for its author. Raises Http404."""
    found = queries.drafted(request.person, scenario_id)
    if found is None:
        raise Http404
    return found
