"""A program of its own that prints an Excel file's first visible sheet as JSON.

`python -I workbook.py FILE MOST_ROWS MOST_COLUMNS`. It runs bound in time and memory, since the library
that reads the file is quick but lays out every cell up to the last one. No imports from Tomoni.
"""

import datetime as dt
import json
import sys
from typing import Any

from python_calamine import (
    CalamineError,
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


def read(path: str, rows: int, columns: int) -> dict[str, Any]:
    """Return `{"rows": [[number, [cell, …]], …]}`, or `{"error": code}`."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            index = next(
                (
                    index
                    for index, sheet in enumerate(book.sheets_metadata)
                    if sheet.typ == SheetTypeEnum.WorkSheet
                    and sheet.visible == SheetVisibleEnum.Visible
                ),
                None,
            )
            if index is None:
                return {"error": "empty"}
            sheet = book.get_sheet_by_index(index)
            if sheet.total_width > columns:
                return {"error": "too_many_columns"}
            grid = sheet.to_python(skip_empty_area=False)
    except PasswordError:
        return {"error": "encrypted"}
    except CalamineError:
        return {"error": "broken"}
    found = []
    for number, cells in enumerate(grid, start=1):
        filled = [text(cell) for cell in cells]
        if any(cell.strip() for cell in filled):
            found.append([number, filled])
    return {"rows": found} if len(found) <= rows + 1 else {"error": "too_many_rows"}


if __name__ == "__main__":
    answer = read(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    json.dump(answer, sys.stdout, ensure_ascii=True)
