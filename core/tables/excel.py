"""Rows out of an Excel file, read by a bound program of its own."""

import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from core.mediafiles.sandbox import Bounds, run
from core.tables.errors import TableError
from core.tables.packages import repack
from core.tables.rows import MIB, Limits, Row, row

_PROGRAM = Path(__file__).with_name("workbook.py")
_BOUNDS = Bounds(seconds=60, cpu=30, memory=1024 * MIB, file=MIB)


def parse(data: bytes, limits: Limits) -> list[Row]:
    """Return the rows of the first visible sheet that hold something. Raises TableError."""
    printed = bytearray()
    _print(io.BytesIO(data), limits, printed.extend)
    lines = [json.loads(line) for line in printed.splitlines()]
    if lines and isinstance(lines[-1], dict):
        raise _error(lines[-1], limits)
    found = (row(number, cells) for number, cells in lines)
    return [each for each in found if each is not None]


def convert(source: IO[bytes], target: IO[bytes], limits: Limits) -> None:
    """Write the rows as lines of JSON, `[number, [cell, …]]`, as `streaming.rows` reads them. Raises TableError."""
    _print(source, limits, target.write)
    if last := _last_line(target):
        answer = json.loads(last)
        if isinstance(answer, dict):
            raise _error(answer, limits)


def _last_line(target: IO[bytes]) -> bytes:
    end = target.seek(0, io.SEEK_END)
    target.seek(max(end - MIB, 0))
    tail = target.read().rstrip(b"\n")
    target.seek(0, io.SEEK_END)
    return tail[tail.rfind(b"\n") + 1 :]


def _error(answer: dict[str, Any], limits: Limits) -> TableError:
    most = limits.rows if answer["error"] == "too_many_rows" else limits.columns
    return TableError(answer["error"], most=most)


def _print(source: IO[bytes], limits: Limits, watch: Callable[[bytes], Any]) -> None:
    """Have the program read a workbook, and hand on what it prints. Raises TableError."""
    with tempfile.TemporaryDirectory(prefix="table-") as name:
        folder = Path(name)
        with (folder / "table.xlsx").open("wb") as clean:
            repack(source, clean, limits)
        command = [sys.executable, "-I", str(_PROGRAM), "table.xlsx"]
        outcome = run([*command, str(limits.rows), str(limits.columns)], folder, _BOUNDS, watch)
    if not outcome.ok:
        raise TableError("broken")
