"""How many people stand behind the smallest line of an export: k-anonymity of figures that are counts of people.

A line of a cross-tab stands for so many people who are alike in its quasi-identifiers (what somebody may know of a
person: where they are, of which months, what they learned). k is the least number of people who are alike.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from core.tables.reading import read
from core.tables.rows import Limits

LEAST = 5


def lines(body: bytes) -> list[dict[str, str]]:
    """Return the lines of a CSV or workbook by the names of its columns."""
    if body[:2] == b"PK":
        header, *rows = (row.cells for row in read(body, Limits()).rows)
        return [dict(zip(header, row, strict=False)) for row in rows]
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def k(found: Iterable[Mapping[str, str]], quasi: Sequence[str], people: str) -> int:
    """Return k over these columns; `people` is the column that says for how many a line stands."""
    table = pd.DataFrame(found)
    alike = table.assign(n=table[people].astype(float)).groupby([*quasi], dropna=False)["n"].max()
    return int(alike.min())
