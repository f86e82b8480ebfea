"""A partner that takes all it can get: what another one's people notice of it (P16)."""

import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.chaos import crowd, watched
from bench.chaos.phones import Phone
from bench.chaos.stage import Stage
from tools.launch.places import ROOT

CROWD = 50
THEIR_PAUSE = 0.5
_POLITE = ["nice", "-n", "19"]
"""What only makes the trial's material stands for other machines."""


@dataclass(frozen=True)
class Felt:
    """What the one rep waited for: answers, and before that a thread, in ms; and how many were at work beside."""

    answers: list[float]
    threads: list[float]
    beside: list[float]

    def p95(self) -> float:
        """Return the 95th percentile of the answers."""
        return _p95(self.answers)

    def line(self, what: str, alone: "Felt") -> str:
        """Return it as a line for a person."""
        ratio = self.p95() / alone.p95()
        return (
            f"{what}: median {statistics.median(self.answers):.0f}, p95 {self.p95():.0f} ms ({ratio:.1f}x);"
            f" waited for a thread: p95 {_p95(self.threads):.1f} ms, beside {statistics.mean(self.beside):.1f} others"
        )


def one_partner_takes_all(stage: Stage, times: int) -> list[str]:
    """P16: one rep of a partner, alone; then beside fifty of another one; then with its import and videos as well."""
    greedy, *_, modest = sorted({rep["home"] for rep in stage.world["reps"]})
    homes = {rep["person"]: rep["home"] for rep in stage.world["reps"]}
    theirs = [phone for phone in stage.phones if homes[phone.person] == greedy]
    one = next(phone for phone in stage.phones if homes[phone.person] == modest)
    quizzes = iter(stage.world["modules"][::-1])
    spare = [next(quizzes) for _ in range(CROWD // len(theirs) + 1)]
    many = [(theirs[n % len(theirs)].copy(), spare[n // len(theirs)]) for n in range(CROWD)]
    seconds = 60 if times > 1 else 15
    lines = _watch(stage, one)

    def feel(share: float = 1) -> Felt:
        return _felt(stage, lines, one.copy(), next(quizzes), seconds * share)

    before = feel(0.5)
    with _crowd(stage, many, THEIR_PAUSE):
        beside = feel()
    with _crowd(stage, many, 0):
        hurried = feel()
    alone = _both(before, feel(0.5))
    with _bulk(stage, times) as bulk, _crowd(stage, many, THEIR_PAUSE):
        stage.strike()
        with_bulk = feel()
        goes_on = "under way to the end" if bulk.poll() is None else "through before the end"
    stage.strike()
    return [
        alone.line("alone, before and after", alone),
        beside.line("beside 50 as busy", alone),
        hurried.line("beside 50 that never pause", alone),
        with_bulk.line(f"beside 50 as busy, import ({goes_on}) and videos", alone),
    ]


def _watch(stage: Stage, one: Phone) -> Path:
    """Have the web server write down who waited for whom."""
    lines = stage.places.state / "turns.txt"
    lines.touch(0o666)
    program = stage.program("web")
    command = [
        each.replace("lms.patience.PatientWorker", "bench.chaos.watched.WatchedWorker")
        for each in program.command
    ]
    told = {watched.SESSION: one.session(), watched.FILE: str(lines)}
    stage.exchange(
        "web", replace(program, command=command, environment={**program.environment, **told})
    )
    return lines


def _felt(stage: Stage, lines: Path, one: Phone, quiz: Any, seconds: float) -> Felt:
    """Have the one rep work for so long."""
    stop, read = threading.Event(), len(lines.read_text())
    thread = threading.Thread(target=crowd.work, args=(one, quiz, stop), daemon=True)
    thread.start()
    stage.pause(seconds)
    stop.set()
    stage.until(lambda: not thread.is_alive(), 30)
    noted = [line.split() for line in lines.read_text()[read:].splitlines()]
    own = [each for each in noted if each[0] == "1"]
    return Felt(
        list(one.milliseconds),
        [float(each[1]) for each in own],
        [float(each[2]) for each in own],
    )


def _both(one: Felt, other: Felt) -> Felt:
    return Felt(one.answers + other.answers, one.threads + other.threads, one.beside + other.beside)


@contextmanager
def _crowd(stage: Stage, clients: Sequence[tuple[Phone, Any]], pause: float) -> Iterator[None]:
    """Have many of the other partner at work meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.chaos.crowd"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write(crowd.described(clients, pause))
    process.stdin.flush()
    stage.pause(3)
    try:
        yield
    finally:
        said, _ = process.communicate(timeout=40)
        print(f"    the others: {said.strip()}", flush=True)


@contextmanager
def _bulk(stage: Stage, times: int) -> "Iterator[subprocess.Popen[str]]":
    """Have an import and videos under way meanwhile; yields what waits for the import."""
    videos = _start(stage, "bench.chaos.seed_videos", "5" if times > 1 else "2")
    assert videos.stdout
    videos.stdout.readline()  # they are made
    rows = "50000" if times > 1 else "10000"
    bulk = _start(stage, "bench.seed_imports", "deals", rows)
    stage.pause(8)  # the import's file is written first
    try:
        assert videos.stdin
        videos.stdin.close()
        yield bulk
    finally:
        stage.until(lambda: bulk.poll() is not None and videos.poll() is not None, 240)
        for each in (bulk, videos):
            each.kill()
            each.wait()


def _start(stage: Stage, module: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*_POLITE, sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**stage.site.environment, "TOMONI_ROLE": "owner"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else 0.0
