"""What assignments show in lower apps' pages, their place in the navigation, and their kinds of notices."""

import uuid

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import nav
from core.api import scopes
from core.slots import fill
from courses.assignments import notices
from courses.assignments.models import Assignment
from courses.assignments.queries import own, rights
from courses.progress import asked
from partners import firststeps
from partners.firststeps import Step
from partners.models import Person
from partners.requests import PersonRequest

scopes.register("assignments:write", _("Assign modules and courses"))

nav.register(
    "assignments",
    pgettext_lazy("place", "Assign"),
    "target",
    "assignments:assignments",
    roles=["author", "admin", "sales_manager", "manager"],
    order=25,
)
notices.declare_all()
asked.ask(own.asked_of)


@fill("module.office")
def assign_module(request: PersonRequest, *, module_id: uuid.UUID) -> str:
    """Offer to assign a module, to those who may."""
    return _offer(request, f"module={module_id}")


@fill("course.office")
def assign_course(request: PersonRequest, *, course_id: uuid.UUID) -> str:
    """Offer to assign a course, to those who may."""
    return _offer(request, f"course={course_id}")


@fill("module.opened")
def opened(request: PersonRequest, *, module_id: uuid.UUID) -> str:
    """Say what a finished module has opened to whoever finished it, where its assignment promised something."""
    found = own.opened_by(request.person, module_id)
    return render_to_string("assignments/opened.html", {"opened": found}, request) if found else ""


def _offer(request: PersonRequest, query: str) -> str:
    if not rights.may_assign(request.person):
        return ""
    return render_to_string("assignments/offer.html", {"query": query}, request)


@firststeps.tell(order=20)
def first_assignment(viewer: Person) -> Step:
    """Ask a new client to assign what there is to learn. One query."""
    running = Assignment.objects.visible_to(viewer).filter(cancelled_at__isnull=True)
    return Step(
        "target",
        _("Assign it"),
        _("To all reps, to a partner or a team, with a due date if you like"),
        reverse("assignments:new"),
        running.exists(),
    )
