"""The product's own programs: web server, workers by queue, clock."""

import functools
import http.client
import os
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from tools.launch.console import Problem, tail
from tools.launch.install import PYTHON
from tools.launch.places import ROOT, Places
from tools.launch.processes import Program

FIRST_PORT = 8000
# Each queue has workers of its own, so that a video never delays a score.
WORKERS = {"score": 2, "media": 1, "bulk": 1}
# What may take a while takes processors that pages and scores leave it: a page is waited for, a video isn't. Notices
# and mail are in `bulk` as well: beside busy pages it has a third of their weight, the others a tenth.
NICENESS = {"media": 10, "bulk": 5, "stats": 10}
# A password's hash takes 19 MiB for a moment: they go back to the system instead of staying with the process, and come
# in large pages, which costs 3 ms instead of 10.
_MEMORY = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
STATISTICS = "stats"
"""The queue whose worker needs libraries of its own, which come after the first page."""
CLOCK = "beat"
LONGEST_ADDRESS = 8190
"""So long may a request's first line be: the editor asks for a hundred words by their ids at once."""
_STOP_WORKER_WITHIN = 6.0


@dataclass(frozen=True)
class Address:
    """Where the web server listens, and with which certificate."""

    port: int
    host: str = "127.0.0.1"
    certificate: Path | None = None
    key: Path | None = None

    @property
    def url(self) -> str:
        """What a person types."""
        return f"{'https' if self.certificate else 'http'}://{self.host}:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """Every name under which the server listens."""
        return list(dict.fromkeys([self.host, "127.0.0.1"]))


@dataclass(frozen=True)
class Answer:
    """What a web server said."""

    status: int
    body: str


def settings(places: Places, address: Address, services: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of the product's programs."""
    return {
        **os.environ,
        "TOMONI_ENV": "embedded",
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "SECRET_KEY": places.secret(),
        "PUBLIC_URL": address.url,
        "ALLOWED_HOSTS": ",".join([*address.hosts, "localhost"]),
        "STATE_DIR": str(places.state),
        "MEDIA_ROOT": str(places.state / "media"),
        "STATIC_ROOT": str(places.state / "static"),
        "PYTHONUNBUFFERED": "1",
        **_MEMORY,
        **services,
    }


def web(places: Places, address: Address, environment: Mapping[str, str]) -> Program:
    """The web server. One process is loaded, then forked: the second one costs little memory."""
    command = [
        str(PYTHON),
        "-m",
        "gunicorn",
        "lms.wsgi",
        "--worker-class=lms.patience.PatientWorker",
        "--preload",
    ]
    command += ["--workers=2", "--threads=8", "--timeout=60", "--graceful-timeout=5"]
    command += [f"--limit-request-line={LONGEST_ADDRESS}"]
    command += [f"--control-socket={places.sockets}/gunicorn.ctl", "--log-level=warning"]
    command += [f"--bind={host}:{address.port}" for host in address.hosts]
    if address.certificate and address.key:
        command += [f"--certfile={address.certificate}", f"--keyfile={address.key}"]
    return Program(
        name="web",
        command=command,
        environment={**environment, "TOMONI_ROLE": "app"},
        cwd=ROOT,
        is_ready=lambda: ask(f"{address.url}/healthz").status == HTTPStatus.OK,
    )


def workers(environment: Mapping[str, str]) -> list[Program]:
    """One worker for each queue."""
    return [worker([queue], environment, processes) for queue, processes in WORKERS.items()]


def worker(queues: Sequence[str], environment: Mapping[str, str], processes: int) -> Program:
    """A Celery worker of its own for these queues."""
    name = f"worker-{'-'.join(queues)}"
    command = [str(PYTHON), "-m", "celery", "-A", "lms", "worker", "--pool=prefork"]
    command += [f"--queues={','.join(queues)}", f"--concurrency={processes}", f"-n{name}@%h"]
    return Program(
        name=name,
        command=[*command, "--without-gossip", "--without-mingle", "--loglevel=INFO"],
        environment={**environment, "TOMONI_ROLE": "worker", "C_FORCE_ROOT": "1"},
        cwd=ROOT,
        stop_signal=signal.SIGTERM,
        stop_within=_STOP_WORKER_WITHIN,
        niceness=min(NICENESS.get(queue, 0) for queue in queues),
    )


def beat(places: Places, environment: Mapping[str, str]) -> Program:
    """The clock that rings the periodic tasks."""
    command = [str(PYTHON), "-m", "celery", "-A", "lms", "beat", "--pidfile=", "--loglevel=INFO"]
    return Program(
        name=CLOCK,
        command=[*command, f"--schedule={places.state / 'beat-schedule'}"],
        environment={**environment, "TOMONI_ROLE": "worker"},
        cwd=ROOT,
    )


def manage(command: Sequence[str], environment: Mapping[str, str], logs: Path) -> None:
    """Run `manage.py` as the database's owner; raises Problem with its last words."""
    log = logs / f"{command[0]}.log"
    with log.open("ab") as output:
        done = subprocess.run(
            [str(PYTHON), "manage.py", *command],
            check=False,
            cwd=ROOT,
            env={**environment, "TOMONI_ROLE": "owner"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise Problem(f"`manage.py {command[0]}` failed:\n{tail(log)}")


def choose_port(wished: int | None, remembered: int | None) -> int:
    """Return the port to listen on: the wished one, last time's, or the next free one.

    A phone keeps what it stored under the port's address, so a port once taken is kept. Raises
    Problem when the wished one is taken.
    """
    if wished is not None:
        if not is_free(wished):
            raise Problem(f"Port {wished} is in use. Choose another one with --port.")
        return wished
    first = remembered or FIRST_PORT
    for port in range(first, first + 100):
        if is_free(port):
            return port
    raise Problem(f"No port between {first} and {first + 99} is free.")


def ask(url: str) -> Answer:
    """Return the server's answer; its status is 0 when none comes, or it breaks off."""
    try:
        with _opener().open(url, timeout=5) as found:
            return Answer(found.status, found.read().decode(errors="replace"))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException):
        return Answer(0, "")


@functools.cache
def _opener() -> urllib.request.OpenerDirector:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE  # our own certificate, asked from the same machine
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
    )


def is_free(port: int) -> bool:
    """Say whether nobody listens on this port of the machine itself."""
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
