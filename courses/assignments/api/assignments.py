"""Assignments, for programs: reading them with their people, and making one."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.paging import cut
from core.api.refusals import Refusal
from core.api.schema import example, operation, paged
from courses.assignments import targets as kinds
from courses.assignments.actions.assigning import Wish, assign
from courses.assignments.api.shapes import (
    AssignmentShape,
    AssignmentsQuery,
    EnrolmentShape,
    EnrolmentsQuery,
    NewAssignment,
)
from courses.assignments.models import Assignment, AssignmentTarget, Enrolment
from courses.assignments.queries import lists, rights
from courses.assignments.queries.lists import Counts
from courses.assignments.targets import Target
from courses.assignments.views import ASSIGNERS
from partners.models import Person
from partners.problems import Problem

READ, WRITE = "learning:read", "assignments:write"

_ID = "019a9c4e-b000-7d00-8c11-aa2b3c4d5e01"
_MODULE = "019a9c4e-9111-7c02-8a57-3b1f0c5de101"
_WISH = {
    "key": _ID,
    "module": _MODULE,
    "targets": [{"kind": "role", "role": "rep"}],
    "due_on": "2026-12-10",
    "remind_days": 3,
    "message": "来週の提案までに見ておいてください。",
}
_ASSIGNMENT = {
    "id": "5f0c2a7e-3d41-5b8e-9a66-7c1d2e3f4a05",
    "module": _MODULE,
    "course": None,
    "title": "点検の三つの約束",
    "is_required": True,
    "due_at": "2026-12-10T14:59:59Z",
    "message": "来週の提案までに見ておいてください。",
    "opens": "",
    "organisation": "019a9c4e-6000-7d21-8c3c-0b9a5f3b7e01",
    "created_at": "2026-11-26T01:00:00Z",
    "cancelled_at": None,
    "targets": [{"kind": "role", "id": None, "role": "rep", "organisation": None}],
    "counts": {"people": 84, "finished": 12, "late": 0},
}
_ENROLMENT = {
    "person": "019a9c4e-7d0a-7c55-9d2b-5f0f6f1f2a10",
    "organisation": "019a9c4e-6a11-7d21-8c3c-0b9a5f3b7e01",
    "state": "open",
    "due_at": "2026-12-10T14:59:59Z",
    "assigned_at": "2026-11-26T01:00:00Z",
    "finished_at": None,
}


def _shown(viewer: Person, rows: list[Assignment]) -> list[dict[str, Any]]:
    """Return assignments as programs read them. Three queries, whatever their number."""
    ids = [row.pk for row in rows]
    titles, counts = lists.titles(rows), lists.counts(viewer, ids)
    targets = _targets(viewer, ids)
    return [
        {
            "id": row.pk,
            "module": row.module_id,
            "course": row.course_id,
            "title": titles[row.pk],
            "is_required": row.required,
            "due_at": row.due_at,
            "message": row.message,
            "opens": row.opens,
            "organisation": row.organisation_id,
            "created_at": row.created_at,
            "cancelled_at": row.cancelled_at,
            "targets": targets.get(row.pk, []),
            "counts": _counts(counts.get(row.pk, Counts())),
        }
        for row in rows
    ]


def _counts(found: Counts) -> dict[str, int]:
    return {"people": found.people, "finished": found.finished, "late": found.late}


def _targets(viewer: Person, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Return whom assignments name, without other companies' for a partner's people. One query."""
    rows = AssignmentTarget.objects.filter(assignment__in=ids).order_by("pk")
    if not rights.assigns_everywhere(viewer):
        own = Q(organisation_id=viewer.organisation_id)
        rows = rows.filter(own | Q(organisation_id__isnull=True))
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for row in rows:
        is_role = row.kind == kinds.ROLE
        found.setdefault(row.assignment_id, []).append(
            {
                "kind": row.kind,
                "id": None if is_role else row.person_id or row.team_id or row.organisation_id,
                "role": row.role,
                "organisation": row.organisation_id if is_role else None,
            }
        )
    return found


def _assigner(viewer: Person) -> None:
    """Raise Http404 for people with the name of a role that gives them nothing here."""
    if not rights.may_assign(viewer):
        raise Http404


@allow(*ASSIGNERS)
class Assignments(Door):
    """Assignments."""

    scope, changes = READ, WRITE
    query = AssignmentsQuery

    @operation("listAssignments", tag="Learning", answer=paged(AssignmentShape), examples=[
        example("A page of one", {"items": [_ASSIGNMENT], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List assignments with how far their people are.

        The client's office sees all, a partner's managers those of or for their own company.
        """
        _assigner(self.person)
        seen = Assignment.objects.visible_to(self.person).select_related("course")
        rows = self.narrowed(seen, created_since="created_at__gte")
        if "is_cancelled" in self.asked:
            rows = rows.filter(cancelled_at__isnull=not self.asked["is_cancelled"])
        found = cut(rows, self.asked)
        items = _shown(self.person, found.rows)
        return self.answer({"items": items, "next": found.following})

    @operation(
        "createAssignment", tag="Learning", body=NewAssignment, answer=AssignmentShape,
        status=201, refusals=[422],
        examples=[example("To all reps", _WISH, sent=True), example("As made", _ASSIGNMENT)],
    )  # fmt: skip
    def post(self, _request: Request) -> HttpResponse:
        """Ask people to learn a module or a course.

        Each is told once. Sending the same `key` again changes nothing and answers with what was made first.
        """
        _assigner(self.person)
        said = self.told(NewAssignment)
        try:
            made = assign(actor=self.person, wish=self._wish(said))
        except Problem as problem:
            field = _FIELDS.get(problem.field or "", problem.field or "")
            raise Refusal(422, "misfit", str(problem.message), field) from problem
        row = Assignment.objects.select_related("course").get(pk=made.pk)
        return self.answer(_shown(self.person, [row])[0], status=201)

    def _wish(self, said: dict[str, Any]) -> Wish:
        shelf = rights.assignable(self.person)
        first = None
        if "course" in said:
            first = shelf.filter(course_id=said["course"]).first()
        return Wish(
            module=shelf.filter(pk=said["module"]).first() if "module" in said else None,
            course=first.course if first else None,
            targets=[
                Target(each["kind"], each.get("id"), each.get("role", ""), each.get("organisation"))
                for each in said["targets"]
            ],
            required=said["is_required"],
            due_on=said.get("due_on"),
            remind_days=said.get("remind_days"),
            message=said.get("message", ""),
            opens=said.get("opens", ""),
            key=said["key"],
        )


_FIELDS = {"to": "targets", "what": "module"}
"""How the form's fields are called here."""


@allow(*ASSIGNERS)
class OneAssignment(Door):
    """One assignment."""

    scope = READ

    @operation("getAssignment", tag="Learning", answer=AssignmentShape, examples=[
        example("To all reps", _ASSIGNMENT),
    ])  # fmt: skip
    def get(self, _request: Request, assignment_id: uuid.UUID) -> HttpResponse:
        """Read one assignment."""
        _assigner(self.person)
        rows = Assignment.objects.visible_to(self.person).select_related("course")
        row = rows.filter(pk=assignment_id).first()
        if row is None:
            raise Http404
        return self.answer(_shown(self.person, [row])[0])


@allow(*ASSIGNERS)
class Enrolments(Door):
    """The people of an assignment."""

    scope = READ
    query = EnrolmentsQuery

    @operation("listEnrolments", tag="Learning", answer=paged(EnrolmentShape), examples=[
        example("A page of one", {"items": [_ENROLMENT], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request, assignment_id: uuid.UUID) -> HttpResponse:
        """List the people who are asked to finish an assignment."""
        _assigner(self.person)
        if not Assignment.objects.visible_to(self.person).filter(pk=assignment_id).exists():
            raise Http404
        rows = Enrolment.objects.visible_to(self.person).filter(assignment_id=assignment_id)
        return self.page(self.narrowed(rows, "state"), _as_enrolment)


def _as_enrolment(row: Enrolment) -> dict[str, Any]:
    return {
        "person": row.person_id,
        "organisation": row.organisation_id,
        "state": row.state,
        "due_at": row.due_at,
        "assigned_at": row.assigned_at,
        "finished_at": row.finished_at,
    }
