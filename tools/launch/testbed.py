"""The tests' own PostgreSQL and Redis: quick and careless, apart from those of `./run`.

Several runs may go on at once in one copy of the project: each takes the first free folder of
`.state-test`, `.state-test-2`, … and keeps it by a lock.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tools.launch.console import Problem
from tools.launch.debian import SystemTools
from tools.launch.places import ROOT, Places
from tools.launch.postgres import Postgres
from tools.launch.processes import Supervisor
from tools.launch.redis import Redis
from tools.launch.services import database_urls

_MOST_RUNS = 9


@dataclass(frozen=True)
class Testbed:
    """Services for one run of the tests."""

    __test__ = False  # pytest: this is no test case

    places: Places
    postgres: Postgres
    redis: Redis

    @classmethod
    def at(cls, state: Path, tools: SystemTools) -> "Testbed":
        """Return the testbed of one folder."""
        places = Places(state)
        server, libraries = tools.redis_server, tools.library_path
        redis = Redis(places, server=server, library_path=libraries, careless=True)
        return cls(places, Postgres(places, careless=True), redis)

    def start(self, supervisor: Supervisor) -> None:
        """Start the services under this supervisor.

        Raises Problem when one doesn't start: a service that can't be had fails the run.
        """
        self.places.make()
        self.postgres.prepare()
        self.redis.prepare()
        for service in (self.postgres, self.redis):
            supervisor.start(service.program())
        supervisor.wait_until_ready()

    def environment(self, worker: str) -> dict[str, str]:
        """Return the settings of one test process; `worker` is xdist's name for it, like `gw0`.

        Each process has a database and a pair of Redis databases of its own: a task that one
        process sends must not run on another one's rows.
        """
        number = int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0
        own = self.places.state / (worker or "main")
        return {
            "TOMONI_ENV": "test",
            "SECRET_KEY": "a-key-for-tests-" + "x" * 40,
            "STATE_DIR": str(own),
            "MEDIA_ROOT": str(own / "media"),
            "STATIC_ROOT": str(self.places.state / "static"),
            "REDIS_URL": self.redis.cache_url(2 * number + 1),
            "BROKER_URL": self.redis.broker_url(2 * number),
            **database_urls(self.postgres, f"test_{worker or 'main'}"),
        }


def take_folder() -> tuple[Path, IO[str]]:
    """Return the first free state folder and its lock, held until the file is closed."""
    for number in range(1, _MOST_RUNS + 1):
        state = ROOT / (".state-test" if number == 1 else f".state-test-{number}")
        state.mkdir(exist_ok=True)
        lock = (state / "lock").open("a", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return state, lock
    raise Problem(f"{_MOST_RUNS} runs of the tests go on already.")


def version_of(redis: Redis) -> str:
    """Return the server's version; raises Problem when it is not the real Redis."""
    told = redis.ask("INFO server").decode(errors="replace")
    fields = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    if fields.get("server_name", "redis") != "redis" or "redis_version" not in fields:
        name = fields.get("server_name", os.fspath(redis.server or ""))
        raise Problem(f"The tests need the real Redis, not {name}: TOMONI_REDIS_SERVER names it.")
    return fields["redis_version"]
