"""How far the work on an answer is, as part of its row."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Stepping(models.Model):
    """Something that waits for the worker: while it is made, the `step` of `steps` that is being done is told."""

    PLAN: ClassVar[tuple[str, ...]]

    step = models.PositiveSmallIntegerField(default=0, db_default=0)
    steps = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True

    @property
    def doing(self) -> str:
        """The name of the step that is being done; empty before the first one."""
        return self.PLAN[self.step] if self.steps and self.step < len(self.PLAN) else ""


def of_steps(name: str) -> models.CheckConstraint:
    """Hold that no step lies beyond the last, and that what is ready has done them all."""
    ready = Q(step=F("steps")) | ~Q(state="ready")
    return models.CheckConstraint(condition=Q(step__lte=F("steps")) & ready, name=name)
