"""What a process knows for a while without asking anybody: few values that everybody's pages need."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_all: "list[Kept[Any]]" = []


class Kept(Generic[T]):
    """A value that is found anew once it is older than so many seconds. Whoever gets it doesn't write into it."""

    def __init__(self, find: Callable[[], T], *, seconds: float) -> None:
        self._find, self._seconds = find, seconds
        self._found: tuple[T, float] | None = None
        _all.append(self)

    def get(self) -> T:
        """Return the value."""
        found, now = self._found, time.monotonic()
        if found is None or now > found[1]:
            found = self._found = (self._find(), now + self._seconds)
        return found[0]

    def forget(self) -> None:
        """Have the value found anew."""
        self._found = None


def forget_all() -> None:
    """Have every value found anew."""
    for each in _all:
        each.forget()
