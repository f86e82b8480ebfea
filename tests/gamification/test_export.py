"""CSV files that a spreadsheet opens without harm."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamification import export


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+81 3", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "  =1"],
)
def test_what_a_spreadsheet_would_calculate_is_text(text):
    assert export.safe(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["価格の話", "a=b", "", None, -5, 2.5])
def test_everything_else_stays_as_it_is(cell):
    assert export.safe(cell) == cell


def test_the_file_begins_with_a_byte_order_mark_and_has_dos_line_ends():
    content = export.csv_file(["モジュール", "ポイント"], [["価格, 値引き", -5]])
    assert content == '\ufeffモジュール,ポイント\r\n"価格, 値引き",-5\r\n'.encode()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
def test_no_cell_is_ever_a_formula_and_none_is_lost(rows):
    content = export.csv_file(["a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert len(read) == len(rows)
    for cells, originals in zip(read, rows, strict=True):
        for cell, original in zip(cells, originals, strict=True):
            assert cell.removeprefix("'") in {original, original.removeprefix("'")}
            assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}
