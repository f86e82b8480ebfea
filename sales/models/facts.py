"""Counts of a day: calls, contacts, leads, appointments, qualified meetings."""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import Q

from sales import measures
from sales.models.setup import Product, Source

if TYPE_CHECKING:
    from partners.models import Person


F = TypeVar("F", bound=models.Model)


class FactQuerySet(models.QuerySet[F]):
    """Facts of people, as somebody may see them."""

    def visible_to(self, person: "Person") -> "FactQuerySet[F]":
        """The client's people see all; a partner's people what was done for their organisation."""
        if person.of_client:
            return self
        return self.filter(organisation_id=person.organisation_id)


class Credited(models.Model):
    """Whose a fact is: a person, with organisation and team as they were on its day."""

    person = models.ForeignKey(
        "partners.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "partners.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class Activity(Credited):
    """How often a person did something for a product on one day, as one source tells it.

    A count that its source corrects is written over; 0 is a fact, and what is not known has no row. `cause` is
    the import that wrote it last, if it was one.
    """

    class Measure(models.TextChoices):
        """What is counted by day."""

        CALLS = measures.CALLS
        KEY_PERSONS = measures.KEY_PERSONS
        LEADS = measures.LEADS
        APPOINTMENTS = measures.APPOINTMENTS
        QUALIFIED = measures.QUALIFIED

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    measure = models.CharField(max_length=12, choices=Measure.choices)
    count = models.PositiveIntegerField()
    cause = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day", "product", "measure", "source"], name="activity_once"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=measures.COUNTED), name="activity_measure_known"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "day"], name="activity_of_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}: {self.count} {self.measure}"
