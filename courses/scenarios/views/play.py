"""Pages of playing: begin, a scene, what a choice brought, the ending. All work without script."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import slots
from core.access import allow
from courses.catalog import cards
from courses.catalog.keeping import keep, keepable
from courses.scenarios import played, queries
from courses.scenarios.actions import running, settling
from courses.scenarios.actions.positions import ConflictError, UnknownRunError
from courses.scenarios.acts import RefusedError
from courses.scenarios.fold import State
from courses.scenarios.models import Run
from courses.scenarios.played import Place
from courses.scenarios.views import play_offline, play_shown
from partners.requests import PersonRequest

POLLS = (300, 600, 1200, 2400)
"""How many milliseconds an ending's page waits before it asks for points: four times, then it stops."""


@allow("person")
@require_http_methods(["GET", "HEAD", "POST"])
@keepable
def play(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """The scene in which somebody stands, or how to begin; a form begins."""
    place = played.place(request.person, module_id)
    if place is None:
        return _taken_back(request, module_id)
    if request.method == "POST":
        return _begin(request, place)
    if place.running is None:
        return _beginning(request, place)
    return _scene(request, place, place.running, moved=request.GET.get("moved", ""))


def _taken_back(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Tell whoever was in the middle of a scenario that is no more why it isn't; others see it on the module's page."""
    last = played.taken_back(request.person, module_id)
    if last is not None:
        return redirect("scenarios:run", run_id=last.pk)
    if played.is_revised(request.person, module_id):
        return redirect("courses:module", module_id)
    raise Http404


def _begin(request: PersonRequest, place: Place) -> HttpResponse:
    pace = request.POST.get("pace", "normal")
    try:
        running.start(person=request.person, scenario_id=place.scenario.pk, pace=pace)
    except UnknownRunError:
        raise Http404 from None
    return redirect("scenarios:play", module_id=place.scenario.module_id)


def _beginning(request: PersonRequest, place: Place) -> HttpResponse:
    module = place.scenario.module
    last = place.over[0] if place.over else None
    ended_by_us = last is not None and last.state == Run.State.SUPERSEDED
    context = {
        "place": place,
        "card": cards.card(module.version.document) if module.version else None,
        "leave_to": module.pk,
        "run": None,
        "last": last if ended_by_us else None,
        "why_ended": played.reason_of(last) if last and last.reason == "withdrawn" else "",
        "offline": play_offline.page(request, place),
    }
    response = render(request, "scenarios/play/start.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _scene(
    request: PersonRequest, place: Place, run: Run, *, moved: str = "", status: int = 200
) -> HttpResponse:
    document, state = place.document, State.of_json(run.folded)
    now = queries.to_ms(timezone.now())
    context = {
        "place": place,
        "leave_to": place.scenario.module_id,
        "run": run,
        "look": play_shown.look(request.person.pk, document, state),
        "state": state,
        "clock": play_shown.clock(run, document, state, now),
        "key": uuid.uuid4(),
        "moved": moved,
        "offline": play_offline.page(request, place),
    }
    response = render(request, "scenarios/play/scene.html", context, status=status)
    # By "back" a browser shows even what it should ask about; here it would be a scene that is over.
    response["Cache-Control"] = "private, no-store"
    return response


def _moved(request: PersonRequest, run: Run) -> HttpResponse:
    """Show where a run stands instead of what an old page thought; nothing was written."""
    place = played.place(request.person, run.scenario.module_id)
    if run.state != Run.State.OPEN or place is None or place.running is None:
        return redirect("scenarios:run", run_id=run.pk)
    return _scene(request, place, place.running, moved="1", status=409)


@allow("person")
@require_POST
def choose(request: PersonRequest, run_id: uuid.UUID) -> HttpResponse:
    """Make a choice, or (an empty one) let the time be over; an old page is shown where the run stands."""
    posted = request.POST
    try:
        fields: dict[str, Any] = {
            "person": request.person,
            "run_id": run_id,
            "expected_seq": int(posted.get("expected_seq", "")),
            "scene": posted.get("scene", ""),
            "key": uuid.UUID(posted.get("key", "")),
        }
        choice = posted.get("choice", "")
        answer = running.choose(**fields, choice=choice) if choice else running.time_out(**fields)
    except UnknownRunError:
        raise Http404 from None
    except ConflictError as error:
        return _moved(request, error.position.run)
    except (RefusedError, ValueError):
        return _moved(request, _own(request, run_id))
    return redirect("scenarios:told", run_id=run_id, seq=answer.position.state.turn - 1)


def _own(request: PersonRequest, run_id: uuid.UUID) -> Run:
    run = queries.run(request.person, run_id)
    if run is None:
        raise Http404
    return run


@allow("person")
@require_safe
def told(request: PersonRequest, run_id: uuid.UUID, seq: int) -> HttpResponse:
    """What a choice brought: the reaction, the skills, and why, by the ace, beside the best answer."""
    found = played.told(request.person, run_id, seq)
    if found is None:
        raise Http404
    context = play_shown.told(request.person, found) | {
        "leave_to": found.run.scenario.module_id,
        "notes": play_offline.notes(found.run.pk, seq, found.before.scene, found.consequence),
    }
    return render(request, "scenarios/play/told.html", context)


@allow("person")
@require_safe
def run(request: PersonRequest, run_id: uuid.UUID) -> HttpResponse:
    """How a run ended: outcome, score, skills, points, and the way taken, with what the ace would have done."""
    found = queries.ended(request.person, run_id)
    if found is None:
        here = _own(request, run_id)
        return redirect("scenarios:play", module_id=here.scenario.module_id)
    poll = _poll(request)
    earned = slots.render("run.earned", request, run=found.run) if found.result else ""
    waits = bool(found.run.is_first and not earned and poll < len(POLLS))
    context = play_shown.ended(request.person.pk, found) | {
        "leave_to": found.run.scenario.module_id,
        "earned": earned,
        "poll": poll + 1 if waits else 0,
        "delay": POLLS[poll] if waits else 0,
        "moved": request.GET.get("moved", ""),
        "reason": played.reason_of(found.run) if found.run.reason == "withdrawn" else "",
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "scenarios/play/_earned.html", context)
    return keep(request, render(request, "scenarios/play/ended.html", context))


def _poll(request: PersonRequest) -> int:
    asked = request.GET.get("poll", "")
    return min(int(asked), len(POLLS)) if asked.isdecimal() and len(asked) < 3 else 0


@allow("person")
@require_POST
def back(request: PersonRequest, run_id: uuid.UUID) -> HttpResponse:
    """Go back to a scene, where the author lets people."""
    here = _own(request, run_id)
    try:
        running.go_back(
            person=request.person,
            run_id=run_id,
            expected_seq=int(request.POST.get("expected_seq", "")),
            to=int(request.POST.get("to", "")),
        )
    except (ConflictError, RefusedError, ValueError):
        return _moved(request, here)
    return redirect("scenarios:play", module_id=here.scenario.module_id)


@allow("person")
@require_POST
def pace(request: PersonRequest, run_id: uuid.UUID) -> HttpResponse:
    """Lengthen the time to think, or switch it off."""
    here = _own(request, run_id)
    try:
        running.set_pace(
            person=request.person, run_id=run_id, pace=request.POST.get("pace", "normal")
        )
    except UnknownRunError:
        raise Http404 from None
    return redirect("scenarios:play", module_id=here.scenario.module_id)


@allow("person")
@require_POST
def give_up(request: PersonRequest, run_id: uuid.UUID) -> HttpResponse:
    """Give a run up, to begin anew."""
    here = _own(request, run_id)
    running.abandon(person=request.person, run_id=run_id)
    return redirect("scenarios:play", module_id=here.scenario.module_id)


@allow("person")
@require_POST
def move(request: PersonRequest, run_id: uuid.UUID) -> HttpResponse:
    """Go on in the newer version that was offered."""
    here = _own(request, run_id)
    try:
        settling.move(person=request.person, run_id=run_id)
    except RefusedError:
        return _moved(request, here)
    return redirect("scenarios:play", module_id=here.scenario.module_id)
