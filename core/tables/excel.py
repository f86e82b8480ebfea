"""Rows out of an Excel file, read by a bound program of its own."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from core.mediafiles.sandbox import Bounds, run
from core.tables.errors import TableError
from core.tables.packages import repack
from core.tables.rows import MIB, Limits, Row, row

_PROGRAM = Path(__file__).with_name("workbook.py")
_BOUNDS = Bounds(seconds=60, cpu=30, memory=1024 * MIB, file=MIB)


def parse(data: bytes, limits: Limits) -> list[Row]:
    """Return the rows of the first visible sheet that hold something. Raises TableError."""
    clean = repack(data, limits)
    with tempfile.TemporaryDirectory(prefix="table-") as name:
        folder = Path(name)
        (folder / "table.xlsx").write_bytes(clean)
        answer = _ask(folder, limits)
    if "error" in answer:
        most = limits.rows if answer["error"] == "too_many_rows" else limits.columns
        raise TableError(answer["error"], most=most)
    found = (row(number, cells) for number, cells in answer["rows"])
    return [each for each in found if each is not None]


def _ask(folder: Path, limits: Limits) -> dict[str, Any]:
    printed = bytearray()
    command = [sys.executable, "-I", str(_PROGRAM), "table.xlsx"]
    outcome = run(
        [*command, str(limits.rows), str(limits.columns)], folder, _BOUNDS, printed.extend
    )
    if not outcome.ok:
        raise TableError("broken")
    answer: dict[str, Any] = json.loads(printed)
    return answer
