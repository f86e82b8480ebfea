"""The outbox: news is delivered at least once, and what can't be done waits for a human."""

import datetime as dt
import os
import signal
import sys
import time
import uuid

import pytest
from celery import Celery, current_app
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import bell, outbox, scope
from core.models import Canary, Delivery
from tests.concurrency.racing import race
from tests.core.broker import bells, forget_bells, quiet_broker
from tests.core.ringing import BellRang, Register, at_work, due, note, on_ring, published, ring
from tests.plugin import children

__all__ = ["on_ring", "quiet_broker"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


def unreachable() -> Celery:
    """Return a Celery whose broker is away."""
    gone = Celery("gone", broker="redis+socket:///nowhere/redis.sock", set_as_current=False)
    gone.conf.broker_transport_options = current_app.conf.broker_transport_options
    return gone


# --- Publishing -----------------------------------------------------------------------------------
def test_news_outside_of_a_transaction_is_refused(on_ring: Register):
    on_ring(lambda event: None)
    with pytest.raises(transaction.TransactionManagementError):
        outbox.publish(ring())


def test_news_of_a_transaction_that_failed_was_never_there(on_ring: Register):
    on_ring(lambda event: None)
    with transaction.atomic():
        outbox.publish(ring())
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    assert not bells("score")


def test_each_subscriber_gets_its_own_delivery_and_each_queue_one_bell(on_ring: Register):
    def first(event: BellRang) -> None: ...
    def second(event: BellRang) -> None: ...
    def third(event: BellRang) -> None: ...

    on_ring(first)
    on_ring(second)
    on_ring(third, queue="bulk")
    published(ring())
    ids = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    assert bells("score") == [(bell.DRAIN, [ids[:2], "score"])]
    assert bells("bulk") == [(bell.DRAIN, [ids[2:], "bulk"])]


def test_news_that_nobody_waits_for_costs_nothing():
    with transaction.atomic():
        outbox.publish(ring())
    assert not Delivery.objects.exists()


def test_news_is_kept_and_found_when_no_broker_hears_the_bell(
    on_ring: Register, monkeypatch: pytest.MonkeyPatch
):
    on_ring(lambda event: note("done"))
    with monkeypatch.context() as patch:
        patch.setattr(bell, "current_app", unreachable())
        began = time.monotonic()
        delivery = published(ring())
    assert time.monotonic() - began < 10, "a learner waits as long as this: usually half a second"
    assert delivery.state == Delivery.State.PENDING
    due(delivery)
    assert outbox.sweep() == 1
    [(_, (ids, queue))] = bells("score")
    assert outbox.drain(ids, queue) == 1
    assert Canary.objects.filter(queue="done").exists()


# --- Processing -------------------------------------------------------------------------------------
def test_a_delivery_is_done_once_however_often_it_is_rung_for(on_ring: Register):
    heard: list[BellRang] = []
    on_ring(heard.append)
    event = ring(rings=2, note="ただいま", loud=True)
    delivery = published(event)
    assert outbox.process(delivery.pk)
    assert not outbox.process(delivery.pk)
    assert heard == [event]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.error) == ("done", 1, "")


def test_what_a_failing_handler_wrote_is_taken_back_and_its_error_kept(on_ring: Register):
    def fail(event: BellRang) -> None:
        note("half")
        raise ValueError("the house is gone")

    on_ring(fail)
    delivery = published(ring())
    assert not outbox.process(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("pending", "ValueError: the house is gone")
    assert delivery.next_at > timezone.now()
    assert not Canary.objects.exists()


def test_a_failed_delivery_is_left_alone_until_its_pause_is_over(on_ring: Register):
    tries: list[int] = []

    def fail_once(event: BellRang) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError

    on_ring(fail_once)
    delivery = published(ring())
    outbox.process(delivery.pk)
    assert not outbox.process(delivery.pk)
    due(delivery)
    assert outbox.process(delivery.pk)
    assert len(tries) == 2


def test_a_poisoned_delivery_is_parked_after_8_tries_and_others_flow(on_ring: Register):
    def poison(event: BellRang) -> None:
        if event.loud:
            raise RuntimeError("poison")
        note(str(event.house)[:16])

    on_ring(poison)
    bad, good = published(ring(loud=True)), published(ring())
    for _ in range(outbox.MAX_TRIES):
        due(bad)
        outbox.drain([bad.pk, good.pk], "score")
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.tries) == ("parked", outbox.MAX_TRIES)
    assert good.state == "done"
    due(bad)
    assert outbox.sweep() == 0


def test_a_handler_that_kills_its_worker_is_parked_in_the_end(on_ring: Register):
    on_ring(lambda event: None)
    delivery = published(ring())
    Delivery.objects.filter(pk=delivery.pk).update(
        tries=outbox.MAX_TRIES - 1, handler="tests.core.deadly.die"
    )
    due(delivery)
    ended = children.run(
        (sys.executable, "-c", f"from tests.core import deadly; deadly.work({delivery.pk})"),
        env={**os.environ, "TOMONI_ROLE": "worker"},
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("pending", outbox.MAX_TRIES)
    due(delivery)
    assert not outbox.process(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("parked", "")  # it wasn't started once more


def test_a_handler_that_is_gone_is_an_error_that_waits(on_ring: Register):
    on_ring(lambda event: None)
    delivery = published(ring())
    Delivery.objects.filter(pk=delivery.pk).update(handler="gone.handler")
    assert not outbox.process(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.error == "LookupError: No handler gone.handler"


def test_two_workers_at_once_do_it_once(on_ring: Register):
    heard: list[BellRang] = []
    on_ring(heard.append)
    delivery = published(ring())
    done = race([lambda: outbox.process(delivery.pk)] * 8)
    assert sorted(done) == [False] * 7 + [True]
    assert len(heard) == 1


@pytest.mark.parametrize("neighbours", [3, 9])
def test_one_that_is_at_work_elsewhere_holds_up_none_of_the_same_bell(
    on_ring: Register, neighbours: int
):
    on_ring(lambda event: None)
    held, *others = [published(ring()) for _ in range(1 + neighbours)]
    with at_work(held):
        assert outbox.drain([held.pk, *(each.pk for each in others)], "score") == neighbours
    assert not Delivery.objects.filter(pk__in=[each.pk for each in others]).exclude(state="done")
    held.refresh_from_db()
    assert (held.state, held.tries) == ("pending", 0)
    assert outbox.drain([held.pk], "score") == 1


def test_a_claimed_one_that_another_worker_took_over_is_left_to_it(on_ring: Register):
    on_ring(lambda event: None)
    held = published(ring())
    with at_work(held):
        assert not outbox.process(held.pk, claimed=True)
    held.refresh_from_db()
    assert (held.state, held.error) == ("pending", "")


def test_a_handler_runs_in_the_scope_of_the_news(on_ring: Register):
    scopes: list[str] = []
    on_ring(lambda event: scopes.append(scope.current()))
    partner = uuid.uuid4()
    with scope.scoped(partner):
        delivery = published(ring())
    with scope.scoped(scope.NONE):
        outbox.process(delivery.pk)
        assert scope.current() == scope.NONE
    assert scopes == [str(partner)]


# --- Sweeping, retrying, forgetting -----------------------------------------------------------------
def test_the_sweep_leaves_fresh_and_leased_deliveries_alone(on_ring: Register):
    on_ring(lambda event: None)
    delivery = published(ring())
    assert outbox.sweep() == 0
    Delivery.objects.filter(pk=delivery.pk).update(next_at=timezone.now() + outbox.LEASE)
    assert outbox.sweep() == 0
    due(delivery)
    assert outbox.sweep() == 1


def rung(queue: str) -> list[int]:
    """Return what the bells of a queue that weren't heard yet are for."""
    return [pk for _task, (ids, _queue) in bells(queue) for pk in ids]


def overdue(pk: int, *, seconds: int, rung_before: int | None = None) -> None:
    """Let a delivery's time have come so long ago, and the sweep have rung for it so long ago."""
    now = timezone.now()
    long_ago = None if rung_before is None else now - dt.timedelta(seconds=rung_before)
    Delivery.objects.filter(pk=pk).update(
        next_at=now - dt.timedelta(seconds=seconds), rung_at=long_ago
    )


def lost(pk: int) -> None:
    """Let all bells be lost, and this delivery be due."""
    forget_bells()
    overdue(pk, seconds=60)


def test_a_backlog_in_one_queue_hides_nothing_of_another(on_ring: Register):
    def late(event: BellRang) -> None: ...
    def later(event: BellRang) -> None: ...

    on_ring(late, queue="bulk")
    on_ring(later)
    for seconds in (90, 80, 70):
        published(ring())
        overdue(Delivery.objects.filter(queue="bulk").latest("pk").pk, seconds=seconds)
    awaited = Delivery.objects.filter(queue="score").latest("pk").pk
    overdue(awaited, seconds=10)
    forget_bells()
    assert outbox.sweep(limit=2) == 3
    oldest = Delivery.objects.filter(queue="bulk").order_by("pk")[:2]
    assert rung("bulk") == [each.pk for each in oldest]
    assert rung("score") == [awaited]


def test_what_the_sweep_rang_for_it_does_not_ring_for_again_at_once(on_ring: Register):
    on_ring(lambda event: None)
    delivery = published(ring())
    lost(delivery.pk)
    before = Delivery.objects.values_list("tries", "next_at", "state").get()
    assert [outbox.sweep() for _ in range(3)] == [1, 0, 0]
    assert rung("score") == [delivery.pk]
    assert Delivery.objects.values_list("tries", "next_at", "state").get() == before
    assert outbox.drain([delivery.pk], "score") == 1


def test_a_bell_of_the_sweep_that_was_lost_is_rung_again_after_half_a_minute(on_ring: Register):
    on_ring(lambda event: None)
    delivery = published(ring())
    forget_bells()
    overdue(delivery.pk, seconds=60, rung_before=25)
    assert outbox.sweep() == 0
    overdue(delivery.pk, seconds=60, rung_before=31)
    assert outbox.sweep() == 1
    assert rung("score") == [delivery.pk]


def test_one_whose_time_came_anew_is_rung_for_though_it_was_before(on_ring: Register):
    on_ring(lambda event: None)
    delivery = published(ring())
    overdue(delivery.pk, seconds=5, rung_before=20)  # its lease or pause lay between
    assert outbox.sweep() == 1


def test_the_sweep_leaves_what_is_at_work_alone(on_ring: Register):
    on_ring(lambda event: None)
    delivery = published(ring())
    due(delivery)
    with at_work(delivery):
        assert outbox.sweep() == 0
    assert outbox.sweep() == 1


def test_what_no_broker_heard_is_rung_for_by_the_next_sweep(
    on_ring: Register, monkeypatch: pytest.MonkeyPatch
):
    on_ring(lambda event: None)
    delivery = published(ring())
    lost(delivery.pk)
    with monkeypatch.context() as patch:
        patch.setattr(bell, "current_app", unreachable())
        assert outbox.sweep() == 0
    assert outbox.sweep() == 1
    assert rung("score") == [delivery.pk]


def test_a_parked_delivery_is_taken_up_again_from_its_first_try(on_ring: Register):
    on_ring(lambda event: note("done"))
    delivery = published(ring())
    Delivery.objects.filter(pk=delivery.pk).update(state="parked", tries=8, error="ValueError: x")
    assert outbox.retry(delivery.pk)
    assert not outbox.retry(delivery.pk)
    assert bells("score")[-1] == (bell.DRAIN, [[delivery.pk], "score"])
    assert outbox.process(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.error) == ("done", 1, "")


def test_only_what_was_done_long_ago_is_forgotten(on_ring: Register):
    on_ring(lambda event: None)
    old, fresh, parked = published(ring()), published(ring()), published(ring())
    for delivery in (old, fresh):
        outbox.process(delivery.pk)
    long_ago = timezone.now() - dt.timedelta(days=30)
    Delivery.objects.filter(pk=old.pk).update(done_at=long_ago)
    Delivery.objects.filter(pk=parked.pk).update(state="parked", created_at=long_ago)
    assert outbox.forget_done() == 1
    assert set(Delivery.objects.values_list("pk", flat=True)) == {fresh.pk, parked.pk}


def test_the_pause_doubles_up_to_five_minutes():
    pauses = [outbox.backoff(tries).total_seconds() for tries in range(1, 12)]
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 300


# --- Events -------------------------------------------------------------------------------------------
@given(
    st.builds(
        BellRang,
        house=st.uuids(),
        at=st.datetimes(timezones=st.just(dt.UTC)),
        rings=st.integers(-(2**53), 2**53),
        note=st.none()
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
        loud=st.booleans(),
    )
)
def test_an_event_comes_back_from_the_database_as_it_was(event: BellRang):
    assert BellRang.from_payload(event.to_payload()) == event


def test_fields_of_another_version_are_left_out_and_missing_ones_have_their_default():
    payload = ring(rings=5).to_payload()
    del payload["rings"]
    payload["colour"] = "blue"
    assert BellRang.from_payload(payload).rings == 0
