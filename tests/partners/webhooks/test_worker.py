"""The whole way with a real worker: from a handed-in quiz to another system, through a worker's death."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest
import redis
from celery import current_app
from django.conf import settings

from core.scope import CLIENT, scoped
from partners.webhooks.models import Endpoint, Sending
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_client, make_partner, make_person
from tests.partners.webhooks.factories import due, make_endpoint, tell
from tests.partners.webhooks.receiver import Receiver, listening
from tests.plugin.patience import PATIENCE, wait_until
from tests.plugin.processes import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system on this machine."""
    with listening() as found:
        yield found


@pytest.fixture
def endpoint(receiver: Receiver) -> Endpoint:
    """Where it hears of everything."""
    return make_endpoint(receiver.url, kinds=["module.finished", "attempt.scored"])


def test_what_a_rep_finished_arrives_signed(worker: Worker, receiver: Receiver, endpoint: Endpoint):
    rep = make_person(make_partner())
    attempt = hand_in(rep, make_module())
    for _ in range(2):
        assert receiver.arrived.acquire(timeout=PATIENCE)
    told = {each.verified(endpoint)["type"]: each for each in receiver.got}
    assert told.keys() == {"module.finished", "attempt.scored"}
    for each in told.values():
        assert each.verified(endpoint)["data"]["attempt_id"] == str(attempt.attempt_id)
    worker.wait_until_idle()
    assert _states() == {"delivered"}


def test_a_worker_killed_in_the_middle_sends_it_again_with_the_same_id(
    worker: Worker, receiver: Receiver, endpoint: Endpoint
):
    receiver.hold = threading.Event()
    make_client()
    with scoped(CLIENT):
        tell(endpoint.organisation)
    assert receiver.arrived.acquire(timeout=PATIENCE)
    _kill(worker)
    receiver.hold.set()
    assert _states() == {"waiting"}
    due()  # what the lease's end and the clock do
    current_app.send_task("webhooks.send", queue="bulk", ignore_result=True)
    assert receiver.arrived.acquire(timeout=PATIENCE)
    assert len(set(receiver.ids)) == 1
    assert receiver.got[1].verified(endpoint)
    wait_until(lambda: _states() == {"delivered"}, "it is delivered")


def _kill(worker: Worker) -> None:
    """Kill the worker and all that the broker remembers of it, and have another one begin."""
    killed = worker.pid
    os.killpg(os.getpgid(killed), signal.SIGKILL)
    broker = settings.BROKER_URL.removeprefix("redis+socket://").replace("virtual_host", "db")
    with redis.Redis.from_url(f"unix://{broker}") as queues:
        queues.flushdb()

    def revived() -> bool:
        worker.processes.supervisor.revive()
        return worker.pid != killed

    wait_until(revived, "the worker came back")
    worker.processes.supervisor.wait_until_ready()


def _states() -> set[str]:
    with scoped(CLIENT):
        return set(Sending.objects.values_list("state", flat=True))
