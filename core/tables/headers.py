"""Which column is which: by its name in the first row, in any order, width and case."""

import dataclasses
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from core.tables.errors import TableError
from core.tables.rows import Row
from core.words import listed


def fold(name: str) -> str:
    """Return a column's name without what doesn't tell: width, case, blanks, hyphens, a colon or star."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if not sign.isspace() and sign not in "-_*:‐")


@dataclasses.dataclass(frozen=True)
class Header:
    """Where each known column stands, and the names that nobody knows."""

    positions: Mapping[str, int]
    width: int
    unknown: tuple[str, ...]

    def cells(self, row: Row) -> dict[str, str]:
        """Return a row's cells by column; columns that the file doesn't have are not there."""
        return {column: row.cell(index) for column, index in self.positions.items()}

    def surplus(self, row: Row) -> tuple[str, ...]:
        """Return what stands to the right of the last column: the row has too many cells."""
        return tuple(cell for cell in row.cells[self.width :] if cell.strip())


def match(row: Row, columns: Mapping[str, Sequence[str]], required: Sequence[str] = ()) -> Header:
    """Find the columns (key → the names it may have) in a header row.

    Raises TableError where a column stands twice, or where required ones are missing: all of them are named.
    """
    by_name = {fold(name): column for column, names in columns.items() for name in names}
    positions: dict[str, int] = {}
    unknown = []
    for index, cell in enumerate(row.cells):
        column = by_name.get(fold(cell))
        if column is None:
            unknown += [cell.strip()] if cell.strip() else []
        elif column in positions:
            raise TableError("header_twice", column=cell.strip())
        else:
            positions[column] = index
    if missing := [column for column in required if column not in positions]:
        raise _missing(missing, [columns[column][0] for column in missing])
    return Header(positions, len(row.cells), tuple(unknown))


def in_words(error: TableError, label: Callable[[str], object]) -> TableError:
    """Return an error with the columns that are missing named by `label`; any other as it is."""
    if error.code != "header_missing":
        return error
    missing = error.values["missing"]
    return _missing(missing, [str(label(column)) for column in missing])


def _missing(columns: Sequence[str], names: Sequence[str]) -> TableError:
    named = listed(names)
    return TableError("header_missing", column=named, missing=tuple(columns))
