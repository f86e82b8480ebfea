"""The outbox: news that is still to be acted on, one row per event and subscriber."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Delivery(models.Model):
    """One event on its way to one handler.

    The row is the record, a broker's message only rings the bell: whatever dies, the sweep finds the
    row again. `scope` is the row security scope in which the handler runs, `tries` counts the starts
    (committed before the work), and after `outbox.MAX_TRIES` the delivery is *parked* for a human. `rung_at` is when
    the sweep rang for it last.
    """

    class State(models.TextChoices):
        """Where a delivery stands."""

        PENDING = "pending"
        DONE = "done"
        PARKED = "parked"

    event = models.CharField(max_length=80)
    handler = models.CharField(max_length=160)
    queue = models.CharField(max_length=16)
    payload = models.JSONField()
    scope = models.TextField(default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    rung_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "done", "parked"]), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done"),
                name="delivery_done_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "next_at"], condition=Q(state="pending"), name="delivery_due"
            ),
            models.Index(fields=["-id"], condition=Q(state="parked"), name="delivery_parked"),
            models.Index(fields=["done_at"], condition=Q(state="done"), name="delivery_done"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.handler} ({self.state})"


class Canary(models.Model):
    """The last sign of life of a queue: a task writes it, `/readyz` reads it."""

    queue = models.CharField(max_length=16, primary_key=True)
    sung_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.queue} {self.sung_at:%H:%M:%S}"
