"""What is to be told to other systems: to whom, what, and how it went."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7
from partners.models import Organisation
from partners.webhooks import kinds

if TYPE_CHECKING:
    from partners.models import Person


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Endpoints, as somebody may see them."""

    def visible_to(self, person: "Person") -> "EndpointQuerySet":
        """The client's people see all; a partner's people none."""
        return self if person.of_client else self.none()


class Endpoint(models.Model):
    """An address of another system that wants to hear news of some kinds, with the secret that signs them.

    After a rotation the old secret signs too until `old_secret_until`. Nobody sends before `free_at`: it is at
    work with a message, or rests after a failure. `failing_since` is the first failure after the last success.
    """

    class State(models.TextChoices):
        """Active, paused by somebody, disabled after days of failures, or put away."""

        ACTIVE = "active"
        PAUSED = "paused"
        DISABLED = "disabled"
        ARCHIVED = "archived"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=60))
    secret = models.CharField(max_length=80)
    old_secret = models.CharField(max_length=80, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now())
    free_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("active", "paused", "disabled", "archived")),
                name="endpoint_state_known",
            ),
            models.CheckConstraint(condition=~Q(kinds=[]), name="endpoint_hears_something"),
            models.CheckConstraint(
                condition=Q(old_secret="") | Q(old_secret_until__isnull=False),
                name="endpoint_old_secret_ends",
            ),
            models.CheckConstraint(
                condition=Q(failures=0) | Q(failing_since__isnull=False),
                name="endpoint_failing_has_since",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether what waits for it goes out."""
        return self.state == Endpoint.State.ACTIVE


class Message(models.Model):
    """One piece of news as other systems get it, written with what caused it.

    `source_key` is made of the cause, so that an event that is delivered twice is told once. `body` is what goes
    out, byte for byte, however often. `organisation` is the one that the news is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="message_by_age"),
            models.Index(fields=["id"], condition=Q(kind=kinds.TEST), name="message_is_test"),
        ]

    def __str__(self) -> str:
        return self.source_key

    @property
    def public_id(self) -> str:
        """The `webhook-id`: the same each time that the message is sent."""
        return f"msg_{self.pk.hex}"


class SendingQuerySet(models.QuerySet["Sending"]):
    """Sendings, as somebody may see them."""

    def visible_to(self, person: "Person") -> "SendingQuerySet":
        """The client's people see all; a partner's people none."""
        return self if person.of_client else self.none()


class Sending(models.Model):
    """One message on its way to one endpoint.

    `tries` counts the starts since it was last asked for, committed before each: a worker that dies leaves it
    `waiting`, due again at `next_at`.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="sendings")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="sendings")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "endpoint"], name="sending_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | Q(state__in=("delivered", "failed"), settled_at__isnull=False),
                name="sending_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(took_ms__isnull=False),
                name="sending_delivered_took_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"], condition=Q(state="waiting"), name="sending_waiting"
            ),
            models.Index(fields=["endpoint", "-id"], name="sending_log"),
            models.Index(fields=["endpoint", "settled_at"], name="sending_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} → {self.endpoint_id} ({self.state})"


class Try(models.Model):
    """One start of a sending: what was answered. Without status and error its worker died, or is still at it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="log")
    began_at = models.DateTimeField(db_default=Now())
    took_ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    excerpt = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__range=(100, 999)),
                name="try_status_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sending_id}: {self.status or self.error or '…'}"

    @property
    def is_open(self) -> bool:
        """Whether nothing is known of how it went."""
        return self.took_ms is None
