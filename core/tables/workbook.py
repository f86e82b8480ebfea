"""A program of its own that prints an Excel file's first visible sheet: a line of JSON for each row.

`python -I workbook.py FILE MOST_ROWS MOST_COLUMNS`. A row is `[number, [cell, …]]`; where the file can't be read,
the last line is `{"error": code}`. It runs bound in time and memory, since the library
that reads the file is quick but lays out every cell up to the last one. No imports from Tomoni.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)


def text(value: Any) -> str:
    """Return a cell as text: numbers as short as they can be, days and times as ISO writes them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
        )
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def read(path: str, rows: int, columns: int) -> Iterator[Any]:
    """Yield `[number, [cell, …]]` for each row that holds something, or `{"error": code}`."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            index = _visible(book)
            if index is None:
                yield {"error": "empty"}
                return
            sheet = book.get_sheet_by_index(index)
            if sheet.total_width > columns:
                yield {"error": "too_many_columns"}
                return
            yield from _rows(sheet, rows)
    except PasswordError:
        yield {"error": "encrypted"}
    except CalamineError:
        yield {"error": "broken"}


def _visible(book: CalamineWorkbook) -> int | None:
    return next(
        (
            index
            for index, sheet in enumerate(book.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ),
        None,
    )


def _rows(sheet: CalamineSheet, most: int) -> Iterator[Any]:
    found = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        filled = [text(cell) for cell in cells]
        if any(cell.strip() for cell in filled):
            found += 1
            if found > most + 1:
                yield {"error": "too_many_rows"}
                return
            yield [number, filled]


if __name__ == "__main__":
    for each in read(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])):
        print(json.dumps(each, ensure_ascii=False))  # noqa: T201
