"""Pages of a team or organisation: how far it is, its people, and one of them."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from analytics import talk
from analytics.figures import TARGET
from analytics.queries import learners, modules, team
from analytics.queries import members as listing
from analytics.queries.modules import Whom
from analytics.queries.where import OFFICE
from analytics.views.asked import wanted_of, where_of
from core.access import allow
from courses.assignments import targets
from courses.assignments.actions import telling
from courses.assignments.queries import rights
from courses.assignments.targets import Target
from partners.models import Person
from partners.requests import PersonRequest


@allow(*OFFICE)
@require_safe
def team_page(request: PersonRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """A team, or a whole organisation: how far, who, whom to talk to, and where it stumbles."""
    if organisation_id is None and request.person.of_client:
        return redirect("analytics:progress")
    where = where_of(request, organisation_id)
    whom = Whom(where.viewer, where)
    weak = learners.with_stumbled(where, modules.weak(whom))
    context = {
        "where": where,
        "figures": team.figures(where),
        "reminders": team.reminders(where),
        "members": listing.first_members(where),
        "talk": team.to_talk_to(where),
        "weak": weak,
        "answered": bool(weak) or modules.answered(whom),
        "teams": team.teams(where) if not where.team and len(where.teams) > 1 else [],
        "target": TARGET,
        "now": timezone.now(),
    }
    return render(request, "analytics/team.html", context)


@allow(*OFFICE)
@require_POST
def remind(request: PersonRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """Remind everybody of a team or organisation who is late with something required, once a day each."""
    where = where_of(request, organisation_id)
    count = telling.remind(actor=where.viewer, enrolments=team.late_enrolments(where))
    said = ngettext("%(n)s person was reminded.", "%(n)s people were reminded.", count)
    if count:
        messages.success(request, said % {"n": count})
    else:
        messages.info(request, _("Everybody who is late has been reminded today already."))
    query = f"?team={where.team.pk}" if where.team else "?team=all"
    if organisation_id is None:
        return redirect(reverse("analytics:team") + query)
    return redirect(reverse("analytics:team_of", args=[organisation_id]) + query)


@allow(*OFFICE)
@require_safe
def members(request: PersonRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """All people of a team or organisation, to be searched, sorted and narrowed down."""
    where, wanted = where_of(request, organisation_id), wanted_of(request)
    context = {
        "where": where,
        "wanted": wanted,
        "page": listing.members(where, wanted, request.GET.get("page")),
        "states": listing.STATES,
        "sorts": listing.SORTS,
        "silent_days": talk.SILENT_DAYS,
    }
    return render(request, "analytics/members.html", context)


@allow(*OFFICE)
@require_safe
def person_page(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """One person: how far with what is required, and every module with date, score and time."""
    try:
        one = learners.one(request.person, person_id)
    except Person.DoesNotExist as error:
        raise Http404 from error
    left = learners.left_of(request.person, one.person)
    context = {
        "one": one,
        "left": left,
        "late": any(each.late for each in left),
        "remind": any(each.remind for each in left),
        "assign": Target(targets.PERSON, person_id)
        if rights.may_ask(request.person, one.person)
        else None,
        "page": learners.modules_of(one.person, request.GET.get("page")),
    }
    return render(request, "analytics/person.html", context)


@allow(*OFFICE)
@require_POST
def remind_person(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """Remind one person of everything required that is late, once a day each."""
    try:
        person = learners.one(request.person, person_id).person
    except Person.DoesNotExist as error:
        raise Http404 from error
    late = learners.late_enrolments(request.person, person)
    if telling.remind(actor=request.person, enrolments=late):
        messages.success(request, _("%(name)s was reminded.") % {"name": person.name})
    else:
        said = _("There is nothing to remind of: it is finished, or was reminded of today already.")
        messages.info(request, said)
    return redirect("analytics:person", person_id)
