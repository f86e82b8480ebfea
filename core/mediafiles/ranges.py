"""Parts of a file, as a player asks for them (RFC 9110 section 14). Pure functions."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


@dataclass(frozen=True)
class Part:
    """The bytes from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.last - self.first + 1


class UnsatisfiableError(ValueError):
    """There is nothing in the file where the range points."""


def requested(header: str, size: int) -> Part | None:
    """Return the part that a Range header asks of a file of `size` bytes; None means all of it.

    What isn't one range of bytes is ignored, as the standard allows. Raises UnsatisfiableError.
    """
    found = _RANGE.fullmatch(header)
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        wanted = int(found[2])
        if not wanted or not size:
            raise UnsatisfiableError
        return Part(max(size - wanted, 0), size - 1)
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    if first >= size:
        raise UnsatisfiableError
    return Part(first, min(last, size - 1))
