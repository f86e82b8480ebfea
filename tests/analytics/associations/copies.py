"""Rows as PostgreSQL copies them out, made and read for tests."""

import dataclasses
import datetime as dt
import struct
import uuid
from collections.abc import Iterable, Iterator

from analytics.associations import measures
from analytics.associations.course_rows import NOWHERE
from analytics.associations.engine import copied
from analytics.associations.queries.grids import Figures

_BEGIN = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)
_SINCE = dt.date(2000, 1, 1)
_LINE = struct.Struct(">h" + "ii" * 4 + "iq" * 5)


@dataclasses.dataclass(frozen=True)
class Line:
    """A rep's month with sales: who, where, which month, in which one they completed the course, and counts."""

    person: int
    place: int
    month: dt.date
    completed: dt.date | None
    appointments: int
    calls: int
    qualified: int
    won: int
    decided: int


def of_course(lines: Iterable[Line]) -> bytearray:
    """Return lines as the query of a course's study copies them out."""
    told, completed = bytearray(_BEGIN), {}
    for each in lines:
        counts = each.appointments, each.calls, each.qualified, each.won, each.decided
        told += _packed(each.person, each.place, each.month, *counts)
        if each.completed:
            completed[each.person] = each.completed
    for person, month in completed.items():
        told += _packed(person, NOWHERE, month, 0, 0, 0, 0, 0)
    return told + _END


def _packed(person: int, place: int, month: dt.date, *counts: int) -> bytes:
    day = (month - _SINCE).days
    wholes = [each for value in (person, place, day, day + 27) for each in (4, value)]
    return _LINE.pack(9, *wholes, *(each for value in counts for each in (8, value)))


@dataclasses.dataclass(frozen=True)
class Wide:
    """A rep of a grid: where they belong, and part and base of each measure."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    learning: list[tuple[int, int]]
    sales: list[tuple[int, int]]


def of_grid(figures: Figures) -> Iterator[Wide]:
    """Return the rows of a grid's figures."""
    kinds = {"person": copied.ID, "place": copied.ID}
    columns = len(figures.columns)
    kinds |= {f"n{n}": copied.LONG for n in range(2 * (columns + len(measures.LEARNING)))}
    for row in copied.table(figures.rows, kinds):
        numbers = [int(row[f"n{n}"]) for n in range(len(kinds) - 2)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        person, place = (uuid.UUID(bytes=bytes(row[name])) for name in ("person", "place"))
        yield Wide(person, place, pairs[columns:], pairs[:columns])
