"""Tables as files: CSV that every spreadsheet opens with the right letters, and Excel workbooks."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from core.tables.escaping import escape

CSV_TYPE = "text/csv; charset=utf-8"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _safe(cell: str) -> str:
    return escape(cell.replace("\r\n", "\n"))


def to_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV in UTF-8 with a byte order mark, without which Excel takes it for another encoding."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_excel(rows: Iterable[Sequence[str]], *, title: str, widths: Sequence[int] = ()) -> bytes:
    """Return a workbook of one sheet, its first row a header. Every cell is text, also when edited later."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width, text)
    for number, cells in enumerate(rows):
        for index, cell in enumerate(cells):
            if cell:
                sheet.write_string(number, index, _safe(cell), head if number == 0 else text)
    book.close()
    return out.getvalue()
