"""Large tables, row by row: a file of any size is read with the same little memory.

`measure` reads a file once: how its letters and cells are told apart, how many rows it has, whether it can be
read to its end. `rows` then yields them, as often as one likes. What the file is, is told by its content.
"""

import codecs
import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from core.tables import delimited, excel
from core.tables.decoding import ENCODINGS, MARKS
from core.tables.errors import TableError
from core.tables.escaping import unescape
from core.tables.packages import HEAD, is_excel
from core.tables.rows import MIB, Limits

LINES = "lines"
"""The delimiter of a file of JSON lines, which an Excel file becomes."""

_CHUNK = 1024 * 1024
_PREVIEW = 6
_ABOVE = 10
"""So many rows are looked at for the header."""
_NARROW_KANA = frozenset(map(chr, range(0xFF61, 0xFFA0)))


@dataclasses.dataclass(frozen=True)
class Line:
    """A row that holds something, numbered as a spreadsheet does, with all its cells, the empty ones too."""

    number: int
    cells: list[str]


@dataclasses.dataclass(frozen=True)
class Shape:
    """How a file is read, and what it holds: its rows without the header, and the first ones of it."""

    encoding: str
    delimiter: str
    rows: int = 0
    head: tuple[Line, ...] = ()


def prepare(source: IO[bytes], target: IO[bytes], limits: Limits) -> bool:
    """Turn an Excel file into lines that `rows` reads; returns False for text, which stays as it is.

    Raises TableError for files that are no tables.
    """
    source.seek(0, io.SEEK_END)
    size = source.tell()
    source.seek(max(size - MIB, 0))
    tail = source.read()
    source.seek(0)
    head = source.read(HEAD)
    source.seek(0)
    if not size:
        raise TableError("empty")
    if not is_excel(head, tail):
        return False
    excel.convert(source, target, limits)
    return True


def measure(
    path: Path,
    limits: Limits,
    *,
    lines: bool = False,
    encoding: str = "",
    is_header: Callable[[Sequence[str]], bool] = lambda _cells: True,
) -> Shape:
    """Read a file to its end and say how. `encoding`, where somebody chose one, is for text alone.

    The first row of which `is_header` holds is the header, where only shorter ones (a title, a day, a name) stand
    above it; where none is, the first row of all. Raises TableError: `encoding` where no rule tells it.
    """
    if path.stat().st_size > limits.bytes and not lines:
        raise TableError("too_big", most=limits.bytes // MIB)
    if lines:
        shape = Shape("utf-8", LINES)
    else:
        used = _chosen(path, encoding) if encoding else _told(path)
        shape = Shape(used, _delimiter(path, used))
    count, head = 0, list[Line]()
    for line in rows(path, shape):
        count += 1
        if count <= _ABOVE + _PREVIEW:
            head.append(line)
        if len(line.cells) > limits.columns:
            raise TableError("too_many_columns", most=limits.columns)
        if count > limits.rows + 1:  # one of them is the header
            raise TableError("too_many_rows", most=limits.rows)
    if not count:
        raise TableError("empty")
    above = _above([line.cells for line in head[:_ABOVE]], is_header)
    if count == above + 1:
        raise TableError("only_header")
    return dataclasses.replace(
        shape, rows=count - above - 1, head=tuple(head[above : above + _PREVIEW])
    )


def _above(head: Sequence[Sequence[str]], is_header: Callable[[Sequence[str]], bool]) -> int:
    """Return how many rows stand above the header."""
    above = next((n for n, cells in enumerate(head) if is_header(cells)), 0)
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in head]
    return above if all(n < filled[above] for n in filled[:above]) else 0


def preview(path: Path, encoding: str, most: int = _PREVIEW) -> list[list[str]]:
    """Return the first rows as they look in an encoding, whatever can't be read shown as a gap."""
    with path.open("rb") as file:
        text = file.read(64 * 1024).decode(encoding, "replace").removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimited.sniff(text, rows=_ABOVE))
    found = []
    try:
        for cells in reader:
            found.append(cells)
            if len(found) == most:
                break
    except csv.Error:
        pass
    return found


def rows(path: Path, shape: Shape) -> Iterator[Line]:
    """Yield the rows that hold something, from the first one on; formulas are text. Raises TableError."""
    found = _json(path) if shape.delimiter == LINES else _delimited(path, shape)
    for line in found:
        cells = line.cells
        if any(cell[:1] == "'" for cell in cells):
            cells = [unescape(cell) for cell in cells]
        if any(cell and not cell.isspace() for cell in cells):
            yield Line(line.number, cells)


def _json(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as file:
        for text in file:
            number, cells = json.loads(text)
            yield Line(number, cells)


def _delimited(path: Path, shape: Shape) -> Iterator[Line]:
    number = 0
    with path.open(encoding=shape.encoding, newline="") as file:
        if file.read(1) != "\ufeff":
            file.seek(0)
        if delimited.HINT.match(file.readline(64)) is None:
            file.seek(0)
            if file.read(1) != "\ufeff":
                file.seek(0)
        reader = csv.reader(file, delimiter=shape.delimiter, strict=True)
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                quotes = "field larger" not in str(error)
                raise TableError("quotes" if quotes else "cell_too_long", row=number) from None
            except UnicodeDecodeError:
                raise TableError("encoding_wrong", encoding=ENCODINGS[shape.encoding]) from None
            yield Line(number, cells)


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        text = file.read(delimited.LOOK_AT).removeprefix("\ufeff")
    hint = delimited.HINT.match(text)
    if hint and hint.group(1) in delimited.DELIMITERS:
        return hint.group(1)
    return delimited.sniff(text, rows=_ABOVE)


def _chosen(path: Path, encoding: str) -> str:
    if not _reads(path, encoding):
        raise TableError("encoding_wrong", encoding=ENCODINGS[encoding])
    return encoding


def _told(path: Path) -> str:
    """Return the encoding by rule. Raises TableError where none tells it, or two do."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    if marked is None and b"\x00" in head:  # UTF-16 without its mark, or no text at all
        raise TableError("encoding")
    for name in ("utf-8", "cp932") if marked is None else (marked,):
        if name and _reads(path, name):
            if name == "cp932" and _has_narrow_kana(path) and _reads(path, "euc_jp"):
                break
            return name
    raise TableError("encoding")


def _reads(path: Path, encoding: str) -> bool:
    """Say whether a file is this encoding from its first byte to its last."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_narrow_kana(path: Path) -> bool:
    """Say whether half-width kana would stand there: what EUC-JP looks like when it is read as CP932."""
    with path.open(encoding="cp932", newline="") as file:
        while text := file.read(_CHUNK):
            if not _NARROW_KANA.isdisjoint(text):
                return True
    return False
