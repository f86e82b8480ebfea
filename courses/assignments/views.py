"""Doors of assignments, for those who assign: the list, a new one in three steps, one with its people."""

import dataclasses
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core import ids
from core.access import allow
from courses.assignments import due, shown, targets
from courses.assignments.actions import assigning, telling
from courses.assignments.forms import AssignForm, DueForm, as_typed, beginning
from courses.assignments.models import Assignment, Enrolment
from courses.assignments.queries import lists, naming, rights
from courses.assignments.queries import reach as reaching
from courses.catalog.models import Course, Module
from courses.catalog.naming import public_title
from partners.problems import Problem
from partners.queries.client import client, today, zone
from partners.requests import PersonRequest

ASSIGNERS = ("author", "admin", "sales_manager", "manager")


@dataclasses.dataclass(frozen=True)
class What:
    """What is to be assigned: a module, or a course."""

    module: Module | None = None
    course: Course | None = None

    @property
    def title(self) -> str:
        """Its title, a module's as it was published."""
        if self.module is not None:
            return public_title(self.module)
        return self.course.title if self.course else ""

    @property
    def query(self) -> str:
        """Itself in an address."""
        return (
            f"module={self.module.pk}"
            if self.module
            else f"course={self.course.pk}"
            if self.course
            else ""
        )


def _assigner(request: PersonRequest) -> None:
    """Raise Http404 for people with the name of a role that gives them nothing here."""
    if not rights.may_assign(request.person):
        raise Http404


def _what(request: PersonRequest) -> What:
    """Return what the address or form names; nothing where it names nothing that can be assigned."""
    data = request.POST if request.method == "POST" else request.GET
    shelf = rights.assignable(request.person)
    if module_id := _uuid(data.get("module", "")):
        return What(module=shelf.filter(pk=module_id).first())
    if course_id := _uuid(data.get("course", "")):
        first = shelf.filter(course_id=course_id).first()
        return What(course=first.course if first else None)
    return What()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return ids.parse(text)
    except ValueError:
        return None


@allow(*ASSIGNERS)
def assignments(request: PersonRequest) -> HttpResponse:
    """List what was assigned, with how many have finished and how many are late."""
    _assigner(request)
    module = _uuid(request.GET.get("module", ""))
    page = lists.assignments_page(request.person, request.GET.get("page"), module=module)
    context = {"page": page, "rows": shown.rows(page.object_list)}
    return render(request, "assignments/assignments.html", context)


@allow(*ASSIGNERS)
def new(request: PersonRequest) -> HttpResponse:
    """Assign in three steps: what, then whom and when, then a look at whom it reaches before it is sent."""
    _assigner(request)
    what = _what(request)
    if not what.query:
        return _choose(request)
    step = request.POST.get("step", "") if request.method == "POST" else "begin"
    if step == "begin":
        begun = beginning(today()) | {"to": request.GET.getlist("to")}
        return _form(request, what, AssignForm(viewer=request.person, initial=begun))
    found = (
        naming.find(request.person, request.POST["q"]) if request.POST.get("q", "").strip() else []
    )
    form = AssignForm(request.POST, viewer=request.person, found=found)
    if step in {"find", "back"}:
        typed = as_typed(form, request.POST)
        form = AssignForm(viewer=request.person, found=found, initial=typed)
        return _form(request, what, form)
    if form.is_valid():
        return _send(request, what, form) if step == "send" else _preview(request, what, form)
    return _form(request, what, form)


def _choose(request: PersonRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    page = lists.shelf_page(request.person, text, request.GET.get("page"))
    context = {
        "page": page,
        "words": text,
        "courses": lists.courses(page.object_list),
        "to": request.GET.getlist("to"),
    }
    return render(request, "assignments/choose.html", context)


def _form(request: PersonRequest, what: What, form: AssignForm) -> HttpResponse:
    reached = _reach(request, what, form)
    context = {
        "form": form,
        "what": what,
        "reach": reached,
        "words": request.POST.get("q", "").strip(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "assignments/new.html", context, status=status)


def _reach(request: PersonRequest, what: What, form: AssignForm) -> reaching.Reach:
    modules = rights.modules_of(request.person, what.module, what.course)
    return reaching.preview(request.person, form.targets(), modules)


def _preview(request: PersonRequest, what: What, form: AssignForm) -> HttpResponse:
    found = _reach(request, what, form)
    if not found.people:
        form.add_error("to", _("This reaches nobody. Choose others."))
        return _form(request, what, form)
    here = zone(client())
    due_on, this_day = form.cleaned_data["due_on"], timezone.now().astimezone(here).date()
    if due_on and due_on < this_day:
        form.add_error("due_on", _("This day is over. Choose today or a later one."))
        return _form(request, what, form)
    context = {"form": form, "what": what, "reach": found, "fields": _fields(request, what)}
    context["reminds"] = (
        due_on and due_on > this_day
    )  # nobody is reminded on the day they are asked
    return render(request, "assignments/preview.html", context)


def _fields(request: PersonRequest, what: What) -> list[tuple[str, str]]:
    """Return what was typed, to be sent along from the preview."""
    left_out = {"csrfmiddlewaretoken", "step", "q"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]


def _send(request: PersonRequest, what: What, form: AssignForm) -> HttpResponse:
    try:
        row = assigning.assign(actor=request.person, wish=form.wish(what.module, what.course))
    except Problem as problem:
        form.add_error(
            problem.field if problem.field in form.fields else None, str(problem.message)
        )
        return _form(request, what, form)
    people = row.enrolments.count()
    if not row.enrolments.exclude(state=Enrolment.State.FINISHED).exists():
        messages.info(request, _all_finished(form))
        return redirect("assignments:assignment", row.pk)
    said = ngettext("Assigned to %(n)s person.", "Assigned to %(n)s people.", people)
    messages.success(request, said % {"n": people})
    return redirect("assignments:assignment", row.pk)


def _all_finished(form: AssignForm) -> str:
    if targets.take_in(form.targets()):
        return _("Assigned. Everybody here has finished it already; who joins later is asked.")
    return _("Assigned. Everybody here has finished it already.")


@allow(*ASSIGNERS)
@require_POST
def reach(request: PersonRequest) -> HttpResponse:
    """Answer the form while it is being filled: whom it reaches so far, and what a search has found."""
    _assigner(request)
    what = _what(request)
    if not what.query:
        raise Http404
    text = request.POST.get("q", "").strip()
    found = naming.find(request.person, text) if text else []
    form = AssignForm(request.POST, viewer=request.person, found=found)
    if request.POST.get("step") == "find":
        form = AssignForm(viewer=request.person, found=found, initial=as_typed(form, request.POST))
        context = {"form": form, "words": text}
        return render(request, "assignments/_to.html", context)
    return render(request, "assignments/_reach.html", {"reach": _reach(request, what, form)})


@allow(*ASSIGNERS)
def assignment(request: PersonRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Show one assignment: what, whom, by when, and its people by state."""
    _assigner(request)
    row = _row(request, assignment_id)
    state = request.GET.get("state", "")
    page = lists.people_page(request.person, row, state, request.GET.get("page"))
    context: dict[str, Any] = {
        "row": shown.row(row),
        "state": state,
        "pills": shown.pills(row.counts, state),
        "page": page,
        "people": shown.people(page.object_list),
        "targets": lists.targets(request.person, assignment_id),
        "author": lists.author_of(request.person, row.assignment),
        "may_change": _may_change(request, row.assignment),
        "reminding": lists.reminding(request.person, assignment_id),
    }
    return render(request, "assignments/assignment.html", context)


def _row(request: PersonRequest, assignment_id: uuid.UUID) -> lists.Row:
    try:
        return lists.assignment(request.person, assignment_id)
    except Assignment.DoesNotExist:
        raise Http404 from None


def _may_change(request: PersonRequest, row: Assignment) -> bool:
    own = rights.assigns_everywhere(request.person)
    return row.cancelled_at is None and (
        own or row.organisation_id == request.person.organisation_id
    )


def _changeable(request: PersonRequest, assignment_id: uuid.UUID) -> lists.Row:
    _assigner(request)
    row = _row(request, assignment_id)
    if not _may_change(request, row.assignment):
        raise Http404
    return row


@allow(*ASSIGNERS)
def change_due(request: PersonRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Ask for another due date, and note it."""
    row = _changeable(request, assignment_id)
    due_at = row.assignment.due_at
    initial = {
        "due_on": due.day_of(due_at, zone(client())) if due_at else None,
        "remind_days": row.assignment.remind_days,
    }
    form = DueForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            assigning.change_due(
                actor=request.person, assignment_id=assignment_id, **form.cleaned_data
            )
        except Problem as problem:
            field = problem.field if problem.field in form.fields else None
            form.add_error(field, str(problem.message))
        else:
            messages.success(request, _("Saved. Who has not finished it is told."))
            return redirect("assignments:assignment", assignment_id)
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "row": row}
    return render(request, "assignments/change_due.html", context, status=status)


@allow(*ASSIGNERS)
def cancel(request: PersonRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Ask whether to take an assignment back, and do it."""
    row = _changeable(request, assignment_id)
    if request.method != "POST":
        return render(request, "assignments/cancel.html", {"row": row})
    assigning.cancel(actor=request.person, assignment_id=assignment_id)
    messages.success(request, _("Taken back. Nobody is asked any more."))
    return redirect("assignments:assignments")


@allow(*ASSIGNERS)
@require_POST
def remind(request: PersonRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Remind whoever is still at it: all of them, or one."""
    _assigner(request)
    _row(request, assignment_id)
    wanted = Enrolment.objects.visible_to(request.person).open().filter(assignment_id=assignment_id)
    if person_id := _uuid(request.POST.get("person", "")):
        wanted = wanted.filter(person_id=person_id)
    done = telling.remind(actor=request.person, enrolments=wanted.values_list("pk", flat=True))
    said = ngettext("%(n)s person was reminded.", "%(n)s people were reminded.", done)
    if done:
        messages.success(request, said % {"n": done})
    else:
        messages.info(request, _why_nobody(lists.reminding(request.person, assignment_id)))
    return redirect("assignments:assignment", assignment_id)


def _why_nobody(left: lists.Reminding) -> str:
    if left.fresh:
        return _("Nobody was reminded: who is still at it was asked only today.")
    if left.waiting:
        return _("Nobody was reminded: who is still at it has not signed up yet.")
    return _("Everybody has been reminded today already.")
