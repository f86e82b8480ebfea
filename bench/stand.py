"""A stand to measure on: the product's own stack, in a folder of its own, thrown away afterwards.

It is what `./run` starts: PostgreSQL with durable commits, Valkey, gunicorn, a worker for each queue.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.launch import programs
from tools.launch.places import ROOT, Places
from tools.launch.processes import Supervisor
from tools.launch.programs import Address
from tools.launch.services import Services

_FIRST_PORT = 20_000
"""Each stand looks for a free port elsewhere: two that begin at once must not meet at one."""

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Stand:
    """A running stack."""

    url: str
    environment: dict[str, str]
    supervisor: Supervisor

    def cpu_seconds(self) -> dict[str, float]:
        """Return the CPU time that each server program has used so far, children included."""
        parents: dict[int, int] = {}
        used: dict[int, float] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                parents[int(entry.name)] = int(fields[1])
                used[int(entry.name)] = sum(int(value) for value in fields[11:15]) / _TICKS
        roots = self.supervisor.named_pids()
        totals = dict.fromkeys(roots.values(), 0.0)
        for pid, cpu in used.items():
            root = _root_of(pid, roots, parents)
            if root:
                totals[roots[root]] += cpu
        return totals

    def memory_mb(self, name: str) -> float:
        """Return the memory of a program and its children, what they share counted once (PSS)."""
        pids = family(self.supervisor.pid(name))
        return sum(_pss_kb(pid) for pid in pids) / 1024

    def memories(self) -> dict[str, float]:
        """Return the memory of every program in MB."""
        names = self.supervisor.named_pids().values()
        return {name: self.memory_mb(name) for name in names}

    def seed(self, module: str, *arguments: str) -> Any:
        """Run a module that prints JSON, as the database's owner, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            check=True,
            cwd=ROOT,
            env={**self.environment, "TOMONI_ROLE": "owner"},
            stdout=subprocess.PIPE,
        )
        return json.loads(done.stdout)


def family(root: int) -> list[int]:
    """Return a process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _pss_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.partition("\nPss:")[2].split()[0])


def _root_of(pid: int, roots: dict[int, str], parents: dict[int, int]) -> int:
    while pid and pid not in roots:
        pid = parents.get(pid, 0)
    return pid


@contextmanager
def stand() -> Iterator[Stand]:
    """Start the stack on a free port; stop it and remove its folder in the end."""
    folder = Path(tempfile.mkdtemp(prefix="tomoni-bench-"))
    folder.chmod(0o711)
    places = Places(folder).make()
    supervisor = Supervisor(places.logs, print)
    try:
        services = Services.of(places)
        services.prepare()
        for program in services.programs():
            supervisor.start(program)
        supervisor.wait_until_ready()
        address = Address(programs.choose_port(None, _FIRST_PORT + os.getpid() % 20_000))
        environment = programs.settings(places, address, services.environment())
        for command in (["provision"], ["migrate", "--noinput"], ["collectstatic", "--noinput"]):
            programs.manage(command, environment, places.logs)
        _start(supervisor, [programs.web(places, address, environment)])
        _start(supervisor, [*programs.workers(environment), programs.beat(places, environment)])
        yield Stand(address.url, environment, supervisor)
    finally:
        supervisor.stop()
        services.erase()
        shutil.rmtree(folder, ignore_errors=True)


def _start(supervisor: Supervisor, wanted: Sequence[Any]) -> None:
    for program in wanted:
        supervisor.start(program)
    supervisor.wait_until_ready()
