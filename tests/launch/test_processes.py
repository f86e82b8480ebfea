"""What dies is started again, and nothing outlives the supervisor."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin.patience import PATIENCE, wait_until
from tools.launch.console import Problem
from tools.launch.places import ROOT
from tools.launch.processes import Program, Supervisor, birth, end_left_behind, tied

# A child of its own, as a worker has them.
_PARENT = [sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '600'])"]

_SUPERVISOR = """
import sys
from pathlib import Path
from tools.launch.processes import Program, Supervisor
supervisor = Supervisor(Path(sys.argv[1]), print)
with supervisor.signals() as wake:
    supervisor.start(Program("sleeper", ["sleep", "600"], {}, Path("/")))
    print(*supervisor.pids(), flush=True)
    supervisor.watch(wake)
    supervisor.stop()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, lambda _: None)
    yield made
    made.stop()


def _program(command: list[str], **more: object) -> Program:
    return Program("sleeper", command, dict(os.environ), Path("/"), **more)


def _is_gone(pid: int) -> bool:
    return birth(pid) == ""


def test_what_dies_is_started_again(supervisor: Supervisor) -> None:
    supervisor.start(_program(["sleep", "600"]))
    first = supervisor.pid("sleeper")
    os.kill(first, signal.SIGKILL)

    def came_back() -> bool:
        supervisor.tend()
        return supervisor.pid("sleeper") != first and len(supervisor.pids()) == 1

    wait_until(came_back, "it came back")


def test_what_dies_at_once_is_started_ever_more_seldom(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(tmp_path, told.append)
    supervisor.start(_program(["false"]))

    def died_three_times() -> bool:
        supervisor.tend()
        return len(told) == 3

    wait_until(died_three_times, "it died three times")
    supervisor.stop()
    assert [line.rpartition("in ")[2] for line in told] == ["0.5 s.", "1 s.", "2 s."]
    assert "exit code 1" in told[0]


def test_stopping_ends_what_a_program_had_started(supervisor: Supervisor) -> None:
    supervisor.start(_program(_PARENT))
    parent = supervisor.pid("sleeper")
    children = Path(f"/proc/{parent}/task/{parent}/children")
    wait_until(lambda: children.read_text() != "", "it has a child")
    grandchild = int(children.read_text())
    supervisor.stop()
    assert _is_gone(parent)
    wait_until(lambda: _is_gone(grandchild), "nothing is left of it")


def test_a_program_deaf_to_its_signal_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, lambda *_: None); print('up', flush=True)"
    ready = tmp_path / "sleeper.log"
    program = _program(
        [sys.executable, "-c", f"{deaf}\nwhile True: time.sleep(1)"],
        stop_within=0.2,
        is_ready=lambda: "up" in ready.read_text(),
    )
    supervisor.start(program)
    supervisor.wait_until_ready()
    pid = supervisor.pid("sleeper")
    supervisor.stop()
    assert _is_gone(pid)


def test_a_nice_program_leaves_others_first_and_so_does_what_it_starts(
    supervisor: Supervisor,
) -> None:
    supervisor.start(_program(_PARENT, niceness=7))
    pid = supervisor.pid("sleeper")
    children = Path(f"/proc/{pid}/task/{pid}/children")
    wait_until(lambda: children.read_text(encoding="ascii"), "it has a child")
    for each in (pid, int(children.read_text(encoding="ascii"))):
        assert os.getpriority(os.PRIO_PROCESS, each) == 7
    weighed = Path(f"/proc/{pid}/autogroup")
    assert not weighed.exists() or weighed.read_text(encoding="ascii").endswith("nice 7\n")


def test_a_program_that_does_not_start_is_told_with_its_last_words(supervisor: Supervisor) -> None:
    supervisor.start(_program(["sh", "-c", "echo no such disk; exit 3"], is_ready=lambda: False))
    with pytest.raises(Problem, match="no such disk"):
        supervisor.wait_until_ready()


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SUPERVISOR, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509 - forked from the test's one thread
    )
    assert process.stdout
    yield process, int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_outlives_the_supervisor(
    killable: tuple["subprocess.Popen[str]", int], number: signal.Signals
) -> None:
    process, child = killable
    process.send_signal(number)
    process.wait(PATIENCE)
    wait_until(lambda: _is_gone(child), "nothing is left of it")


def test_what_a_killed_supervisor_left_is_ended_but_a_stranger_with_its_number_is_not() -> None:
    with subprocess.Popen(
        ["sleep", "600"],
        start_new_session=True,
        preexec_fn=tied(signal.SIGKILL),  # noqa: PLW1509 - forked from the test's one thread
    ) as left:
        end_left_behind({str(left.pid): "another birth"}, patience=0.1)
        assert not _is_gone(left.pid)
        end_left_behind({str(left.pid): birth(left.pid)}, patience=0.1)
        assert left.wait(5) == -signal.SIGKILL
