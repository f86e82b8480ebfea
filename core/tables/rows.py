"""What a table is made of: rows of text, and how much of it we take."""

import dataclasses
import re

MIB = 1024 * 1024

_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclasses.dataclass(frozen=True)
class Limits:
    """How much of a table we take. `unpacked` bounds what an Excel file holds inside."""

    bytes: int = 10 * MIB
    rows: int = 50_000
    columns: int = 200
    unpacked: int = 100 * MIB


@dataclasses.dataclass(frozen=True)
class Row:
    """One row as a spreadsheet counts them, from 1; no empty cells at its end."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """Return a cell, empty to the right of the last one."""
        return self.cells[index] if index < len(self.cells) else ""


@dataclasses.dataclass(frozen=True)
class Table:
    """What was read: rows that hold something, and how. `encoding` and `delimiter` are of text alone."""

    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""


def row(number: int, cells: list[str]) -> Row | None:
    """Return a row without its empty end, None where nothing stands in it."""
    while cells and not cells[-1].strip():
        cells.pop()
    return Row(number, tuple(cells)) if cells else None


def bad_letters(text: str) -> bool:
    """Say whether a text has signs that can't be stored or shown: NUL, other controls, half a letter."""
    return _BAD.search(text) is not None


def good_letters(text: str) -> str:
    """Return a text without such signs: what it would be once they are mended, as far as that can be told."""
    return _BAD.sub("", text)
