"""The product's web server, which writes down how long each request waited for a thread, and beside how many others.

Load on the machine changes how long an answer takes, but hardly who goes before whom.
"""

import os
import threading
import time
from pathlib import Path
from typing import Any

from lms.patience import PatientWorker

SESSION, FILE = "WATCHED_SESSION", "WATCHED_FILE"
"""Whose requests are told apart, and where the lines go."""


class WatchedWorker(PatientWorker):
    """Writes a line for each request: whether it is the watched one's, ms waited, others at work as it began."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session = os.environ[SESSION].encode()
        self._lines = Path(os.environ[FILE]).open("a", buffering=1, encoding="ascii")  # noqa: SIM115
        self._busy = 0
        self._lock = threading.Lock()

    def _hand_over(self, conn: Any) -> None:
        conn.asked_at = time.perf_counter()
        conn.is_watched = self._session in conn.gathered
        super()._hand_over(conn)

    def handle(self, conn: Any) -> Any:
        """Answer a request; runs in a thread."""
        began = time.perf_counter()
        with self._lock:
            beside, self._busy = self._busy, self._busy + 1
        try:
            return super().handle(conn)
        finally:
            with self._lock:
                self._busy -= 1
            waited = (began - conn.asked_at) * 1000
            took = (time.perf_counter() - began) * 1000
            self._lines.write(f"{conn.is_watched:d} {waited:.2f} {beside} {took:.2f}\n")
