"""Doors about people, for administrators: finding, entering, editing, moving, leaving."""

import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import allow
from core.tables import sending
from partners import exporting
from partners.actions import belonging
from partners.actions import people as writes
from partners.forms.people import (
    DetailsForm,
    FindForm,
    MoveForm,
    NewPersonForm,
    RolesForm,
    WhereForm,
)
from partners.models import Organisation, Person
from partners.problems import Problem
from partners.queries import history
from partners.queries import people as reads
from partners.queries.chosen import MOST
from partners.queries.client import today
from partners.requests import PersonRequest
from partners.views.pages import mend, page


def _person(request: PersonRequest, person_id: uuid.UUID) -> Person:
    try:
        return reads.person(request.person, person_id)
    except Person.DoesNotExist:
        raise Http404 from None


@allow("admin")
def people(request: PersonRequest) -> HttpResponse:
    """List people by reading, with search and filters."""
    form = FindForm(request.GET, viewer=request.person)
    wanted, chosen = form.wanted(), form.cleaned_data.get("organisation")
    listed, left = reads.people_page(request.person, wanted, request.GET.get("page"))
    context = {"find": form, "active": wanted.count(), "words": wanted.words, "page": listed}
    context |= {"chosen": chosen, "left": left, "most": MOST}
    return page(request, "partners/people.html", context)


@allow("admin")
@require_safe
def people_csv(request: PersonRequest) -> FileResponse:
    """The same people, all pages of them, as CSV. One query for people."""
    return _file(request, "csv")


@allow("admin")
@require_safe
def people_xlsx(request: PersonRequest) -> FileResponse:
    """The same people, all pages of them, as a workbook. One query for people."""
    return _file(request, "xlsx")


def _file(request: PersonRequest, form: str) -> FileResponse:
    wanted = FindForm(request.GET, viewer=request.person).wanted()
    rows = exporting.rows(reads.people(request.person, wanted).iterator())
    return sending.at_length(
        rows, "people", today(), form=form, title=_("People"), widths=exporting.WIDTHS
    )


@allow("admin")
def person(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show one person: details, where they belong, their invitation, and what happened."""
    row = _person(request, person_id)
    context = {
        "one": row,
        "state": reads.state_of(row),
        "memberships": reads.memberships(request.person, row.pk),
        "history": history.of_person(request.person, row),
        "key": uuid.uuid4(),
    }
    return page(request, "partners/person.html", context)


def _chosen(request: PersonRequest) -> tuple[WhereForm, Organisation | None]:
    """Return the form that asks for an organisation, and the one that was chosen."""
    asked = "organisation" in request.GET
    form = WhereForm(request.GET if asked else None, viewer=request.person)
    return form, form.cleaned_data["organisation"] if asked and form.is_valid() else None


@allow("admin")
def add_person(request: PersonRequest) -> HttpResponse:
    """Enter a person: first where, then who."""
    where, organisation = _chosen(request)
    if organisation is None:
        return page(request, "partners/person_where.html", {"form": where})
    form = NewPersonForm(
        request.POST if request.method == "POST" else None,
        viewer=request.person,
        organisation=organisation,
        initial={"roles": ["rep"], "joined_on": today(), "team": request.GET.get("team")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = writes.add_person(
                actor=request.person,
                organisation=organisation,
                team=form.cleaned_data["team"],
                roles=form.cleaned_data["roles"],
                details=form.details(),
            )
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(request, _("Entered. The next step is an invitation."))
            return redirect("partners:person", row.pk)
    context = {"form": form, "organisation": organisation}
    return page(request, "partners/person_new.html", context)


@allow("admin")
def edit_person(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """Change what is known of a person."""
    row = _person(request, person_id)
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        initial=DetailsForm.of(row),
        me=row.pk,
    )
    if request.method == "POST" and form.is_valid():
        try:
            writes.edit_person(actor=request.person, person_id=row.pk, details=form.details())
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:person", row.pk)
    return page(request, "partners/person_edit.html", {"form": form, "one": row})


@allow("admin")
def change_roles(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """Change what a person may do."""
    row = _person(request, person_id)
    form = RolesForm(
        request.POST if request.method == "POST" else None,
        organisation=row.organisation,
        initial={"roles": row.roles},
    )
    if request.method == "POST" and form.is_valid():
        try:
            writes.change_roles(
                actor=request.person, person_id=row.pk, roles=form.cleaned_data["roles"]
            )
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:person", row.pk)
    return page(request, "partners/person_roles.html", {"form": form, "one": row})


@allow("admin")
def move_person(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """Move a person: first to which organisation, then team, day and roles."""
    row = _person(request, person_id)
    where, organisation = _chosen(request)
    if organisation is None:
        if not where.is_bound:
            where = WhereForm(viewer=request.person, initial={"organisation": row.organisation_id})
        return page(request, "partners/person_move.html", {"form": where, "one": row})
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        viewer=request.person,
        organisation=organisation,
        initial={"on": today(), "roles": row.roles, "team": row.team_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            moved = belonging.move_person(
                actor=request.person,
                person_id=row.pk,
                organisation=organisation,
                **form.cleaned_data,
            )
        except Problem as problem:
            mend(form, problem)
        else:
            said = _("Moved.") if moved else _("They belong there already; nothing was changed.")
            messages.success(request, said)
            return redirect("partners:person", row.pk)
    context = {"form": form, "one": row, "organisation": organisation}
    return page(request, "partners/person_move.html", context)


@allow("admin")
def person_active(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """Ask whether a person has left, or is back, and note it."""
    row = _person(request, person_id)
    if request.method != "POST":
        return page(request, "partners/person_active.html", {"one": row})
    act = (
        belonging.reactivate_person
        if request.POST.get("active") == "yes"
        else belonging.deactivate_person
    )
    try:
        act(actor=request.person, person_id=row.pk)
    except Problem as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, _("Saved."))
    return redirect("partners:person", row.pk)
