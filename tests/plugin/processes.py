"""Real processes on the test database: web server, workers, clock."""

import fcntl
import functools
import os
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from axe_playwright_python.base import AXE_SCRIPT

from tests.plugin import children
from tests.plugin.patience import PATIENCE
from tools.launch import programs
from tools.launch.places import Places
from tools.launch.processes import Program, Supervisor
from tools.launch.programs import Address
from tools.launch.pytest_services import bed
from tools.launch.world import static_print

AXE = "axe.js"
STATIC = bed.places.state / "static"
QUEUES = ("score", "media", "bulk", "stats")
_QUIET = 10
"""So often in a row must nothing be seen: between queue and worker a task is in neither for a moment."""


def product_environment() -> dict[str, str]:
    """Return the environment of the product's processes: the tests' one, with packed files."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    del environment["STATICFILES_BACKEND"]
    return environment


@dataclass
class Processes:
    """The product's processes of one test process, started when first needed and then kept."""

    places: Places
    supervisor: Supervisor
    address: Address
    broker: redis.Redis
    """Kept from test to test: each new connection looks through all installed packages."""
    _started: set[str] = field(default_factory=set)

    def ensure(self, program: Program) -> None:
        """Start the program, or start it again where a test has killed it."""
        if program.name in self._started:
            self.supervisor.revive()
        else:
            self.supervisor.start(program)
            self._started.add(program.name)
        self.supervisor.wait_until_ready()


@dataclass(frozen=True)
class Worker:
    """A Celery worker that serves all queues of this test process."""

    processes: Processes
    name: str

    @property
    def pid(self) -> int:
        """The id of its main process."""
        return self.processes.supervisor.pid(self.name)

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self.processes.places.logs / f"{self.name}.log"

    def wait_until_idle(self) -> None:
        """Wait until no task waits or runs; fails when that takes too long."""
        until = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < _QUIET:
            quiet = 0 if self._has_work() else quiet + 1
            self.processes.supervisor.tend()
            if time.monotonic() > until:
                pytest.fail(f"The worker is still busy after {PATIENCE:.0f} s: {self.log}")
            time.sleep(0.01)  # a look, not a wait: ten of them in a row decide

    def _has_work(self) -> bool:
        """Say whether a task waits or runs, as it was at one moment."""
        with self.processes.broker.pipeline() as asked:
            for queue in QUEUES:
                asked.llen(queue)
            asked.hlen("unacked")
            return any(asked.execute())


@dataclass(frozen=True)
class Site:
    """A web server with a worker behind it."""

    url: str
    worker: Worker


@pytest.fixture(scope="session")
def processes(django_db_setup: None) -> Iterator[Processes]:
    """Keep the product's processes for this whole run."""
    places = Places(Path(os.environ["STATE_DIR"])).make()
    supervisor = Supervisor(places.logs, print)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with redis.Redis.from_url(_plain_url(os.environ["BROKER_URL"])) as broker:
        yield Processes(places, supervisor, Address(port), broker)
        supervisor.stop()
    places.forget_sockets()


@pytest.fixture
def worker(transactional_db: None, processes: Processes) -> Iterator[Worker]:
    """Have a real Celery worker process serve the queues; it has finished when the test is over."""
    program = programs.worker(QUEUES, product_environment(), 2)
    processes.ensure(program)
    found = Worker(processes, program.name)
    yield found
    processes.supervisor.revive()
    found.wait_until_idle()


@pytest.fixture
def beat(worker: Worker, processes: Processes) -> Iterator[None]:
    """Have the clock ring the periodic tasks during this test."""
    program = programs.beat(processes.places, product_environment())
    processes.supervisor.start(program)
    yield
    processes.supervisor.end(program.name, for_good=True)


@pytest.fixture
def site(worker: Worker, processes: Processes) -> Site:
    """Have a real web server answer at `site.url`, with the real static files."""
    collect_static_files()
    environment = {
        **product_environment(),
        "PUBLIC_URL": processes.address.url,
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    processes.ensure(programs.web(processes.places, processes.address, environment))
    return Site(processes.address.url, worker)


@functools.cache
def collect_static_files() -> None:
    """Fill STATIC_ROOT, once for each state of the files and for all test processes."""
    with (bed.places.state / "static.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = {"static": static_print()}
        if bed.places.read("static") == now and (STATIC / AXE).exists():
            return
        done = children.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear"],
            env={**product_environment(), "TOMONI_ROLE": "owner"},
        )
        if done.returncode:
            pytest.fail(f"collectstatic failed:\n{done.stderr}")
        # Served like a script of ours, axe is read from the browser's cache instead of being sent to each page.
        (STATIC / AXE).write_text(AXE_SCRIPT, encoding="utf-8")
        bed.places.write("static", now)


def _plain_url(broker: str) -> str:
    """Translate Celery's address of a socket into redis-py's."""
    path, _, number = broker.removeprefix("redis+socket://").partition("?virtual_host=")
    return f"unix://{path}?db={number}"
