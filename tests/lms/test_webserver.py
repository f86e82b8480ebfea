"""The web server's worker: nobody waits for who stays on the line, a stop answers who was let in."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.plugin.patience import PATIENCE
from tools.launch.places import ROOT
from tools.launch.processes import Program, Supervisor
from tools.launch.programs import ask, is_free

ASKED = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[Supervisor]:
    """One process with two threads."""
    command = [sys.executable, "-m", "gunicorn", "tests.lms.echo", f"--bind=127.0.0.1:{port}"]
    command += ["--worker-class=lms.patience.PatientWorker", "--threads=2", "--no-control-socket"]
    # A machine that stands still for a while, or sets its clock, is not to end a worker before it has answered.
    command += ["--timeout=600", "--graceful-timeout=600"]
    program = Program(
        "web",
        command,
        os.environ,
        ROOT,
        is_ready=lambda: ask(f"http://127.0.0.1:{port}/").status == 200,
    )
    supervisor = Supervisor(tmp_path, print)
    try:
        supervisor.start(program)
        supervisor.wait_until_ready()
        yield supervisor
    finally:
        supervisor.stop()


@pytest.fixture
def lines() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_who_stays_on_the_line_after_an_answer_holds_nobody_up(
    server: Supervisor, port: int, lines: ExitStack
):
    asked = [_line(port, lines, ASKED) for _ in range(40)]
    assert [_answer(line)[-4:] for line in asked] == [b"here"] * 40


def test_a_stop_answers_who_is_served_and_who_stands_before_the_door(
    server: Supervisor, port: int, lines: ExitStack, tmp_path: Path
):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    served = _line(port, lines, ASKED.replace(b"/ ", f"/wait?{pipe} ".encode(), 1))
    word = lines.enter_context(pipe.open("wb"))  # opens once the server reads
    main = server.pid("web")
    worker = int(Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii"))
    os.kill(worker, signal.SIGSTOP)
    waiting = [_line(port, lines, ASKED) for _ in range(20)]
    os.kill(main, signal.SIGTERM)
    while not _was_told_to_stop(worker):
        os.sched_yield()
    os.kill(worker, signal.SIGCONT)
    assert [_answer(line)[-4:] for line in waiting] == [b"here"] * 20
    word.write(b"now")
    word.close()
    assert _answer(served).endswith(b"here")
    assert is_free(port)


def _was_told_to_stop(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return bool(int(status.partition("ShdPnd:")[2].split()[0], 16) & 1 << signal.SIGTERM - 1)


def _line(port: int, lines: ExitStack, said: bytes = b"") -> socket.socket:
    line = lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
    line.sendall(said)
    return line


def _answer(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))
