"""`.venv/bin/python -m tools.lock`: write the requirements files from pyproject.toml, with hashes.

The files name no registry: each machine takes the packages from wherever it is set up to.
"""

import os
import subprocess
import sys

from tools.launch.install import PYTHON, VENV
from tools.launch.places import ROOT

# Later files may only hold what agrees with earlier ones.
_FILES = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-embedded.txt": ["--group=embedded", "-c", "requirements.txt"],
    "requirements-stats.txt": ["--group=stats", "-c", "requirements.txt"],
    "requirements-dev.txt": [
        "--group=dev", "-c", "requirements.txt", "-c", "requirements-embedded.txt",
        "-c", "requirements-stats.txt",
    ],
}  # fmt: skip


def main() -> None:
    """Compile every file for all systems, from Python 3.11 on."""
    options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header"]
    options += ["--no-emit-index-url", "--quiet", f"--python={PYTHON}", *sys.argv[1:]]
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    for name, source in _FILES.items():
        command = [str(VENV / "bin" / "uv"), "pip", "compile", *options, *source, "-o", name]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)


if __name__ == "__main__":
    main()
