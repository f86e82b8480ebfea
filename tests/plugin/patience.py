"""Waiting in tests: it ends in success or in words, never in silence."""

import time
from collections.abc import Callable

import pytest


def wait_until(true: Callable[[], object], what: str, patience: float = 20) -> None:
    """Wait until the function returns something true; fails with `what` it was for when that takes too long."""
    limit = time.monotonic() + patience
    while not true():
        if time.monotonic() > limit:
            pytest.fail(f"After {patience:.0f} s it is still not so: {what}")
        time.sleep(0.02)
