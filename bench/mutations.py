"""Are the guards tested? Takes each away in a copy of the project, and looks which test turns red.

    .venv/bin/python -m bench.mutations [--only WORD ...]

First the tests run as everything is: only what was green can turn red. Prints a table; ends with 1 where nothing
noticed, or where an edit doesn't apply any more.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.guards import EVERY, Edit, Guard
from tools.launch.places import ROOT

_RED = re.compile(r"^(?:FAILED|ERROR) (tests/[^\s\[]+)", re.MULTILINE)
_SHARED = (".venv", ".tools")

MIGRATED_ONCE = Edit(
    "tools/launch/world.py",
    'fingerprint(ROOT / "requirements.txt", *_files("*.py"))',
    'fingerprint(ROOT / "core/rowsecurity.py", ROOT / "core/appendonly.py", *_files("migrations/*.py"))',
)
"""What the copy's databases are made from: most guards are no part of it, and it is migrated once for all of them."""


@dataclass(frozen=True)
class Seen:
    """What the tests said: the first one that turned red, or what else happened."""

    code: int
    red: str
    words: str
    seconds: float

    @property
    def noticed(self) -> bool:
        """Whether a test turned red, rather than that none could be run."""
        return self.code == 1 and bool(self.red)


@contextmanager
def copy_of_project() -> Iterator[Path]:
    """Make a copy of the project as it stands, with the same environment; throw it away in the end."""
    folder = Path(tempfile.mkdtemp(prefix="tomoni-mutations-"))
    folder.chmod(0o711)
    try:
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        told = subprocess.run(listed, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in filter(None, told.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for name in _SHARED:
            if (ROOT / name).exists():
                (folder / name).symlink_to(ROOT / name)
        MIGRATED_ONCE.apply(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_tests(copy: Path, tests: Sequence[str], *, until_red: bool) -> Seen:
    """Run tests of the copy."""
    command = [str(copy / ".venv/bin/python"), "-m", "pytest", "-q", "--tb=no", "-rfE", *tests]
    command += ["-p", "no:randomly", "-x"] if until_red else ["-p", "no:randomly"]
    # No compiled files: one of the same second and size would be taken for what was put back.
    own = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    began = time.monotonic()
    done = subprocess.run(
        command,
        check=False,
        cwd=copy,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    red = _RED.search(done.stdout)
    return Seen(
        done.returncode, red[1] if red else "", done.stdout[-3000:], time.monotonic() - began
    )


@contextmanager
def taken_away(copy: Path, guard: Guard) -> Iterator[None]:
    """Take a guard away, and put it back."""
    before = {edit.path: (copy / edit.path).read_bytes() for edit in guard.edits}
    try:
        for edit in guard.edits:
            edit.apply(copy)
        yield
    finally:
        for path, content in before.items():
            (copy / path).write_bytes(content)


def look(copy: Path, guard: Guard) -> bool:
    """Take a guard away, run its tests and print what they said. Returns whether one noticed."""
    with taken_away(copy, guard):
        seen = run_tests(copy, guard.tests, until_red=True)
    name = f"{guard.name} (held by {guard.held_by} as well)" if guard.held_by else guard.name
    where = ", ".join(dict.fromkeys(edit.path for edit in guard.edits))
    said = seen.red if seen.noticed else "NOT NOTICED" if seen.code == 0 else "NOT RUN"
    print(f"| {name} | {where} | {said} | {seen.seconds:.0f} s |", flush=True)
    if seen.code not in {0, 1}:
        print(seen.words, file=sys.stderr)
    return seen.noticed


def main() -> int:
    """Look at every guard."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", default=[""], help="guards with one of these words")
    wanted = parser.parse_args().only
    guards = [each for each in EVERY if any(word in each.name for word in wanted)]
    lost = [each.name for each in guards if not all(edit.stands(ROOT) for edit in each.edits)]
    if lost:
        print("No longer where they were:", *lost, sep="\n  ")
        return 1
    with copy_of_project() as copy:
        tests = sorted({test for guard in guards for test in guard.tests})
        green = run_tests(copy, tests, until_red=False)
        if green.code:
            print(f"Not green to begin with:\n{green.words}")
            return 1
        print(f"{len(guards)} guards; their tests are green ({green.seconds:.0f} s)\n")
        print("| guard | file | turned red | |\n|---|---|---|---|")
        noticed = [look(copy, guard) for guard in guards]
    print(f"\n{sum(noticed)} of {len(guards)} noticed")
    return 0 if all(noticed) else 1


if __name__ == "__main__":
    sys.exit(main())
