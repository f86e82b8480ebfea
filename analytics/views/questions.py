"""The page of a module's questions: how hard each is, whom it tells apart, what was chosen instead."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analytics.queries import questions as reads
from analytics.queries.where import OFFICE, Where
from analytics.queries.where import where as find_where
from analytics.questions import ENOUGH
from core import ids
from core.access import allow
from courses.catalog.models import Module
from partners.models import Organisation
from partners.requests import PersonRequest


@allow(*reads.ROLES)
@require_safe
def questions(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Show a module's questions, the hardest first, to authors too: no names stand there.

    `organisation` (an id, or "all") and `team` say whose answers count; they come from the module's figures.
    """
    named = request.GET.get("organisation", "")
    if named and not request.person.has_role(*OFFICE):
        raise Http404
    where = _where(request, named)
    try:
        asked = reads.questions(request.person, module_id, where)
    except Module.DoesNotExist as error:
        raise Http404 from error
    context = {
        "asked": asked,
        "where": where,
        "from_figures": bool(named),
        "enough": ENOUGH,
        "now": timezone.now(),
    }
    return render(request, "analytics/questions.html", context)


def _where(request: PersonRequest, named: str) -> Where | None:
    """Return the place that is named, for a partner's people at least their own company; None is everybody."""
    everybody = named in {"", "all"}
    if everybody and request.person.of_client:
        return None
    try:
        organisation_id = None if everybody else ids.parse(named)
        return find_where(request.person, organisation_id, request.GET.get("team") or "all")
    except (ValueError, Organisation.DoesNotExist) as error:
        raise Http404 from error
