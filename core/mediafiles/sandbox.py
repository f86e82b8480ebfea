"""Runs programs that read strangers' files: bound, watched, and stopped in time."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.mediafiles.limits import MIB

_LIMITED = Path(__file__).with_name("limited.py")
_LOOK_EVERY = 1.0


@dataclass(frozen=True)
class Bounds:
    """What a program may use: seconds by the clock and of all CPUs together, memory, size of a file."""

    seconds: float
    cpu: int
    memory: int = 4096 * MIB
    file: int = 2048 * MIB


@dataclass(frozen=True)
class Outcome:
    """How a program ended: its code (negative: a signal), the end of its complaints, whether in time."""

    code: int
    complaints: str
    in_time: bool

    @property
    def ok(self) -> bool:
        """Whether it did what it should."""
        return self.in_time and self.code == 0


def run(
    command: Sequence[str], folder: Path, bounds: Bounds, watch: Callable[[bytes], None]
) -> Outcome:
    """Run a program in this folder until it ends or its time is over.

    `watch` gets what the program printed, at least once a second, also when that is nothing; what it
    raises stops the program and is passed on. The program gets none of our environment.
    """
    limits = json.dumps({"cpu": bounds.cpu, "memory": bounds.memory, "file": bounds.file})
    complaints = folder / "complaints.txt"
    with complaints.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - a list of our own words, no shell
            [sys.executable, "-I", str(_LIMITED), limits, *command],
            cwd=folder,
            env={"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        try:
            in_time = _follow(process, time.monotonic() + bounds.seconds, watch)
        finally:
            _end(process)
    return Outcome(process.returncode, _tail(complaints), in_time)


def _follow(
    process: "subprocess.Popen[bytes]", until: float, watch: Callable[[bytes], None]
) -> bool:
    """Read what the program prints until it closes its output. Returns False if it took too long."""
    assert process.stdout is not None  # noqa: S101 - asked for above
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < until:
            printed = b""
            if selector.select(timeout=_LOOK_EVERY):
                printed = os.read(process.stdout.fileno(), 65536)
                if not printed:
                    return _ended(process, within=max(until - time.monotonic(), 1))
            watch(printed)
    return False


def _ended(process: "subprocess.Popen[bytes]", within: float) -> bool:
    try:
        process.wait(timeout=within)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _tail(file: Path, most: int = 2000) -> str:
    with file.open("rb") as reading:
        reading.seek(0, os.SEEK_END)
        reading.seek(max(reading.tell() - most, 0))
        return reading.read().decode("utf-8", "replace").strip()
