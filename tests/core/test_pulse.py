"""A worker at work gives its queue's sign of life, however long the task and however long the queue."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone

from core import health, pulse
from core.models import Canary
from core.pulse import Pulse
from tests.plugin.patience import wait_until

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(minutes=2)


@pytest.fixture(autouse=True)
def silence() -> None:
    """Have every queue been silent for long."""
    for queue in health.queues():
        Canary.objects.update_or_create(
            queue=queue, defaults={"sung_at": timezone.now() - LONG_AGO}
        )


def alive() -> set[str]:
    return {queue for queue, sings in health.singing().items() if sings}


def test_who_is_at_a_long_task_is_alive():
    own = Pulse()
    own.begin("media")
    own.beat()
    assert alive() == {"media"}


def test_who_did_something_since_the_last_beat_is_alive():
    own = Pulse()
    own.begin("bulk")
    own.end()
    own.beat()
    assert alive() == {"bulk"}


def test_who_only_waits_gives_no_sign():
    own = Pulse()
    own.beat()
    own.begin("bulk")
    own.end()
    own.beat()
    silence_again = Canary.objects.update(sung_at=timezone.now() - LONG_AGO)
    own.beat()
    assert silence_again
    assert alive() == set()


def test_a_queue_without_a_clock_is_given_no_sign():
    Canary.objects.all().delete()
    own = Pulse()
    own.begin("bulk")
    own.beat()
    assert not Canary.objects.exists()


@pytest.fixture
def beating(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """A pulse with its thread, without pauses."""
    monkeypatch.setattr(pulse, "EVERY", 0.01)
    own = Pulse()
    own.start()
    yield own
    own.stop()


@pytest.mark.django_db(transaction=True)
def test_it_beats_beside_the_task(beating: Pulse):
    beating.begin("stats")
    wait_until(lambda: alive() == {"stats"}, "the queue's sign of life")
