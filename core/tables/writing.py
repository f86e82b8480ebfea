"""Tables as files: CSV that every spreadsheet opens with the right letters, and Excel workbooks."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import xlsxwriter

from core.tables.escaping import escape

CSV_TYPE = "text/csv; charset=utf-8"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


Cell = str | float | None
"""Text, a figure, which stays one also when negative, or nothing."""


def _safe(cell: Cell) -> Cell:
    return escape(cell.replace("\r\n", "\n")) if isinstance(cell, str) else cell


def csv_pieces(
    rows: Iterable[Sequence[Cell]], at_once: int = 500, *, quoted: bool = False
) -> Iterator[bytes]:
    """Yield a CSV in UTF-8 piece by piece, a byte order mark first: without it Excel takes it for another encoding.

    `quoted` puts every cell in quotation marks, for readers to whom a full-width comma is one, too.
    """
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    for number, cells in enumerate(rows, start=1):
        writer.writerow([_safe(cell) for cell in cells])
        if number % at_once == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def to_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV in UTF-8 with a byte order mark."""
    return b"".join(csv_pieces(rows))


def to_excel(rows: Iterable[Sequence[Cell]], *, title: str, widths: Sequence[int] = ()) -> bytes:
    """Return a workbook of one sheet, its first row a header. Text stays text, also when edited later."""
    out = io.BytesIO()
    write_excel(rows, out, title=title, widths=widths)
    return out.getvalue()


def write_excel(
    rows: Iterable[Sequence[Cell]], out: IO[bytes], *, title: str, widths: Sequence[int] = ()
) -> None:
    """Write such a workbook into a file, a row at a time."""
    in_memory = isinstance(out, io.BytesIO)
    book = xlsxwriter.Workbook(out, {"in_memory": in_memory, "constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width, text)
    for number, cells in enumerate(rows):
        for index, cell in enumerate(cells):
            if isinstance(cell, int | float):
                sheet.write_number(number, index, cell)
            elif cell:
                sheet.write_string(number, index, str(_safe(cell)), head if number == 0 else text)
    book.close()
