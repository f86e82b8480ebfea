"""Writing news for other systems, in the transaction of whoever hears of it."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import bell, scope
from core.written import written_once
from partners.models import Organisation, Person
from partners.problems import Problem
from partners.webhooks import kinds, words
from partners.webhooks.actions.guards import for_managing
from partners.webhooks.models import Endpoint, Message, Sending

SEND = "webhooks.send"
QUEUE = "bulk"


@transaction.atomic(savepoint=False)
def announce(
    *,
    kind: str,
    organisation: uuid.UUID,
    source_key: str,
    data: Mapping[str, Any],
    at: dt.datetime | None = None,
) -> bool:
    """Tell a piece of news to every endpoint that wants its kind. Returns whether anybody will hear it now.

    `organisation` is the one that it is about: the client's endpoints hear of everybody, a partner's of itself.
    `source_key` names the cause; the same key again changes nothing. `at` is when it happened. An endpoint that was
    disabled gets it as failed, so that it can be sent when it is there again. One query while nobody listens.

    Raises ValueError for a kind that no app declares.
    """
    if not kinds.is_declared(kind):
        raise ValueError(f"No app declares the kind {kind!r}")
    with scope.scoped(scope.CLIENT):
        endpoints = _wanting(organisation, kind)
        if not endpoints:
            return False
        body = _body(kind, at or timezone.now(), data)
        message = _written(
            Message(
                organisation_id=organisation,
                source_key=f"{kind}:{source_key}",
                kind=kind,
                body=body,
            )
        )
        if message is None:
            return False
        return _address(message, endpoints)


def is_heard(*, kind: str, organisation: uuid.UUID) -> bool:
    """Say whether any endpoint wants news of this kind about this organisation, in the client's scope. One query.

    Who begins to listen in the same moment hears the next news.
    """
    return bool(_wanting(organisation, kind))


@written_once
def _wanting(organisation: uuid.UUID, kind: str) -> QuerySet[Endpoint]:
    theirs = Q(organisation=organisation) | Q(organisation__kind=Organisation.Kind.CLIENT)
    wanting = Endpoint.objects.filter(theirs, kinds__contains=[kind])
    return wanting.exclude(state=Endpoint.State.ARCHIVED)


@transaction.atomic
def send_test(*, actor: Person, endpoint_id: uuid.UUID) -> Sending:
    """Send a test message to one endpoint, whatever its state. It is tried once. Raises Problem for an archived one."""
    endpoint = for_managing(actor, endpoint_id)
    if endpoint.state == Endpoint.State.ARCHIVED:
        raise Problem(words.IS_ARCHIVED)
    data = {"endpoint_id": str(endpoint.pk), "sent_by": str(actor.pk)}
    message = Message.objects.create(
        organisation_id=endpoint.organisation_id,
        source_key=f"{kinds.TEST}:{uuid.uuid4()}",
        kind=kinds.TEST,
        body=_body(kinds.TEST, timezone.now(), data),
    )
    sending = Sending.objects.create(
        organisation_id=endpoint.organisation_id, message=message, endpoint=endpoint
    )
    ring()
    return sending


def ring() -> None:
    """Have a worker send what waits, once this is committed."""
    transaction.on_commit(lambda: bell.call(SEND, QUEUE), robust=True)


def _body(kind: str, at: dt.datetime, data: Mapping[str, Any]) -> str:
    told = {"type": kind, "timestamp": at.astimezone(dt.UTC).isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a payload")


def _written(message: Message) -> Message | None:
    """Write the message; None if its cause was told before."""
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return message if Message.objects.filter(pk=message.pk).exists() else None


def _address(message: Message, endpoints: Sequence[Endpoint]) -> bool:
    """Put the message on its way to these endpoints. Returns whether it goes out now to any."""
    now = timezone.now()
    for endpoint in endpoints:
        is_lost = endpoint.state == Endpoint.State.DISABLED
        Sending.objects.create(
            organisation_id=endpoint.organisation_id,
            message=message,
            endpoint=endpoint,
            state=Sending.State.FAILED if is_lost else Sending.State.WAITING,
            settled_at=now if is_lost else None,
        )
    goes_out = any(endpoint.is_active for endpoint in endpoints)
    if goes_out:
        ring()
    return goes_out
