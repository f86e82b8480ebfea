"""From a file's bytes to rows, whatever it is: CSV in any of the usual encodings, or Excel."""

import dataclasses

from core.tables import delimited, excel
from core.tables.decoding import decode
from core.tables.errors import TableError
from core.tables.escaping import unescape
from core.tables.packages import is_excel
from core.tables.rows import MIB, Limits, Row, Table, row


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
        lines, delimiter = delimited.parse(text, limits)
        table = Table(tuple(lines), used, delimiter)
    rows = [_plain(each) for each in table.rows]
    kept = tuple(each for each in rows if each is not None)
    if not kept:
        raise TableError("empty")
    return dataclasses.replace(table, rows=kept)


def _plain(found: Row) -> Row | None:
    """Return a row as it was before it was made safe; what was only made safe may hold nothing."""
    return row(found.number, [unescape(cell) for cell in found.cells])
