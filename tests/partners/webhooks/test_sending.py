"""What waits is sent, signed, until it is taken; nobody else waits for who is slow."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent import futures
from contextlib import ExitStack
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from core import scope
from partners.webhooks import pauses
from partners.webhooks.actions import sending as sender
from partners.webhooks.actions.endpoints import rotate_secret
from partners.webhooks.actions.sending import send_waiting
from partners.webhooks.models import Endpoint, Sending, Try
from partners.webhooks.posting import Answer
from tests.concurrency.racing import race
from tests.core.broker import bells, quiet_broker
from tests.partners.factories import make_client, make_partner, make_person
from tests.partners.webhooks.documented import verify
from tests.partners.webhooks.factories import add_sending, due, make_endpoint, tell
from tests.partners.webhooks.receiver import Receiver, listening
from tests.plugin.patience import PATIENCE

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture(autouse=True)
def _see_all(transactional_db: None) -> None:
    """See everything, as the tests of a page's owner would."""
    scope.enter(scope.CLIENT)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system on this machine."""
    with listening() as found:
        yield found


@pytest.fixture
def endpoint(receiver: Receiver) -> Endpoint:
    """Where it hears of finished modules."""
    return make_endpoint(receiver.url)


def test_a_message_arrives_signed_and_is_sent_once(receiver: Receiver, endpoint: Endpoint):
    tell(make_partner(), count=3)
    assert send_waiting() == 1
    assert send_waiting() == 0
    (got,) = receiver.got
    assert got.verified(endpoint)["data"] == {"count": 3}
    assert verify(got.body, got.headers, endpoint.secret)
    row = Sending.objects.get()
    assert (row.state, row.tries) == ("delivered", 1)
    assert got.id == row.message.public_id
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_after_a_failure_it_comes_again_with_the_same_id_and_body(
    receiver: Receiver, endpoint: Endpoint
):
    receiver.answer(500, 200, body=b"try later")
    tell(make_client())
    assert send_waiting() == 0
    row = Sending.objects.get()
    assert (row.state, row.tries) == ("waiting", 1)
    assert dt.timedelta(0) < row.next_at - timezone.now() < dt.timedelta(seconds=7)
    assert send_waiting() == 0, "not before its pause is over"
    due()
    assert send_waiting() == 1
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert second.verified(endpoint)
    told = Try.objects.order_by("id").values_list("status", "error", "excerpt")
    assert list(told) == [(500, "status", "try later"), (200, "", "try later")]


def test_a_forged_message_is_refused(receiver: Receiver, endpoint: Endpoint):
    tell(make_client())
    send_waiting()
    (got,) = receiver.got
    forged = got.body.replace(b"module", b"mobule")
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(forged, got.headers)
    assert not verify(forged, got.headers, endpoint.secret)
    other = make_endpoint("https://other.example.com/")
    assert not verify(got.body, got.headers, other.secret)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        assert not verify(got.body, got.headers, endpoint.secret), "replayed later"


def test_after_the_last_try_it_has_failed(receiver: Receiver, endpoint: Endpoint):
    receiver.answer(503)
    tell(make_client())
    for _ in range(pauses.MAX_TRIES + 1):
        send_waiting()
        due()
    row = Sending.objects.get()
    assert (row.state, row.tries, len(receiver.got)) == ("failed", 8, 8)
    assert len(set(receiver.ids)) == 1


def test_a_receiver_is_not_asked_before_it_wished(receiver: Receiver, endpoint: Endpoint):
    receiver.answer(429, Retry_After="7200")
    tell(make_client())
    send_waiting()
    assert Sending.objects.get().next_at > timezone.now() + dt.timedelta(minutes=119)


def test_no_transaction_is_open_while_something_is_sent(
    receiver: Receiver, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    seen: list[Any] = []

    def looking(*args: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return futures.wait(*args)

    monkeypatch.setattr(sender, "wait", looking)
    tell(make_client())
    assert send_waiting() == 1
    assert seen
    assert not any(seen)


def test_a_slow_receiver_keeps_nobody_waiting(
    receiver: Receiver, endpoint: Endpoint, settings: Any
):
    settings.WEBHOOK_SECONDS = 3
    receiver.hold = threading.Event()
    with ExitStack() as stack:
        others = [stack.enter_context(listening()) for _ in range(2)]
        for each in others:
            make_endpoint(each.url)
        for _ in range(3):
            tell(make_client())
        job = threading.Thread(target=_send_in_a_thread)
        job.start()
        for each in others:
            for _ in range(3):
                assert each.arrived.acquire(timeout=PATIENCE)
        assert len(receiver.got) == 1, "one at a time"
        receiver.hold.set()
        job.join()


def _send_in_a_thread() -> None:
    try:
        send_waiting()
    finally:
        connection.close()


def test_a_slow_receiver_is_given_up_in_time_and_rests(
    receiver: Receiver, endpoint: Endpoint, settings: Any
):
    settings.WEBHOOK_SECONDS = 0.2
    receiver.hold = threading.Event()
    tell(make_client())
    tell(make_client())
    assert send_waiting() == 0
    assert Try.objects.get().error == "timeout"
    endpoint.refresh_from_db()
    assert endpoint.failures == 1
    assert endpoint.free_at > timezone.now()


def test_one_endpoint_s_trouble_is_not_another_s(receiver: Receiver, endpoint: Endpoint):
    receiver.answer(500)
    with listening() as other:
        make_endpoint(other.url)
        tell(make_client())
        assert send_waiting() == 1
        assert len(other.got) == 1


def test_a_mistake_of_ours_with_one_message_stops_no_other(receiver: Receiver, endpoint: Endpoint):
    make_endpoint("https://hooks.example.com/")
    Endpoint.objects.exclude(pk=endpoint.pk).update(secret="whsec_")
    tell(make_client())
    assert send_waiting() == 1
    assert Try.objects.get(error="broken").detail.startswith("EmptyWebhookSecretError")


def test_a_worker_that_died_over_a_message_leaves_it_to_the_next(
    receiver: Receiver, endpoint: Endpoint
):
    tell(make_client())
    with scope.scoped(scope.CLIENT):
        assert len(sender._claim(8)) == 1  # and the worker is gone
    assert send_waiting() == 0, "its lease is not over"
    due()
    assert send_waiting() == 1
    assert [each.is_open for each in Try.objects.order_by("id")] == [True, False]
    assert Sending.objects.get().tries == 2


def test_a_message_that_kills_its_worker_each_time_has_failed_in_the_end(endpoint: Endpoint):
    tell(make_client())
    for _ in range(pauses.MAX_TRIES + 1):
        sender._claim(8)
        due()
    assert Sending.objects.get().state == "failed"


def test_a_late_answer_does_not_undo_what_was_settled_meanwhile(
    receiver: Receiver, endpoint: Endpoint
):
    tell(make_client())
    (job,) = sender._claim(8)
    due()
    assert send_waiting() == 1
    assert not sender._note(job, Answer(9, 500, "status"))
    assert Sending.objects.get().state == "delivered"


def test_workers_at_once_send_each_message_once(receiver: Receiver, endpoint: Endpoint):
    for _ in range(6):
        tell(make_client())
    assert sum(race([send_waiting] * 3)) == 6
    assert len(set(receiver.ids)) == len(receiver.ids) == 6


def test_a_round_that_is_over_rings_for_the_next(
    receiver: Receiver, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sender, "ROUND_SECONDS", 0.0)
    add_sending(endpoint)
    assert send_waiting() == 0
    assert bells("bulk") == [("webhooks.send", [])]


def test_the_older_goes_first(receiver: Receiver, endpoint: Endpoint):
    told = [add_sending(endpoint).message.public_id for _ in range(4)]
    send_waiting()
    assert receiver.ids == told


def test_while_a_secret_rotates_both_verify_and_afterwards_the_new_one_alone(
    receiver: Receiver, endpoint: Endpoint
):
    admin = make_person(make_client(), roles=["admin"])
    new = rotate_secret(actor=admin, endpoint_id=endpoint.pk)
    tell(make_client())
    send_waiting()
    assert receiver.got[0].verified(endpoint)
    assert receiver.got[0].verified(new)
    Endpoint.objects.update(old_secret_until=timezone.now())
    tell(make_client())
    send_waiting()
    assert receiver.got[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.got[1].verified(endpoint)


def test_a_real_address_inside_is_refused_when_its_name_is_resolved(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    Endpoint.objects.update(url="https://hooks.example.com/")
    monkeypatch.setattr(
        "socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("169.254.169.254", 443))]
    )
    tell(make_client())
    assert send_waiting() == 0
    assert Try.objects.get().error == "private"
