"""How a web server behaves when it gets rough: a stop under load, lines that say nothing, a process that dies."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench import upload
from bench.stand import Stand, family
from bench.wire import BrokenError, Line
from tools.launch.processes import Program

REPS = 16
"""So many reps a trial needs."""

_CLIENTS = 8
_HALF_OPEN = 200


@dataclass
class Heard:
    """What clients heard while something happened."""

    told: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)
    saved: dict[str, int] = field(default_factory=dict)
    over: bool = False

    def __str__(self) -> str:
        p95 = statistics.quantiles(self.ms, n=20)[-1] if len(self.ms) > 1 else 0.0
        most = max(self.ms, default=0.0)
        return f"{dict(self.told)}, p95 {p95:.0f} ms, longest {most:.0f} ms"


def try_out(site: Stand, program: Program, url: str, reps: Any) -> None:
    """Try one server out and print what it did."""
    print(f"\n{program.name}")
    place = replace(site, url=url)
    people = [next(reps.sessions) for _ in range(REPS)]
    trials: list[tuple[str, Callable[[], None]]] = [
        ("SIGTERM, a line for each request", lambda: _stopped(place, program, reps, people[:8], kept=False)),
        ("SIGTERM, lines kept", lambda: _stopped(place, program, reps, people[8:], kept=True)),
        ("200 lines that say nothing", lambda: _half_open(place, b"")),
        ("200 with half a head", lambda: _half_open(place, b"GET / HTTP/1.1\r\nHost: 127")),
        ("200 with half a body", lambda: _half_open(place, _HALF_A_BODY)),
        ("a process dies", lambda: _died(place, program)),
        ("100 MB in pieces", lambda: upload.run(place, reps.world, upload.film(100), program.name)),
    ]  # fmt: skip
    for name, trial in trials:
        began = time.perf_counter()
        site.supervisor.start(program)
        site.supervisor.wait_until_ready()
        print(f"  {name} (ready after {time.perf_counter() - began:.1f} s):")
        try:
            trial()
            with contextlib.suppress(KeyError):
                print(f"    PSS {site.memory_mb(program.name):.0f} MB")
        finally:
            site.supervisor.end(program.name, for_good=True)


_HALF_A_BODY = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nlogin=a"
)


def _stopped(site: Stand, program: Program, reps: Any, people: list[str], *, kept: bool) -> None:
    heard = Heard()
    pid = site.supervisor.pid(program.name)

    async def happens() -> None:
        await asyncio.sleep(1.5)
        began = time.perf_counter()
        os.kill(pid, signal.SIGTERM)
        await _until(lambda: len(family(pid)) == 1, within=20)
        print(f"    ended after {time.perf_counter() - began:.2f} s")

    def client(session: str) -> Callable[[], Awaitable[None]]:
        return lambda: _saving(site.url, reps, session, heard, kept=kept)

    asyncio.run(_meanwhile(heard, happens, [client(session) for session in people]))
    print(f"    {heard}")
    lost = _lost(site, heard.saved)
    print(f"    {len(heard.saved)} attempts, last answers told but not there: {lost}")


async def _saving(url: str, reps: Any, session: str, heard: Heard, *, kept: bool) -> None:
    """Save answers one after another until nobody listens any more."""
    attempt, line = str(uuid.uuid4()), Line(url, patience=15)
    for seq in itertools.count(1):
        method, path, headers, body = reps.answer(session, attempt, seq=seq)
        began = time.perf_counter()
        try:
            answer = await line.ask(method, path, headers, body)
        except BrokenError as error:
            heard.told["dropped" if error.heard else "nobody there"] += 1
            if not error.heard or heard.over:
                break
            continue
        heard.told[str(answer.status)] += 1
        heard.ms.append((time.perf_counter() - began) * 1000)
        if answer.status == 200:
            heard.saved[attempt] = seq
        if not kept:
            line.close()
    heard.told["sent again"] += line.again


def _lost(site: Stand, saved: dict[str, int]) -> int:
    address = site.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client") as connection:
        rows = connection.execute(
            "SELECT attempt_id::text, max(client_seq) FROM quizzes_answer GROUP BY attempt_id"
        ).fetchall()
    there: dict[str, int] = dict(rows)
    return sum(there.get(attempt, 0) < seq for attempt, seq in saved.items())


def _half_open(site: Stand, said: bytes) -> None:
    heard, host = Heard(), urlsplit(site.url)
    lines = []
    for _ in range(_HALF_OPEN):
        line = socket.create_connection((host.hostname or "", host.port or 0), timeout=5)
        line.sendall(said)
        lines.append(line)

    async def happens() -> None:
        await asyncio.sleep(4)

    clients = [lambda: _asking(site.url, heard)] * _CLIENTS
    asyncio.run(_meanwhile(heard, happens, clients))
    print(f"    {heard}")
    for line in lines:
        line.close()


def _died(site: Stand, program: Program) -> None:
    heard = Heard()
    main = site.supervisor.pid(program.name)
    before = set(family(main)) - {main}

    async def happens() -> None:
        await asyncio.sleep(1)
        began = time.perf_counter()
        killed = max(before)
        os.kill(killed, signal.SIGKILL)
        await _until(lambda: len(set(family(main)) - {main, killed}) >= len(before), within=10)
        print(f"    as many processes again after {time.perf_counter() - began:.2f} s")
        await asyncio.sleep(5)

    clients = [lambda: _asking(site.url, heard)] * _CLIENTS
    asyncio.run(_meanwhile(heard, happens, clients))
    print(f"    {heard}")


async def _until(done: Callable[[], bool], within: float) -> None:
    """Look again and again, for so many seconds at most."""
    for _ in range(round(within / 0.02)):
        if done():
            break
        await asyncio.sleep(0.02)


async def _asking(url: str, heard: Heard) -> None:
    line = Line(url, patience=5)
    while not heard.over:
        began = time.perf_counter()
        try:
            answer = await line.ask("GET", "/accounts/login/", {"Accept-Encoding": "gzip"})
            heard.told[str(answer.status)] += 1
        except BrokenError as error:
            heard.told["dropped" if error.heard else "nobody there"] += 1
        heard.ms.append((time.perf_counter() - began) * 1000)
    heard.told["sent again"] += line.again


async def _meanwhile(
    heard: Heard,
    happens: Callable[[], Awaitable[None]],
    clients: Sequence[Callable[[], Awaitable[None]]],
) -> None:
    async def then_over() -> None:
        await happens()
        heard.over = True

    await asyncio.gather(then_over(), *(client() for client in clients))
