"""Code of others is what we chose: the committed files have the recorded sums."""

import hashlib
import re

import pytest

from tools import vendor


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
