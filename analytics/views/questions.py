"""The page of a module's questions: how hard each is, whom it tells apart, what was chosen instead."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analytics.queries import questions as reads
from analytics.questions import ENOUGH
from core.access import allow
from courses.catalog.models import Module
from partners.requests import PersonRequest


@allow(*reads.ROLES)
@require_safe
def questions(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Show a module's questions, the hardest first, to authors too: no names stand there."""
    try:
        asked = reads.questions(request.person, module_id)
    except Module.DoesNotExist as error:
        raise Http404 from error
    context = {"asked": asked, "enough": ENOUGH, "now": timezone.now()}
    return render(request, "analytics/questions.html", context)
