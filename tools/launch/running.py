"""One state folder, one Tomoni: the lock, and the note of what runs."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools.launch.console import Problem
from tools.launch.places import Places
from tools.launch.processes import birth, end_left_behind

_NOTE = "running"


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the state folder's lock; raises Problem, telling where, when another one holds it.

    The kernel gives the lock back however the process ends.
    """
    with (places.state / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            note = places.read(_NOTE)
            where = note.get("url", "and still starting")
            raise Problem(
                f"It is already running: {where} (process {note.get('pid', 'unknown')}). "
                "Stop that one with Ctrl-C first."
            ) from error
        yield


def where(places: Places) -> str:
    """Return the address of what runs in this state folder, "" where nothing runs or it is still starting."""
    try:
        with (places.state / "lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return ""
    except BlockingIOError:  # somebody holds it: what the note says is true
        return str(places.read(_NOTE).get("url", ""))
    return ""


def note(places: Places, url: str, children: Sequence[int]) -> None:
    """Write down what runs, so that a second start can tell, and tidy up after a killed one."""
    births = {str(pid): birth(pid) for pid in children}
    places.write(_NOTE, {"pid": os.getpid(), "url": url, "children": births})


def forget(places: Places) -> None:
    """Write down that nothing runs."""
    places.write(_NOTE, {})


def tidy_up(places: Places) -> None:
    """End what a supervisor that was killed has left behind."""
    end_left_behind(places.read(_NOTE).get("children", {}))
