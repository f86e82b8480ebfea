"""What a person sees in the terminal: one calm line for each step, with the time that it took."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_STARTED = time.time()
_TAIL = 25


class Problem(Exception):
    """Something that the person has to know or mend; its text is all that they see of it."""


def started_at() -> float:
    """Return when the command was typed, also after it has gone on in another Python."""
    return float(os.environ.get("TOMONI_LAUNCHED_AT", _STARTED))


def is_terminal() -> bool:
    """Say whether a person watches: then a step may rewrite its own line."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def paint(text: str, code: str) -> str:
    """Return the text in a terminal's colour `code`, or as it is where colours don't belong."""
    if not is_terminal() or "NO_COLOR" in os.environ:
        return text
    return f"\033[{code}m{text}\033[0m"


def symbol(good: bool) -> str:
    """Return a tick or a cross that the terminal's encoding can show."""
    mark = "✓✗"[not good]
    try:
        mark.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        mark = "ok"[: 2 if good else 0] or "!!"
    return paint(mark, "32" if good else "31")


@contextmanager
def step(label: str) -> Iterator[None]:
    """Show that `label` is being done, with a running clock; then how long it took.

    The line ends in a tick, or in a cross when the body raises.
    """
    began = time.monotonic()
    stop = threading.Event()
    clock = threading.Thread(target=_tick, args=(label, began, stop), daemon=True)
    clock.start()
    good = False
    try:
        yield
        good = True
    finally:
        stop.set()
        clock.join()
        taken = f"{time.monotonic() - began:6.1f} s"
        say(f"{_clear()}  {symbol(good)} {label:<58} {paint(taken, '2')}")


def tail(path: Path, lines: int = _TAIL, *, since: int = 0) -> str:
    """Return the last lines of a log file from byte `since` on, indented; "" without a file."""
    if not path.exists():
        return ""
    text = path.read_bytes()[since:].decode(errors="replace").rstrip()
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def run_command(main: Callable[[list[str]], int]) -> None:
    """Run a command's `main` and leave with its exit code; a Problem becomes a plain message."""
    try:
        code = main(sys.argv[1:])
    except Problem as problem:
        say(f"\n{paint('Tomoni cannot go on.', '1')} {problem}")
        code = 1
    except KeyboardInterrupt:
        say("\nStopped.")
        code = 130
    raise SystemExit(code)


def _tick(label: str, began: float, stop: threading.Event) -> None:
    if not is_terminal():
        return
    while not stop.wait(0.25):
        line = f"  … {label}  {time.monotonic() - began:.0f} s"
        print(f"{_clear()}{line[: shutil.get_terminal_size().columns - 1]}", end="", flush=True)


def _clear() -> str:
    return "\r\033[2K" if is_terminal() else ""
