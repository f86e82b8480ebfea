"""What one complete attempt costs: start, ten answers one by one, hand-in, scored, points, ranking.

    .venv/bin/python -m bench.attempt [--people 400] [--clients 8]

Prints CPU per attempt of all server processes together (the figure to compare), attempts per second,
and the ratios to the goals and to the peers of the same kind of machine. Run it on a quiet machine.
"""

import argparse
import http.client
import json
import statistics
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


def _run(place: Stand, world: dict[str, Any], clients: int) -> tuple[float, float, list[float]]:
    """Let all reps make their attempt. Returns seconds, CPU seconds, and the answers' times in ms."""
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

    began, cpu = time.perf_counter(), place.cpu_seconds()
    threads = [threading.Thread(target=work, args=[phone]) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _wait_until_scored(place, len(world["sessions"]))
    seconds = time.perf_counter() - began
    return seconds, place.cpu_seconds() - cpu, [ms for phone in phones for ms in phone.answers_ms]


def _wait_until_scored(place: Stand, count: int) -> None:
    address = place.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client", autocommit=True) as connection:
        for _ in range(1200):
            row = connection.execute(
                "SELECT (SELECT count(*) FROM quizzes_attempt WHERE state = 'scored'),"
                " (SELECT count(*) FROM core_delivery WHERE state = 'pending')"
            ).fetchone()
            if row == (count, 0):
                return
            time.sleep(0.05)
    raise RuntimeError(f"Not all scored after a minute: {row}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with stand() as place:
        world = place.seed("bench.seed_attempt", str(options.people))
        seconds, cpu, answers = _run(place, world, options.clients)
    each = cpu / options.people * 1000
    rate = options.people / seconds
    p50, p95 = statistics.median(answers), statistics.quantiles(answers, n=20)[-1]
    print(f"{options.people} attempts of ten answers, {options.clients} clients")
    print(
        f"CPU per attempt     {each:7.1f} ms   goal {GOAL_CPU_MS:.0f} ms: {each / GOAL_CPU_MS:.2f} x"
    )
    print(f"attempts per second {rate:7.1f}      goal {GOAL_RATE:.0f}: {rate / GOAL_RATE:.2f} x")
    print(f"one answer          {p50:7.1f} ms   p95 {p95:.1f} ms")
    for name, (peer_cpu, peer_rate) in PEERS.items():
        print(
            f"{name:19} {peer_cpu / each:7.1f} times the CPU, {rate / peer_rate:.1f} times fewer a second"
        )


if __name__ == "__main__":
    main()
