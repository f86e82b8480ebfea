"""Web servers side by side on the product's own pages: what they cost, and how they behave when it gets rough.

    .venv/bin/pip install --target /tmp/granian granian==2.8.7
    .venv/bin/python -m bench.servers --granian /tmp/granian [--rounds 5] [--only speed]

Each in turn, A B A B, on one database: CPU per request at one client and at eight, requests a second, p95, memory;
then SIGTERM under load, 200 half-open lines, a worker process that dies, 100 MB in pieces.
"""

import argparse
import asyncio
import json
import statistics
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from bench import rough
from bench.stand import Stand, stand
from bench.wire import Line
from tools.launch import programs
from tools.launch.install import PYTHON
from tools.launch.places import Places
from tools.launch.processes import Program
from tools.launch.programs import Address

_TOKEN = "b" * 32
_LOAD = {1: 40, 8: 160}
"""Clients at once, and how many requests of a kind they send in a round."""

Request = tuple[str, str, dict[str, str], bytes]
"""Method, path, headers, body."""


@dataclass
class Found:
    """What was measured of one server on one page with so many clients."""

    cpu_ms: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)


def gunicorn(site: Stand, port: int) -> Program:
    """Return gunicorn as `./run` starts it."""
    places = Places(Path(site.environment["STATE_DIR"]))
    return programs.web(places, Address(port), site.environment)


def gthread(site: Stand, port: int) -> Program:
    """Return gunicorn with its own threads, as they come."""
    base = gunicorn(site, port)
    command = [word.replace("lms.patience.PatientWorker", "gthread") for word in base.command]
    return replace(base, command=command)


def granian(site: Stand, port: int, folder: str, *, preload: bool = False) -> Program:
    """Return granian with as many processes and threads; `preload` loads the product before it forks."""
    start = ["-m", "granian"]
    if preload:
        start = ["-c", "import lms.wsgi; from granian.cli import entrypoint; entrypoint()"]
    command = [str(PYTHON), *start, "lms.wsgi:application", "--interface=wsgi", "--http=1"]
    command += ["--workers=2", "--blocking-threads=8", "--respawn-failed-workers"]
    command += ["--workers-kill-timeout=5", "--log-level=warning", f"--port={port}"]
    base = gunicorn(site, port)
    return replace(base, command=command, environment={**base.environment, "PYTHONPATH": folder})


class Reps:
    """Reps who are signed in; each is good for one attempt."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.world = world
        self.sessions = iter(world["sessions"])

    def headers(self, session: str) -> dict[str, str]:
        """Return what a browser sends along."""
        cookies = f"{self.world['cookie']}={session}; {self.world['csrf']}={_TOKEN}"
        return {"Cookie": cookies, "X-CSRFToken": _TOKEN, "Accept-Encoding": "gzip"}

    def day(self, count: int) -> dict[str, list[Request]]:
        """Return what so many more reps send, kind by kind, in the order of a day."""
        reps = [(next(self.sessions), str(uuid.uuid4())) for _ in range(count)]
        pages = {
            "healthz": "/healthz",
            "home": "/",
            "quiz": f"/modules/{self.world['module']}/quiz/",
        }
        return {
            **{
                name: [("GET", path, self.headers(session), b"") for session, _ in reps]
                for name, path in pages.items()
            },
            "start": [self.answer(*rep, seq=1) for rep in reps],
            "answer": [self.answer(*rep, seq=2) for rep in reps],
            "hand-in": [self.answer(*rep) for rep in reps],
        }

    def answer(self, session: str, attempt: str, seq: int = 0) -> Request:
        """Return an answer to be saved; without a number, the attempt is handed in."""
        answers = [{"item": "q000", "options": ["a"], "seq": seq}] if seq else []
        body = {"module": self.world["module"], "answers": answers, "submit": not seq}
        headers = {**self.headers(session), "Content-Type": "application/json"}
        return "POST", f"/api/attempts/{attempt}/", headers, json.dumps(body).encode()


async def drive(url: str, requests: Sequence[Request], clients: int) -> list[float]:
    """Send all requests by so many clients; returns the milliseconds of each."""
    waiting, taken = iter(requests), list[float]()

    async def client() -> None:
        line = Line(url)
        for request in waiting:
            began = time.perf_counter()
            answer = await line.ask(*request)
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"{request[:2]}: {answer.status} {answer.body[:200]!r}")
        line.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return taken


def speed(site: Stand, servers: Sequence[Program], reps: Reps, rounds: int) -> None:
    """Measure all servers in turn and print a line for each page and number of clients."""
    found: dict[tuple[str, str, int], Found] = defaultdict(Found)
    for number in range(-1, rounds):
        for server in servers:
            for clients, count in _LOAD.items():
                for page, requests in reps.day(count).items():
                    one = found[page, server.name, clients] if number >= 0 else Found()
                    _measure(site, server, requests, clients, one)
    print(f"{'page':9} {'server':18} clients   CPU ms min/med     per s    p50    p95 ms")
    for (page, name, clients), one in sorted(found.items(), key=lambda each: each[0][0::2]):
        spread = statistics.quantiles(one.ms, n=20)
        print(
            f"{page:9} {name:18} {clients:7} {min(one.cpu_ms):8.2f} {statistics.median(one.cpu_ms):6.2f}"
            f" {statistics.median(one.rate):9.0f} {statistics.median(one.ms):6.1f} {spread[-1]:6.1f}"
        )
    for server in servers:
        print(f"{server.name:18} PSS {site.memory_mb(server.name):.0f} MB")


def _measure(
    site: Stand, server: Program, requests: Sequence[Request], clients: int, one: Found
) -> None:
    cpu, began = site.cpu_seconds()[server.name], time.perf_counter()
    one.ms += asyncio.run(drive(_url(server), requests, clients))
    one.rate.append(len(requests) / (time.perf_counter() - began))
    one.cpu_ms.append((site.cpu_seconds()[server.name] - cpu) * 1000 / len(requests))


def _url(server: Program) -> str:
    return server.environment["BENCH_URL"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--granian", help="folder with granian, made by `pip install --target`")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["speed", "rough"])
    options = parser.parse_args()
    with stand() as site:
        kinds = [("gunicorn", gunicorn), ("gunicorn gthread", gthread)]
        if options.granian:
            kinds += [("granian", partial(granian, folder=options.granian))]
            kinds += [("granian preload", partial(granian, folder=options.granian, preload=True))]
        servers = [_named(name, kind, site) for name, kind in kinds]
        each = sum(_LOAD.values()) * (options.rounds + 1) + rough.REPS
        reps = Reps(site.seed("bench.seed_attempt", str(each * len(servers))))
        if options.only != "rough":
            for server in servers:
                site.supervisor.start(server)
            site.supervisor.wait_until_ready()
            speed(site, servers, reps, options.rounds)
            for server in servers:
                site.supervisor.end(server.name, for_good=True)
        if options.only != "speed":
            for server in servers:
                rough.try_out(site, server, _url(server), reps)


def _named(name: str, kind: Callable[[Stand, int], Program], site: Stand) -> Program:
    port = programs.choose_port(None, 8300 + len(name) * 10)
    program = kind(site, port)
    url = f"http://127.0.0.1:{port}"
    return replace(program, name=name, environment={**program.environment, "BENCH_URL": url})


if __name__ == "__main__":
    main()
