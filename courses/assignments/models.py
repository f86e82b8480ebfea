"""What people are asked to learn: assignments, whom they name, and one enrolment for each person they reach."""

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.access import ROLES
from core.ids import uuid7
from courses.catalog.models import Course, Module

if TYPE_CHECKING:
    import datetime as dt

    from partners.models import Person

OFFICE = ("author", "admin", "sales_manager")
"""Roles of the client whose people assign to anybody, and see how everybody is getting on."""

LEARNERS = ("rep", "ace")
"""Whom an organisation or a team stands for, where it is named as a target."""


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, as somebody may see them."""

    def visible_to(self, person: "Person") -> "AssignmentQuerySet":
        """The office sees all, a manager those of or for their organisation, everybody else their own."""
        if person.of_client and person.has_role(*OFFICE):
            return self
        mine = Enrolment.objects.visible_to(person).filter(assignment=models.OuterRef("pk"))
        if person.has_role("manager"):
            return self.filter(Q(organisation_id=person.organisation_id) | models.Exists(mine))
        return self.filter(models.Exists(mine))


@pghistory.track()
class Assignment(models.Model):
    """What somebody asks others to learn, a module or a whole course, by when.

    `organisation` is that of whoever assigned it: the client's reach everybody, a partner's only its own
    people. `due_at` is the last second of the day it is due, in the client's time zone.
    """

    class Necessity(models.TextChoices):
        """Whether it has to be learnt, or is a suggestion."""

        REQUIRED = "required"
        OPTIONAL = "optional"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    module = models.ForeignKey(
        Module, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    course = models.ForeignKey(
        Course, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    necessity = models.CharField(
        max_length=8, choices=Necessity.choices, default=Necessity.REQUIRED
    )
    due_at = models.DateTimeField(null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    opens = models.CharField(max_length=80, blank=True)
    created_by = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(module__isnull=True) ^ Q(course__isnull=True),
                name="assignment_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(necessity__in=["required", "optional"]),
                name="assignment_necessity_known",
            ),
            models.CheckConstraint(
                condition=Q(remind_days__isnull=True)
                | Q(remind_days__range=(1, 30), due_at__isnull=False),
                name="assignment_reminds_before_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["course"], condition=Q(cancelled_at__isnull=True), name="assignment_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.module_id or self.course_id} by {self.due_at}"

    @property
    def required(self) -> bool:
        """Whether it has to be learnt."""
        return self.necessity == self.Necessity.REQUIRED


class AssignmentTarget(models.Model):
    """Whom an assignment names: the LEARNERS of an organisation or a team, those of a role, or one person.

    Who comes to fit a target later is enrolled then; `organisation` says where a team or person belongs,
    and narrows a role (none: wherever they are).
    """

    class Kind(models.TextChoices):
        """What a target names."""

        ORGANISATION = "organisation"
        TEAM = "team"
        ROLE = "role"
        PERSON = "person"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="targets")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    organisation = models.ForeignKey(
        "partners.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey("partners.Team", null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, blank=True)
    person = models.ForeignKey(
        "partners.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "kind", "organisation", "team", "role", "person"],
                nulls_distinct=False,
                name="assignment_target_once",
            ),
            models.CheckConstraint(
                name="assignment_target_whole",
                condition=Q(
                    kind="organisation",
                    organisation__isnull=False,
                    team__isnull=True,
                    role="",
                    person__isnull=True,
                )
                | Q(
                    kind="team",
                    organisation__isnull=False,
                    team__isnull=False,
                    role="",
                    person__isnull=True,
                )
                | Q(kind="role", team__isnull=True, role__in=ROLES, person__isnull=True)
                | Q(
                    kind="person",
                    organisation__isnull=False,
                    team__isnull=True,
                    role="",
                    person__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.assignment_id}"


class AssignedModule(models.Model):
    """That an assignment asks for this module: the one it names, or one of its course.

    A module that is published into the course later is asked of those who are still at it (`added_at`); one
    that is taken from the shelf is asked of nobody any more (`removed_at`).
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="modules")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)
    audience = models.CharField(max_length=40, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "module"], name="assigned_module_once"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} in {self.assignment_id}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Enrolments, as somebody may see them."""

    def visible_to(self, person: "Person") -> "EnrolmentQuerySet":
        """The office sees all, a manager those of their organisation, everybody else their own."""
        if person.of_client and person.has_role(*OFFICE):
            return self
        if person.has_role("manager"):
            return self.filter(organisation_id=person.organisation_id)
        return self.filter(person_id=person.pk)

    def asked(self) -> "EnrolmentQuerySet":
        """Leave out those that nobody waits for any more."""
        return self.exclude(state=Enrolment.State.ENDED)

    def open(self) -> "EnrolmentQuerySet":
        """Keep those that are still to be finished."""
        return self.filter(state=Enrolment.State.OPEN)

    def late(self, now: "dt.datetime") -> "EnrolmentQuerySet":
        """Keep those that should have been finished by this moment."""
        return self.open().filter(due_at__lt=now)


class Enrolment(models.Model):
    """That one person is asked to finish an assignment, kept true by what becomes of them.

    `open` until everything asked for is finished; `ended` where they are asked no longer (they left, belong
    elsewhere, or the assignment was cancelled). `organisation` is where they belong; of a finished one, where
    they belonged then. The last columns say what they have been told: for which due date, and when.
    """

    class State(models.TextChoices):
        """Still to do, done, or asked no longer."""

        OPEN = "open"
        FINISHED = "finished"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(
        "partners.Person", on_delete=models.PROTECT, related_name="enrolments"
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    finished_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_due_at = models.DateTimeField(null=True)
    reminded_due_at = models.DateTimeField(null=True)
    late_due_at = models.DateTimeField(null=True)
    nudged_on = models.DateField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "person"], name="enrolment_once"),
            models.CheckConstraint(
                name="enrolment_state_true",
                condition=Q(state="open", finished_at__isnull=True, ended_at__isnull=True)
                | Q(state="finished", finished_at__isnull=False, ended_at__isnull=True)
                | Q(state="ended", finished_at__isnull=True, ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state"], name="enrolment_of_person"),
            models.Index(
                fields=["assignment", "organisation", "state", "due_at"],
                name="enrolment_of_assignment",
            ),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="enrolment_due"),
            models.Index(
                fields=["assignment"],
                condition=Q(state="open", told_at__isnull=True),
                name="enrolment_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.assignment_id}: {self.state}"
