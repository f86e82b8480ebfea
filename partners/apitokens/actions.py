"""Writes of tokens."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.api import scopes as known
from partners.actions import guards
from partners.apitokens import secret
from partners.apitokens.models import Token
from partners.apitokens.secret import Secret
from partners.models import Person
from partners.problems import Problem

DAYS = (30, 90, 365)
"""For so long a token may be made."""

MOST = 50
"""So many tokens of one person may be open at once."""


@transaction.atomic
def make_token(
    *, actor: Person, name: str, scopes: Iterable[str], days: int, key: uuid.UUID
) -> tuple[Token, Secret] | None:
    """Make a token that acts for the actor; its secret is returned here and never again.

    None if the same wish (`key`) has made one before. Raises Problem for no known scope, or too many tokens.
    """
    guards.admin_only(actor)
    if actor.account is None:  # who has none signs in nowhere, so asks for nothing
        raise PermissionDenied
    wanted = sorted(set(scopes) & known.known().keys())
    if not wanted:
        raise Problem(_("Choose what it may do."), "scopes")
    if days not in DAYS:
        raise Problem(_("Choose how long it is to last."), "days")
    Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if Token.objects.filter(pk=key).exists():
        return None
    now = timezone.now()
    if Token.objects.filter(person=actor, revoked_at=None, expires_at__gt=now).count() >= MOST:
        raise Problem(_("You have 50 open tokens. Take back those that nobody uses."))
    made = secret.make()
    token = Token.objects.create(
        pk=key,
        person=actor,
        account=actor.account,
        name=" ".join(name.split())[:80],
        prefix=made.prefix,
        token_hash=made.digest,
        scopes=wanted,
        epoch=actor.account.epoch,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    return token, made


@transaction.atomic
def revoke_token(*, actor: Person, token_id: uuid.UUID) -> bool:
    """Take a token back, for good and from the next request on. Returns whether it was open.

    Raises Token.DoesNotExist.
    """
    guards.admin_only(actor)
    token = Token.objects.visible_to(actor).select_for_update(no_key=True).get(pk=token_id)
    if token.revoked_at is not None:
        return False
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return True
