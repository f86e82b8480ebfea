"""Roll-outs: how a course will be launched in waves, who launches when by lot, and what that will be able to tell."""

import datetime as dt
import hashlib

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from analytics.associations import lot, measures, steps
from analytics.associations.models.asked import Asked
from analytics.associations.models.months import OwnQuerySet
from core.ids import uuid7
from core.months import after

MOST_GAP = 6


class RolloutPower(Asked):
    """What a roll-out would be able to tell in so many waves: computed from the past of the companies that take part.

    `first` is the month of the first wave, `gap` how many months lie between two.
    """

    PLAN = steps.ROLLOUT

    course = models.ForeignKey(
        "catalog.Course", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    sales = models.CharField(max_length=12)
    currency = models.CharField(max_length=3, blank=True)
    partners = ArrayField(models.UUIDField())
    first = models.DateField()
    gap = models.PositiveSmallIntegerField()

    objects = OwnQuerySet.as_manager()

    class Meta(Asked.Meta):
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(
                condition=Q(sales__in=measures.LAUNCHED)
                & (Q(currency="") ^ Q(sales__in=sorted(measures.OF_MONEY))),
                name="rolloutpower_of_a_measure",
            ),
            models.CheckConstraint(
                condition=Q(first__day=1, gap__range=(1, MOST_GAP)),
                name="rolloutpower_of_months",
            ),
        ]

    @property
    def key(self) -> str:
        """A hash that only the same question has."""
        asked = (self.course_id, self.sales, self.currency, self.first, self.gap)
        told = " ".join(map(str, (*asked, *sorted(map(str, self.partners)))))
        return hashlib.sha256(told.encode()).hexdigest()


@pghistory.track()
class Rollout(models.Model):
    """A course that is launched in waves drawn by lot: once, by a seed that is kept.

    Until the first wave begins it can be withdrawn, and another one be drawn; then it stays as it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    power = models.ForeignKey(RolloutPower, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey("catalog.Course", on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    gap = models.PositiveSmallIntegerField()
    waves = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=32)
    drawn_by = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(
        "partners.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["power"],
                condition=Q(withdrawn_on__isnull=True),
                name="rollout_drawn_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    first__day=1,
                    gap__range=(1, MOST_GAP),
                    waves__range=(lot.LEAST_WAVES, lot.MOST_WAVES),
                    seed__regex="^[0-9a-f]{32}$",
                ),
                name="rollout_in_waves",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_on__lt=F("first"), withdrawn_by__isnull=False),
                name="rollout_withdrawn_before_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.waves} from {self.first:%Y-%m}"

    def month(self, wave: int) -> dt.date:
        """Return the month in which a wave launches."""
        return after(self.first, (wave - 1) * self.gap)

    @property
    def last(self) -> dt.date:
        """The month in which the last wave launches: from then on there is nobody to compare with."""
        return self.month(self.waves)


class RolloutPlace(models.Model):
    """The wave that a company has drawn, and how many reps it had then. Only ever added."""

    id = models.BigAutoField(primary_key=True)
    rollout = models.ForeignKey(
        Rollout, on_delete=models.CASCADE, related_name="places", db_index=False
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    partner = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wave = models.PositiveSmallIntegerField()
    reps = models.PositiveIntegerField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rollout", "partner"], name="rollout_place_once"),
            models.CheckConstraint(
                condition=Q(wave__range=(1, lot.MOST_WAVES)), name="rollout_place_in_a_wave"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.wave}"
