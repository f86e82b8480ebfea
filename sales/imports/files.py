"""The files themselves: kept under the hash of their content until they are done with."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from core.mediafiles import storage
from core.mediafiles.storage import Incoming, Stored
from core.tables import streaming
from core.tables.errors import TableError
from core.tables.rows import MIB, Limits
from core.tables.streaming import Line, Shape
from sales.imports.models import Import

CSV_LIMITS = Limits(bytes=200 * MIB, rows=1_000_000, columns=200)
EXCEL_LIMITS = Limits(bytes=20 * MIB, rows=100_000, columns=200, unpacked=400 * MIB)
SOURCES = storage.SOURCES


def keep(arrived: Incoming) -> Stored:
    """Put a file that has arrived in its place."""
    return arrived.keep("table", SOURCES)


def make_readable(file: Import) -> tuple[str, bool]:
    """Return the path of what is read, and whether it is lines that an Excel file became. Raises TableError."""
    with storage.absolute(file.path).open("rb") as source, Incoming() as lines:
        limits = EXCEL_LIMITS if source.read(2) == b"PK" else CSV_LIMITS
        _measure(source, limits)
        if not streaming.prepare(source, lines.file, limits):
            return file.path, False
        lines.file.seek(0)
        with Incoming() as kept:
            while chunk := lines.file.read(MIB):
                kept.write(chunk)
            return kept.keep("lines", SOURCES).path, True


def _measure(source: IO[bytes], limits: Limits) -> None:
    if source.seek(0, 2) > limits.bytes:
        raise TableError("too_big", most=limits.bytes // MIB)


def measure(file: Import, is_header: Callable[[Sequence[str]], bool]) -> Shape:
    """Say how a file is read and what it holds, from its header on. Raises TableError."""
    return streaming.measure(
        storage.absolute(file.path),
        EXCEL_LIMITS if file.is_lines else CSV_LIMITS,
        lines=file.is_lines,
        encoding=file.encoding,
        is_header=is_header,
    )


def lines(file: Import) -> Iterator[Line]:
    """Yield the rows of a file that was measured, its header first. Raises TableError."""
    found = streaming.rows(storage.absolute(file.path), Shape(file.encoding, file.delimiter))
    return itertools.dropwhile(lambda line: line.cells != file.header, found)


def preview(file: Import, encoding: str) -> list[list[str]]:
    """Return the first rows as they look in an encoding."""
    return streaming.preview(storage.absolute(file.path), encoding)


def forget(path: str) -> None:
    """Delete a file, unless an import still needs the same content."""
    if path and not Import.objects.filter(path=path).exists():
        storage.absolute(path).unlink(missing_ok=True)
