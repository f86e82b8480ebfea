"""The door by which a whole table of people comes in: look first, then enter all or none."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import allow
from partners import pasted
from partners.actions import pasting as writes
from partners.forms.people import PasteForm
from partners.models import Organisation
from partners.pasting_words import compare, explain, unreadable
from partners.problems import Problem
from partners.queries import organisations
from partners.queries.client import today
from partners.requests import PersonRequest
from partners.views.pages import page


@allow("admin")
def paste_people(request: PersonRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Take a pasted table, show what entering it would do, and enter it once that is confirmed."""
    try:
        organisation = organisations.organisation(request.person, organisation_id)
    except Organisation.DoesNotExist:
        raise Http404 from None
    form = PasteForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"organisation": organisation, "form": form}
    if request.method != "POST" or not form.is_valid():
        return page(request, "partners/paste.html", context)
    try:
        table = pasted.parse(form.cleaned_data["text"])
    except pasted.Unreadable as problem:
        form.add_error("text", unreadable(problem))
        return page(request, "partners/paste.html", context)
    if request.POST.get("step") == "enter":
        try:
            entered = writes.enter_people(
                actor=request.person, organisation=organisation, table=table
            )
        except Problem:
            context["changed"] = True  # somebody was faster: look at it anew
        else:
            return _entered(request, organisation, len(entered))
    plan = writes.plan(actor=request.person, organisation=organisation, table=table)
    rows = [
        {"row": each, "troubles": [explain(trouble) for trouble in each.troubles]}
        for each in plan.having("trouble")
    ]
    context |= {"plan": plan, "table": table, "wrong": rows}
    differing = [
        {"row": each, "differences": [compare(found) for found in each.differences]}
        for each in plan.differing
    ]
    # What is left aside matters only where somebody is entered without it.
    context["unused"] = table.unknown_columns + (table.left_aside if plan.having("new") else ())
    context |= {"differing": differing, "new": plan.having("new"), "same": plan.having("same")}
    context["begins"] = any(each.details.joined_on for each in plan.having("new"))
    context["today"] = today()
    response = page(request, "partners/paste.html", context)
    if rows:
        response.status_code = 422
    return response


def _entered(request: PersonRequest, organisation: Organisation, count: int) -> HttpResponse:
    if not count:
        messages.info(request, _("Nothing to enter: they are all here already."))
        return redirect("partners:organisation", organisation.pk)
    text = ngettext("%(n)s person entered.", "%(n)s people entered.", count) % {"n": count}
    messages.success(request, text)
    return redirect("partners:invite_all", organisation.pk)
