"""Tables as files for a spreadsheet: UTF-8 with a byte order mark, and no cell that it would calculate."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"

_CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def safe(cell: Cell) -> Cell:
    """Return the cell as a spreadsheet shows it: a text that would be a formula begins with an apostrophe.

    Figures stay figures, negative ones too.
    """
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_CALCULATED):
        return f"'{cell}"
    return cell


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file with these columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return (BOM + text.getvalue()).encode()
