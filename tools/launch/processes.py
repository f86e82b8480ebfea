"""Programs under supervision: what dies is started again, and nothing outlives the supervisor."""

import contextlib
import ctypes
import enum
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tools.launch.console import Problem, tail

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PATIENCE = 180.0
_LONGEST_LOG = 5_000_000
_FIRST_PAUSE, _LONGEST_PAUSE, _HEALTHY_AFTER = 0.5, 30.0, 60.0


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Program:
    """How to start and stop one program, and how to tell that it is ready.

    Programs of a higher stage stand on those of a lower one, and are stopped before them; `niceness` is the system's.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    cwd: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    stage: int = 1
    user: tuple[int, int] | None = None
    niceness: int = 0
    is_ready: Callable[[], bool] = _always


@dataclass
class _Child:
    program: Program
    log: Path
    process: "subprocess.Popen[bytes]"
    started: float
    log_began: int
    failures: int = 0
    start_again_at: float | None = None


class Phase(enum.Enum):
    """What a supervisor is at; a signal means something else in each."""

    STARTING = enum.auto()
    WATCHING = enum.auto()
    STOPPING = enum.auto()


@dataclass
class Supervisor:
    """Starts programs in order, keeps them running, and stops them, the higher stages first.

    Use it from one thread: a child is told of the death of the thread that started it.
    """

    logs: Path
    report: Callable[[str], None]
    _children: list[_Child] = field(default_factory=list)
    _phase: Phase = Phase.STARTING

    def start(self, program: Program) -> None:
        """Start a program without waiting for it."""
        log = self.logs / f"{program.name}.log"
        _keep_short(log)
        began = log.stat().st_size if log.exists() else 0
        process = _spawn(program, log)
        self._children.append(_Child(program, log, process, time.monotonic(), began))

    def wait_until_ready(self, patience: float = _PATIENCE) -> None:
        """Wait until every program is ready; raises Problem with the log of the one that isn't."""
        until = time.monotonic() + patience
        for child in self._children:
            while not child.program.is_ready():
                code = child.process.poll()
                if code is not None or time.monotonic() > until:
                    end = "is not ready in time" if code is None else f"ended ({_describe(code)})"
                    words = tail(child.log, since=child.log_began)
                    raise Problem(f"{child.program.name} {end}. Its last words:\n{words}")
                time.sleep(0.02)

    def pid(self, name: str) -> int:
        """Return the process id of one program; KeyError when it was never started."""
        return {child.program.name: child.process.pid for child in self._children}[name]

    def pids(self) -> list[int]:
        """Return the process ids of the programs that run."""
        return [c.process.pid for c in self._children if c.process.poll() is None]

    def named_pids(self) -> dict[int, str]:
        """Return the names of the programs that run, by process id."""
        return {c.process.pid: c.program.name for c in self._children if c.process.poll() is None}

    def ages(self) -> dict[str, float]:
        """Return by name how many seconds ago the programs that run were started."""
        now = time.monotonic()
        return {c.program.name: now - c.started for c in self._children if c.process.poll() is None}

    @contextlib.contextmanager
    def signals(self) -> Iterator[int]:
        """Turn Ctrl-C and the like into an orderly stop; yields what a signal makes readable.

        While things start, a signal raises KeyboardInterrupt; it ends `watch`; it can't disturb
        `stop`.
        """
        ear, mouth = socket.socketpair()
        mouth.setblocking(False)
        ear.setblocking(False)
        kept = {number: signal.getsignal(number) for number in _SIGNALS}

        def hear(number: int, _frame: FrameType | None) -> None:
            if number == signal.SIGCHLD or self._phase is Phase.STOPPING:
                return
            if self._phase is Phase.STARTING:
                raise KeyboardInterrupt
            self._phase = Phase.STOPPING

        for number in _SIGNALS:
            signal.signal(number, hear)
        before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        try:
            yield ear.fileno()
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in kept.items():
                signal.signal(number, handler)
            ear.close()
            mouth.close()

    def watch(self, wake: int, also: Callable[[], None] = lambda: None) -> None:
        """Keep everything running until a signal says stop. `also` is called about every second."""
        self._phase = Phase.WATCHING
        while self._phase is Phase.WATCHING:
            self.tend()
            also()
            if select.select([wake], [], [], 1.0)[0]:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake, 4096)

    def revive(self) -> None:
        """Start at once what has died, whatever pause is left."""
        for child in self._children:
            if child.process.poll() is not None:
                _kill_group(child.process.pid)
                child.start_again_at = None
                child.process, child.started = _spawn(child.program, child.log), time.monotonic()

    def end(self, name: str, *, for_good: bool = False) -> None:
        """End one program in good order; `tend` starts it again, unless it is for good."""
        named = [child for child in self._children if child.program.name == name]
        _stop(named)
        if for_good:
            self._children = [child for child in self._children if child not in named]

    def stop(self) -> None:
        """Stop everything, stage by stage, and whatever the programs had started."""
        self._phase = Phase.STOPPING
        for stage in sorted({child.program.stage for child in self._children}, reverse=True):
            _stop([child for child in self._children if child.program.stage == stage])
        self._children.clear()

    def tend(self) -> None:
        """Start again what died, once its pause is over. `watch` does this; tests may, too."""
        now = time.monotonic()
        for child in self._children:
            name, code = child.program.name, child.process.poll()
            if child.start_again_at is not None:
                if now >= child.start_again_at:
                    child.start_again_at = None
                    child.process, child.started = _spawn(child.program, child.log), now
            elif code is not None:
                _kill_group(child.process.pid)
                child.failures = 0 if now - child.started > _HEALTHY_AFTER else child.failures + 1
                pause = min(_FIRST_PAUSE * 2 ** max(child.failures - 1, 0), _LONGEST_PAUSE)
                child.start_again_at = now + pause
                self.report(f"{name} ended ({_describe(code)}); it starts again in {pause:g} s.")


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


def is_same_program(pid: int, *words: str) -> bool:
    """Say whether the process runs and its command line holds all the words."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return all(word in command for word in words)


def birth(pid: int) -> str:
    """Return when the process began, as the kernel tells it; a reused id has another answer.

    Empty when no such process runs, or a finished one only waits to be taken note of.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def end_left_behind(left: Mapping[str, str], patience: float = 15.0) -> None:
    """Wait for processes of a supervisor that was killed, then end them.

    `left` maps process ids to their births.
    """
    until = time.monotonic() + patience
    for pid, born in ((int(each), born) for each, born in left.items() if born):
        while birth(pid) == born and time.monotonic() < until:
            time.sleep(0.1)
        if birth(pid) == born:
            _kill_group(pid)


def tied(stop_signal: signal.Signals, niceness: int = 0) -> Callable[[], None]:
    """Return what a child does first (`preexec_fn`), so that the kernel sends it this signal when its parent is gone.

    Fork from one thread only: a child is told of the death of the thread that started it.
    """
    parent = os.getpid()

    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(stop_signal))
            if os.getppid() != parent:
                os._exit(1)
        os.nice(niceness)
        with contextlib.suppress(OSError):  # Linux may weigh whole sessions against each other
            Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")

    return prepare


def _spawn(program: Program, log: Path) -> "subprocess.Popen[bytes]":
    uid, gid = program.user or (None, None)
    with log.open("ab") as output:
        return subprocess.Popen(
            program.command,
            cwd=program.cwd,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied(program.stop_signal, program.niceness),  # noqa: PLW1509 - one thread forks
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
        )


def _keep_short(log: Path) -> None:
    """Put a log that has grown long aside; the one before it goes."""
    if log.exists() and log.stat().st_size > _LONGEST_LOG:
        log.replace(log.with_suffix(".old.log"))


def _stop(children: Sequence[_Child]) -> None:
    running = [child for child in children if child.process.poll() is None]
    for child in running:
        child.process.send_signal(child.program.stop_signal)
    began = time.monotonic()
    for child in running:
        left = child.program.stop_within - (time.monotonic() - began)
        try:
            child.process.wait(max(left, 0.1))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
    for child in children:
        _kill_group(child.process.pid)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _describe(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
