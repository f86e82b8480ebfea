"""Workbooks: what stands in them comes as text, and hostile ones are refused with a reason."""

import io
import tracemalloc
import zipfile

import pytest

from core.tables.errors import TableError
from core.tables.reading import read
from core.tables.rows import Limits, Row
from tests.core.tables.samples import SHEET, altered, cell, sheet, workbook

LIMITS = Limits(rows=100, columns=50)
MANY = Limits(rows=100, columns=50, unpacked=1024 * 1024)


def refused(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(TableError) as caught:
        read(data, limits)
    assert caught.value.message
    return caught.value.code


def rows_of(inside: str) -> tuple[Row, ...]:
    return read(altered(workbook(), {SHEET: sheet(inside)}), LIMITS).rows


def test_cells_come_as_text_with_their_rows() -> None:
    number = '<c r="B3"><v>12</v></c><c r="C3"><v>0.1</v></c><c r="D3" t="b"><v>1</v></c>'
    assert rows_of(f'<row r="3">{number}</row><row r="7">{cell("A7", "<t>x</t>")}</row>') == (
        Row(3, ("", "12", "0.1", "TRUE")),
        Row(7, ("x",)),
    )


def test_a_formula_is_read_as_what_it_shows() -> None:
    formula = '<row r="1"><c r="A1" t="str"><f>HYPERLINK("http://x")</f><v>klick</v></c></row>'
    assert rows_of(formula) == (Row(1, ("klick",)),)


def test_a_reading_that_excel_keeps_beside_a_name_is_left_out() -> None:
    named = '<r><t>高橋</t></r><rPh sb="0" eb="2"><t>タカハシ</t></rPh>'
    assert rows_of(f'<row r="1">{cell("A1", named)}</row>') == (Row(1, ("高橋",)),)


def test_a_hidden_first_sheet_is_passed_over() -> None:
    book = workbook()
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        xml = package.read("xl/workbook.xml").decode()
    hidden = xml.replace("<sheet ", '<sheet state="hidden" ', 1)
    assert refused(altered(book, {"xl/workbook.xml": hidden})) == "empty"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/macrosheets/sheet1.xml", "<x/>", "macros"),
        (SHEET, "<worksheet", "broken"),
        (SHEET, '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>', "broken"),
        (SHEET, sheet(f'<row r="1">{cell("XFD1", "<t>x</t>")}</row>'), "too_many_columns"),
        (
            SHEET,
            sheet(f'<row r="1048576">{cell("A1048576", "<t>x</t>")}</row>'),
            "too_many_rows",
        ),
        (SHEET, sheet('<row r="1"><c r="A1"/></row>' + "<row/>" * 5000), "empty"),
        (SHEET, " " * (2 * 1024 * 1024), "swollen"),
    ],
)
def test_hostile_workbooks_are_refused(name: str, content: str | bytes, code: str) -> None:
    assert refused(altered(workbook(), {name: content}), MANY) == code


def test_too_many_rows_are_refused() -> None:
    assert refused(workbook([("a",)] * 102)) == "too_many_rows"
    assert len(read(workbook([("a",)] * 101), LIMITS).rows) == 101


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = altered(workbook(), {SHEET: b"0" * (150 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    tracemalloc.start()
    try:
        assert refused(bomb) == "swollen"
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_size_that_lies_is_found_out() -> None:
    book = altered(workbook(), {SHEET: b"0" * (3 * 1024 * 1024)})
    true, lie = (3 * 1024 * 1024).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert refused(book.replace(true, lie), MANY) in {"broken", "swollen"}


@pytest.mark.parametrize("cut", [30, 200, -30, -1])
def test_a_truncated_workbook_is_refused(cut: int) -> None:
    assert refused(workbook()[:cut]) == "broken"


def test_old_and_locked_workbooks_say_how_to_save_them() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert refused(old) == "old_excel"
    assert refused(old + "EncryptedPackage".encode("utf-16-le")) == "encrypted"


def test_another_kind_of_zip_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert refused(out.getvalue()) == "other_format"


def test_macros_are_seen_by_their_type_too() -> None:
    types = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled"/></Types>'
    assert refused(altered(workbook(), {"[Content_Types].xml": types})) == "macros"
