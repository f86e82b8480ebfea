"""Where reports are found: in the navigation, on a manager's home, on a person's row and a module's page."""

import uuid

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from analytics.figures import TARGET
from analytics.queries import companies, team
from analytics.queries.questions import ROLES
from analytics.queries.where import OFFICE, where
from core import nav
from core.slots import fill
from courses.catalog.models import Module
from courses.quizzes.models import QuizVersion
from partners.models import Person
from partners.requests import PersonRequest

_FURTHEST = 3
"""So many companies stand on the first page; all are one tap away."""


@fill("module.office", order=50)
def questions(request: PersonRequest, *, module_id: uuid.UUID) -> str:
    """Lead from a module with a quiz to how its questions do. One query, none for whom it isn't for."""
    if not request.person.has_role(*ROLES):
        return ""
    version = Module.objects.filter(pk=module_id).values("version")
    if not QuizVersion.objects.filter(module_version__in=version).exists():
        return ""
    return render_to_string("analytics/_questions_way.html", {"module_id": module_id}, request)


@fill("assignment.person")
@fill("records.person")
def person_address(request: PersonRequest, *, of: Person) -> str:
    """Return the address of somebody's page, with what they have learnt; none for who may not open it."""
    viewer = request.person
    theirs = viewer.of_client or of.organisation_id == viewer.organisation_id
    if not theirs or not viewer.has_role(*OFFICE):
        return ""
    return reverse("analytics:person", args=[of.pk])


@fill("home.people")
def today(request: PersonRequest) -> str:
    """Show a manager how far the own team is, how many are late, and whom to talk to. Seven queries.

    The client's managers whose own team has no reps, and its head of sales, see all companies: at most twelve.
    """
    person = request.person
    if not person.has_role("manager"):
        return _all(request) if person.has_role("sales_manager") else ""
    place = where(person, None, "")
    figures = team.figures(place)
    if person.of_client and not figures.people:
        return _all(request)
    talk = team.to_talk_to(place) if figures.people else []
    context = {"where": place, "figures": figures, "talk": talk, "target": TARGET}
    return render_to_string("analytics/_today.html", context, request)


def _all(request: PersonRequest) -> str:
    """Show how far all companies are, and which are furthest from the target. Seven queries; empty without reps."""
    everybody = companies.everybody(request.person)
    if not everybody.figures.people:
        return ""
    context = {
        "everybody": everybody,
        "figures": everybody.figures,
        "furthest": companies.furthest(request.person, _FURTHEST),
        "target": TARGET,
    }
    return render_to_string("analytics/_today_all.html", context, request)


@fill("person.office")
def learning_of(request: PersonRequest, *, person_id: uuid.UUID) -> str:
    """Lead from a person, as administrators see them, to what they have learnt."""
    if not request.person.has_role(*OFFICE):
        return ""
    return render_to_string("analytics/_person_way.html", {"person_id": person_id}, request)


def _of_client(request: HttpRequest) -> bool:
    person: Person = request.person  # type: ignore[attr-defined]
    return person.of_client


def _of_partner(request: HttpRequest) -> bool:
    return not _of_client(request)


nav.register(
    "team",
    pgettext_lazy("place", "Team"),
    "people",
    "analytics:team",
    roles=["manager"],
    order=15,
    only=_of_partner,
)
nav.register(
    "progress",
    pgettext_lazy("place", "Progress"),
    "chart",
    "analytics:progress",
    roles=OFFICE,
    order=15,
    only=_of_client,
)
