"""Waiting in tests: it ends in success or in words, never in silence."""

import time
from collections.abc import Callable

import pytest

PATIENCE = 90.0
"""How many seconds tests wait for what should come at once.

A busy machine stands still for half a minute now and then: what comes late all the same is no bug, and one who
waits longer loses time only where something fails.
"""


def wait_until(
    true: Callable[[], object],
    what: str,
    patience: float = PATIENCE,
    *,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Wait until the function returns something true; fails with `what` it was for when that takes too long.

    `meanwhile` is done between two looks: what else must go on.
    """
    limit = time.monotonic() + patience
    while not true():
        if time.monotonic() > limit:
            pytest.fail(f"After {patience:.0f} s it is still not so: {what}")
        meanwhile()
        time.sleep(0.02)
