"""Invitations and mailed sign-in links: secrets that open one door, once."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7
from partners.models.account import Account
from partners.models.person import Person


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, as somebody may see them."""

    def visible_to(self, person: Person) -> "InvitationQuerySet":
        """The client's people see all; a partner's people those of their organisation."""
        if person.of_client:
            return self
        return self.filter(person__organisation_id=person.organisation_id)

    def open(self) -> "InvitationQuerySet":
        """Keep those that nobody accepted or took back; they may have expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Invitation(models.Model):
    """A link (also as QR) by which a person makes their account. A new one ends the ones before.

    `wish` is the key of the form that asked for it, so that a form that is sent twice makes nothing twice.

    Only a hash of the token is kept. The row can be found without any scope: whoever holds the token
    is let in by it, so the table has no organisation of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    mailed_to = models.EmailField(blank=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    wish = models.UUIDField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["wish"], condition=Q(wish__isnull=False), name="invitation_by_wish"
            )
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.person_id}"


class SignInLink(models.Model):
    """A mailed link that signs one account in, once, for a few minutes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Sign-in link of {self.account_id}"
