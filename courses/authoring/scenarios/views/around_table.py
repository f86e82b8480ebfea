"""The door by which a table becomes a scenario: paste it, see what would come of it, take it in."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.tables.errors import TableError
from courses.authoring.doors import authors
from courses.authoring.scenarios import mapping, pasting, told
from courses.authoring.scenarios.around_forms import TableForm, with_base
from courses.authoring.scenarios.pasting import Plan
from courses.authoring.scenarios.views.around import draft_or_404, shown
from courses.scenarios import queries
from courses.scenarios.actions.drafting import ConflictError, save_whole
from courses.scenarios.queries import Drafted
from partners.requests import PersonRequest


@authors
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Take a pasted table: first it is only looked at (`step` look), then it becomes the draft (`step` enter)."""
    drafted = draft_or_404(request, scenario_id)
    has_scenes = bool(drafted.document.scenes)
    base = drafted.draft.revision
    if request.method != "POST":
        form = TableForm(initial={"base": base}, has_scenes=has_scenes)
        return shown(request, "table", drafted, {"form": form, "example": pasting.example()})
    data = _with_file(request)
    # A file that was read is in the field by now; another one has to be chosen again.
    files = request.FILES if "unreadable" in data else None
    form = TableForm(data, files, has_scenes=has_scenes)
    if not form.is_valid():
        return shown(request, "table", drafted, {"form": form})
    plan, why = _planned(request, drafted, form)
    if plan is None or plan.document is None:
        with_base(form, base)
        form.add_error(None if plan else "text", why) if why else None
        return shown(request, "table", drafted, {"form": form, "plan": plan, "is_wrong": True})
    if request.POST.get("step") == "enter":
        return _entered(request, drafted, form, plan)
    return _plan_shown(request, drafted, form, plan)


def _with_file(request: PersonRequest) -> dict[str, Any]:
    """Return what was sent, a file's rows in the field's place. What can't be read is said by the plan."""
    data = request.POST.dict()
    file = request.FILES.get("file")
    if file is not None:
        try:
            data["text"] = pasting.text_of(file.read(), data.get("encoding", ""))
        except TableError as error:
            data["unreadable"] = error.message
    return data


def _planned(request: PersonRequest, drafted: Drafted, form: TableForm) -> tuple[Plan | None, str]:
    """Return what would come of the table, or why it can't be read."""
    if unreadable := form.data.get("unreadable"):
        return None, unreadable
    text = form.cleaned_data["text"]
    if not text.strip():
        return None, _("Please paste a table, or choose a file.")
    try:
        return pasting.plan(text, drafted.document, drafted.scenario.keys), ""
    except TableError as error:
        return None, str(error.message)


def _entered(request: PersonRequest, drafted: Drafted, form: TableForm, plan: Plan) -> HttpResponse:
    if not form.is_asked_for:
        form.add_error("replace", _("Please say that what is there now may go. It can be undone."))
    elif plan.document is not None:
        try:
            saved = save_whole(
                scenario_id=drafted.scenario.pk,
                base=form.cleaned_data["base"],
                document=plan.document,
                by=request.person.pk,
                op="paste",
            )
        except ConflictError:
            form.add_error(
                None, _("Somebody has changed the draft meanwhile. Please look once more.")
            )
        else:
            messages.success(
                request,
                _("The table is the draft now. “Undo” brings back what was there.")
                if saved.changed
                else _("The draft says all of this already."),
            )
            return redirect("scenario_desk:desk", drafted.scenario.pk)
    return _plan_shown(request, drafted, form, plan)


def _plan_shown(
    request: PersonRequest, drafted: Drafted, form: TableForm, plan: Plan
) -> HttpResponse:
    """Show what would come: figures, findings, the map."""
    document = plan.document or drafted.document
    report = queries.report(document, drafted.scenario.keys)
    desk = reverse("scenario_desk:desk", args=[drafted.scenario.pk])
    context = {
        "form": with_base(form, drafted.draft.revision),
        "plan": plan,
        "map": mapping.draw(document, report, link=lambda key: f"{desk}?scene={key}").svg
        if len(document.scenes) <= _MOST_DRAWN
        else "",
        "endings": [each for each in document.scenes if each.is_ending][:20],
        **told.both(document, report),
    }
    return shown(request, "table", drafted, context)


_MOST_DRAWN = 300
