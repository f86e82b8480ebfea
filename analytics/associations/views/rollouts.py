"""The roll-out planner: compare numbers of waves, draw by lot who launches when, and keep the plan."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analytics.associations import launches
from analytics.associations import rollouts as actions
from analytics.associations.models import Rollout, RolloutPower
from analytics.associations.queries import rollouts as queries
from analytics.associations.rollout_forms import RolloutForm
from analytics.associations.views import rollout_shown
from analytics.associations.views.office import WHO, office
from core.access import allow
from partners.models import Person
from partners.problems import Problem
from partners.queries.client import today
from partners.requests import PersonRequest

PAGE_SIZE = 20


@allow(*WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def rollouts(request: PersonRequest) -> HttpResponse:
    """Ask what a roll-out would see; below it, the plans, and what was compared and not drawn."""
    viewer, status, day = office(request), HTTPStatus.OK, today()
    if request.method == "POST":
        form = RolloutForm(request.POST, viewer=viewer, today=day)
        if form.is_valid():
            return redirect("associations:power", actions.compare(actor=viewer, **form.wish()).pk)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        form = RolloutForm(viewer=viewer, today=day)
    page = Paginator(queries.rollouts(viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "plans": [rollout_shown.line(each, day) for each in page.object_list],
        "compared": list(queries.powers(viewer)[:PAGE_SIZE]),
    }
    return render(request, "associations/rollouts.html", context, status=status)


def _power(viewer: Person, power_id: uuid.UUID) -> RolloutPower:
    try:
        return queries.power(viewer, power_id)
    except RolloutPower.DoesNotExist as error:
        raise Http404 from error


@allow(*WHO)
@require_safe
def power(request: PersonRequest, power_id: uuid.UUID) -> HttpResponse:
    """What so many waves would see, side by side; while it is computed, that it is."""
    viewer = office(request)
    asked = _power(viewer, power_id)
    if asked.pk != power_id:
        return redirect("associations:power", asked.pk)
    context: dict[str, Any] = {
        "power": asked,
        "shown": rollout_shown.compared(asked),
        "plan": queries.drawn_from(asked),
        "late": asked.first <= today().replace(day=1),
    }
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "associations/_power.html", context)
    return render(request, "associations/power.html", context)


@allow(*WHO)
@require_POST
def draw(request: PersonRequest, power_id: uuid.UUID) -> HttpResponse:
    """Draw the lot; once drawn it is there."""
    viewer = office(request)
    asked = _power(viewer, power_id)
    if asked.state != RolloutPower.State.READY:
        raise Http404
    text = request.POST.get("waves", "")
    try:
        plan = actions.draw(
            actor=viewer, power=asked, waves=int(text) if text in {*map(str, range(10))} else 0
        )
    except Problem as problem:
        messages.error(request, str(problem.message))
        return redirect("associations:power", asked.pk)
    return redirect("associations:rollout", plan.pk)


def _rollout(viewer: Person, rollout_id: uuid.UUID) -> Rollout:
    try:
        return queries.rollout(viewer, rollout_id)
    except Rollout.DoesNotExist as error:
        raise Http404 from error


@allow(*WHO)
@require_safe
def rollout(request: PersonRequest, rollout_id: uuid.UUID) -> HttpResponse:
    """One plan: the calendar of its waves, who launches when, what it will be able to tell."""
    plan = _rollout(office(request), rollout_id)
    shown = rollout_shown.planned(plan, queries.places(plan), today())
    return render(request, "associations/rollout.html", {"plan": plan, "shown": shown})


@allow(*WHO)
@require_POST
def withdraw(request: PersonRequest, rollout_id: uuid.UUID) -> HttpResponse:
    """Withdraw a plan before it begins."""
    viewer = office(request)
    plan = _rollout(viewer, rollout_id)
    try:
        actions.withdraw(actor=viewer, rollout_id=plan.pk)
    except Problem as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, _("Withdrawn. The plan stays here to be seen."))
    return redirect("associations:rollout", plan.pk)


@allow(*WHO)
@require_POST
def look(request: PersonRequest, rollout_id: uuid.UUID) -> HttpResponse:
    """Let what the roll-out did be looked at, once its last wave has launched."""
    viewer = office(request)
    plan = _rollout(viewer, rollout_id)
    if plan.withdrawn_on or today() < plan.last:
        raise Http404
    return redirect("associations:launch", launches.ask_plan(actor=viewer, plan=plan).pk)
