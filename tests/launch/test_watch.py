"""A worker that lives but takes no task, and a clock that stands, are ended and start again."""

import dataclasses
import datetime as dt
import os
import signal
from collections.abc import Callable

import pytest
from django.utils import timezone

from core import health
from core.models import Canary
from tests.plugin.patience import wait_until
from tests.plugin.processes import Site, product_environment
from tools.launch import programs
from tools.launch.programs import Answer
from tools.launch.watch import Limits, Watch

AT_ONCE = Limits(every=0, silence=0, start=0)


@pytest.fixture
def own_worker(site: Site):
    """Have a worker of its own serve the queue `score`; it is gone when the test is over."""
    program = programs.worker(["score"], product_environment(), 1)
    program = dataclasses.replace(program, stop_within=0.2)
    supervisor = site.worker.processes.supervisor
    supervisor.start(program)
    yield lambda: supervisor.pid(program.name)
    supervisor.end(program.name, for_good=True)


def silence(*queues: str) -> None:
    long_ago = timezone.now() - dt.timedelta(minutes=2)
    for queue in health.queues():
        when = long_ago if queue in queues else timezone.now()
        Canary.objects.update_or_create(queue=queue, defaults={"sung_at": when})


def sings(queue: str) -> bool:
    return health.singing()[queue]


def until(true: Callable[[], bool], watch: Watch) -> None:
    wait_until(true, "the watch has seen to it", meanwhile=watch.supervisor.tend)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_hangs_is_replaced_and_sings(site: Site, own_worker: Callable[[], int]):
    processes = site.worker.processes
    watch = Watch(processes.places, processes.supervisor, processes.address, AT_ONCE)
    first = own_worker()
    silence()
    watch.look()
    assert own_worker() == first
    os.kill(first, signal.SIGSTOP)
    silence("score")
    watch.look()
    until(lambda: own_worker() != first and sings("score"), watch)


class Told:
    """A supervisor that only notes what it is told; what is ended is as good as new."""

    def __init__(self) -> None:
        self.started = dict.fromkeys(["beat", "worker-score", "worker-media", "worker-bulk"], 0.0)
        self.now = 0.0
        self.ended: list[str] = []

    def ages(self) -> dict[str, float]:
        return {name: self.now - started for name, started in self.started.items()}

    def pids(self) -> list[int]:
        return []

    def end(self, name: str) -> None:
        self.ended.append(name)
        self.started[name] = self.now

    def report(self, text: str) -> None:
        pass


@pytest.mark.parametrize(
    ("body", "ended"),
    [
        ('{"checks": {"worker_score": true, "worker_media": false}}', {"worker-media"}),
        ('{"checks": {"worker_score": false, "worker_bulk": false}}',
         {"beat", "worker-score", "worker-bulk"}),
        ('{"checks": {"worker_score": true, "worker_stats": false}}', set()),
        ("<html>", set()),
    ],
)  # fmt: skip
def test_who_is_ended_by_what_readyz_says(
    body: str, ended: set[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tools.launch.watch.ask", lambda url: Answer(503, body))
    told = Told()
    Watch(None, told, programs.Address(1), AT_ONCE).look()
    assert set(told.ended) == ended


def test_silence_is_suffered_for_a_while_and_a_start_takes_its_time(
    monkeypatch: pytest.MonkeyPatch,
):
    body = '{"checks": {"worker_score": false, "worker_media": true}}'
    monkeypatch.setattr("tools.launch.watch.ask", lambda url: Answer(503, body))
    told, ended_at = Told(), list[float]()
    monkeypatch.setattr("tools.launch.watch.time.monotonic", lambda: told.now)
    watch = Watch(None, told, programs.Address(1))
    for _ in range(200):
        if told.now == 100:
            told.started["worker-score"] = 100.0  # it died and was started again
        watch.look()
        ended_at += [told.now] * (len(told.ended) - len(ended_at))
        told.now += 1
    assert ended_at == [60, 160]


def test_what_gives_way_to_others_is_given_longer_to_start(monkeypatch: pytest.MonkeyPatch):
    body = '{"checks": {"worker_score": true, "worker_media": false}}'
    monkeypatch.setattr("tools.launch.watch.ask", lambda url: Answer(503, body))
    told = Told()
    monkeypatch.setattr("tools.launch.watch.time.monotonic", lambda: told.now)
    watch = Watch(None, told, programs.Address(1))
    while not told.ended:
        watch.look()
        told.now += 1
    assert told.ended == ["worker-media"]
    assert told.now - 1 == 180
