"""From text to rows: cells separated by commas, tabs or semicolons, as spreadsheets write them."""

import csv
import io
import re

from core.tables.errors import TableError
from core.tables.rows import Limits, Row, row

DELIMITERS = ",\t;"
HINT = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)
LOOK_AT = 100_000


def parse(text: str, limits: Limits) -> tuple[list[Row], str]:
    """Return the rows that hold something, and the delimiter. Raises TableError.

    Rows are counted as a spreadsheet shows them: a cell with line breaks makes no further row.
    """
    hint = HINT.match(text)
    delimiter = hint.group(1) if hint else ""
    if hint and delimiter in DELIMITERS:
        text = text[hint.end() :]
    else:
        delimiter = sniff(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows, delimiter
        except csv.Error:
            raise TableError("cell_too_long", row=number) from None
        _add(rows, number, cells, limits)


def _add(rows: list[Row], number: int, cells: list[str], limits: Limits) -> None:
    found = row(number, cells)
    if found is None:
        return
    if len(found.cells) > limits.columns:
        raise TableError("too_many_columns", most=limits.columns)
    if len(rows) > limits.rows:  # one of them is the header
        raise TableError("too_many_rows", most=limits.rows)
    rows.append(found)


def sniff(text: str, *, rows: int = 1) -> str:
    """Return the delimiter that stands most often in the first row, outside of quotation marks.

    Of more `rows` the first one that has any tells it: a title stands above in one cell.
    """
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted = False
    for sign in text[:LOOK_AT].replace("\r\n", "\n").lstrip():
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign in counts:
            counts[sign] += 1
        elif sign in "\r\n":
            rows -= 1
            if not rows or any(counts.values()):
                break
    return max(DELIMITERS, key=lambda sign: counts[sign])
