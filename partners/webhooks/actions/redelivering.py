"""Sending again, because somebody asks for it."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from partners.actions.guards import admin_only
from partners.models import Person
from partners.problems import Problem
from partners.webhooks import kinds, words
from partners.webhooks.actions.announcing import ring
from partners.webhooks.actions.guards import for_managing
from partners.webhooks.models import Endpoint, Sending


@transaction.atomic
def redeliver(*, actor: Person, sending_id: uuid.UUID) -> bool:
    """Send a message again, with the same id, from its first try. Returns False for one that waits anyway.

    Raises Problem while nothing goes out to its endpoint, Sending.DoesNotExist.
    """
    admin_only(actor)
    sending = Sending.objects.visible_to(actor).get(pk=sending_id)
    _open(for_managing(actor, sending.endpoint_id))
    return bool(_again(Sending.objects.filter(pk=sending.pk).exclude(state="waiting")))


@transaction.atomic
def redeliver_failed(*, actor: Person, endpoint_id: uuid.UUID, since: dt.datetime) -> int:
    """Send again what failed of the news since a moment, tests left out. Returns how many.

    Raises Problem as `redeliver` does.
    """
    endpoint = for_managing(actor, endpoint_id)
    _open(endpoint)
    failed = Sending.objects.filter(endpoint=endpoint, state=Sending.State.FAILED)
    return _again(failed.filter(message__created_at__gte=since).exclude(message__kind=kinds.TEST))


def _open(endpoint: Endpoint) -> None:
    if endpoint.state in {Endpoint.State.DISABLED, Endpoint.State.ARCHIVED}:
        raise Problem(words.IS_OFF)


def _again(rows: "QuerySet[Sending]") -> int:
    changed = rows.update(
        state=Sending.State.WAITING, tries=0, settled_at=None, took_ms=None, next_at=timezone.now()
    )
    if changed:
        ring()
    return changed
