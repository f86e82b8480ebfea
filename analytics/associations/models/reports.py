"""Reports: a question, and what was found when it was asked."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from analytics.associations import steps
from analytics.associations.models.stepping import Stepping, of_steps
from analytics.associations.question import Question
from core.ids import uuid7

if TYPE_CHECKING:
    from partners.models import Person

OFFICE = ("manager", "sales_manager", "admin")
"""Roles that read reports; of a partner only managers exist among them."""


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, as somebody may see them."""

    def visible_to(self, person: "Person") -> "ReportQuerySet":
        """Everybody sees their own organisation's: what is held back from whom stands in the result."""
        return self.filter(organisation_id=person.organisation_id)

    def told(self) -> "ReportQuerySet":
        """Leave out those that found what another one had found."""
        return self.exclude(state=Report.State.SAME)


class Report(Stepping):
    """A question about learning and sales, and its result: computed once, and the same for ever.

    `organisation` is whose people asked, and for whose eyes the result is made. `inputs` is a hash of all figures
    that went in, `engine` the version of the rules. Where question, figures and rules are those of an earlier
    report, `same_as` names it and there is no other result.
    """

    class State(models.TextChoices):
        """Waiting to be computed, there, found before, or given up."""

        WAITING = "waiting"
        READY = "ready"
        SAME = "same"
        FAILED = "failed"

    PLAN = steps.REPORT

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    requested_by = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    question = models.JSONField()
    question_key = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    inputs = models.CharField(max_length=64, blank=True)
    engine = models.CharField(max_length=16, blank=True)
    result = models.JSONField(null=True)
    same_as = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "question_key"],
                condition=Q(state="waiting"),
                name="report_waits_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "question_key", "inputs", "engine"],
                condition=Q(state="ready"),
                name="report_found_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "failed"], result__isnull=True, same_as__isnull=True
                )
                | Q(
                    ~Q(inputs=""),
                    ~Q(engine=""),
                    state="ready",
                    result__isnull=False,
                    as_of__isnull=False,
                    same_as__isnull=True,
                )
                | Q(state="same", result__isnull=True, same_as__isnull=False),
                name="report_state_true",
            ),
            of_steps("report_step_of_steps"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="report_of_organisation"),
            models.Index(
                fields=["created_at"], condition=Q(state="waiting"), name="report_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.state}"

    @property
    def asked(self) -> Question:
        """What was asked."""
        return Question.read(self.question)
