"""The page from which a module is published: what keeps it back, what it means, now or at a date."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from courses.authoring import words
from courses.authoring.actions import publications as writes
from courses.authoring.actions.drafts import ConflictError
from courses.authoring.doors import authors
from courses.authoring.forms import PublishForm
from courses.authoring.naming import Naming
from courses.authoring.queries import drafts, history, impact
from courses.authoring.queries.drafts import Editing
from courses.authoring.views.pages import mend, module_or_404, page
from courses.progress import publishing
from courses.progress.publishing import NotPublishableError
from courses.scenarios import queries as scenarios
from partners.problems import Problem
from partners.requests import PersonRequest


@authors
@never_cache
def publish(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Show what a publication means, and publish now or at a date, or call a planned one off."""
    module_or_404(request, module_id)
    if request.method != "POST":
        return _show(request, module_id, None)
    act = _ACTS.get(request.POST.get("act", ""), _now)
    return act(request, module_id)


def _now(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _show(request, module_id, form)
    try:
        published = writes.publish_now(
            module_id=module_id,
            base=form.cleaned_data["base"],
            note=form.cleaned_data["note"],
            by=request.person.pk,
        )
    except ConflictError:
        form.add_error(None, _("The draft was changed meanwhile. Please look at it once more."))
    except NotPublishableError:
        form.add_error(None, _("Something has to be mended first; see below."))
    except Problem as problem:
        mend(form, problem)
    else:
        number = {"number": published.version.number}
        messages.success(
            request,
            _("Version %(number)d is published.") % number
            if published.changed
            else _("Nothing has changed since version %(number)d; readers see it already.")
            % number,
        )
        return redirect("authoring:publish", module_id)
    return _show(request, module_id, form)


def _plan(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    form = PublishForm(request.POST)
    if form.is_valid() and form.cleaned_data["at"] is None:
        form.add_error("at", _("Please choose a day and a time."))
    if form.is_valid():
        try:
            writes.plan(
                module_id=module_id,
                at=form.cleaned_data["at"],
                note=form.cleaned_data["note"],
                by=request.person.pk,
            )
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(request, _("Planned. It comes out by itself, as it stands then."))
            return redirect("authoring:publish", module_id)
    return _show(request, module_id, form)


def _cancel(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    if writes.cancel_plan(module_id=module_id, by=request.person.pk):
        messages.success(request, _("Called off. Nothing comes out by itself."))
    return redirect("authoring:publish", module_id)


_ACTS = {"now": _now, "plan": _plan, "cancel": _cancel}


def _show(request: PersonRequest, module_id: uuid.UUID, form: PublishForm | None) -> HttpResponse:
    editing = drafts.editing(request.person, module_id)
    if editing is None:
        raise Http404
    module = editing.module
    shown = form or PublishForm(initial={"base": editing.current.revision})
    if form is not None:  # what is sent next is what is looked at now
        shown.data = {**form.data.dict(), "base": str(editing.current.revision)}  # type: ignore[attr-defined]
    naming = Naming(module_id, editing.current.document)
    context: dict[str, Any] = {
        "form": shown,
        "module": module,
        "editing": editing,
        "problems": [naming.of(each) for each in editing.problems],
        "warnings": [naming.of(each) for each in editing.warnings],
        "impact": impact.impact(module) if module.version_id else None,
        "questions": impact.question_changes(module, editing.current.document),
        "is_published": _is_published(editing),
        "audience": words.audience(module.audience, impact.chosen(module)),
        "has_quiz": impact.had_quiz(module),
        "changed_scenario": _changed_scenario(editing),
        "differences": history.since_publication(module, editing.current.document),
        "name": drafts.names([editing.plan.planned_by if editing.plan else None]),
    }
    return page(request, "authoring/publish.html", context)


def _changed_scenario(editing: Editing) -> uuid.UUID | None:
    """Return the scenario whose changes wait for a publication of their own: the module's doesn't bring them out."""
    if not any(block.kind == "scenario" for block in editing.current.document.blocks):
        return None
    return scenarios.changed_since(editing.module.pk)


def _is_published(editing: Editing) -> bool:
    """Say whether readers see the draft already. An unfinished draft was never published."""
    if editing.problems or editing.module.version_id is None:
        return False
    return publishing.is_published(editing.module, list(editing.module.blocks.all()))
