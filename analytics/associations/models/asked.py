"""What a question that waits for the statistics worker is as a row, and what it is when it was answered."""

from django.db import models
from django.db.models import Q

from analytics.associations.models.stepping import Stepping, of_steps


class Asked(Stepping):
    """A question that somebody asked: waiting, answered, answered before (`same_as`), or given up.

    An answer never changes. `question_key` is a hash of all that was asked, `inputs` one of all figures that went
    in, `engine` the version of the rules: the same three are the same answer, kept once.
    """

    class State(models.TextChoices):
        """Waiting to be computed, there, found before, or given up."""

        WAITING = "waiting"
        READY = "ready"
        SAME = "same"
        FAILED = "failed"

    requested_by = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    question_key = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    inputs = models.CharField(max_length=64, blank=True)
    engine = models.CharField(max_length=16, blank=True)
    result = models.JSONField(null=True)
    same_as = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "question_key"],
                condition=Q(state="waiting"),
                name="%(class)s_waits_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "question_key", "inputs", "engine"],
                condition=Q(state="ready"),
                name="%(class)s_found_once",
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
                name="%(class)s_state_true",
            ),
            of_steps("%(class)s_step_of_steps"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="%(class)s_of_organisation"),
            models.Index(
                fields=["created_at"], condition=Q(state="waiting"), name="%(class)s_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_key[:8]}: {self.state}"
