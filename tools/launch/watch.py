"""Whether the product works, by its own account on `/readyz`, and what to do if it doesn't."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from tools.launch import running
from tools.launch.console import Problem
from tools.launch.places import Places
from tools.launch.processes import Supervisor
from tools.launch.programs import CLOCK, NICENESS, STATISTICS, WORKERS, Address, ask

_PATIENCE = 120.0


@dataclass(frozen=True)
class Limits:
    """In seconds: how often is looked, how long a queue may be silent by `/readyz`, how long a start may take.

    What gives way to others (NICENESS) starts three times as slowly on a machine at its limit: to end it for that would
    only add to the load.

    `/readyz` counts a queue as silent 45 s after its last song, so that its worker is ended some 60 s after it.
    """

    every: float = 5.0
    silence: float = 15.0
    start: float = 60.0


@dataclass
class Watch:
    """Looks after what the kernel can't tell: a worker that lives, but no longer works.

    Celery's worker may stop taking tasks after its connection broke; then only its canary, which no
    longer sings, gives it away. Where none sings any more, the clock that rings them may be what hangs.
    """

    places: Places
    supervisor: Supervisor
    address: Address
    limits: Limits = Limits()
    _next_look: float = 0.0
    _noted: list[int] = field(default_factory=list)
    _silent_since: dict[str, float] = field(default_factory=dict)

    def wait_until_all_works(self) -> None:
        """Wait until every part works; raises Problem, telling what `/readyz` says."""
        until = time.monotonic() + _PATIENCE
        while True:
            self.supervisor.tend()
            found = ask(f"{self.address.url}/readyz")
            if found.status == HTTPStatus.OK:
                return
            if time.monotonic() > until:
                raise Problem(f"Not everything works. /readyz says: {found.body}")
            time.sleep(0.2)

    def look(self) -> None:
        """Keep the note of what runs true, and end workers that have fallen silent."""
        pids = self.supervisor.pids()
        if pids != self._noted:
            running.note(self.places, self.address.url, pids)
            self._noted = pids
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + self.limits.every
            self._end_what_is_silent(now)

    def _end_what_is_silent(self, now: float) -> None:
        queues = _queues(ask(f"{self.address.url}/readyz").body)
        silent = {queue for queue, sings in queues.items() if not sings}
        self._silent_since = {queue: self._silent_since.get(queue, now) for queue in silent}
        ages = self.supervisor.ages()
        over = [queue for queue in silent if self._is_over(queue, now, ages)]
        clock = [CLOCK] if over and len(over) == len(queues) else []
        for program in [*clock, *map(_worker, over)]:
            if ages.get(program, -1) >= self.limits.start:
                self.supervisor.report(f"{program} gives no sign of life; it starts again.")
                self.supervisor.end(program)

    def _is_over(self, queue: str, now: float, ages: Mapping[str, float]) -> bool:
        """Say whether a silent queue has had its time. A worker that is only just up is given more."""
        silent = now - self._silent_since[queue]
        start = self.limits.start * (3 if queue in NICENESS else 1)
        return silent >= self.limits.silence and ages.get(_worker(queue), -1) >= start


def _worker(queue: str) -> str:
    return f"worker-{queue}"


def _queues(body: str) -> dict[str, bool]:
    """Return the queues and whether their workers give a sign of life, by what `/readyz` says."""
    try:
        checks = json.loads(body)["checks"]
        return {
            queue: checks[f"worker_{queue}"]
            for queue in (*WORKERS, STATISTICS)
            if f"worker_{queue}" in checks
        }
    except (ValueError, KeyError, TypeError):
        return {}
