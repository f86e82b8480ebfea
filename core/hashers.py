"""Password hashing within a budget: <= 60 ms and 19 MiB a hash, at most four at once on a machine."""

import fcntl
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

SLOTS = 4
"""So many hashes at once, those of all processes of this machine together."""

_PATIENCE = 20.0
"""Seconds after which one is made in any case: that somebody gets in late is better than not at all."""

_LOOK_AGAIN = (0.004, 0.012)
_lock = threading.Lock()
_here = 0


class Argon2id(Argon2PasswordHasher):
    """Argon2id with OWASP's second recommendation (m = 19 MiB, t = 2, p = 1).

    The slots keep a morning's sign-ins from using up memory and all cores at once.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash the password."""
        with slot():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Compare the password with its hash."""
        with slot():
            return bool(super().verify(password, encoded))


def are_crowded() -> bool:
    """Say whether so many threads of this process hash, or wait to, that others would wait for a thread."""
    return bool(_here >= settings.SIGN_INS_AT_ONCE)


def come_again_in() -> int:
    """Return after how many seconds to come again: not all at the same time."""
    return random.randint(1, 4)  # noqa: S311 - spreads load, keeps no secret


@contextmanager
def slot() -> Iterator[None]:
    """Wait for one of the machine's slots and hold it; the kernel gives it back if this process dies."""
    with _counted(), ExitStack() as held:
        until = time.monotonic() + _PATIENCE
        while not _take(held) and time.monotonic() < until:
            time.sleep(random.uniform(*_LOOK_AGAIN))  # noqa: S311 - as above
        yield


def _take(held: ExitStack) -> bool:
    folder = settings.STATE_DIR / "hashing"
    for number in random.sample(range(SLOTS), SLOTS):
        file = _opened(folder / str(number))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            held.enter_context(file)
            return True
    return False


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a", encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="ascii")


@contextmanager
def _counted() -> Iterator[None]:
    global _here  # noqa: PLW0603 - one number for the process
    with _lock:
        _here += 1
    try:
        yield
    finally:
        with _lock:
            _here -= 1
