"""News for tests of the outbox: somebody rang at a house."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import outbox
from core.events import Event
from core.models import Canary, Delivery
from core.outbox import registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class BellRang(Event):
    """Somebody rang at a house; `rings` more are to come."""

    house: uuid.UUID
    at: dt.datetime
    rings: int = 0
    note: str | None = None
    loud: bool = False


Handler = Callable[[BellRang], None]
Register = Callable[..., Handler]


@pytest.fixture
def on_ring() -> Iterator[Register]:
    """Return a function that subscribes another one to BellRang for this test alone."""
    before = set(registry.by_name)

    def register(handler: Handler, queue: str = "score", **how: Any) -> Handler:
        return outbox.subscribe(BellRang, queue=queue, **how)(handler)

    yield register
    registry.by_event.pop(BellRang, None)
    for name in registry.by_name.keys() - before:
        del registry.by_name[name]


def ring(**values: Any) -> BellRang:
    return BellRang(house=uuid.uuid4(), at=timezone.now(), **values)


def published(event: BellRang) -> Delivery:
    with transaction.atomic():
        outbox.publish(event)
    return Delivery.objects.order_by("-pk")[0]


def due(delivery: Delivery) -> None:
    """Let the pause after a failed try be over."""
    Delivery.objects.filter(pk=delivery.pk).update(next_at=timezone.now() - dt.timedelta(seconds=5))


def note(text: str) -> None:
    """Have an effect in the database that a rollback takes back."""
    Canary.objects.create(queue=text, sung_at=timezone.now())


@contextmanager
def at_work(delivery: Delivery) -> Iterator[None]:
    """Let another worker be at a delivery: it holds the row, in a transaction that isn't through."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE core_delivery SET error = '' WHERE id = %s", [delivery.pk])
        yield
    finally:
        other.rollback()
        other.close()
