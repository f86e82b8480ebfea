"""Tokens of programs."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import uuid7
from partners.models import Account, Person


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens, as somebody may see them."""

    def visible_to(self, person: Person) -> "TokenQuerySet":
        """The client's administrators see all, nobody else any."""
        return self if person.of_client and person.has_role("admin") else self.none()


@pghistory.track(exclude=["token_hash", "last_used_at"])
class Token(models.Model):
    """A secret by which a program acts for the administrator who made it, within its scopes, until it expires.

    Only a hash is kept; `prefix` is the part that may be seen. It is worth nothing once its person has left, or is
    no administrator any more: `epoch` is that of their account, which leaving counts up. As with an invitation,
    whoever holds it is let in by it, so the row can be found without a scope and has no organisation of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    token_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(scopes=[]), name="token_named_and_scoped"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="token_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
