"""Pages of modules: all of them, and one, for a team, an organisation, or everybody."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from analytics.figures import LEAST, MOST
from analytics.queries import companies, learners, modules
from analytics.queries.modules import Whom
from analytics.queries.where import OFFICE, Where
from analytics.views.asked import of_client, where_of
from core.access import allow
from courses.assignments.actions.practising import ask_to_practise
from courses.catalog.models import Module
from partners.requests import PersonRequest


@allow(*OFFICE)
@require_safe
def modules_page(request: PersonRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """Every module: who of these people finished it, how well, and how soon."""
    where = where_of(request, organisation_id)
    return _modules(request, where)


@allow(*OFFICE)
@require_safe
def modules_of_everybody(request: PersonRequest) -> HttpResponse:
    """Every module over all companies."""
    of_client(request)
    return _modules(request, None)


def _modules(request: PersonRequest, where: Where | None) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = modules.lines(Whom(request.person, where), words, request.GET.get("page"))
    context = {"where": where, "page": found, "words": words, "most": MOST, "least": LEAST}
    return render(request, "analytics/modules.html", context)


@allow(*OFFICE)
@require_safe
def module_page(
    request: PersonRequest, module_id: uuid.UUID, organisation_id: uuid.UUID | None = None
) -> HttpResponse:
    """One module: who finished it and who hasn't, and its questions, the hardest first."""
    where = where_of(request, organisation_id)
    context = _module(request, where, module_id)
    line, finished = context["line"], request.GET.get("state") == "finished"
    context |= {
        "finished": finished,
        "page": learners.learners(where, line, finished=finished, number=request.GET.get("page")),
    }
    if line.left and not finished and where.may_assign:
        context["asked"] = learners.asked(where, line)
    if finished:
        context["line"] = learners.with_stumbled(where, [line])[0]
    return render(request, "analytics/module.html", context)


@allow(*OFFICE)
@require_POST
def practise(
    request: PersonRequest, module_id: uuid.UUID, organisation_id: uuid.UUID | None = None
) -> HttpResponse:
    """Ask those who have finished a module and not understood it to practise it again, once a week each."""
    where = where_of(request, organisation_id)
    module = Whom(request.person, where).modules().filter(pk=module_id).first()
    if module is None:
        raise Http404
    count = ask_to_practise(actor=where.viewer, module=module, people=learners.ids_of(where))
    said = ngettext(
        "%(n)s person was asked to practise again.",
        "%(n)s people were asked to practise again.",
        count,
    )
    if count:
        messages.success(request, said % {"n": count})
    else:
        messages.info(request, _("Nobody can be asked now: at most once a week each."))
    team = where.team.pk if where.team else "all"
    return redirect(f"{_address(where, module_id)}?team={team}&state=finished")


def _address(where: Where, module_id: uuid.UUID) -> str:
    if where.viewer.of_client:
        return reverse("analytics:module_of", args=[where.organisation.pk, module_id])
    return reverse("analytics:module", args=[module_id])


@allow(*OFFICE)
@require_safe
def module_of_everybody(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """One module, company by company."""
    person = of_client(request)
    context = _module(request, None, module_id)
    line = context["line"]
    context["page"] = companies.companies_of(
        person, line.module, line.published, request.GET.get("page")
    )
    return render(request, "analytics/module_companies.html", context)


def _module(request: PersonRequest, where: Where | None, module_id: uuid.UUID) -> dict[str, Any]:
    whom = Whom(request.person, where)
    try:
        line = modules.line(whom, module_id)
    except Module.DoesNotExist as error:
        raise Http404 from error
    return {
        "where": where,
        "line": line,
        "items": modules.items(whom, line.module),
        "scenario": modules.scenario_of(whom, line.module),
        "most": MOST,
        "least": LEAST,
    }
