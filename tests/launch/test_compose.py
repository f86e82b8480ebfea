"""docker-compose.yml: valid, complete, and each of its commands starts."""

import json
import os
import re
import secrets
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.plugin import children
from tools.launch.install import VENV
from tools.launch.places import ROOT, Places
from tools.launch.processes import Program, Supervisor
from tools.launch.programs import LONGEST_ADDRESS, NICENESS, ask
from tools.launch.pytest_services import bed
from tools.launch.redis import Redis

_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
_COMPOSE: dict[str, Any] = yaml.safe_load(_TEXT)
_SERVICES: dict[str, Any] = _COMPOSE["services"]
_SCHEMA = ROOT.parent / "shared" / "samples" / "compose" / "compose-spec.json"
_WORKERS = [name for name in _SERVICES if name.startswith("worker-")]
_ENV_FILE = {
    "DOMAIN": "learn.example",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "POSTGRES_PASSWORD": "p",
    "OWNER_PASSWORD": "o",
    "APP_PASSWORD": "a",
    "WORKER_PASSWORD": "w",
    "EMAIL_HOST": "smtp.example",
    "DEFAULT_FROM_EMAIL": "learn@learn.example",
}


def test_the_file_is_a_compose_file() -> None:
    if not _SCHEMA.exists():
        pytest.skip(f"The Compose file's schema is not beside the project: {_SCHEMA}")
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(_COMPOSE)


def test_the_env_file_is_explained_in_the_first_lines() -> None:
    """`.env` and the comment that tells of it name the same variables."""
    asked = set(re.findall(r"\$\{(\w+)(?::\?[^}]*)?\}", _TEXT))
    assert asked <= _ENV_FILE.keys()
    head = _TEXT.partition("\nname:")[0]
    assert all(name in head for name in _ENV_FILE)


def test_what_the_guide_lets_one_set_reaches_the_product() -> None:
    """Every variable that the settings read and the guide explains is handed on, or is set for good."""
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = guide.partition("| variable | default")[2].partition("\n## ")[0]
    explained = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])
    }
    assert len(explained) > 30
    given = {name for each in _SERVICES.values() for name in each.get("environment", {})}
    not_here = {"DEBUG", "STATE_DIR", "MEDIA_ROOT", "STATIC_ROOT", "STATICFILES_BACKEND"}
    assert explained - given - not_here == set()


def test_every_queue_has_a_worker_of_its_own_and_there_is_one_clock() -> None:
    queues = [
        word for name in _WORKERS for word in _SERVICES[name]["command"] if "--queues" in word
    ]
    assert sorted(queues) == ["--queues=bulk", "--queues=media", "--queues=score", "--queues=stats"]
    assert [name for name in _SERVICES if "beat" in _SERVICES[name].get("command", [])] == ["beat"]


def test_no_process_knows_a_password_that_it_does_not_need() -> None:
    known = {name: json.dumps(each.get("environment", {})) for name, each in _SERVICES.items()}
    assert [n for n in known if "OWNER_PASSWORD" in known[n]] == ["migrate"]
    assert [n for n in known if "POSTGRES_PASSWORD" in known[n]] == ["db", "migrate"]
    assert [n for n in known if "APP_PASSWORD" in known[n]] == ["migrate", "web"]


def test_text_sorts_the_same_in_production_as_here() -> None:
    source = (ROOT / "tools" / "launch" / "postgres.py").read_text(encoding="utf-8")
    for option in _SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"].split():
        assert f'"{option}"' in source


def test_the_image_runs_what_the_compose_file_runs() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    command = json.loads(dockerfile.partition("\nCMD ")[2].replace("\\\n", ""))
    assert command == _command("web", bind="0.0.0.0:8000")


def test_the_web_server_takes_as_long_addresses_and_slow_work_waits_as_here() -> None:
    assert f"--limit-request-line={LONGEST_ADDRESS}" in _SERVICES["web"]["command"]
    assert {name for name in _SERVICES if _SERVICES[name].get("cpu_shares", 1024) < 1024} == {
        f"worker-{queue}" for queue in NICENESS
    }


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, print)
    yield made
    made.stop()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_redis_starts(supervisor: Supervisor, tmp_path: Path) -> None:
    places = Places(tmp_path).make()
    redis = Redis(places, server=bed.redis.server, library_path=bed.redis.library_path)
    redis.prepare()
    program = redis.program()
    command = [str(bed.redis.server), *_command("redis")[1:]]
    command += ["--port", "0", "--unixsocket", str(redis.socket), "--dir", str(redis.data)]
    supervisor.start(
        Program("redis", command, program.environment, program.cwd, is_ready=redis.answers)
    )
    supervisor.wait_until_ready()
    assert b"noeviction" in redis.ask("CONFIG GET maxmemory-policy")
    places.forget_sockets()


def test_roles_database_and_migrations_are_made() -> None:
    command = _command("migrate")
    done = children.run(command, env=_environment("migrate"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("transactional_db")
def test_the_web_server_starts_and_its_health_check_passes(
    supervisor: Supervisor, free_port: int
) -> None:
    address = f"127.0.0.1:{free_port}"
    program = Program(
        "web",
        _command("web", bind=address),
        _environment("web"),
        ROOT,
        is_ready=lambda: ask(f"http://{address}/healthz").status == 200,
    )
    supervisor.start(program)
    supervisor.wait_until_ready()
    check = _SERVICES["web"]["healthcheck"]["test"][1:]
    told = [sys.executable, *[word.replace("127.0.0.1:8000", address) for word in check[1:]]]
    assert children.run(told, env=_environment("web")).returncode == 0


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("name", [*_WORKERS, "beat"])
def test_the_worker_or_clock_starts(supervisor: Supervisor, tmp_path: Path, name: str) -> None:
    sign = "beat: Starting" if name == "beat" else " ready."
    log = tmp_path / f"{name}.log"
    command, *words = _command(name)
    clock_or_worker = Program(
        name,
        [command, *(word.replace("/tmp", str(tmp_path)) for word in words)],
        _environment(name),
        ROOT,
        is_ready=lambda: sign in log.read_text(encoding="utf-8"),
    )
    supervisor.start(clock_or_worker)
    supervisor.wait_until_ready()
    in_memory = Path(f"/proc/{supervisor.pid(name)}/maps").read_text(encoding="utf-8")
    assert ("numpy" in in_memory) == (name == "worker-stats"), "read once, before the fork"


def _command(name: str, bind: str = "") -> list[str]:
    """Return the file's own command, with our interpreter's programs and another port."""
    words = [_filled(word) for word in _SERVICES[name]["command"]]
    if bind:
        words = [f"--bind={bind}" if word.startswith("--bind=") else word for word in words]
    if bind != "0.0.0.0:8000" and words[0] in {"gunicorn", "celery"}:
        words[0] = str(VENV / "bin" / words[0])
    return words


def _environment(name: str) -> dict[str, str]:
    """Return the file's own environment, with the addresses of this test run.

    Only TOMONI_ENV differs besides: production refuses services as careless as those of the tests.
    """
    asked = {key: _filled(value) for key, value in _SERVICES[name]["environment"].items()}
    here = {**os.environ, "PATH": f"{VENV}/bin:{os.environ['PATH']}"}
    addresses = {key: here[key] for key in asked.keys() & here.keys() if key.endswith("_URL")}
    for key in ("STATICFILES_BACKEND", *(k for k in here if k.endswith("_URL"))):
        here.pop(key, None)
    addresses.pop("PUBLIC_URL", None)
    return {**here, **asked, **addresses, "TOMONI_ENV": "test", "C_FORCE_ROOT": "1"}


def _filled(text: str) -> str:
    """Fill in ${NAME}, ${NAME:?message} and ${NAME:-default} as Compose does."""

    def value(found: re.Match[str]) -> str:
        name, _, default = found.group(1).partition(":-")
        return _ENV_FILE.get(name.partition(":?")[0], default)

    return re.sub(r"\$\{([^}]+)\}", value, text)
