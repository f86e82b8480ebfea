"""The grid: every measure of learning held against every measure of sales, as an organisation may see it."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from analytics.associations import measures, steps
from analytics.associations.models.months import OwnQuerySet
from analytics.associations.models.stepping import Stepping, day_of, of_steps
from core.ids import uuid7

_A_YEAR = (dt.timedelta(days=365), dt.timedelta(days=366))


class GridQuerySet(OwnQuerySet["Grid"]):
    """Grids, as somebody may see them."""

    def usual(self) -> "GridQuerySet":
        """Leave out those of other months, or of another lag, than the night's."""
        found = self.filter(lag=measures.USUAL_LAG)
        return found.annotate(days=F("until") - F("since")).filter(days__range=_A_YEAR)


class Grid(models.Model):
    """A grid for the eyes of one organisation, made at night from the figures by month, or when somebody asks for
    other months or another lag; it never changes.

    `inputs` is a hash of all figures that went in, `engine` the version of the rules; the same ones are the same
    grid, found again (`checked_at`). `tested` is how many cells are said: the family that is corrected for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateField()
    until = models.DateField()
    lag = models.PositiveSmallIntegerField()
    as_of = models.DateTimeField()
    checked_at = models.DateTimeField(db_default=Now())
    inputs = models.CharField(max_length=64)
    engine = models.CharField(max_length=16)
    people = models.PositiveIntegerField()
    reps = models.PositiveIntegerField()
    partners = models.PositiveIntegerField()
    tested = models.PositiveSmallIntegerField()

    objects = GridQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "since", "until", "lag", "inputs", "engine"],
                name="grid_found_once",
            ),
            models.CheckConstraint(
                condition=~Q(inputs="") & ~Q(engine=""), name="grid_with_inputs_and_engine"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="grid_of_months"),
            models.CheckConstraint(condition=Q(reps__lte=F("people")), name="grid_reps_of_people"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-until", "-as_of"], name="grid_of_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.since:%Y-%m}"

    @property
    def day(self) -> dt.date:
        """The day of its figures where the client is."""
        return day_of(self.as_of)


class Cell(models.Model):
    """One association of a grid, or why none is said. `q` is `p` corrected for all that the grid says."""

    id = models.BigAutoField(primary_key=True)
    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="cells", db_index=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    learning = models.CharField(max_length=12)
    sales = models.CharField(max_length=12)
    currency = models.CharField(max_length=3, blank=True)
    reps = models.PositiveIntegerField()
    partners = models.PositiveIntegerField()
    reason = models.CharField(max_length=16, blank=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    p = models.FloatField(null=True)
    q = models.FloatField(null=True)
    smallest = models.FloatField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "learning", "sales", "currency"], name="grid_cell_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(reason=""),
                    value__isnull=True,
                    low__isnull=True,
                    high__isnull=True,
                    p__isnull=True,
                    q__isnull=True,
                )
                | Q(
                    reason="",
                    value__gte=F("low"),
                    low__gte=-1,
                    high__gte=F("value"),
                    high__lte=1,
                    p__gte=0,
                    q__gte=F("p"),
                    q__lte=1,
                ),
                name="grid_cell_said_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learning} → {self.sales} {self.currency}"


class AskedGrid(Stepping):
    """A grid that somebody asks for: waiting for the worker, there, or given up."""

    class State(models.TextChoices):
        """Waiting to be computed, there, or given up."""

        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    PLAN = steps.GRID

    requested_by = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    lag = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    grid = models.ForeignKey(Grid, null=True, on_delete=models.CASCADE, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "since", "until", "lag"],
                condition=Q(state="waiting"),
                name="asked_grid_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "failed"], grid__isnull=True)
                | Q(state="ready", grid__isnull=False, as_of__isnull=False),
                name="asked_grid_state_true",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="asked_grid_of_months"),
            of_steps("asked_grid_step_of_steps"),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state="waiting"), name="asked_grid_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.since:%Y-%m}: {self.state}"
