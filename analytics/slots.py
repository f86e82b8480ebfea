"""Where reports are found: their places in the navigation, the ways to a person and to how a module's questions do."""

import uuid

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from analytics.queries.questions import ROLES
from analytics.queries.where import OFFICE
from core import nav
from core.slots import fill
from courses.catalog.models import Module
from courses.quizzes.models import QuizVersion
from partners.models import Person
from partners.requests import PersonRequest


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
def person_address(request: PersonRequest, *, asked: Person) -> str:
    """Return the address of what somebody who was asked has learnt; none for who may not open it."""
    viewer = request.person
    theirs = viewer.of_client or asked.organisation_id == viewer.organisation_id
    if not theirs or not viewer.has_role(*OFFICE):
        return ""
    return reverse("analytics:person", args=[asked.pk])


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
