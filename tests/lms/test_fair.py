"""The web server itself: an organisation that fills its share of the threads shuts out nobody, and gets it back."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.plugin.patience import PATIENCE, wait_until
from tools.launch.places import ROOT
from tools.launch.processes import Program, Supervisor
from tools.launch.programs import ask

THREADS = 4
SHARE = 2


@dataclass
class Server:
    """One process with four threads, of which an organisation alone has two."""

    supervisor: Supervisor
    port: int
    pipe: Path
    lines: ExitStack

    def asked(self, organisation: str, path: str = "/") -> socket.socket:
        """Send a request and return its line."""
        cookie = f"Cookie: {organisation}\r\n" if organisation else ""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.lines.enter_context(line)
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: a\r\n{cookie}Connection: close\r\n\r\n".encode()
        )
        return line

    def answer(self, organisation: str, path: str = "/") -> bytes:
        """Send a request and return its answer."""
        return _answer(self.asked(organisation, path))

    def fill(self, organisation: str, times: int) -> list[socket.socket]:
        """Have so many requests of an organisation that go on until a word comes."""
        self.answer(organisation)  # the first one is a stranger's
        return [self.asked(organisation, f"/wait?{self.pipe}") for _ in range(times)]

    def say(self) -> None:
        """Give the word to those who wait at the pipe, if there are any."""
        with suppress(OSError):  # ENXIO: nobody reads just now
            os.close(os.open(self.pipe, os.O_WRONLY | os.O_NONBLOCK))


def _answer(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "tests.lms.echo", f"--bind=127.0.0.1:{port}"]
    command += ["--worker-class=lms.patience.PatientWorker", f"--threads={THREADS}"]
    program = Program(
        "web",
        [*command, "--no-control-socket"],
        os.environ,
        ROOT,
        is_ready=lambda: ask(f"http://127.0.0.1:{port}/").status == 200,
    )
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    supervisor = Supervisor(tmp_path, print)
    with ExitStack() as lines:
        try:
            supervisor.start(program)
            supervisor.wait_until_ready()
            yield Server(supervisor, port, pipe, lines)
        finally:
            supervisor.stop()


def test_one_that_fills_its_share_leaves_others_and_strangers_their_threads(server: Server):
    held = server.fill("greedy", THREADS * 3)
    for organisation in ("", "modest", "modest", "", "third"):
        assert server.answer(organisation).endswith(b"here")
    wait_until(lambda: _are_answered(server, held), "each got its turn and its word")
    assert server.answer("greedy").endswith(b"here")


def _are_answered(server: Server, lines: list[socket.socket]) -> bool:
    """Give the word again. A thread reads until nobody writes any more, so that it ends all who read."""
    server.say()
    return all(_is_answered(line) for line in lines)


def _is_answered(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return bool(line.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False


def test_errors_and_callers_who_hang_up_give_the_share_back(server: Server):
    server.answer("greedy")
    for _ in range(THREADS * 2):
        assert b" 500 " in server.answer("greedy", "/fail")
        server.asked("greedy").close()
    assert server.answer("greedy").endswith(b"here")


def test_a_killed_process_leaves_nothing_shut(server: Server):
    server.fill("greedy", THREADS * 3)
    server.answer("modest")  # whoever came before this one is in as well
    main = server.supervisor.pid("web")
    [process] = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
    os.kill(int(process), signal.SIGKILL)
    for _ in range(SHARE + 1):
        assert server.answer("greedy").endswith(b"here")
