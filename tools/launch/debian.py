"""What the tests need from the system: a real Redis, Chromium with Japanese letters, gettext.

Chromium is wanted twice: its headless shell, which spends a quarter less time on the same pages, and whole,
for what only a whole browser can. A Chromium that the environment names is taken for both.

Taken, in this order: from the environment's TOMONI_REDIS_SERVER and TOMONI_CHROMIUM, from the
machine, by apt as root, and without root from Debian's packages unpacked into `.tools`.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.launch.console import Problem, step, tail
from tools.launch.install import VENV
from tools.launch.places import ROOT

_TOOLS = ROOT / ".tools"
_UNPACKED = _TOOLS / "root"
_LOG = _TOOLS / "apt.log"
_LIBRARY_FOLDERS = ("usr/lib", "lib", "usr/lib/{0}", "lib/{0}", "usr/lib/{0}/pulseaudio")
_POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class SystemTools:
    """Where the programs are, and what they need in their environment to run."""

    chromium: Path
    headless_shell: Path
    redis_server: Path
    library_path: str
    environment: dict[str, str]


def find() -> SystemTools | None:
    """Return the tools, or None when some are missing."""
    chromium, shell = _chromium(), _headless_shell()
    redis = _program("TOMONI_REDIS_SERVER", "redis-server", "usr/bin/redis-server")
    if not chromium or not shell or not redis or _missing_packages():
        return None
    if not any(_UNPACKED in path.parents for path in (chromium, shell, redis)):
        return SystemTools(chromium, shell, redis, "", {})
    libraries = ":".join(str(path) for path in _library_folders(_UNPACKED))
    return SystemTools(chromium, shell, redis, libraries, _unpacked_environment(libraries))


def ensure() -> SystemTools:
    """Return the tools, installing what is missing; raises Problem when that can't be done."""
    found = find()
    if found:
        return found
    packages = _missing_packages()
    _TOOLS.mkdir(exist_ok=True)
    if not shutil.which("apt-get"):
        raise Problem(
            f"The tests need {' and '.join(packages)}. Install them, or name a Redis and a "
            "Chromium by TOMONI_REDIS_SERVER and TOMONI_CHROMIUM."
        )
    with step(f"Install {', '.join(packages)}"):
        if os.geteuid() == 0:
            _install_as_root(packages)
        else:
            _unpack(packages)
    found = find()
    if not found:
        raise Problem(f"Still missing: {', '.join(_missing_packages())}\n{tail(_LOG)}")
    return found


def _missing_packages() -> list[str]:
    """Return the Debian packages of what can't be found."""
    wanted = {
        "chromium": _chromium(),
        "chromium-headless-shell": _headless_shell(),
        "redis-server": _program("TOMONI_REDIS_SERVER", "redis-server", "usr/bin/redis-server"),
        "gettext": _program("", "msgfmt", "usr/bin/msgfmt"),
        "fonts-noto-cjk": _any_file("usr/share/fonts/opentype/noto", "NotoSansCJK*"),
        "libatomic1": _any_library("libatomic.so.1"),
    }
    return [package for package, path in wanted.items() if path is None]


def _chromium() -> Path | None:
    return _program("TOMONI_CHROMIUM", "chromium", "usr/lib/chromium/chromium")


def _headless_shell() -> Path | None:
    name = "chromium-headless-shell"
    return _program("TOMONI_CHROMIUM", name, f"usr/lib/chromium/{name}")


def _program(variable: str, name: str, unpacked: str) -> Path | None:
    named = os.environ.get(variable) or shutil.which(name)
    if named:
        return Path(named)
    path = _UNPACKED / unpacked
    return path if path.exists() else None


def _any_file(folder: str, pattern: str) -> Path | None:
    places = [Path("/") / folder, _UNPACKED / folder]
    return next((path for place in places for path in place.glob(pattern)), None)


def _any_library(name: str) -> Path | None:
    folders = [*_library_folders(Path("/")), *_library_folders(_UNPACKED)]
    return next((folder / name for folder in folders if (folder / name).exists()), None)


def _library_folders(root: Path) -> list[Path]:
    machine = f"{os.uname().machine}-linux-gnu"
    found = [root / folder.format(machine) for folder in _LIBRARY_FOLDERS]
    return [folder for folder in found if folder.exists()]


def _unpacked_environment(libraries: str) -> dict[str, str]:
    """Return what unpacked programs need: fonts for Chromium, libraries for Playwright's Node."""
    fonts = _TOOLS / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{_UNPACKED}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{_TOOLS}/fonts-cache</cachedir></fontconfig>",
        encoding="utf-8",
    )
    environment = {"FONTCONFIG_FILE": str(fonts)}
    environment["PATH"] = f"{_wrappers(libraries)}:{os.environ.get('PATH', '')}"
    node = next(VENV.glob("lib/python3*/site-packages/playwright/driver/node"), None)
    if node:
        environment["PLAYWRIGHT_NODEJS_PATH"] = str(_wrapper("node", node, libraries))
    return environment


def _wrappers(libraries: str) -> Path:
    """Make a folder of gettext's programs that find their libraries."""
    for name in ("msgfmt", "msgmerge", "msguniq", "msgattrib", "xgettext"):
        program = _UNPACKED / "usr" / "bin" / name
        if program.exists():
            _wrapper(name, program, libraries)
    return _TOOLS / "bin"


def _wrapper(name: str, program: Path, libraries: str) -> Path:
    path = _TOOLS / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" exec "{program}" "$@"\n', encoding="utf-8"
    )
    path.chmod(0o755)
    return path


def _install_as_root(packages: Sequence[str]) -> None:
    """Install by apt, without letting it start a Redis server of its own."""
    guard = not _POLICY.exists()
    if guard:
        _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        _POLICY.chmod(0o755)
    try:
        _apt("update")
        _apt("install", "--no-install-recommends", *packages)
    finally:
        if guard:
            _POLICY.unlink()


def _unpack(packages: Sequence[str]) -> None:
    """Download packages with all that they depend on, and unpack them without installing."""
    state = _TOOLS / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    options = [f"Dir::State={state}", f"Dir::State::lists={state}/lists", "APT::Sandbox::User="]
    options += [f"Dir::Cache={state}/cache", "Dir::State::status=/var/lib/dpkg/status"]
    own = [word for option in [*options, "Debug::NoLocking=1"] for word in ("-o", option)]
    _apt(*own, "update")
    _apt(*own, "install", "--no-install-recommends", "--download-only", *packages)
    for archive in sorted(state.glob("cache/archives/*.deb")):
        _run(["dpkg-deb", "-x", str(archive), str(_UNPACKED)])
    shutil.rmtree(state)


def _apt(*words: str) -> None:
    _run(["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", *words])


def _run(command: Sequence[str]) -> None:
    with _LOG.open("ab") as output:
        done = subprocess.run(
            command,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise Problem(f"`{' '.join(command[:2])}` failed:\n{tail(_LOG)}")
