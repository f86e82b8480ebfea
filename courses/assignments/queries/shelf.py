"""Assignments and the shelf: which ask for nothing any more, and which ask for what is to be put away."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from courses.assignments.models import AssignedModule, Assignment, Enrolment
from courses.catalog.models import Course, Module
from partners.models import Person

NAMED = 20
"""So many assignments are named before something is put away; people are counted of all."""


@dataclasses.dataclass(frozen=True)
class Off:
    """That nothing of an assignment stands on the shelf, so that nobody is asked any more.

    `unasked` is how many people in view had not finished it then. `archived`: put away, else expired or the like.
    """

    archived: bool
    unasked: int


def off(viewer: Person, assignments: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Off]:
    """Return those of these assignments that run, but have nothing on the shelf any more. One query."""
    mine = AssignedModule.objects.filter(assignment=OuterRef("pk"))
    theirs = AssignedModule.objects.filter(assignment=OuterRef("assignment")).order_by()
    taken = theirs.values("assignment").annotate(at=Max("removed_at")).values("at")
    unasked = (
        Enrolment.objects.visible_to(viewer)
        .filter(assignment=OuterRef("pk"), state=Enrolment.State.ENDED)
        .filter(ended_at__gte=Subquery(taken))
        .order_by()
        .values("assignment")
        .annotate(n=Count("pk"))
        .values("n")
    )
    found = (
        Assignment.objects.visible_to(viewer)
        .filter(pk__in=assignments, cancelled_at__isnull=True)
        .exclude(Exists(mine.filter(removed_at__isnull=True)))
        .order_by()
        .values_list(
            "pk",
            "module__is_archived",
            "module__course__is_archived",
            "course__is_archived",
            Coalesce(Subquery(unasked, output_field=IntegerField()), 0),
        )
    )
    return {pk: Off(any(away), unasked) for pk, *away, unasked in found}


@dataclasses.dataclass(frozen=True)
class Asking:
    """The assignments that ask for something: the first of them, how many, and the people who are still at it."""

    first: Sequence[uuid.UUID]
    assignments: int
    people: int

    @property
    def more(self) -> int:
        """How many are not among the first."""
        return self.assignments - len(self.first)


def asking(viewer: Person, what: Module | Course) -> Asking:
    """Return which assignments ask for this module, or a module of this course, the newest first. Two queries."""
    parts = AssignedModule.objects.filter(assignment=OuterRef("pk"), removed_at__isnull=True)
    column = "module" if isinstance(what, Module) else "module__course"
    found = Assignment.objects.visible_to(viewer).filter(
        Exists(parts.filter(**{column: what})), cancelled_at__isnull=True
    )
    ids = list(found.order_by("-created_at", "pk").values_list("pk", flat=True))
    return Asking(ids[:NAMED], len(ids), _open(viewer, ids) if ids else 0)


def _open(viewer: Person, assignments: Sequence[uuid.UUID]) -> int:
    still = Enrolment.objects.visible_to(viewer).open().filter(assignment__in=assignments)
    return int(still.aggregate(n=Count("person", distinct=True))["n"])
