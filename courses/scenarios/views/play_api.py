"""The phone's doors for runs: one choice, a practice run that was played without network, notes, and the package."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import jsonbody, problems
from core.access import allow
from core.jsonbody import BadBodyError
from courses.scenarios import played, refusals, shown
from courses.scenarios.actions import delivering, running
from courses.scenarios.actions.delivering import MOST, Act
from courses.scenarios.actions.positions import ConflictError, Position, UnknownRunError
from courses.scenarios.acts import LONGEST_MS, RefusedError
from courses.scenarios.models import Run
from courses.scenarios.views import play_media, play_offline
from partners.requests import PersonRequest


@allow("person")
@require_POST
def acts(request: PersonRequest, scenario_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """Take what was done: one choice by our clock, or (`offline`) all that was played without network.

    The same again gets the same answer. 409 says where the run stands, and that nothing was written.
    """
    offline = False
    try:
        jsonbody.meant_for(request, request.person.pk)
        body = jsonbody.read(request)
        offline = jsonbody.a_flag(body, "offline")
        queue = [
            _act(raw, f"acts.{place}")
            for place, raw in enumerate(jsonbody.a_list(body, "acts", most=MOST))
        ]
        base = jsonbody.an_integer(body, "base", most=2**31 - 1)
        if offline:
            version = jsonbody.the_uuid(body, "version")
            return _delivered(request.person, scenario_id, run_id, version, base, queue)
        if len(queue) != 1:
            raise BadBodyError("bad_acts", _("One choice at a time is expected."), "acts")
        return _chosen(request.person, run_id, base, queue[0])
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    except ConflictError as error:
        return _conflict(error.position, offline=offline)
    except RefusedError as error:
        return problems.answer(request, 422, error.code, refusals.act(error.code))
    except UnknownRunError:
        return problems.answer(request, 404, "not_found", _("This run was not found."))


def _act(raw: Any, field: str) -> Act:
    if not isinstance(raw, dict):
        raise BadBodyError("bad_act", _("A choice is an object."), field)
    scene, choice = raw.get("scene"), raw.get("choice")
    if not isinstance(scene, str) or not isinstance(choice, str):
        raise BadBodyError("bad_act", _("A choice names its scene."), field)
    ms = jsonbody.an_integer(raw, "ms", most=LONGEST_MS)
    return Act(jsonbody.the_uuid(raw, "key"), scene, choice, ms)


def _chosen(person: Any, run_id: uuid.UUID, base: int, act: Act) -> HttpResponse:
    fields: dict[str, Any] = {
        "person": person,
        "run_id": run_id,
        "expected_seq": base,
        "scene": act.scene,
        "key": act.key,
    }
    answer = (
        running.choose(**fields, choice=act.choice) if act.choice else running.time_out(**fields)
    )
    there = answer.position
    url = reverse("scenarios:told", args=[run_id, there.state.turn - 1])
    return JsonResponse(_standing(there) | {"url": url})


def _delivered(
    person: Any,
    scenario_id: uuid.UUID,
    run_id: uuid.UUID,
    version_id: uuid.UUID,
    base: int,
    queue: list[Act],
) -> HttpResponse:
    found = delivering.deliver(
        person=person,
        scenario_id=scenario_id,
        run_id=run_id,
        version_id=version_id,
        queue=queue,
        base=base,
    )
    return JsonResponse(
        _standing(found.position)
        | {
            "url": _url(found.position) + ("?moved=lost" if found.code else ""),
            "refused": bool(found.code),
            "reason": refusals.act(found.code) if found.code else "",
        }
    )


def _standing(there: Position) -> dict[str, Any]:
    """Return where a run stands, as the phone's outbox notes it; of an exam no state."""
    is_exam = there.run.mode == Run.Mode.EXAM
    return {
        "about": {"base": there.state.turn},
        "state": None if is_exam else play_offline.known(there.state),
        "status": there.run.state,
        "received_at": timezone.now().isoformat(),
    }


def _url(there: Position) -> str:
    if there.run.state == Run.State.OPEN:
        return reverse("scenarios:play", args=[there.run.scenario.module_id])
    return reverse("scenarios:run", args=[there.run.pk])


def _conflict(there: Position, *, offline: bool) -> HttpResponse:
    message = _("The conversation has gone on elsewhere. Here is where it stands.")
    url = _url(there) + ("?moved=lost" if offline else "?moved=1")
    body = {"code": "moved", "message": message, "url": url} | _standing(there)
    return JsonResponse(body, status=409)


@allow("person")
@require_POST
def note(request: PersonRequest, run_id: uuid.UUID) -> HttpResponse:
    """Note that an explanation was opened, or how far a video was watched; the same key notes once."""
    try:
        jsonbody.meant_for(request, request.person.pk)
        body = jsonbody.read(request)
        percent = jsonbody.an_integer(body, "percent", most=100) if "percent" in body else None
        about, kind = body.get("about"), body.get("kind")
        if not isinstance(about, str) or not isinstance(kind, str):
            raise BadBodyError("bad_note", _("A note says what it is about."), "about")
        running.note(
            person=request.person,
            run_id=run_id,
            kind=kind,
            about=about,
            key=jsonbody.the_uuid(body, "key"),
            data={} if percent is None else {"percent": percent},
        )
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    except RefusedError as error:
        return problems.answer(request, 422, error.code, refusals.act(error.code))
    except UnknownRunError:
        return problems.answer(request, 404, "not_found", _("This run was not found."))
    return JsonResponse({"noted": True})


@allow("person")
@require_GET
def package(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """What a phone keeps of a practice run: targets and whys, never points. An exam has none."""
    place = played.place(request.person, module_id)
    if place is None or place.is_exam:
        raise Http404
    run = place.running
    body = shown.package(place.document) | {
        "version": str(run.version_id if run else place.scenario.version_id),
        "scenario": str(place.scenario.pk),
        "media": play_media.of(request.person.pk, place.document),
    }
    response = JsonResponse(body)
    response["Cache-Control"] = "private, no-store"
    return response
