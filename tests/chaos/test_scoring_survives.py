"""The scoring worker is killed in the middle of its work and Redis forgets everything: nothing is lost."""

import os
import signal
import time
import uuid
from typing import Any

import pytest
import redis
from django.conf import settings

from core.models import Delivery
from courses.quizzes.models import Attempt
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_client, make_partner, make_person
from tests.plugin.processes import Worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),  # hands two hundred attempts in, then waits for up to 120 s
]

PEOPLE, MODULES, PATIENCE = 40, 5, 120


def test_two_hundred_attempts_survive_a_killed_worker_and_an_empty_redis(
    worker: Worker, beat: Any
) -> None:
    make_client()
    partner = make_partner()
    people = [make_person(partner) for _ in range(PEOPLE)]
    modules = [make_module() for _ in range(MODULES)]
    handed_in: list[uuid.UUID] = []
    for number, person in enumerate(people):
        handed_in += [hand_in(person, module, right=3).attempt_id for module in modules]
        if number == PEOPLE // 3:
            _kill(worker)
        if number == 2 * PEOPLE // 3:
            _forget_everything()
    _wait_until_scored(worker, len(handed_in))
    assert Attempt.objects.filter(pk__in=handed_in, state="scored", scoring=1).count() == 200
    assert not Delivery.objects.filter(state="parked").exists()


def _kill(worker: Worker) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    worker.processes.supervisor.revive()


def _forget_everything() -> None:
    """FLUSHDB on both databases of this test process: what FLUSHALL is to an installation."""
    with redis.Redis.from_url(settings.REDIS_URL) as cache:
        cache.flushdb()
    broker = settings.BROKER_URL.removeprefix("redis+socket://").replace("virtual_host", "db")
    with redis.Redis.from_url(f"unix://{broker}") as queues:
        queues.flushdb()


def _wait_until_scored(worker: Worker, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        worker.processes.supervisor.tend()
        waiting = Delivery.objects.filter(state="pending").count()
        scored = Attempt.objects.filter(state="scored").count()
        if scored == count and not waiting:
            return
        assert time.monotonic() < until, f"{scored} of {count} scored, {waiting} deliveries wait"
        time.sleep(0.2)
