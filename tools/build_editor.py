"""Bundle what the authors' editor needs from npm into one script, committed with its licences.

`python -m tools.build_editor` installs exactly what `editor/package-lock.json` names (npm checks each
archive's integrity), lets esbuild join `editor/entry.js` and compares the result with `vendor.toml`.
To take new versions, change `editor/package.json`, run `npm install --package-lock-only
--omit-lockfile-registry-resolved` there, and write down the sums that this command says it found.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from tools.vendor import LIST, ROOT

SOURCE = ROOT / "tools" / "editor"
TARGET = ROOT / "courses" / "authoring" / "static" / "vendor"
_ESBUILD = (
    "--bundle",
    "--format=esm",
    "--minify",
    "--target=es2020",
    "--charset=utf8",
    "--legal-comments=none",  # they stand in LICENCES.txt
)


def bundle() -> dict[str, Any]:
    """Return the entry of the bundle in `vendor.toml`."""
    return dict(tomllib.loads(LIST.read_text("utf-8"))["bundle"])


def folder() -> Path:
    """Return where the bundle is committed."""
    told = bundle()
    return TARGET / f"{told['name']}@{told['version']}"


def locked() -> dict[str, dict[str, Any]]:
    """Return what is locked for the bundle itself, by name; esbuild only makes it."""
    packages = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))["packages"]
    return {
        path.removeprefix("node_modules/"): package
        for path, package in packages.items()
        if path and not package.get("dev")
    }


def build(workplace: Path) -> dict[str, bytes]:
    """Return the files of the bundle, made anew in a folder of their own."""
    for path in SOURCE.iterdir():
        shutil.copy(path, workplace)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    subprocess.run(["npm", "ci", *quiet], cwd=workplace, check=True)
    made = subprocess.run(
        ["node_modules/.bin/esbuild", "entry.js", *_ESBUILD],
        cwd=workplace,
        check=True,
        capture_output=True,
    )
    return {"LICENCES.txt": _licences(workplace / "node_modules"), "tiptap.js": made.stdout}


def _licences(modules: Path) -> bytes:
    """Return the licences of all that is in the bundle, the same text only once."""
    names: dict[str, list[str]] = {}
    for name, package in sorted(locked().items()):
        found = sorted((modules / name).glob("LICEN[CS]E*"))
        text = found[0].read_text("utf-8").strip() if found else f"{package['license']} License"
        names.setdefault(text, []).append(f"{name} {package['version']}")
    return "\n\n\n".join(f"{', '.join(who)}\n\n{text}" for text, who in names.items()).encode()


def main() -> int:
    """Write the bundle; return 1 and say what differs if it is not as recorded."""
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as workplace:
        files = build(Path(workplace))
    differs = 0
    for name, content in files.items():
        (target / name).write_bytes(content)
        found = hashlib.sha256(content).hexdigest()
        expected = bundle()["files"].get(name)
        if found != expected:
            sys.stderr.write(f"{name}: expected {expected}, got {found}\n")
            differs = 1
    return differs


if __name__ == "__main__":
    raise SystemExit(main())
