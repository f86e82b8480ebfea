"""News that causes news: a chain is drained in one go, and each link keeps its own scope, effects and failures."""

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core import bell, outbox, scope
from core.events import Event
from core.models import Canary, Delivery
from core.outbox import publishing, registry
from tests.core.broker import bells, quiet_broker
from tests.core.ringing import BellRang, Register, due, note, on_ring, published, ring

__all__ = ["on_ring", "quiet_broker"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


def transaction_id() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        return str(cursor.fetchone()[0])


@dataclasses.dataclass(frozen=True, kw_only=True)
class DoorOpened(Event):
    """A house was opened."""

    house: uuid.UUID


@pytest.fixture
def on_door() -> Iterator[Callable[..., Any]]:
    """Return a function that subscribes another one, in `bulk`, to DoorOpened for this test alone."""
    before = set(registry.by_name)
    yield outbox.subscribe(DoorOpened, queue="bulk")
    registry.by_event.pop(DoorOpened, None)
    for name in registry.by_name.keys() - before:
        del registry.by_name[name]


class Links:
    """A handler that passes the news on until no rings are left, and notes the transaction of each link."""

    def __init__(self) -> None:
        self.transactions: list[str] = []
        self.bad = -1

    def __call__(self, event: BellRang) -> None:
        self.transactions.append(transaction_id())
        note(str(event.rings))
        if event.rings == self.bad:
            raise ValueError("a bad link")
        if event.rings:
            outbox.publish(ring(rings=event.rings - 1))


@pytest.fixture
def links(on_ring: Register) -> Links:
    """Have a chain's links subscribed."""
    kept = Links()
    on_ring(kept.__call__)
    return kept


def effects() -> set[str]:
    return set(Canary.objects.values_list("queue", flat=True))


def test_a_chain_is_drained_in_one_task_and_one_transaction(links: Links):
    delivery = published(ring(rings=3))
    rung = len(bells("score"))
    assert outbox.drain([delivery.pk], "score") == 4
    assert len(set(links.transactions)) == 1
    assert len(bells("score")) == rung
    assert [row.state for row in Delivery.objects.all()] == ["done"] * 4


def test_a_bad_link_takes_nothing_else_of_its_chain_back(links: Links):
    links.bad = 1
    delivery = published(ring(rings=3))
    assert outbox.drain([delivery.pk], "score") == 2
    assert effects() == {"3", "2"}
    left = Delivery.objects.get(state="pending")
    assert left.payload["rings"] == 1
    assert left.error == "ValueError: a bad link"
    links.bad = -1
    due(left)
    assert outbox.drain([left.pk], "score") == 2
    assert effects() == {"3", "2", "1", "0"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def test_a_chain_whose_worker_died_goes_link_by_link(links: Links):
    delivery = published(ring(rings=2))
    Delivery.objects.filter(pk=delivery.pk).update(tries=1)
    assert outbox.drain([delivery.pk], "score") == 3
    assert len(set(links.transactions)) == 3


def test_each_link_of_a_chain_runs_in_the_scope_of_its_news(on_ring: Register):
    scopes: list[str] = []

    def pass_on(event: BellRang) -> None:
        scopes.append(scope.current())
        if event.rings == 2:
            outbox.publish(ring(rings=0))
            with scope.scoped(scope.CLIENT):
                outbox.publish(ring(rings=1))

    on_ring(pass_on)
    partner = uuid.uuid4()
    with scope.scoped(partner):
        delivery = published(ring(rings=2))
    outbox.drain([delivery.pk], "score")
    assert scopes == [str(partner), str(partner), "client"]


def test_a_scope_is_noted_as_it_was_entered_whatever_names_it():
    ids = [uuid.uuid4(), uuid.uuid4()]
    for named in (scope.CLIENT, ids[0], ids, (each for each in ids)):
        with scope.scoped(named):
            assert scope.noted() == scope.current() != ""
    assert scope.noted() == scope.current()


def broken() -> None:
    """Let a part of a handler's work fail in the database, in a scope of its own."""
    with (
        suppress(DatabaseError),
        transaction.atomic(),
        scope.scoped(uuid.uuid4()),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")


def interrupted() -> None:
    """Let a part of a handler's work fail elsewhere, in a scope of its own."""
    with suppress(KeyError), transaction.atomic(), scope.scoped(scope.CLIENT):
        raise KeyError


@pytest.mark.parametrize("part", [broken, interrupted, lambda: None])
def test_news_is_told_in_the_connection_s_scope_whatever_was_entered_before(
    on_ring: Register, part: Callable[[], None]
):
    told: list[str] = []

    def pass_on(event: BellRang) -> None:
        assert scope.current() == scope.noted()
        if event.rings == 0:
            return
        for place in (None, scope.CLIENT, uuid.uuid4()):
            with scope.scoped(place) if place else nullcontext():
                part()
                told.append(scope.current())
                outbox.publish(ring(rings=0))
                part()
                told.append(scope.current())
                outbox.publish(ring(rings=0))

    on_ring(pass_on)
    partner = uuid.uuid4()
    with scope.scoped(partner):
        delivery = published(ring(rings=1))
    with scope.scoped(uuid.uuid4()):
        assert outbox.drain([delivery.pk], "score") == 7
    written = Delivery.objects.exclude(pk=delivery.pk).order_by("pk")
    assert list(written.values_list("scope", flat=True)) == told
    assert told[0] == str(partner)


def test_a_chain_that_leaves_the_queue_rings_there(on_ring: Register):
    def pass_on(event: BellRang) -> None:
        if event.rings:
            outbox.publish(ring())

    def elsewhere(event: BellRang) -> None:
        note("elsewhere")

    on_ring(pass_on)
    on_ring(elsewhere, queue="bulk")
    published(ring(rings=1))
    before = len(bells("bulk"))
    first = Delivery.objects.get(queue="score")
    assert outbox.drain([first.pk], "score") == 2
    assert len(bells("bulk")) == before + 1
    assert Delivery.objects.filter(queue="bulk", state="pending").count() == 2
    assert effects() == set()


class Parts:
    """A long work in parts, each of which tells the next one apart, and a result of each that is told in hundreds."""

    def __init__(self, on_ring: Register, queue: str) -> None:
        self.transactions: list[str] = []
        self.bad = -1
        on_ring(self.work, queue=queue)

    def work(self, event: BellRang) -> None:
        self.transactions.append(transaction_id())
        if event.rings == self.bad:
            raise ValueError("a bad part")
        if event.rings:
            outbox.publish(ring(rings=event.rings - 1), apart=True)


@pytest.mark.parametrize("started", [0, 1])
def test_what_is_told_apart_is_done_by_a_bell_of_its_own(on_ring: Register, started: int):
    parts = Parts(on_ring, "score")
    delivery = published(ring(rings=2))
    Delivery.objects.filter(pk=delivery.pk).update(tries=started)
    for part in range(3):
        before = len(bells("score"))
        last = Delivery.objects.latest("pk")
        assert outbox.drain([last.pk], "score") == 1
        assert len(parts.transactions) == part + 1
        left = list(Delivery.objects.filter(state="pending").values_list("pk", "queue", "tries"))
        assert left == ([] if part == 2 else [(last.pk + 1, "score", 0)])
        rung = bells("score")[before:]
        assert rung == [(bell.DRAIN, [[pk], "score"]) for pk, _queue, _tries in left]
    assert len(set(parts.transactions)) == 3


def test_what_was_told_apart_by_a_part_that_failed_was_never_there(on_ring: Register):
    parts = Parts(on_ring, "score")
    parts.bad = 1
    delivery = published(ring(rings=2))
    assert outbox.drain([delivery.pk], "score") == 1
    bad = Delivery.objects.get(state="pending")
    assert outbox.drain([bad.pk], "score") == 0
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("started", [0, 1])
@pytest.mark.parametrize("apart", [False, True])
def test_what_learners_do_not_wait_for_stays_out_of_their_queue(
    on_ring: Register, started: int, apart: bool
):
    def work(event: BellRang) -> None:
        if event.rings == 2:
            outbox.publish(ring(rings=1), apart=apart)

    def awaited(event: BellRang) -> None:
        note(str(event.rings))

    on_ring(work, queue="bulk")
    on_ring(awaited)
    published(ring(rings=2))
    first = Delivery.objects.get(queue="bulk")
    Delivery.objects.filter(queue="score").delete()
    Delivery.objects.filter(pk=first.pk).update(tries=started)
    before = len(bells("score"))
    done = outbox.drain([first.pk], "bulk")
    assert done == (1 if apart else 3)
    later = Delivery.objects.filter(state="pending").order_by("pk").values_list("pk", flat=True)
    assert len(later) == (2 if apart else 0)
    outbox.drain(later, "bulk")
    assert effects() == {"1"}
    assert len(bells("score")) == before
    assert set(Delivery.objects.values_list("queue", "state")) == {("bulk", "done")}


def test_a_bell_is_for_fifty_at_most_and_each_kind_of_news_told_apart_has_its_own(
    on_ring: Register, on_door: Callable[..., Any]
):
    def work(event: BellRang) -> None:
        if not event.loud:
            return
        for _ in range(60):
            outbox.publish(ring(), apart=True)
        outbox.publish(DoorOpened(house=event.house), apart=True)

    on_ring(work, queue="bulk")
    on_door(lambda event: None)
    delivery = published(ring(loud=True))
    before = len(bells("bulk"))
    outbox.drain([delivery.pk], "bulk")
    assert [len(ids) for _task, (ids, _queue) in bells("bulk")[before:]] == [50, 10, 1]
    last = Delivery.objects.latest("pk")
    assert last.event == "DoorOpened"
    assert bells("bulk")[-1] == (bell.DRAIN, [[last.pk], "bulk"])


def test_a_link_whose_handler_failed_publishes_nothing(on_ring: Register):
    def fail(event: BellRang) -> None:
        if event.rings:
            outbox.publish(ring())
            raise ValueError

    on_ring(fail)
    delivery = published(ring(rings=1))
    assert outbox.drain([delivery.pk], "score") == 0
    assert Delivery.objects.count() == 1


def test_what_one_bell_rang_for_is_done_in_one_transaction(on_ring: Register):
    found: list[str] = []
    on_ring(lambda event: found.append(transaction_id()))
    ids = [published(ring()).pk for _ in range(3)]
    assert outbox.drain(ids, "score") == 3
    assert len(found) == 3
    assert len(set(found)) == 1
    assert set(Delivery.objects.values_list("state", "tries")) == {("done", 1)}


def test_each_of_one_bell_runs_in_its_own_scope(on_ring: Register):
    scopes: list[str] = []
    on_ring(lambda event: scopes.append(scope.current()))
    here, there = uuid.uuid4(), uuid.uuid4()
    ids = []
    for partner in (here, there, here):
        with scope.scoped(partner):
            ids.append(published(ring()).pk)
    outbox.drain(ids, "score")
    assert scopes == [str(each) for each in (here, there, here)]


def test_a_bad_one_keeps_nothing_of_the_same_bell_back(links: Links):
    links.bad = 1
    ids = [published(ring(rings=rings)).pk for rings in (1, 2, 0)]
    assert outbox.drain(ids, "score") == 2
    assert effects() == {"2", "0"}
    bad = Delivery.objects.get(pk=ids[0])
    assert (bad.state, bad.error) == ("pending", "ValueError: a bad link")


def test_one_that_was_started_before_is_started_alone(on_ring: Register):
    found: list[str] = []
    on_ring(lambda event: found.append(transaction_id()))
    ids = [published(ring()).pk for _ in range(3)]
    Delivery.objects.filter(pk=ids[1]).update(tries=1)
    assert outbox.drain(ids, "score") == 3
    assert found[0] == found[1] != found[2]
    assert list(Delivery.objects.order_by("pk").values_list("tries", flat=True)) == [1, 2, 1]


class Elsewhere:
    """A chain of so many rings in `score`, and what another queue is told of it."""

    def __init__(self, on_ring: Register, **how: Any) -> None:
        self.asked: list[tuple[int, str]] = []
        self.concerned = True
        on_ring(self.pass_on)
        on_ring(self.told, queue="bulk", concerns=self.concerns, **how)

    def pass_on(self, event: BellRang) -> None:
        note(str(event.rings))
        if event.rings:
            outbox.publish(dataclasses.replace(event, rings=event.rings - 1))

    def concerns(self, event: BellRang) -> bool:
        self.asked.append((event.rings, scope.current()))
        if event.note:
            raise ValueError(event.note)
        return self.concerned

    def told(self, event: BellRang) -> None: ...

    def drain(self, **values: Any) -> list[Delivery]:
        """Drain a chain in a partner's scope, and return what waits in the other queue because of it."""
        partner = uuid.uuid4()
        with scope.scoped(partner):
            published(ring(**values))
        # What the first news was told, no chain has written.
        Delivery.objects.filter(queue="bulk").delete()
        before = len(bells("bulk"))
        outbox.drain([Delivery.objects.get(queue="score").pk], "score")
        rows = list(Delivery.objects.filter(queue="bulk", state="pending").order_by("pk"))
        rung = [pk for _task, (ids, _queue) in bells("bulk")[before:] for pk in ids]
        assert sorted(rung) == [row.pk for row in rows]
        assert {row.scope for row in rows} <= {str(partner)}
        return rows


def test_what_concerns_nobody_in_another_queue_is_not_delivered(on_ring: Register):
    elsewhere = Elsewhere(on_ring)
    elsewhere.concerned = False
    assert elsewhere.drain(rings=2) == []
    assert elsewhere.asked == [(1, "client"), (0, "client")]
    assert effects() == {"2", "1", "0"}


def test_what_concerns_somebody_is_delivered_in_its_own_scope(on_ring: Register):
    elsewhere = Elsewhere(on_ring)
    assert [row.payload["rings"] for row in elsewhere.drain(rings=2)] == [1, 0]


def test_what_another_queue_computes_anew_is_delivered_once(on_ring: Register):
    assert len(Elsewhere(on_ring, once_per=("house",)).drain(rings=3)) == 1


def test_link_by_link_another_queue_is_rung_once_for_all_that_it_computes_anew(on_ring: Register):
    def pass_on(event: BellRang) -> None:
        if event.rings:
            outbox.publish(dataclasses.replace(event, rings=event.rings - 1))

    def sum_up(event: BellRang) -> None:
        note("sum")

    on_ring(pass_on)
    on_ring(sum_up, queue="bulk", once_per=("house",))
    published(ring(rings=2))
    Delivery.objects.filter(queue="bulk").delete()
    first = Delivery.objects.get(queue="score")
    Delivery.objects.filter(pk=first.pk).update(tries=1)
    before = len(bells("bulk"))
    outbox.drain([first.pk], "score")
    waiting = Delivery.objects.filter(queue="bulk", state="pending").order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    assert len(ids) == 2
    assert bells("bulk")[before:] == [(bell.DRAIN, [ids, "bulk"])]
    assert outbox.drain(ids, "bulk") == 1
    assert effects() == {"sum"}
    assert not waiting.all().exists()


def test_where_nobody_can_say_whom_it_concerns_it_is_delivered(on_ring: Register):
    elsewhere = Elsewhere(on_ring)
    assert len(elsewhere.drain(rings=2, note="I don't know")) == 2
    assert effects() == {"2", "1", "0"}


def test_much_for_another_queue_is_written_in_slices(
    on_ring: Register, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(publishing, "_AT_ONCE", 2)
    waiting = Elsewhere(on_ring).drain(rings=5)
    assert [row.payload["rings"] for row in waiting] == [4, 3, 2, 1, 0]
