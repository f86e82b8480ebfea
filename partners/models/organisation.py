"""The client, its partners, and their teams."""

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7

if TYPE_CHECKING:
    from partners.models.person import Person


class Client(models.Model):
    """This installation's client: one row. Months follow its time zone and fiscal year."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="ja")
    time_zone = models.CharField(max_length=40, default="Asia/Tokyo")
    fiscal_year_starts = models.PositiveSmallIntegerField(default=4)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="client_is_one"),
            models.CheckConstraint(
                condition=Q(fiscal_year_starts__range=(1, 12)), name="client_fiscal_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations, as somebody may see them."""

    def visible_to(self, person: "Person") -> "OrganisationQuerySet":
        """The client's people see all; a partner's people their own."""
        if person.of_client:
            return self
        return self.filter(pk=person.organisation_id)


@pghistory.track()
class Organisation(models.Model):
    """A company whose people learn and sell: the client itself (`client`), or one of its partners."""

    class Kind(models.TextChoices):
        """The client, or a partner."""

        CLIENT = "client"
        PARTNER = "partner"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PARTNER)
    name = models.CharField(max_length=120)
    area = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="organisation_name_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="client"), name="organisation_one_client"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["client", "partner"]), name="organisation_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams, as somebody may see them."""

    def visible_to(self, person: "Person") -> "TeamQuerySet":
        """The client's people see all; a partner's people those of their organisation."""
        if person.of_client:
            return self
        return self.filter(organisation_id=person.organisation_id)


@pghistory.track()
class Team(models.Model):
    """A group of people inside one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
