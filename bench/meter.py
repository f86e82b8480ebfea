"""What a stretch of work takes: seconds, processor time by program, and the largest memory of worker and database."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from bench.stand import Stand, family

WORKER, DATABASE = "worker-stats", "postgresql"
_EVERY = 2.0


@dataclass
class Spent:
    """What was spent; memory in MB. The worker's is the highest each of its processes had, added up."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    worker_mb: float = 0.0
    database_mb: float = 0.0
    load: tuple[float, float] = (0.0, 0.0)

    @property
    def worker(self) -> float:
        """Processor seconds of the statistics worker."""
        return self.cpu.get(WORKER, 0.0)

    @property
    def database(self) -> float:
        """Processor seconds of PostgreSQL."""
        return self.cpu.get(DATABASE, 0.0)

    @property
    def all(self) -> float:
        """Processor seconds of worker and database together."""
        return self.worker + self.database


@contextmanager
def metered(site: Stand) -> Iterator[Spent]:
    """Measure the block."""
    spent, ended = Spent(), threading.Event()
    pids = family(site.supervisor.pid(WORKER))
    for pid in pids:
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # the highest memory so far is now

    def look() -> None:
        while True:
            with suppress(OSError, ValueError, IndexError):
                spent.database_mb = max(spent.database_mb, site.memory_mb(DATABASE))
            if ended.wait(_EVERY):
                return

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    before, began, load = site.cpu_seconds(), monotonic(), _load()
    try:
        yield spent
    finally:
        spent.seconds = monotonic() - began
        spent.cpu = {name: cpu - before[name] for name, cpu in site.cpu_seconds().items()}
        spent.load = load, _load()
        ended.set()
        looker.join()
        spent.worker_mb = sum(_highest(pid) for pid in family(site.supervisor.pid(WORKER)))


def _highest(pid: int) -> float:
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _load() -> float:
    return float(Path("/proc/loadavg").read_text().split()[0])
