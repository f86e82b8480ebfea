"""Run the same moment on several threads, each with a database connection of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connections

from tests.plugin.patience import PATIENCE


def race(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the jobs at once, from one starting shot; return their results or errors, in order.

    Fails when one doesn't come to an end.
    """
    barrier = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(PATIENCE)
            results[index] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[index] = error
        finally:
            connections.close_all()

    # Daemons: one that hangs mustn't keep the test process from its end.
    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))
    left = [number for number, thread in enumerate(threads) if thread.is_alive()]
    if left:
        pytest.fail(f"Still running after {PATIENCE:.0f} s: jobs {left} of {len(jobs)}")
    return results
