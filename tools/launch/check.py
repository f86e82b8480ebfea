"""`./test`: set up what the tests need, then check everything, or only the part that is named."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tools.launch import debian, install
from tools.launch.console import paint, run_command, say, symbol
from tools.launch.places import ROOT, Places
from tools.launch.processes import tied

_BIN = install.VENV / "bin"
_APPS = ("core", "partners", "courses", "sales", "gamification", "analytics", "lms")


@dataclass(frozen=True)
class Check:
    """One tool and what it is asked."""

    title: str
    command: Sequence[str]


_CHECKS = (
    Check("Lint (ruff)", ("ruff", "check")),
    Check("Format (ruff)", ("ruff", "format", "--check")),
    Check("Import rules (import-linter)", ("lint-imports", "--no-logo")),
    Check("Dependencies (deptry)", ("deptry", ".")),
    Check("Templates (djlint)", ("djlint", "--lint", "--quiet", *_APPS)),
    Check("Types (mypy)", ("mypy",)),
)

_LEAST, _MOST = 3, 8
_MEMORY_EACH = 2 << 30
"""Bytes that a test process needs with its web server, worker and browser."""


def main(arguments: Sequence[str]) -> int:
    """Run the checks; returns the exit code of the first that fails, 0 when all pass."""
    places = Places(ROOT / ".state-test").make()
    install.ensure(["", "embedded", "stats", "dev"], places)
    tools = debian.ensure()
    environment = {**os.environ, **tools.environment}
    # A hundred processes are started; each would compile the whole product for itself.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if arguments:
        return _pytest(arguments, environment).code
    taken: list[tuple[str, float]] = []
    for check in _CHECKS:
        code, seconds = _run(check, environment)
        taken.append((check.title, seconds))
        if code:
            say(f"\n{symbol(good=False)} {check.title} failed; what follows it was not run.")
            say("0 passed, 1 failed")
            return code
    number = at_once(_cores(), _memory())
    result = _pytest(["-n", str(number), "--dist", "worksteal"], environment)
    _sum_up([*taken, ("Tests (pytest)", result.seconds)], result)
    return result.code


def at_once(cores: int, memory: int) -> int:
    """Return how many test processes run at once, by cores and bytes of memory.

    Two for each core, since a walk in a browser often waits (three for two cores left a fifth of them idle); no more
    than `_MOST`, beyond which the longest tests decide when it is over.
    """
    return max(_LEAST, min(cores * 2, memory // _MEMORY_EACH, _MOST))


def _cores() -> int:
    """Return how many cores are ours: the machine's, or a container's share of them."""
    cores = len(os.sched_getaffinity(0))
    with suppress(OSError, ValueError):  # no such file, or no limit: "max 100000"
        quota, period = map(int, Path("/sys/fs/cgroup/cpu.max").read_text("ascii").split())
        cores = min(cores, max(quota // period, 1))
    return cores


def _memory() -> int:
    """Return how many bytes are ours: the machine's, or a container's share of them."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no such file, or no limit: "max"
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return memory


@dataclass(frozen=True)
class Result:
    """What came of the tests."""

    code: int
    seconds: float
    counts: dict[str, int]


def _run(check: Check, environment: dict[str, str]) -> tuple[int, float]:
    say(f"\n{paint(check.title, '1')}")
    began = time.monotonic()
    program, *rest = check.command
    code = subprocess.run([_BIN / program, *rest], check=False, cwd=ROOT, env=environment)
    return code.returncode, time.monotonic() - began


def _pytest(arguments: Sequence[str], environment: dict[str, str]) -> Result:
    say(f"\n{paint('Tests (pytest)', '1')}")
    began = time.monotonic()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [str(install.PYTHON), "-m", "pytest", *arguments]
        extra = {"TOMONI_TEST_RESULT": file.name}
        done = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env={**environment, **extra},
            preexec_fn=tied(signal.SIGTERM),  # who ends `./test` ends the tests
        )
        told = Path(file.name).read_text(encoding="utf-8")
    counts: dict[str, int] = json.loads(told) if told else {}
    return Result(done.returncode, time.monotonic() - began, counts)


def _sum_up(taken: Sequence[tuple[str, float]], result: Result) -> None:
    say()
    for title, seconds in taken:
        good = title != "Tests (pytest)" or result.code == 0
        say(f"  {symbol(good)} {title:<40}{seconds:7.1f} s")
    counts = {"passed": 0, "failed": 0, **result.counts}
    if result.code and not counts["failed"]:
        counts["failed"] = 1
    skipped = f", {counts['skipped']} skipped" if counts.get("skipped") else ""
    say(f"\n{counts['passed']} passed, {counts['failed']} failed{skipped}")


if __name__ == "__main__":
    run_command(main)
