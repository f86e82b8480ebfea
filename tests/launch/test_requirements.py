"""What is locked is what `pyproject.toml` asks for, and it names no registry."""

import re
import tomllib
from pathlib import Path

import pytest

from tools.launch.places import ROOT

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_FILES = {
    "requirements.txt": _PROJECT["project"]["dependencies"],
    "requirements-embedded.txt": _PROJECT["dependency-groups"]["embedded"],
    "requirements-stats.txt": _PROJECT["dependency-groups"]["stats"],
    "requirements-dev.txt": _PROJECT["dependency-groups"]["dev"],
}


def _locked(path: Path) -> dict[str, set[str]]:
    """Return package → its locked versions: some depend on the version of Python."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", path.read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("name", _FILES)
def test_the_locked_file_holds_what_the_project_asks_for(name: str) -> None:
    locked = _locked(ROOT / name)
    for wanted in _FILES[name]:
        found = re.match(r"([\w.-]+)(?:\[.*?\])?==([^\s;]+)", wanted)
        assert found, f"{wanted} is not pinned"
        package, version = found.groups()
        assert version in locked[package], f"{wanted}: run `.venv/bin/python -m tools.lock`"


@pytest.mark.parametrize("name", _FILES)
def test_every_package_has_its_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[\w.-]+==)", text)
    assert len(blocks) >= len(_FILES[name])
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "index" not in re.sub(r"#.*|^[\w.-]+==", "", text)


def test_the_files_agree_with_each_other() -> None:
    versions: dict[str, set[str]] = {}
    for name in _FILES:
        for package, found in _locked(ROOT / name).items():
            assert versions.setdefault(package, found) == found
