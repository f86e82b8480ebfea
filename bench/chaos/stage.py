"""The deployed stack with people at work in it, and hands on its processes.

Everything that touches the supervisor happens on the main thread: it also looks after the stack while it waits.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from celery import Celery
from kombu.exceptions import OperationalError

from bench.chaos.journal import Journal
from bench.chaos.phones import Load, Phone
from bench.stand import Stand, stand
from tools.launch import programs
from tools.launch.places import ROOT, Places
from tools.launch.processes import Program
from tools.launch.programs import CLOCK, STATISTICS, WORKERS, Address
from tools.launch.watch import Watch

_STEP = 0.02


@dataclass
class Stage:
    """A running stack, its world, the phones that are signed in, and the journal of what they were told."""

    site: Stand
    world: dict[str, Any]
    journal: Journal
    watch: Watch
    phones: list[Phone] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    strikes: int = 0
    struck_at: float = 0.0

    def begin(self) -> None:
        """Count strokes anew."""
        self.strikes, self.struck_at = 0, time.monotonic()

    def strike(self, times: int = 1) -> None:
        """Count strokes; from the last one on it must heal."""
        if times > 0:
            self.strikes, self.struck_at = self.strikes + times, time.monotonic()

    @staticmethod
    def tried(true: Callable[[], bool]) -> bool:
        """Say whether something is true; a server that is away makes it false."""
        try:
            return true()
        except (psycopg.Error, redis.RedisError, OperationalError, OSError):
            return False

    @property
    def places(self) -> Places:
        """Where the stack keeps its files."""
        return Places(Path(self.site.environment["STATE_DIR"]))

    def tend(self) -> None:
        """Do what `./run` does all the time: start what died, end what hangs."""
        self.site.supervisor.tend()
        self.watch.look()

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.until(lambda: False, seconds)

    def until(self, true: Callable[[], bool], patience: float) -> bool:
        """Wait until something is true and say whether it came true in time."""
        end = time.monotonic() + patience
        while not true():
            if time.monotonic() >= end:
                return False
            self.tend()
            time.sleep(_STEP)  # nothing tells of what other programs have come to
        return True

    def revive(self) -> None:
        """Start at once what is dead, as if it had died for the first time in an hour."""
        self.site.supervisor.revive()

    def pid(self, name: str) -> int:
        """Return the process id of one program."""
        return self.site.supervisor.pid(name)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a program and all that it started."""
        os.killpg(self.pid(name), number)

    def children(self, name: str) -> list[int]:
        """Return the living children of a program: a dead one that nobody has taken note of isn't one."""
        pid = self.pid(name)
        try:
            found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []
        return [int(child) for child in found if _lives(int(child))]

    def exchange(self, name: str, program: Program) -> None:
        """End a program and have another one in its place."""
        self.site.supervisor.end(name, for_good=True)
        self.site.supervisor.start(program)
        self.site.supervisor.wait_until_ready()

    def program(self, name: str) -> Program:
        """Return a program as `./run` starts it."""
        environment = self.site.environment
        if name == "web":
            address = Address(urlsplit(self.site.url).port or 0)
            return programs.web(self.places, address, environment)
        if name == CLOCK:
            return programs.beat(self.places, environment)
        queue = name.removeprefix("worker-")
        return programs.worker([queue], environment, WORKERS[queue])

    @contextmanager
    def load(self, clients: int = 8, *, patience: float = 60, **more: Any) -> Iterator[Load]:
        """Have phones at work meanwhile; in the end each ends the quiz that it is at."""
        load = Load(self.phones, self.world["modules"], **more).start(clients)
        try:
            yield load
        finally:
            load.stop(self.until, patience)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database, as its owner in the client's scope."""
        with database(self.site) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def redis(self) -> redis.Redis:
        """Return a connection to the stack's Redis."""
        path = self.site.environment["REDIS_URL"].removeprefix("unix://").partition("?")[0]
        return redis.Redis(unix_socket_path=path)

    def ring_canaries(self) -> None:
        """Ask every queue's worker for a sign of life, as the clock does."""
        with Celery(
            "bench", broker=self.site.environment["BROKER_URL"], set_as_current=False
        ) as app:
            for queue in WORKERS:
                app.send_task("core.sing", args=[queue], queue=queue, retry=False, expires=60)

    def manage(self, command: str) -> str:
        """Run `manage.py` as the owner; returns what it said where it found something wrong."""
        done = subprocess.run(
            [sys.executable, "manage.py", command],
            check=False,
            cwd=ROOT,
            env={**self.site.environment, "TOMONI_ROLE": "owner"},
            capture_output=True,
            text=True,
        )
        return f"{command}: {done.stdout[-600:]}{done.stderr[-300:]}" if done.returncode else ""


@contextmanager
def database(site: Stand) -> Iterator["psycopg.Connection[Any]"]:
    """Connect as the owner in the client's scope, in which all rows are seen."""
    address = site.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client", autocommit=True) as connection:
        yield connection


def _lives(pid: int) -> bool:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] not in {"Z", "X"}


@contextmanager
def stage(reps: int, modules: int) -> Iterator[Stage]:
    """Start the stack, check that it is ours, make the world and sign everybody in."""
    with stand() as site:
        _check_that_it_is_ours(site)
        world = site.seed("bench.chaos.seed", str(reps), str(modules))
        places = Places(Path(site.environment["STATE_DIR"]))
        journal = Journal(places.state / "acknowledged.jsonl")
        journal.path.touch()
        if find_spec("scipy"):
            site.supervisor.start(programs.worker([STATISTICS], site.environment, 1))
        watch = Watch(places, site.supervisor, Address(urlsplit(site.url).port or 0))
        made = Stage(site, world, journal, watch)
        site.supervisor.report = made.reports.append
        for rep in world["reps"]:
            phone = Phone(site.url, rep["person"], rep["login"], journal)
            phone.sign_in(world["password"])
            made.phones.append(phone)
        watch.wait_until_all_works()
        yield made


def _check_that_it_is_ours(site: Stand) -> None:
    """Fail rather than hurt a server that somebody else runs."""
    state = site.environment["STATE_DIR"]
    tag = Places(Path(state)).tag
    with psycopg.connect(site.environment["DATABASE_ADMIN_URL"]) as connection:
        [[data, listens]] = connection.execute(
            "SELECT current_setting('data_directory'), current_setting('listen_addresses')"
        ).fetchall()
    assert state in data or tag in data, f"not our PostgreSQL: {data}"
    assert not listens
    path = site.environment["REDIS_URL"].removeprefix("unix://").partition("?")[0]
    with redis.Redis(unix_socket_path=path) as connection:
        folder = str(connection.config_get("dir")["dir"])
        assert int(connection.config_get("port")["port"]) == 0
    assert folder.startswith(state), f"not our Valkey: {folder}"
    port = urlsplit(site.url).port or 0
    assert _listens(site.supervisor.pid("web"), port), f"not our web server at {site.url}"


def _listens(pid: int, port: int) -> bool:
    """Say whether it is this process that listens on a port of the machine itself."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{f[9]}]" for f in lines if f[3] == "0A" and f[1].endswith(f":{port:04X}")}
    own = {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
    return bool(inodes & own)
