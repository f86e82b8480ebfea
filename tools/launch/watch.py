"""Whether the product works, by its own account on `/readyz`, and what to do if it doesn't."""

import json
import time
from dataclasses import dataclass, field
from http import HTTPStatus

from tools.launch import running
from tools.launch.console import Problem
from tools.launch.places import Places
from tools.launch.processes import Supervisor
from tools.launch.programs import STATISTICS, WORKERS, Address, ask

_EVERY = 30.0
_SILENCE = 60.0
_PATIENCE = 120.0


@dataclass
class Watch:
    """Looks after what the kernel can't tell: a worker that lives, but no longer works.

    Celery's worker may stop taking tasks after its connection broke; then only its canary, which no
    longer sings, gives it away.
    """

    places: Places
    supervisor: Supervisor
    address: Address
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
            self._next_look = now + _EVERY
            self._end_silent_workers(now)

    def _end_silent_workers(self, now: float) -> None:
        silent = _silent_queues(ask(f"{self.address.url}/readyz").body)
        self._silent_since = {queue: self._silent_since.get(queue, now) for queue in silent}
        for queue, since in self._silent_since.items():
            if now - since >= _SILENCE:
                self._silent_since[queue] = now
                self.supervisor.end(f"worker-{queue}")


def _silent_queues(body: str) -> set[str]:
    """Return the queues whose worker gives no sign of life, by what `/readyz` says."""
    try:
        checks = json.loads(body)["checks"]
    except (ValueError, KeyError, TypeError):
        return set()
    return {queue for queue in (*WORKERS, STATISTICS) if checks.get(f"worker_{queue}") is False}
