"""The sign of life of a worker that is at work: its queue's canary waits behind the task, or behind many."""

import threading

import structlog
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from core.models import Canary

log = structlog.get_logger(__name__)

EVERY = 10.0
"""So many seconds apart beats the pulse."""


class Pulse:
    """What this process is at, and the thread beside that tells of it with a connection of its own.

    It only refreshes the sign that the clock has begun, and it stops with the process: one that is stopped, or
    waits for tasks that never come, gives none.
    """

    def __init__(self) -> None:
        self._queue = ""
        self._busy = False
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, queue: str) -> None:
        """Note that a task of this queue has begun."""
        self._queue, self._busy = queue, True

    def end(self) -> None:
        """Note that it is over."""
        self._busy = False

    def beat(self) -> None:
        """Refresh the queue's sign of life if something was done since the last beat, or is still being done."""
        queue, busy = self._queue, self._busy
        if not busy:
            self._queue = ""
        if queue:
            Canary.objects.filter(queue=queue).update(sung_at=Now())

    def start(self) -> None:
        """Have a thread beat from now on."""
        self._thread = threading.Thread(target=self._go_on, name="pulse", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def _go_on(self) -> None:
        while not self._over.wait(EVERY):
            try:
                self.beat()
            except DatabaseError as error:  # it is away for a moment; the work itself will tell
                log.warning("no_sign_of_life", error=str(error)[:200])
            finally:
                connection.close()


own = Pulse()
"""This process's."""
