"""What the pages of authoring share: finding the module or course, rendering forms, moving."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from courses.assignments import shown
from courses.assignments.queries import lists
from courses.authoring.queries import courses, drafts
from courses.catalog.models import Course, Module
from partners.models import Person
from partners.problems import Problem
from partners.requests import PersonRequest


def module_or_404(request: PersonRequest, module_id: uuid.UUID) -> Module:
    """Return a module that this author may edit. Raises Http404."""
    found = drafts.module_of(request.person, module_id)
    if found is None:
        raise Http404
    return found


def course_or_404(request: PersonRequest, course_id: uuid.UUID) -> Course:
    """Return a course that this author may edit. Raises Http404."""
    found = courses.course(request.person, course_id)
    if found is None:
        raise Http404
    return found


def asked(viewer: Person, what: Module | Course) -> dict[str, Any]:
    """Return what a page says of those who are asked for something, before it is put away."""
    found, rows = lists.asking(viewer, what)
    return {"asking": found, "assigned": shown.rows(rows)}


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page; 422 if its form has something to mend, so that scripts can tell."""
    form = context.get("form")
    wrong = isinstance(form, forms.BaseForm) and form.is_bound and bool(form.errors)
    return render(request, template, context, status=422 if wrong else 200)


def mend(form: forms.BaseForm, problem: Problem) -> None:
    """Show an action's answer in the form, beside the field that it names if the form has it."""
    field = problem.field if problem.field in form.fields else None
    form.add_error(field, str(problem.message))


def way(request: HttpRequest) -> int:
    """Return where a thing is to be moved: -1 up, 1 down. Raises Http404 for anything else."""
    ways = {"up": -1, "down": 1}
    try:
        return ways[request.POST.get("way", "")]
    except KeyError:
        raise Http404 from None
