"""Tables as text: encodings by rule, delimiters, rows with their numbers."""

import codecs

import pytest

from core.tables.decoding import decode
from core.tables.delimited import parse, sniff
from core.tables.errors import TableError
from core.tables.reading import read
from core.tables.rows import Limits, bad_letters

LIMITS = Limits()
JAPANESE = "コード,氏名\r\nQ-1,髙橋①〜−\r\n"


def cells(data: bytes, encoding: str = "") -> list[tuple[str, ...]]:
    return [row.cells for row in read(data, LIMITS, encoding).rows]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (JAPANESE.encode(), "utf-8"),
        (JAPANESE.encode("utf-8-sig"), "utf-8"),
        (JAPANESE.replace("〜−", "～－").encode("cp932"), "cp932"),
        (JAPANESE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + JAPANESE.encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_usual_encodings_are_told_by_rule(data: bytes, encoding: str) -> None:
    text, used = decode(data)
    assert used == encoding
    assert text.startswith("コード,氏名\r\nQ-1,髙橋①")


def test_what_no_rule_can_tell_is_asked() -> None:
    with pytest.raises(TableError) as caught:
        decode("コード,名".encode() + b"\xff\xff")
    assert caught.value.code == "encoding"


def test_a_chosen_encoding_is_taken_and_a_wrong_one_is_said() -> None:
    assert decode(JAPANESE.replace("髙", "高").replace("①〜−", "").encode("euc_jp"), "euc_jp")[0]
    with pytest.raises(TableError) as caught:
        decode(b"\xff\xff", "utf-8")
    assert "UTF-8" in caught.value.message


def test_a_mark_that_lies_is_not_believed() -> None:
    with pytest.raises(TableError):
        decode(codecs.BOM_UTF8 + b"\xff")
    with pytest.raises(TableError):
        decode(codecs.BOM_UTF32_LE + b"a\0\0\0")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b;c\n", ","),
        ("a;b;c,d\n", ";"),
        ("a\tb,c\td\n", "\t"),
        ('"a;b;c;d",e\n', ","),
        ("a\n1,2,3\n", ","),
        ("\n\na;b\n", ";"),
        ("", ","),
    ],
)
def test_the_first_row_tells_the_delimiter(text: str, delimiter: str) -> None:
    assert sniff(text) == delimiter


def test_excels_own_hint_is_followed_and_not_counted() -> None:
    rows, delimiter = parse("sep=;\r\na;b,c\r\n1;2\r\n", LIMITS)
    assert delimiter == ";"
    assert [(row.number, row.cells) for row in rows] == [(1, ("a", "b,c")), (2, ("1", "2"))]


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    rows, _ = parse('a,b\r\n\r\n"x\ny\r\nz",1\r2,3\n', LIMITS)
    assert [row.number for row in rows] == [1, 3, 4]
    assert rows[1].cells == ("x\ny\r\nz", "1")


def test_ragged_rows_keep_their_cells() -> None:
    rows, _ = parse("a,b,c\n1\n1,2,3,4\n,,\n", LIMITS)
    assert [row.cells for row in rows] == [("a", "b", "c"), ("1",), ("1", "2", "3", "4")]


@pytest.mark.parametrize("data", [b"", b"\n\n", b",,,\n , ,\n", codecs.BOM_UTF8])
def test_a_file_without_anything_says_so(data: bytes) -> None:
    with pytest.raises(TableError) as caught:
        read(data, LIMITS)
    assert caught.value.code == "empty"


def test_a_quotation_mark_that_stays_open_names_its_row() -> None:
    with pytest.raises(TableError) as caught:
        read(b'a,b\n1,2\n3,"' + b"x" * 200_000, LIMITS)
    assert (caught.value.code, caught.value.values) == ("cell_too_long", {"row": 3})


def test_nul_and_other_controls_come_through_and_are_told() -> None:
    assert cells(b"a,b\nx\0y,z\n")[1] == ("x\0y", "z")
    assert bad_letters("x\0y")
    assert bad_letters("\x1b[31m")
    assert bad_letters("\ud800")
    assert not bad_letters("a\tb\r\nc 髙\u202e")


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (b"a\n" * 5, Limits(rows=3), "too_many_rows"),
        (b"a," * 5 + b"b", Limits(columns=3), "too_many_columns"),
        (b"a" * (3 * 1024 * 1024), Limits(bytes=2 * 1024 * 1024), "too_big"),
    ],
)
def test_more_than_the_limits_is_refused(data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(TableError) as caught:
        read(data, limits)
    assert caught.value.code == code
    assert caught.value.message


def test_as_many_rows_as_the_limit_are_read_beside_the_header() -> None:
    assert len(read(b"a\n" * 4, Limits(rows=3)).rows) == 4


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0"])
def test_files_of_other_programs_are_refused(data: bytes) -> None:
    with pytest.raises(TableError) as caught:
        read(data, LIMITS)
    assert caught.value.code == "other_format"
