"""What waits for the statistics worker, as a row, and how far the work on it is."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.ids import uuid7
from partners.queries.client import here


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day that a moment is of where the client is."""
    return timezone.localdate(moment, timezone=here())


class Stepping(models.Model):
    """Something that waits for the worker, for an organisation: tried a few times, computed once, `as_of` a moment.

    While it is made, the `step` of `steps` that is being done is told.
    """

    PLAN: ClassVar[tuple[str, ...]]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=0, db_default=0)
    steps = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True

    @property
    def day(self) -> dt.date:
        """The day of its figures where the client is; before they are read, that of the question."""
        return day_of(self.as_of or self.created_at)

    @property
    def doing(self) -> str:
        """The name of the step that is being done; empty before the first one."""
        return self.PLAN[self.step] if self.steps and self.step < len(self.PLAN) else ""


def of_steps(name: str) -> models.CheckConstraint:
    """Hold that no step lies beyond the last, and that what is ready has done them all."""
    ready = Q(step=F("steps")) | ~Q(state="ready")
    return models.CheckConstraint(condition=Q(step__lte=F("steps")) & ready, name=name)
