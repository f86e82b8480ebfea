"""A worker whose handler kills it, in a process of its own: what runs here ends without a word."""

import os
import signal

import django


def work(delivery: int) -> None:
    """Do a delivery as a worker does, with a handler that is called `tests.core.deadly.die`."""
    django.setup()
    from core import outbox  # noqa: PLC0415 - models are there after the set-up only
    from core.outbox import subscribe  # noqa: PLC0415
    from tests.core.ringing import BellRang  # noqa: PLC0415

    subscribe(BellRang)(die)
    outbox.process(delivery)


def die(event: object) -> None:
    """Kill the process that handles the event."""
    os.kill(os.getpid(), signal.SIGKILL)
