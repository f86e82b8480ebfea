"""Endpoints and what is sent to them, for tests, in one line each."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from core.scope import CLIENT, scoped
from partners.models import Organisation
from partners.webhooks import signing
from partners.webhooks.actions import announce
from partners.webhooks.models import Endpoint, Message, Sending
from tests.partners.factories import make_client

FINISHED = "module.finished"


def make_endpoint(url: str = "https://hooks.example.com/in", **fields: Any) -> Endpoint:
    """Make an endpoint of the client that hears of finished modules."""
    values = {"name": "CRM", "kinds": [FINISHED], "made_by": uuid.uuid4(), **fields}
    with scoped(CLIENT):
        organisation = values.pop("organisation", None) or make_client()
        return Endpoint.objects.create(
            organisation=organisation, url=url, secret=signing.new_secret(), **values
        )


def make_sending(organisation: Organisation, name: str = "CRM", **fields: Any) -> Sending:
    """Make an endpoint, and something that is sent to it."""
    endpoint = make_endpoint(organisation=organisation, name=name)
    return add_sending(endpoint, **fields)


def add_sending(endpoint: Endpoint, **fields: Any) -> Sending:
    """Make something that is sent to this endpoint."""
    if fields.get("state", "waiting") != "waiting":
        fields.setdefault("settled_at", timezone.now())
    if fields.get("state") == "delivered":
        fields.setdefault("took_ms", 80)
    with scoped(CLIENT):
        message = Message.objects.create(
            organisation_id=endpoint.organisation_id,
            source_key=str(uuid.uuid4()),
            kind=fields.pop("kind", FINISHED),
            body='{"type":"module.finished","timestamp":"2026-11-22T00:00:00+00:00","data":{}}',
        )
        return Sending.objects.create(
            organisation_id=endpoint.organisation_id, message=message, endpoint=endpoint, **fields
        )


def tell(organisation: Organisation, key: str = "", **data: Any) -> bool:
    """Announce that somebody of this organisation finished a module."""
    return announce(
        kind=FINISHED,
        organisation=organisation.pk,
        source_key=key or str(uuid.uuid4()),
        at=dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC),
        data=data or {"person_id": uuid.UUID(int=1)},
    )


def due() -> None:
    """Let the time of every pause and rest be over."""
    with scoped(CLIENT):
        Sending.objects.filter(state="waiting").update(next_at=timezone.now())
        Endpoint.objects.update(free_at=timezone.now())
