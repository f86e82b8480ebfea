"""Fetch the front-end code of others that `vendor.toml` names, and check that it is what we chose.

`python -m tools.vendor` packs each package by npm, compares the archive with the recorded integrity
and every file with its sum, and writes the files. To take a new version, change `vendor.toml` and
the address in the templates; the command says which sums it found.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tools" / "vendor.toml"
TARGET = ROOT / "core" / "static" / "vendor"


class VendorError(Exception):
    """What arrived is not what `vendor.toml` records."""


def packages() -> list[dict[str, Any]]:
    """Return the entries of `vendor.toml`."""
    return list(tomllib.loads(LIST.read_text("utf-8"))["package"])


def folder(package: dict[str, Any]) -> Path:
    """Return where the files of a package are committed."""
    return TARGET / f"{package['name']}@{package['version']}"


def _archive(package: dict[str, Any], workplace: Path) -> Path:
    """Return the package's archive, checked. Raises VendorError if it differs from the record."""
    spec = f"{package['package']}@{package['version']}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", spec],
        cwd=workplace,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = workplace / packed.stdout.strip().splitlines()[-1]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package["integrity"]:
        raise VendorError(f"{spec}: expected {package['integrity']}, got {found}")
    return archive


def fetch(package: dict[str, Any]) -> None:
    """Write a package's files. Raises VendorError if a sum differs."""
    with tempfile.TemporaryDirectory() as workplace:
        with tarfile.open(_archive(package, Path(workplace))) as archive:
            archive.extractall(workplace, filter="data")
        target = folder(package)
        target.mkdir(parents=True, exist_ok=True)
        for name, file in package["files"].items():
            content = (Path(workplace) / "package" / file["from"]).read_bytes()
            found = hashlib.sha256(content).hexdigest()
            if found != file["sha256"]:
                raise VendorError(f"{name}: expected {file['sha256']}, got {found}")
            (target / name).write_bytes(content)


def main() -> int:
    """Fetch all packages; return 1 and say what differs if one is not as recorded."""
    for package in packages():
        try:
            fetch(package)
        except VendorError as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
