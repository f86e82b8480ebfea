"""What is taken away and brought back is the same, whatever stands in the cells."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tables import writing
from core.tables.escaping import escape, unescape
from core.tables.reading import read
from core.tables.rows import Limits

LIMITS = Limits()
_SIGNS = st.one_of(
    st.characters(exclude_categories=["Cs", "Cc"]),
    st.sampled_from("\t\n=+-@'\"＝＋－＠,;_x005F"),
)
cells = st.text(_SIGNS, max_size=12)
tables = st.lists(st.lists(cells, min_size=1, max_size=5), max_size=6)


def _kept(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """What reading promises to give back: rows that hold something, without their empty end."""
    kept = []
    for row in rows:
        filled = [index for index, cell in enumerate(row) if cell.strip()]
        if filled:
            kept.append(tuple(row[: filled[-1] + 1]))
    return kept


@given(tables)
def test_a_csv_reads_back_to_the_same_rows(rows: list[list[str]]) -> None:
    table = [["code", "text", "more", "and", "last"], *rows]
    found = read(writing.to_csv(table), LIMITS)
    assert [row.cells for row in found.rows] == _kept(table)


@settings(max_examples=25, deadline=None)
@given(tables)
def test_a_workbook_reads_back_to_the_same_rows(rows: list[list[str]]) -> None:
    table = [["code", "text", "more", "and", "last"], *rows]
    found = read(writing.to_excel(table, title="t"), LIMITS)
    assert [row.cells for row in found.rows] == _kept(table)


@given(st.text(st.sampled_from("='＋@a\t"), max_size=6))
def test_unescape_takes_back_what_escape_did(text: str) -> None:
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx", "＝1", "'=1"])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    written = writing.to_csv([["a"], [text]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written)))[1] == [f"'{text}"]


def test_an_apostrophe_of_the_text_itself_stays() -> None:
    assert escape("'90s") == "'90s"
    assert unescape("'90s") == "'90s"
