"""The programming interface under requests made from its own description, good and bad ones, for some minutes.

    .venv/bin/python -m bench.fuzz [--seconds 180] [--seed 1]

Every operation is tried with what its description allows, with what it forbids, at the edges of each field, and in
chains where one answer leads to the next request. It fails for an answer of 5xx, one that the description doesn't
know, one that is not shaped as it says, and for bad data that is taken.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.stand import stand

_PROGRAM = Path(sys.executable).with_name("schemathesis")
_UNSAID = "positive_data_acceptance"
"""What no schema says: that a cursor is one of ours, that a source exists, that a month has begun."""


def main() -> int:
    """Start the stack, fuzz it, say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["API_REQUESTS_A_MINUTE"] = "100000000"
    with stand() as site, tempfile.TemporaryDirectory() as folder:
        token = site.seed("bench.seed_fuzz")["token"]
        began = time.monotonic()
        command = [
            *(str(_PROGRAM), "run", f"{site.url}/api/v1/openapi.json"),
            *("--header", f"Authorization: Bearer {token}", "--exclude-checks", _UNSAID),
            *("--max-time", str(asked.seconds), "--seed", str(asked.seed), "--no-color"),
            *("--continue-on-failure", "--mode", "all"),
        ]
        hooks = {"SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("fuzz_hooks.py"))}
        done = subprocess.run(command, check=False, cwd=folder, env={**os.environ, **hooks})
        faults = _faults(site.supervisor.logs)
        print(
            f"{time.monotonic() - began:.0f} s, {faults} faults in the web server's log", flush=True
        )
    return done.returncode or int(faults > 0)


def _faults(folder: Path) -> int:
    """Count what the web server logged as a fault of ours."""
    text = "".join(
        file.read_text(encoding="utf-8", errors="replace") for file in folder.glob("web*")
    )
    return text.count('"code": 500') + text.count("Traceback")


if __name__ == "__main__":
    sys.exit(main())
