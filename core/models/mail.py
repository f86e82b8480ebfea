"""Mail that is to go out, and the mailbox where it lands when there is no mail server."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7


class OutgoingMail(models.Model):
    """A message that an action has decided to send: written with the action, sent by a task.

    `key` makes sending the same news twice impossible. A message goes out at most once: where a crash
    or a lost connection leaves open whether it went out, it stays `sending`, and a person decides.
    """

    class State(models.TextChoices):
        """Where a message stands."""

        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(
                fields=["-created_at"],
                condition=Q(state__in=["sending", "failed"]),
                name="mail_stuck",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "failed"]),
                name="mail_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"


class MailboxMessage(models.Model):
    """A message as it would have been delivered, kept for the page `/mailbox`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.EmailField()
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(default="", blank=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="mailbox_newest")]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"
