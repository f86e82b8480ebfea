"""Learning and sales by month: one row for each person and place, as it was counted then."""

from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from partners.models import Person

M = TypeVar("M", bound=models.Model)


class OwnQuerySet(models.QuerySet[M]):
    """Rows of organisations, as somebody may see them."""

    def visible_to(self, person: "Person") -> "OwnQuerySet[M]":
        """The client's people see all; a partner's people those of their organisation."""
        if person.of_client:
            return self
        return self.filter(organisation_id=person.organisation_id)


class Month(models.Model):
    """A month of the client's time zone whose figures are kept.

    Open, it is counted anew every night. Some days after its end it freezes: what is told later makes a new
    `revision`, and the rows of before stay. `as_of` is when its figures changed last, `checked_at` when they were
    last found equal to a recount.
    """

    month = models.DateField(primary_key=True)
    revision = models.PositiveIntegerField(default=0)
    as_of = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(db_default=Now())
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="month_is_whole"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=False) | Q(revision=0), name="month_revised_if_frozen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} ({self.revision})"


class RepMonth(models.Model):
    """What a person learned and sold in a month, in one place; a person who moved in it has two rows.

    `organisation` and `team` are those of the days on which it happened. `sold_on` is the last day with a fact of
    sales; without one nothing is known of sales, which is not 0. `amounts`: {currency: [smallest units, deals]}.
    `score` adds up first attempts in thousandths. `asked` and `done` count what is required. The row counts from
    `revision` of its month on, until `replaced`.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        "partners.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "partners.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    month = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    replaced = models.PositiveIntegerField(null=True)
    sold_on = models.DateField(null=True)
    calls = models.PositiveBigIntegerField(default=0)
    key_persons = models.PositiveBigIntegerField(default=0)
    leads = models.PositiveBigIntegerField(default=0)
    appointments = models.PositiveBigIntegerField(default=0)
    qualified = models.PositiveBigIntegerField(default=0)
    won = models.PositiveBigIntegerField(default=0)
    lost = models.PositiveBigIntegerField(default=0)
    amounts = models.JSONField(default=dict)
    finished = models.PositiveIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    score = models.PositiveBigIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "person", "organisation", "team"],
                condition=Q(replaced__isnull=True),
                nulls_distinct=False,
                name="rep_month_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="rep_month_is_whole"),
            models.CheckConstraint(
                condition=Q(replaced__isnull=True) | Q(replaced__gt=F("revision")),
                name="rep_month_replaced_later",
            ),
            models.CheckConstraint(
                condition=Q(scored__lte=F("finished")), name="rep_month_scored_of_finished"
            ),
            models.CheckConstraint(
                condition=Q(sold_on__isnull=False)
                | Q(
                    calls=0,
                    key_persons=0,
                    leads=0,
                    appointments=0,
                    qualified=0,
                    won=0,
                    lost=0,
                    amounts={},
                ),
                name="rep_month_sold_with_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "month"], name="rep_month_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month:%Y-%m}"


class MonthRevision(models.Model):
    """That figures of an organisation changed after their month was frozen: how many rows, and which of them."""

    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    month = models.ForeignKey(Month, on_delete=models.CASCADE, related_name="+", db_index=False)
    revision = models.PositiveIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    rows = models.PositiveIntegerField()
    figures = ArrayField(models.CharField(max_length=12))

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "revision", "organisation"], name="month_revision_once"
            ),
            models.CheckConstraint(condition=Q(revision__gt=0), name="month_revision_after_first"),
        ]

    def __str__(self) -> str:
        return f"{self.month_id} ({self.revision})"


class Night(models.Model):
    """A night's work: once for each day, taken up again where it was left."""

    day = models.DateField(primary_key=True)
    begun_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.day}"
