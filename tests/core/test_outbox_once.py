"""A handler that computes something anew runs once for all the news of a chain."""

import dataclasses
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from core import outbox
from core.events import Event
from core.models import Delivery
from core.outbox import registry
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Delivered(Event):
    """A sack of flour came to a bakery."""

    bakery: uuid.UUID
    sacks: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Counted(Event):
    """The sacks of a bakery changed."""

    bakery: uuid.UUID


class Books:
    """What the handlers of this test did, in order."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.fails = 0
        self.meanwhile: Callable[[], object] = lambda: None


@pytest.fixture
def books() -> Iterator[Books]:
    """Two subscribers: one tells of each delivery, one sums up."""
    kept, before = Books(), set(registry.by_name)

    def note(event: Delivered) -> None:
        kept.entries.append("note")
        kept.meanwhile()
        for _ in range(event.sacks):
            outbox.publish(Counted(bakery=event.bakery))

    def sum_up(event: Counted) -> None:
        if kept.fails:
            kept.fails -= 1
            raise RuntimeError("no pencil")
        kept.entries.append("sum")

    outbox.subscribe(Delivered)(note)
    outbox.subscribe(Counted, once_per=("bakery",))(sum_up)
    yield kept
    for event in (Delivered, Counted):
        registry.by_event.pop(event, None)
    for name in registry.by_name.keys() - before:
        del registry.by_name[name]


def deliver(*bakeries: uuid.UUID, sacks: int = 2) -> list[int]:
    with transaction.atomic():
        for bakery in bakeries:
            outbox.publish(Delivered(bakery=bakery, sacks=sacks))
    return list(Delivery.objects.order_by("pk").values_list("pk", flat=True))


def test_three_pieces_of_news_about_one_bakery_are_summed_up_once(books: Books) -> None:
    bakery = uuid.uuid4()
    outbox.drain(deliver(bakery, bakery, sacks=3), "score")
    assert books.entries == ["note", "note", "sum"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def test_each_bakery_is_summed_up(books: Books) -> None:
    outbox.drain(deliver(uuid.uuid4(), uuid.uuid4()), "score")
    assert books.entries == ["note", "note", "sum", "sum"]


def test_a_sum_that_failed_comes_back_by_its_own_row(books: Books) -> None:
    books.fails = 2  # with the whole chain, then alone
    outbox.drain(deliver(uuid.uuid4()), "score")
    assert books.entries == ["note", "note"]
    left = Delivery.objects.get(state="pending")
    Delivery.objects.filter(pk=left.pk).update(next_at=left.created_at)
    outbox.drain([left.pk], "score")
    assert books.entries == ["note", "note", "sum"]


def test_a_sum_that_another_worker_made_does_not_stand_for_what_came_later(books: Books) -> None:
    def elsewhere() -> None:
        for pk in Delivery.objects.filter(event="Counted", state="pending").values_list("pk"):
            assert race([lambda pk=pk: outbox.process(*pk, claimed=True)]) == [True]

    books.meanwhile = elsewhere
    bakery = uuid.uuid4()
    ids = deliver(bakery, bakery, sacks=1)
    Delivery.objects.update(tries=1)  # link by link
    outbox.drain(ids, "score")
    assert books.entries == ["note", "note", "sum", "sum"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
