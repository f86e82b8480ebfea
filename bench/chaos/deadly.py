"""Loaded into a worker or web server of the stage: processes that die at exactly the wrong moment.

A process takes a token from the folder `CHAOS_TOKENS` and dies for it: `before…` just before it rings a bell, when all
is committed and nobody has been told; `after…` right after it, before anything of it is noted anywhere.
"""

import dataclasses
import os
import signal
from pathlib import Path
from typing import Any

from core import bell
from core.events import Event
from core.outbox import subscribe

_ring = bell.call


@dataclasses.dataclass(frozen=True, kw_only=True)
class Poison(Event):
    """News that nobody survives."""


@subscribe(Poison)
def die(event: Poison) -> None:
    """Kill the process at work, as a lack of memory would."""
    _die()


def call(task: str, queue: str, *args: Any) -> bool:
    """Ring, unless a token says to die."""
    token = _token()
    if token.startswith("before"):
        _die()
    rung = _ring(task, queue, *args)
    if token:
        _die()
    return rung


def _token() -> str:
    folder = os.environ.get("CHAOS_TOKENS")
    for path in sorted(Path(folder).iterdir()) if folder else ():
        try:
            path.unlink()  # only one process can
        except FileNotFoundError:
            continue
        return path.name
    return ""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


bell.call = call
