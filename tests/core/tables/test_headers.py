"""Columns are found by their names, in both languages, any width, any order."""

import pytest
from django.utils import translation

from core.tables.errors import TableError
from core.tables.headers import in_words, match
from core.tables.rows import Row

COLUMNS = {"code": ("Code", "コード"), "stem": ("Question", "問題文"), "right": ("Right answer",)}


def test_names_are_found_in_any_order_width_and_case() -> None:
    header = match(Row(1, ("問題文", "ＣＯＤＥ", "備考", " right-answer* ")), COLUMNS)
    assert header.positions == {"stem": 0, "code": 1, "right": 3}
    assert header.unknown == ("備考",)
    assert header.cells(Row(2, ("なぜ", "Q-1"))) == {"stem": "なぜ", "code": "Q-1", "right": ""}


def test_half_width_kana_are_found() -> None:
    assert match(Row(1, ("ｺｰﾄﾞ",)), COLUMNS).positions == {"code": 0}


def test_a_row_wider_than_its_header_is_told() -> None:
    header = match(Row(1, ("Code", "Question")), COLUMNS)
    assert header.surplus(Row(2, ("1", "2", "", "3"))) == ("3",)
    assert header.surplus(Row(2, ("1", "2"))) == ()


@pytest.mark.parametrize(
    ("names", "code"), [(("Code", "コード"), "header_twice"), (("x", "y"), "header_missing")]
)
def test_a_header_that_can_not_be_used_says_why(names: tuple[str, ...], code: str) -> None:
    with pytest.raises(TableError) as caught:
        match(Row(1, names), COLUMNS, required=["code"])
    assert caught.value.code == code
    assert caught.value.values["column"]


def test_all_columns_that_are_missing_are_named() -> None:
    columns = {"code": ("Code",), "stem": ("Question",), "kind": ("Kind",)}
    with pytest.raises(TableError) as caught:
        match(Row(1, ("Kind",)), columns, required=["code", "stem", "kind"])
    with translation.override("en"):
        assert in_words(caught.value, str.upper).values["column"] == "CODE, STEM"
