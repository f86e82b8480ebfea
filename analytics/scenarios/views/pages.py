"""Pages: the scenarios that were played, one with its map, the runs behind a number, and the way of one run."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analytics.scenarios import drawing, words
from analytics.scenarios.queries import behind, listing, told
from analytics.scenarios.queries.people import ROLES, is_own
from analytics.scenarios.views.asked import Asked, asked
from analytics.scenarios.views.shown import shown
from core.access import allow
from courses.authoring.scenarios.naming import Names
from courses.scenarios.models import Run
from courses.scenarios.views.play_shown import way
from partners.requests import PersonRequest


@allow(*ROLES)
@require_safe
def scenarios(request: PersonRequest) -> HttpResponse:
    """The scenarios that people of theirs have played, the last played first."""
    page = listing.played(request.person, request.GET.get("page"))
    return render(request, "scenario_figures/scenarios.html", {"page": page})


@allow(*ROLES)
@require_safe
def scenario(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """One scenario: its map coloured by what people did, a sentence a fork, and the same as a table."""
    found = asked(request, scenario_id)
    measure = request.GET.get("measure", "")
    measure = measure if measure in drawing.MEASURES else drawing.CAME
    base = found.base
    context = {
        "asked": found,
        "base": base,
        "is_own": is_own(found.viewer, found.wanted),
        "measure": measure,
        "explained": words.EXPLAINED[measure],
        "pills": [
            {
                "label": words.MEASURES[each],
                "url": found.address(measure="" if each == drawing.CAME else each),
                "current": each == measure,
            }
            for each in drawing.MEASURES
        ],
        "now": timezone.now(),
    }
    if base.runs and not base.is_held:
        context["shown"] = shown(found, measure)
    return render(request, "scenario_figures/scenario.html", context)


@allow(*ROLES)
@require_safe
def runs(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """The runs behind a number of the map or table."""
    found = asked(request, scenario_id)
    number = _number(request, found)
    listed = None
    if not found.base.is_held:
        listed = behind.listed(found.viewer, scenario_id, number, request.GET.get("page"))
    names = Names(told.shown_document(found.wanted, found.published)) if found.published else None
    scene, choice = number.name
    context = {
        "asked": found,
        "number": number,
        "scene": names.scene(scene) if names else "",
        "choice": names.document.choice[choice][1].text if names and choice else "",
        "language": names.document.language if names else "",
        "listed": listed,
        "page": listed.page if listed else None,
    }
    return render(request, "scenario_figures/runs.html", context)


def _number(request: PersonRequest, found: Asked) -> behind.Asked:
    """Return which number is meant. Raises Http404 for a scene or choice that isn't there."""
    name = request.GET.get("scene", ""), request.GET.get("choice", "")
    kind = request.GET.get("kind", "") or behind.CAME
    if kind not in behind.KINDS or (name[1] and not name[0]):
        raise Http404
    versions = [each.id for each in found.published]
    if name[0]:
        versions = told.same_words(name, found.wanted, found.published)
    if name[0] and not versions:
        raise Http404
    return behind.Asked(found.wanted, name, kind, versions)


@allow(*ROLES)
@require_safe
def run(request: PersonRequest, scenario_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """The way of one run: what was chosen at each fork, and what would have been best."""
    found = asked(request, scenario_id)
    try:
        one = behind.way(found.viewer, scenario_id, run_id)
    except Run.DoesNotExist as error:
        raise Http404 from error
    names = Names(one.ended.document)
    context = {
        "asked": found,
        "one": one,
        "run": one.run,
        "steps": [
            (names.scene(each.fork.scene), each) for each in way(one.ended, lambda _fork: "")
        ],
        "last": names.scene(one.ended.state.scene),
        "outcome": words.OUTCOMES.get(one.run.outcome, ""),
        "language": one.ended.document.language,
    }
    return render(request, "scenario_figures/run.html", context)
