"""Write THIRD_PARTY.md from the metadata of the packages that the product runs on.

python -m tools.third_party
"""

import re
import tomllib
from importlib import metadata
from pathlib import Path

from tools import build_editor

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "THIRD_PARTY.md"
HEAD = """# What Tomoni is built on

Made by `python -m tools.third_party` from the packages' own metadata. Thank you to all of their authors.
ffmpeg (GPL), which `imageio-ffmpeg` brings, is run as a program of its own and is not linked.

| package | version | licence |
|---|---|---|
"""


def licence_of(found: metadata.Distribution) -> str:
    """Return a package's licence in few words, from wherever its metadata says it."""
    about = found.metadata.json
    if "license_expression" in about:
        return str(about["license_expression"])
    named = [
        value.split(" :: ")[-1]
        for value in about.get("classifier", [])
        if value.startswith("License :: ") and not value.endswith("OSI Approved")
    ]
    return ", ".join(named) or str(about.get("license", "see the package")).splitlines()[0][:60]


def locked() -> dict[str, str]:
    """Return name and version of every package that is locked for running."""
    text = "".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("requirements.txt", "requirements-embedded.txt", "requirements-stats.txt")
    )
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def rows() -> list[str]:
    """Return a table row for each package, and one for each vendored file."""
    lines = []
    for name, version in sorted(locked().items()):
        try:
            licence = licence_of(metadata.distribution(name))
        except metadata.PackageNotFoundError:
            continue  # for another system or Python than this one
        lines.append(f"| {name} | {version} | {licence} |")
    vendored = tomllib.loads((ROOT / "tools" / "vendor.toml").read_text(encoding="utf-8"))
    scripts = vendored.get("package", [])
    lines += [f"| {s['name']} (script) | {s['version']} | {s['licence']} |" for s in scripts]
    editor = build_editor.locked().items()
    lines += [f"| {n} (editor) | {p['version']} | {p['license']} |" for n, p in editor]
    return [*lines, "| d2cml-ai/csdid (mpdta.csv, public data) | – | MIT |"]


if __name__ == "__main__":
    TARGET.write_text(HEAD + "\n".join(rows()) + "\n", encoding="utf-8")
