"""`./run` for real: from an empty state to a page, killed, started again, stopped."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.plugin.patience import wait_until
from tools.launch.places import ROOT, Places
from tools.launch.postgres import Postgres
from tools.launch.processes import tied
from tools.launch.programs import ask, is_free
from tools.launch.pytest_services import bed

_PATIENCE = 300.0
_LOOK = """
from django.conf import settings
from partners.models import Organisation
print(settings.PUBLIC_URL, Organisation.objects.count())
"""

pytestmark = pytest.mark.timeout(900)  # starts the whole product, three times in one test


@dataclass
class Runner:
    """Starts `./run` with a state folder of its own."""

    places: Places
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def start(self, *options: str) -> "subprocess.Popen[str]":
        """Type `./run` and these options."""
        own = bed.environment("").keys() | {"STATICFILES_BACKEND", "DJANGO_SETTINGS_MODULE"}
        environment = {name: value for name, value in os.environ.items() if name not in own}
        environment["TOMONI_STATE_DIR"] = str(self.places.state)
        environment["TOMONI_ROLE"] = "app"  # a shell may be in any role: each program says its own
        process = subprocess.Popen(
            [str(ROOT / "run"), *options],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509 - forked from the test's one thread
        )
        self.started.append(process)
        return process

    def start_and_wait(self, *options: str) -> "tuple[subprocess.Popen[str], str]":
        """Start and return the address that is told when everything is ready."""
        process = self.start(*options)
        assert process.stdout
        told = ""
        for line in process.stdout:
            told += line
            found = re.fullmatch(r"\s+(https?://\S+)\n", line)
            if found:
                return process, found.group(1)
        pytest.fail(f"./run ended without an address:\n{told}")

    def processes(self) -> set[int]:
        """Return all processes of this state folder, PostgreSQL's and Valkey's too."""
        mark = str(self.places.state).encode()
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                text = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if mark in text:
                found.add(int(folder.name))
        return found


@pytest.fixture
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    name = f"run-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    places = Places(bed.places.state / name)
    made = Runner(places)
    yield made
    for process in made.started:
        process.kill()
        process.communicate()
    wait_until(lambda: not made.processes(), "all have ended")
    home = Postgres(places).home
    places.forget_sockets()
    for folder in {places.state, home}:
        shutil.rmtree(folder, ignore_errors=True)


def test_from_nothing_to_a_page_through_kills_and_back(runner: Runner) -> None:
    told, _ = runner.start("manage", "check").communicate(timeout=_PATIENCE)
    assert "Nothing runs yet" in told

    first, url = runner.start_and_wait("--lang", "en")
    assert ask(url).status == HTTPStatus.OK
    assert runner.places.read("choices")["world"] == "demo"

    told, _ = runner.start().communicate(timeout=_PATIENCE)
    assert f"already running: {url}" in told

    command = runner.start("manage", "shell", "-v", "0", "-c", _LOOK)
    told, _ = command.communicate(timeout=_PATIENCE)
    assert (command.returncode, told.split()) == (0, [url, "17"]), told

    web = _pid(runner, "gunicorn")
    os.kill(web, signal.SIGKILL)
    wait_until(
        lambda: ask(f"{url}/healthz").status == HTTPStatus.OK and _pid(runner, "gunicorn") != web,
        "another web server answers",
    )

    first.kill()
    wait_until(lambda: not runner.processes(), "all have ended")

    second, again = runner.start_and_wait()
    assert again == url, "phones keep what they stored under the address"
    assert ask(url).status == HTTPStatus.OK

    second.send_signal(signal.SIGINT)
    told, _ = second.communicate(timeout=_PATIENCE)
    assert second.returncode == 0, told
    assert runner.processes() == set()
    assert not runner.places.sockets.exists()
    assert is_free(int(url.rpartition(":")[2]))


def test_an_empty_start_on_the_network_works_in_all_its_parts(runner: Runner) -> None:
    process = runner.start("--empty", "--lan", "127.0.0.2", "--check")
    told, _ = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 0, told
    assert "Everything works: https://127.0.0.2:" in told
    assert runner.places.read("choices")["world"] == "own"
    assert runner.processes() == set()


def _is_up(url: str) -> bool:
    return ask(f"{url}/healthz").status == HTTPStatus.OK


def _pid(runner: Runner, word: str) -> int:
    """Return the oldest process whose command line holds the word, 0 when there is none."""
    for pid in sorted(runner.processes()):
        try:
            if word in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
                return pid
        except OSError:
            continue
    return 0
