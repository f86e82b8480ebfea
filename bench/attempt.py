"""What one complete attempt costs: start, ten answers one by one, hand-in, scored, points, ranking.

    .venv/bin/python -m bench.attempt [--people 400] [--clients 8]

Prints CPU per attempt of all server processes together (the figure to compare), attempts per second,
and the ratios to the goals and to the peers of the same kind of machine. Run it on a quiet machine.
"""

import argparse
import http.client
import json
import statistics
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench.stand import Stand, stand

GOAL_CPU_MS, GOAL_RATE = 30.0, 50.0
PEERS = {"Moodle 4.5": (540.0, 2.8), "Kolibri": (178.0, 4.5)}
_TOKEN = "b" * 32
WARM_UP = 24


@dataclass(frozen=True)
class Outcome:
    """What a run took: wall-clock seconds, CPU seconds by program, milliseconds of each answer."""

    seconds: float
    cpu: dict[str, float]
    answers_ms: list[float]


@dataclass
class Phone:
    """One client: a connection that is kept, and what it measured."""

    world: dict[str, Any]
    address: str
    answers_ms: list[float] = field(default_factory=list)

    def attempt(self, session: str) -> None:
        """Go through a whole attempt as one rep."""
        host = urlsplit(self.address)
        self.connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=30)
        self.headers = {
            "Cookie": f"{self.world['cookie']}={session}; {self.world['csrf']}={_TOKEN}",
            "X-CSRFToken": _TOKEN,
            "Content-Type": "application/json",
        }
        attempt = uuid.uuid4()
        self._ask("GET", f"/modules/{self.world['module']}/quiz/")
        for number in range(10):
            began = time.perf_counter()
            self._post(attempt, {"item": f"q{number:03}", "options": ["a"], "seq": number + 1})
            self.answers_ms.append((time.perf_counter() - began) * 1000)
        self._post(attempt, submit=True)
        self._ask("GET", f"/attempts/{attempt}/")
        self.connection.close()

    def _post(self, attempt: uuid.UUID, *answers: dict[str, Any], submit: bool = False) -> None:
        body = {"module": self.world["module"], "answers": answers, "submit": submit}
        self._ask("POST", f"/api/attempts/{attempt}/", json.dumps(body))

    def _ask(self, method: str, path: str, body: str | None = None) -> None:
        self.connection.request(method, path, body=body, headers=self.headers)
        response = self.connection.getresponse()
        response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status}")


def run(place: Stand, world: dict[str, Any], clients: int) -> Outcome:
    """Let all reps make their attempt; returns when all are scored."""
    waiting: SimpleQueue[str] = SimpleQueue()
    for session in world["sessions"]:
        waiting.put(session)
    phones = [Phone(world, place.url) for _ in range(clients)]

    def work(phone: Phone) -> None:
        while True:
            try:
                session = waiting.get_nowait()
            except Empty:
                return
            phone.attempt(session)

    before = _scored(place)
    began, cpu = time.perf_counter(), place.cpu_seconds()
    threads = [threading.Thread(target=work, args=[phone]) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _wait_until_scored(place, before + len(world["sessions"]))
    seconds = time.perf_counter() - began
    used = {name: value - cpu[name] for name, value in place.cpu_seconds().items()}
    return Outcome(seconds, used, [ms for phone in phones for ms in phone.answers_ms])


def _scored(place: Stand) -> int:
    """Return how many attempts are scored with all that follows; -1 while deliveries wait."""
    address = place.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client", autocommit=True) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM quizzes_attempt WHERE state = 'scored'),"
            " EXISTS (SELECT FROM core_delivery WHERE state = 'pending')"
        ).fetchone()
    assert row is not None
    return -1 if row[1] else int(row[0])


def _wait_until_scored(place: Stand, count: int) -> None:
    for _ in range(600):
        if _scored(place) == count:
            return
        time.sleep(0.1)
    raise RuntimeError("Not all scored after a minute")


def main() -> None:
    """Measure and print."""
    sys.setswitchinterval(0.0005)  # the clients' threads are not to wait for each other
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with stand() as place:
        world = place.seed("bench.seed_attempt", str(options.people + WARM_UP))
        run(place, world | {"sessions": world["sessions"][:WARM_UP]}, options.clients)
        world["sessions"] = world["sessions"][WARM_UP:]
        outcome = run(place, world, options.clients)
    each = sum(outcome.cpu.values()) / options.people * 1000
    rate = options.people / outcome.seconds
    p50 = statistics.median(outcome.answers_ms)
    p95 = statistics.quantiles(outcome.answers_ms, n=20)[-1]
    print(f"{options.people} attempts of ten answers, {options.clients} clients")
    print(
        f"CPU per attempt     {each:7.1f} ms   goal {GOAL_CPU_MS:.0f} ms: {each / GOAL_CPU_MS:.2f} x"
    )
    for name, seconds in outcome.cpu.items():
        print(f"  {name:17} {seconds / options.people * 1000:7.1f} ms")
    print(f"attempts per second {rate:7.1f}      goal {GOAL_RATE:.0f}: {rate / GOAL_RATE:.2f} x")
    print(f"one answer          {p50:7.1f} ms   p95 {p95:.1f} ms")
    for name, (peer_cpu, peer_rate) in PEERS.items():
        print(
            f"{name:19} {peer_cpu / each:7.1f} times the CPU, {rate / peer_rate:.1f} times fewer a second"
        )


if __name__ == "__main__":
    main()
