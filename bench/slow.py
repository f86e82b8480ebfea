"""Hundreds of senders that never finish: what everybody else notices of them.

    .venv/bin/python -m bench.slow [--senders 500] [--seconds 10]

Starts the product's own stack, measures one reader (a page without and an answer with the database, no pauses), then
the same beside senders that are half open, send a head byte by byte, or a body byte by byte. Prints the reader's
times, and how many of their requests failed.
"""

import argparse
import http.client
import json
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bench.stand import Stand, stand
from tests.plugin.slowsenders import KINDS, Senders

_TOKEN = "b" * 32


class Reader:
    """Somebody who reads pages and answers questions meanwhile, on a new connection each time."""

    def __init__(self, place: Stand, world: dict[str, Any]) -> None:
        host = urlsplit(place.url)
        self.address = (host.hostname or "", host.port or 0)
        self.world = world
        self.headers = {
            "Cookie": f"{world['cookie']}={world['sessions'][0]}; {world['csrf']}={_TOKEN}",
            "X-CSRFToken": _TOKEN,
            "Content-Type": "application/json",
        }

    def read(self, seconds: float) -> tuple[list[float], int]:
        """Ask for so long; return the milliseconds of what was answered, and how much was not."""
        times, failed, until = [], 0, time.monotonic() + seconds
        while time.monotonic() < until:
            for method, path, body in self._asks():
                began = time.perf_counter()
                connection = http.client.HTTPConnection(*self.address, timeout=10)
                try:
                    connection.request(method, path, body, self.headers)
                    response = connection.getresponse()
                    response.read()
                    failed += response.status >= 400
                    times.append((time.perf_counter() - began) * 1000)
                except OSError:
                    failed += 1
                    times.append((time.perf_counter() - began) * 1000)
                finally:
                    connection.close()
        return times, failed

    def _asks(self) -> Iterator[tuple[str, str, str | None]]:
        answers = [{"item": "q000", "options": ["a"], "seq": 1}]
        body = json.dumps({"module": self.world["module"], "answers": answers, "submit": False})
        yield "GET", "/learn/", None
        yield "POST", f"/api/attempts/{uuid.uuid5(uuid.NAMESPACE_URL, 'slow')}/", body


@contextmanager
def beside(reader: Reader, kind: str, count: int) -> Iterator[Callable[[], int]]:
    """Have senders of this kind there; yields how many were thrown out so far."""
    if kind == "nobody":
        yield lambda: 0
        return
    with Senders(reader.address, kind, count) as senders:
        time.sleep(1)
        yield lambda: senders.thrown_out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--senders", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with stand() as place:
        reader = Reader(place, place.seed("bench.seed_attempt", "1"))
        reader.read(3)
        print(f"{options.senders} slow senders; one reader for {options.seconds:.0f} s each")
        base = 0.0
        for kind in ("nobody", *KINDS):
            with beside(reader, kind, options.senders) as thrown_out:
                times, failed = reader.read(options.seconds)
                p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
                base = base or p95
                print(
                    f"  {kind:12} n {len(times):5}  median {statistics.median(times):8.1f} ms  p95 {p95:8.1f} ms"
                    f"  ({p95 / base:.2f} x)  failed {failed:3}  thrown out {thrown_out()}"
                )
            time.sleep(2)


if __name__ == "__main__":
    main()
