"""Writes of endpoints: making, changing, pausing, rotating the secret."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Literal

import structlog
from django.db import transaction
from django.utils import timezone

from partners.actions.guards import admin_only
from partners.actions.organisations import named
from partners.models import Person
from partners.problems import Problem
from partners.webhooks import addresses, kinds, signing, words
from partners.webhooks.actions.announcing import ring
from partners.webhooks.actions.guards import for_managing
from partners.webhooks.actions.sending import how
from partners.webhooks.models import Endpoint

log = structlog.get_logger(__name__)

OVERLAP = dt.timedelta(hours=24)
"""How long the old secret signs too after a rotation."""

Chosen = Literal["active", "paused", "archived"]


@transaction.atomic
def add_endpoint(*, actor: Person, name: str, url: str, kinds: Iterable[str]) -> Endpoint:
    """Add an endpoint of the client. Raises Problem for a missing name, no kinds, or a URL that nothing is sent to."""
    admin_only(actor)
    return Endpoint.objects.create(
        organisation_id=actor.organisation_id,
        made_by=actor.pk,
        secret=signing.new_secret(),
        **_fields(name, url, kinds),
    )


@transaction.atomic
def edit_endpoint(
    *, actor: Person, endpoint_id: uuid.UUID, name: str, url: str, kinds: Iterable[str]
) -> Endpoint:
    """Change an endpoint. Raises Problem as `add_endpoint` does. What waits goes to the new address."""
    endpoint = for_managing(actor, endpoint_id)
    for field, value in _fields(name, url, kinds).items():
        setattr(endpoint, field, value)
    endpoint.save(update_fields=["name", "url", "kinds"])
    return endpoint


@transaction.atomic
def set_state(*, actor: Person, endpoint_id: uuid.UUID, state: Chosen) -> bool:
    """Switch an endpoint on, pause it, or archive it. Returns whether anything changed.

    One that is switched on begins without a memory of failures, and what waits goes out.
    """
    endpoint = for_managing(actor, endpoint_id)
    if endpoint.state == state:
        return False
    endpoint.state = state
    if endpoint.is_active:
        endpoint.failures, endpoint.failing_since = 0, None
        endpoint.free_at = timezone.now()
        ring()
    endpoint.save(update_fields=["state", "failures", "failing_since", "free_at"])
    return True


@transaction.atomic
def rotate_secret(*, actor: Person, endpoint_id: uuid.UUID) -> Endpoint:
    """Give an endpoint a new secret; the old one signs too for a day, so that nothing is refused meanwhile."""
    endpoint = for_managing(actor, endpoint_id)
    endpoint.old_secret, endpoint.secret = endpoint.secret, signing.new_secret()
    endpoint.old_secret_until = timezone.now() + OVERLAP
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    log.info("webhook_secret_rotated", endpoint=str(endpoint.pk), by=str(actor.pk))
    return endpoint


def _fields(name: str, url: str, wanted: Iterable[str]) -> dict[str, object]:
    clean = named(name, 80)
    address = url.strip()
    try:
        addresses.target(address, loopback=how().loopback)
    except addresses.Refused as refused:
        raise Problem(words.REASONS[refused.code], "url") from None
    chosen = sorted(kind for kind in set(wanted) if kinds.is_declared(kind))
    if not chosen:
        raise Problem(words.CHOOSE_KINDS, "kinds")
    return {"name": clean, "url": address, "kinds": chosen}
