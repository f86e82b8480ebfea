"""The door through which the desk writes: fields that were changed, what a button does, undo and redo."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import jsonbody
from core.jsonbody import BadBodyError
from courses.authoring.doors import authors
from courses.authoring.queries import drafts
from courses.authoring.scenarios import (
    acts,
    colliding,
    fields,
    naming_aces,
    pieces,
    standing,
    words,
)
from courses.authoring.scenarios.naming import Names
from courses.authoring.scenarios.views.desk import answer, drafted_or_404
from courses.scenarios import refusals
from courses.scenarios.actions import drafting
from courses.scenarios.actions.drafting import (
    ConflictError,
    Current,
    NothingToDoError,
    Saved,
    current_of,
)
from courses.scenarios.document import Document
from courses.scenarios.faults import FaultError
from partners.requests import PersonRequest

_NOT_FIELDS = frozenset(("csrfmiddlewaretoken", "base", "scene", "panel", "do", "redraw"))


@authors
@never_cache
@require_POST
def edit(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Save fields, or do what a button says (`do`), over the revision `base` that its author saw.

    409 where somebody else changed the same meanwhile, with both; 422 where it can't be kept.
    """
    before = drafted_or_404(request, scenario_id)
    try:
        jsonbody.meant_for(request, request.person.pk)
        saved = _done(request, scenario_id, before.document)
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    except FaultError as error:
        return _refused(request, scenario_id, refusals.fault(error), error.path)
    except ConflictError as conflict:
        return _conflict(request, scenario_id, conflict)
    except NothingToDoError:
        return _refused(request, scenario_id, _("There is nothing more."), "", status=200)
    scene = _scene_after(request, saved)
    if not pieces.wanted(request):
        return redirect(_address(scenario_id, scene, request.POST.get("panel", "")))
    drafted = drafted_or_404(request, scenario_id)
    found = pieces.context(request, drafted, scene, request.POST.get("panel", ""))
    draws_form = _name(request) != "save" or "redraw" in request.POST
    names = ("outline", "form", "side") if draws_form else ("outline", "side")
    cut = Names(before.document)
    return answer(
        request,
        found,
        *names,
        made=list(saved.made),
        cut=[cut.place(link.scene, link.choice) for link in saved.cut],
        notes={} if draws_form else _notes(request, found),
    )


def _name(request: PersonRequest) -> str:
    return request.POST.get("do", "save").split(":")[0]


def _done(request: PersonRequest, scenario_id: uuid.UUID, document: Document) -> Saved:
    name, *given = request.POST.get("do", "save").split(":")
    by = request.person.pk
    if name == "undo":
        return drafting.undo(scenario_id=scenario_id, by=by)
    if name == "redo":
        return drafting.redo(scenario_id=scenario_id, by=by)
    if name in acts.ACTS:
        change = acts.ACTS[name].make(given)
    else:
        name, change = (
            "save",
            fields.change(naming_aces.with_names(request.person, document, _sent(request))),
        )
    return drafting.edit(
        scenario_id=scenario_id,
        base=_base(request),
        change=change,
        by=by,
        op=name,
    )


def _base(request: PersonRequest) -> int:
    base = request.POST.get("base", "")
    return int(base) if base.isdecimal() and len(base) < 10 else 0


def _sent(request: PersonRequest) -> Mapping[str, Sequence[str]]:
    return {
        name: [str(each) for each in values]
        for name, values in request.POST.lists()
        if name not in _NOT_FIELDS
    }


def _scene_after(request: PersonRequest, saved: Saved) -> str:
    """Return which scene the page shows after an edit: a new one, else the same, else a neighbour."""
    act = acts.ACTS.get(_name(request))
    if act is not None and act.opens and saved.made:
        return saved.made[0]
    return request.POST.get("scene", "")


def _address(scenario_id: uuid.UUID, scene: str, panel: str) -> str:
    query = "?panel=settings" if panel == "settings" else f"?scene={scene}"
    return reverse("scenario_desk:desk", args=[scenario_id]) + query


def _notes(request: PersonRequest, found: dict[str, Any]) -> dict[str, str]:
    """Return what is found about the scene that is shown and each of its choices, as markup by key."""
    shown = found["shown"]
    told = {shown.key: shown.of_scene} | {c.choice.key: c.found for c in shown.choices}
    return {
        key: render_to_string("scenarios/desk/_notes.html", {"found": each}, request)
        for key, each in told.items()
    }


def _refused(
    request: PersonRequest, scenario_id: uuid.UUID, message: str, path: str, status: int = 422
) -> HttpResponse:
    if pieces.wanted(request):
        return JsonResponse({"message": message, "field": path, "html": {}}, status=status)
    if status == 422 and _name(request) == "save":
        drafted = drafted_or_404(request, scenario_id)
        current = current_of(drafted.draft, drafted.document)
        return _both_shown(request, scenario_id, current, message, status)
    messages.error(request, message)
    return redirect(
        _address(scenario_id, request.POST.get("scene", ""), request.POST.get("panel", ""))
    )


def _conflict(
    request: PersonRequest, scenario_id: uuid.UUID, conflict: ConflictError
) -> HttpResponse:
    """Say who wrote what, beside what was to be written; nothing of either is lost."""
    current = conflict.current
    title, own = _who_wrote(request, current)
    if not pieces.wanted(request):
        return _both_shown(request, scenario_id, current, title, 409, base=_base(request))
    sent = _sent(request)
    rows = [
        (
            words.field(each),
            standing.told(current.document, each, values[-1]),
            standing.told(current.document, each, standing.value(current.document, each)),
        )
        for each, values in sent.items()
        if standing.is_plain(each)
    ]
    found = {"title": title, "own": own, "at": current.saved_at, "rows": rows}
    html = {"conflict": render_to_string("scenarios/desk/_conflict.html", found, request)}
    body = {
        "message": title,
        "revision": current.revision,
        "saved_at": current.saved_at.isoformat(),
        "html": html,
    }
    return JsonResponse(body, status=409)


def _who_wrote(request: PersonRequest, current: Current) -> tuple[str, bool]:
    """Say who has changed the same meanwhile, and whether that was oneself, in another window."""
    if current.saved_by == request.person.pk:
        at = date_format(timezone.localtime(current.saved_at), "H:i")
        return _("You saved in another window at %(time)s.") % {"time": at}, True
    name = drafts.names([current.saved_by]).get(current.saved_by, "") or _("Somebody")
    words = _("%(name)s has changed the same meanwhile. Nothing was overwritten.")
    return words % {"name": name}, False


def _both_shown(
    request: PersonRequest,
    scenario_id: uuid.UUID,
    current: Current,
    title: str,
    status: int,
    base: int | None = None,
) -> HttpResponse:
    """Show what was typed, in a form that saves it, beside what stands there; nothing is lost without scripts."""
    scene, panel = request.POST.get("scene", ""), request.POST.get("panel", "")
    since = current.revision if base is None else base
    context = {
        "title": title,
        "at": current.saved_at if base is not None else None,
        "own": current.saved_by == request.person.pk,
        "rows": colliding.rows(scenario_id, since, current.document, _sent(request)),
        "revision": current.revision,
        "document": current.document,
        "scene": scene,
        "panel": panel,
        "edit_url": reverse("scenario_desk:edit", args=[scenario_id]),
        "address": _address(scenario_id, scene, panel),
    }
    return render(request, "scenarios/desk/conflict.html", context, status=status)
