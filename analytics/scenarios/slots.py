"""The way to what people did in a scenario: from its module, from its desk, and from the pages of progress."""

import uuid

from django.template.loader import render_to_string

from analytics.scenarios.queries.people import ROLES
from core import nav
from core.slots import fill
from courses.scenarios.models import Scenario
from partners.requests import PersonRequest

for _place in ("team", "progress", "authoring"):
    nav.put_below(_place, "scenario_figures:scenarios")


@fill("module.office", order=60)
def of_module(request: PersonRequest, *, module_id: uuid.UUID) -> str:
    """Lead from a module with a scenario to what people did in it. One query, none for others."""
    if not request.person.has_role(*ROLES):
        return ""
    found = Scenario.objects.filter(module_id=module_id, version__isnull=False)
    scenario_id = found.values_list("pk", flat=True).first()
    if scenario_id is None:
        return ""
    context = {"scenario_id": scenario_id, "css": "btn btn-2 btn-s"}
    return render_to_string("scenario_figures/_way.html", context, request)


@fill("scenario.office")
def of_desk(request: PersonRequest, *, scenario_id: uuid.UUID, css: str = "") -> str:
    """Lead from a scenario's desk and the pages around it to what people did in it."""
    if not request.person.has_role(*ROLES):
        return ""
    context = {"scenario_id": scenario_id, "css": css}
    return render_to_string("scenario_figures/_way.html", context, request)
