"""What may not stand in a committed file, and what may not be done in code."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {
    ".py",
    ".md",
    ".html",
    ".css",
    ".js",
    ".toml",
    ".txt",
    ".yml",
    ".sh",
    ".json",
    ".po",
    ".svg",
    "",
}
APPS = ("core", "partners", "courses", "sales", "gamification", "analytics", "lms")
# Registries by the parts of their names, so that this file does not name them itself.
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js", "deb.debian" + ".org")


def _files(*folders: str) -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in TEXT and path.is_file():
            yield path


def _sources() -> list[Path]:
    return [path for path in _files(*APPS) if path.suffix == ".py"]


def test_there_is_something_to_check() -> None:
    assert len(_sources()) > 80


def test_no_file_names_a_package_registry() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in _files()
        if any(host in path.read_text(encoding="utf-8", errors="ignore") for host in HOSTS)
    ]
    assert not guilty


def test_templates_hold_no_scripts_styles_or_evaluated_attributes() -> None:
    pattern = re.compile(
        r"\sstyle=|<style|\son\w+=\"|hx-on|js:|<script(?![^>]*(\ssrc=|application/json))"
    )
    guilty = [
        f"{path.relative_to(ROOT)}: {found.group().strip()}"
        for path in _files(*APPS)
        if path.suffix == ".html" and (found := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert not guilty


def test_no_app_reaches_another_apps_models_by_name() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("get_model", "get_models")
        and "migrations" not in path.parts
        and "checks.py" not in path.name
    ]
    assert not guilty


@pytest.mark.parametrize("name", ["post_save", "pre_save", "post_delete", "m2m_changed"])
def test_domain_news_never_travels_by_signals(name: str) -> None:
    guilty = [p.relative_to(ROOT) for p in _sources() if re.search(rf"\b{name}\b", p.read_text())]
    assert not guilty


def test_only_the_ground_floor_and_the_composition_know_celery() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in _sources()
        if re.search(r"^\s*(from|import) celery", path.read_text(), re.MULTILINE)
        and path.relative_to(ROOT).parts[0] != "core"
        and path != ROOT / "lms" / "celery.py"
    ]
    assert not guilty


def test_every_public_function_says_what_it_promises() -> None:
    guilty = []
    for path in _sources():
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree) and path.stat().st_size:
            guilty.append(f"{path.relative_to(ROOT)}: module")
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not guilty
