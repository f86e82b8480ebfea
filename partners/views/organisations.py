"""Doors about organisations and teams, for administrators."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.access import allow
from partners import firststeps
from partners.actions import organisations as writes
from partners.forms.organisations import ClientForm, OrganisationForm, TeamForm
from partners.models import Organisation, Team
from partners.problems import Problem
from partners.queries import organisations as reads
from partners.queries import people
from partners.queries.chosen import MOST
from partners.queries.client import client
from partners.requests import PersonRequest
from partners.views.pages import mend, page


def _organisation(request: PersonRequest, organisation_id: uuid.UUID) -> Organisation:
    try:
        return reads.organisation(request.person, organisation_id)
    except Organisation.DoesNotExist:
        raise Http404 from None


def _team(request: PersonRequest, team_id: uuid.UUID) -> Team:
    try:
        return reads.team(request.person, team_id)
    except Team.DoesNotExist:
        raise Http404 from None


@allow("admin")
def organisations(request: PersonRequest) -> HttpResponse:
    """List the client and its partners, with how many people and teams each has."""
    words = request.GET.get("q", "").replace("\0", "")[:120]
    listed = reads.organisations_page(request.person, words, request.GET.get("page"))
    unfinished = bool(firststeps.left(firststeps.steps(request.person)))
    context = {"page": listed, "q": words, "unfinished": unfinished}
    return page(request, "partners/organisations.html", context)


@allow("admin")
def organisation(request: PersonRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show one organisation: its teams and the first of its people."""
    row = _organisation(request, organisation_id)
    wanted = people.Filter(organisation=row.pk)
    listed, _left = people.people_page(request.person, wanted, request.GET.get("page"))
    context = {
        "organisation": row,
        "teams": reads.teams(request.person, row.pk),
        "counts": reads.people_by_state(request.person, row.pk),
        "page": listed,
        "most": MOST,
    }
    return page(request, "partners/organisation.html", context)


def _asked(
    request: PersonRequest,
    form: Any,
    context: dict[str, Any],
    act: Callable[[dict[str, Any]], tuple[str, HttpResponse]],
) -> HttpResponse:
    """Run a form that asks for a few texts: show it, or act, say what was done and go on."""
    if request.method == "POST" and form.is_valid():
        try:
            said, response = act(form.cleaned_data)
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(request, said)
            return response
    return page(request, "partners/ask.html", context | {"form": form})


@allow("admin")
def add_partner(request: PersonRequest) -> HttpResponse:
    """Add a partner."""

    def act(data: dict[str, Any]) -> tuple[str, HttpResponse]:
        row = writes.add_partner(actor=request.person, **data)
        said = _("Added %(name)s. Next, add its people.") % {"name": row.name}
        return said, redirect("partners:organisation", row.pk)

    context = {
        "heading": _("Add a partner"),
        "action": _("Add this partner"),
        "adds": True,
    }
    return _asked(request, OrganisationForm(request.POST or None), context, act)


@allow("admin")
def edit_organisation(request: PersonRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Rename an organisation; of the client also its language and time zone."""
    row = _organisation(request, organisation_id)
    if row.kind == Organisation.Kind.CLIENT:
        return _edit_client(request, row)

    def act(data: dict[str, Any]) -> tuple[str, HttpResponse]:
        writes.edit_organisation(actor=request.person, organisation_id=row.pk, **data)
        return _("Saved."), redirect("partners:organisation", row.pk)

    form = OrganisationForm(request.POST or None, initial={"name": row.name, "area": row.area})
    context = {"heading": _("Name and area"), "action": _("Save"), "organisation": row}
    return _asked(request, form, context, act)


def _edit_client(request: PersonRequest, row: Organisation) -> HttpResponse:
    def act(data: dict[str, Any]) -> tuple[str, HttpResponse]:
        writes.edit_client(actor=request.person, organisation_id=row.pk, **data)
        return _("Saved."), redirect("partners:organisation", row.pk)

    home = client()
    now = {"language": home.language, "time_zone": home.time_zone} if home else {}
    form = ClientForm(request.POST or None, initial={"name": row.name, "area": row.area, **now})
    context = {"heading": _("Name and time zone"), "action": _("Save"), "organisation": row}
    return _asked(request, form, context, act)


@allow("admin")
def organisation_active(request: PersonRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Ask whether to stop working with a partner, or to take it up again, and do it."""
    row = _organisation(request, organisation_id)
    if request.method != "POST":
        counts = reads.people_by_state(request.person, row.pk)
        context = {"organisation": row, "counts": counts}
        return page(request, "partners/organisation_active.html", context)
    active = not row.is_active
    try:
        writes.set_organisation_active(
            actor=request.person, organisation_id=row.pk, active=request.POST.get("active") == "yes"
        )
    except Problem as problem:
        messages.error(request, str(problem.message))
    else:
        said = _("%(name)s is back.") if active else _("Work with %(name)s has been stopped.")
        messages.success(request, said % {"name": row.name})
    return redirect("partners:organisation", row.pk)


@allow("admin")
def add_team(request: PersonRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Add a team to an organisation."""
    row = _organisation(request, organisation_id)

    def act(data: dict[str, Any]) -> tuple[str, HttpResponse]:
        team = writes.add_team(actor=request.person, organisation_id=row.pk, **data)
        return _("Added %(name)s.") % {"name": team.name}, redirect("partners:organisation", row.pk)

    context = {
        "heading": _("Add a team"),
        "action": _("Add this team"),
        "organisation": row,
        "adds": True,
    }
    return _asked(request, TeamForm(request.POST or None), context, act)


@allow("admin")
def edit_team(request: PersonRequest, team_id: uuid.UUID) -> HttpResponse:
    """Rename a team; from here it can be closed, too."""
    row = _team(request, team_id)

    def act(data: dict[str, Any]) -> tuple[str, HttpResponse]:
        writes.rename_team(actor=request.person, team_id=row.pk, **data)
        return _("Saved."), redirect("partners:organisation", row.organisation_id)

    form = TeamForm(request.POST or None, initial={"name": row.name})
    context = {
        "heading": _("Team"),
        "action": _("Save"),
        "organisation": row.organisation,
        "team": row,
    }
    return _asked(request, form, context, act)


@allow("admin")
def team_active(request: PersonRequest, team_id: uuid.UUID) -> HttpResponse:
    """Close a team or open it again."""
    row = _team(request, team_id)
    if request.method == "POST":
        active = request.POST.get("active") == "yes"
        try:
            writes.set_team_active(actor=request.person, team_id=row.pk, active=active)
        except Problem as problem:
            messages.error(request, str(problem.message))
        else:
            said = _("%(name)s is open again.") if active else _("%(name)s has been closed.")
            messages.success(request, said % {"name": row.name})
    return redirect("partners:organisation", row.organisation_id)
