"""From a file's bytes to rows, whatever it is: CSV in any of the usual encodings, or Excel."""

import dataclasses

from core.tables import delimited, excel
from core.tables.decoding import decode
from core.tables.errors import TableError
from core.tables.escaping import unescape
from core.tables.packages import is_excel
from core.tables.rows import MIB, Limits, Row, Table


def read(data: bytes, limits: Limits, encoding: str = "") -> Table:
    """Return the rows that hold something; formulas are text. Raises TableError if there are none.

    What the file is, is told by its content, never by its name. `encoding`, where somebody chose one, is
    for text alone.
    """
    if len(data) > limits.bytes:
        raise TableError("too_big", most=limits.bytes // MIB)
    if is_excel(data):
        table = Table(tuple(excel.parse(data, limits)))
    else:
        text, used = decode(data, encoding)
        rows, delimiter = delimited.parse(text, limits)
        table = Table(tuple(rows), used, delimiter)
    if not table.rows:
        raise TableError("empty")
    return dataclasses.replace(table, rows=tuple(_plain(row) for row in table.rows))


def _plain(row: Row) -> Row:
    return Row(row.number, tuple(unescape(cell) for cell in row.cells))
