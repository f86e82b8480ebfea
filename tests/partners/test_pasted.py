"""Tables pasted from Excel: whatever arrives is read, or refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import pasted


def test_a_table_without_header_is_read_in_its_usual_order() -> None:
    table = pasted.parse(
        "高橋 美咲\tたかはし みさき\tm@example.com\tA\t営業\r\n\r\n小川\t\togawa.t"
    )
    assert not table.has_header
    assert [row.number for row in table.rows] == [1, 3]
    assert table.rows[0].cells == {
        "name": "高橋 美咲",
        "reading": "たかはし みさき",
        "sign_in": "m@example.com",
        "team": "A",
        "role": "営業",
    }
    assert table.rows[1].cell("sign_in") == "ogawa.t"
    assert not table.rows[1].cell("team")


@pytest.mark.parametrize(
    "header",
    [
        "メールアドレス\t氏名\tふりがな",
        "E-Mail,Name,Reading",
        "ｅ－ｍａｉｌ，Full Name，READING",
        "mail\tお名前\tよみがな",
    ],
)
def test_a_header_names_the_columns_in_any_order(header: str) -> None:
    separator = "\t" if "\t" in header else ","
    table = pasted.parse(f"{header}\n{separator.join(['m@example.com', '高橋', 'たかはし'])}")
    assert table.has_header
    (row,) = table.rows
    assert (row.number, row.cell("name"), row.cell("email")) == (2, "高橋", "m@example.com")


def test_columns_that_nobody_knows_are_named_and_left_out() -> None:
    table = pasted.parse("名前,メール,好きな色\n高橋,m@example.com,赤")
    assert table.unknown_columns == ("好きな色",)
    assert "赤" not in table.rows[0].cells.values()


def test_a_rank_in_the_own_company_is_no_role_here() -> None:
    table = pasted.parse("氏名\tメールアドレス\t部署\t役職\n高橋\tm@example.com\t東京\t課長")
    assert table.unknown_columns == ("役職",)
    assert (table.rows[0].cell("team"), table.rows[0].cell("role")) == ("東京", "")


def test_a_person_called_like_a_column_is_no_header() -> None:
    table = pasted.parse("名 前\tなまえ\tn@example.com")
    assert not table.has_header
    assert len(table.rows) == 1


def test_cells_beyond_the_last_column_are_kept_apart() -> None:
    assert pasted.parse("高橋,た,m@example.com,A,営業,余り").rows[0].extra == ("余り",)


def test_a_quoted_cell_may_hold_separators_and_new_lines() -> None:
    (row,) = pasted.parse('"高橋\n美咲",たかはし,"m@example.com","A, B",営業').rows
    assert row.cell("team") == "A, B"
    assert row.cell("name") == "高橋\n美咲"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\t\n,,,", "empty"),
        ("名前\tメール", "only_header"),
        ("名前\t氏名\tメール\nx\ty\tz", "header_twice"),
        ("メール\tチーム\na@example.com\tA", "header_without_name"),
        ("名前\tチーム\n高橋\tA", "header_without_sign_in"),
        ("あ" * 70_000, "too_big"),
        ("高橋,,m@example.com\n" * 1001, "too_many_rows"),
        ('高橋,"' + "x" * 140_000, "cell_too_long"),
    ],
)
def test_a_table_that_cant_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(pasted.Unreadable) as caught:
        pasted.parse(text)
    assert caught.value.code == code


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        table = pasted.parse(text)
    except pasted.Unreadable:
        return
    assert table.rows
    assert all(any(row.cells.values()) or row.extra or table.unknown_columns for row in table.rows)


_CELL = st.text(
    st.characters(codec="utf-8", exclude_characters='\t\r\n",、，＂\x00', categories=("L", "N")),
    min_size=1,
    max_size=12,
)


@given(st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=20), st.sampled_from(["\t", ","]))
def test_rows_come_out_as_they_went_in(people: list[tuple[str, str]], separator: str) -> None:
    lines = [
        separator.join([name, "", f"user{n}@example.com", team])
        for n, (name, team) in enumerate(people)
    ]
    table = pasted.parse("\n".join(lines))
    assert [row.number for row in table.rows] == list(range(1, len(people) + 1))
    assert [row.cell("sign_in") for row in table.rows] == [
        f"user{n}@example.com" for n in range(len(people))
    ]
