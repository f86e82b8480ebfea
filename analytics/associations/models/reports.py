"""Reports: a question, and what was found when it was asked."""

from typing import TYPE_CHECKING

from django.db import models

from analytics.associations import steps
from analytics.associations.models.asked import Asked
from analytics.associations.question import Question

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


class Report(Asked):
    """A question about learning and sales, and its result: computed once, and the same for ever.

    `organisation` is whose people asked, and for whose eyes the result is made.
    """

    PLAN = steps.REPORT

    question = models.JSONField()

    objects = ReportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.id}: {self.state}"

    @property
    def asked(self) -> Question:
        """What was asked."""
        return Question.read(self.question)
