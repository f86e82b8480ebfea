"""Code of others is what we chose: the committed files have the recorded sums."""

import hashlib
import json
import re

import pytest

from tools import build_editor, third_party, vendor


@pytest.mark.parametrize("package", vendor.packages(), ids=lambda package: package["name"])
def test_committed_files_have_the_recorded_sums(
    package: dict[str, dict[str, dict[str, str]]],
) -> None:
    folder = vendor.folder(package)
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == {name: file["sha256"] for name, file in package["files"].items()}


def test_nothing_else_lies_among_the_vendored_files() -> None:
    assert set(vendor.TARGET.iterdir()) == {vendor.folder(p) for p in vendor.packages()}


def test_pages_load_the_recorded_version() -> None:
    base = (vendor.ROOT / "core" / "templates" / "base.html").read_text("utf-8")
    loaded = set(re.findall(r'"vendor/([\w.-]+@[\w.-]+)/', base))
    assert loaded == {vendor.folder(package).name for package in vendor.packages()}


def test_the_editors_bundle_has_the_recorded_sums() -> None:
    folder = build_editor.folder()
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == build_editor.bundle()["files"]
    assert set(build_editor.TARGET.iterdir()) == {folder}


def test_the_editors_packages_are_locked_by_integrity_and_name_no_registry() -> None:
    lock = (build_editor.SOURCE / "package-lock.json").read_text("utf-8")
    packages = json.loads(lock)["packages"]
    assert all(each["integrity"].startswith("sha512-") for path, each in packages.items() if path)
    assert '"resolved"' not in lock
    wanted = json.loads((build_editor.SOURCE / "package.json").read_text("utf-8"))["dependencies"]
    assert wanted.items() <= {n: p["version"] for n, p in build_editor.locked().items()}.items()


def test_the_editors_packages_are_thanked_and_licensed() -> None:
    licences = (build_editor.folder() / "LICENCES.txt").read_text("utf-8")
    thanked = third_party.TARGET.read_text("utf-8")
    for name, package in build_editor.locked().items():
        assert f"{name} {package['version']}" in licences
        assert f"| {name} (editor) | {package['version']} |" in thanked
