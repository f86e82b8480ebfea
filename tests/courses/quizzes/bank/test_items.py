"""The bank's rules are pure functions: these are their promises."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.headers import Header, fold
from core.tables.rows import Row
from courses.catalog.blocks import check_item
from courses.quizzes.bank import columns, items, words
from courses.quizzes.bank.items import Draft, Option, Trouble
from tests.courses.quizzes.bank.samples import DRAFT, drafts


def codes(draft: Draft) -> list[tuple[str, str]]:
    return [(trouble.field, trouble.code) for trouble in items.troubles(draft)]


def but(**fields: Any) -> Draft:
    return dataclasses.replace(DRAFT, **fields)


def test_a_good_item_has_no_troubles() -> None:
    assert codes(DRAFT) == []


@given(drafts())
def test_what_the_bank_takes_a_quiz_takes_too(draft: Draft) -> None:
    assert items.troubles(draft) == []
    raw = {"key": "abcd", "kind": draft.kind, "stem": draft.stem, "weight": draft.weight}
    assert check_item(raw | {"options": items.keyed(draft)}) == []


@pytest.mark.parametrize(
    ("draft", "field", "code"),
    [
        (but(code=""), "code", "no_code"),
        (but(code="Q 1"), "code", "bad_code"),
        (but(code="=1+1"), "code", "bad_code"),
        (but(code="x" * 41), "code", "too_long"),
        (but(kind="essay"), "kind", "bad_kind"),
        (but(stem=""), "stem", "no_stem"),
        (but(stem="x" * 1001), "stem", "too_long"),
        (but(stem="a\x00b"), "stem", "bad_letters"),
        (but(weight=0), "weight", "bad_weight"),
        (but(weight=11), "weight", "bad_weight"),
        (but(options=(Option("a", correct=True),)), "options.2.text", "few_options"),
        (but(options=(Option("a"), Option("b"))), "right", "no_right"),
        (
            but(options=(Option("a", correct=True), Option("b", correct=True))),
            "right",
            "several_right",
        ),
        (
            but(options=(Option("a"), Option("b"), Option("", correct=True))),
            "right",
            "right_is_blank",
        ),
        (
            but(options=(Option("a", correct=True), Option("b"), Option("", explanation="why"))),
            "options.3.text",
            "no_option_text",
        ),
        (
            but(options=(Option("Ａ", correct=True), Option("a"))),
            "options.2.text",
            "option_twice",
        ),
        (but(kind="truefalse"), "options.3.text", "truefalse_has_two"),
        (but(skills=tuple(f"s{n}" for n in range(13))), "skills", "many_tags"),
        (but(products=("x" * 41,)), "products", "too_long"),
    ],
)
def test_every_trouble_is_told_at_its_field(draft: Draft, field: str, code: str) -> None:
    assert codes(draft) == [(field, code)]


def test_every_trouble_has_words_in_the_form_and_in_the_table() -> None:
    for code in words.codes():
        trouble = Trouble("stem", code, "value", "7")
        assert words.message(trouble)
        assert words.explain(trouble).mend


def test_tags_come_apart_at_every_comma_and_stand_once() -> None:
    assert items.tags(" 価格交渉、ヒアリング，ＣＲＭ; crm\nクロージング・技 ") == (
        *("価格交渉", "ヒアリング", "ＣＲＭ"),
        "クロージング・技",
    )


def test_options_keep_their_keys_where_their_text_stays() -> None:
    before = items.keyed(DRAFT)
    assert [raw["key"] for raw in before] == ["a", "b", "c"]
    swapped = but(options=(DRAFT.options[2], Option("新しい選択肢"), DRAFT.options[0]))
    assert [raw["key"] for raw in items.keyed(swapped, before)] == ["c", "d", "a"]


def test_true_and_false_have_keys_of_their_own() -> None:
    draft = but(kind="truefalse", options=DRAFT.options[:2])
    assert [raw["key"] for raw in items.keyed(draft)] == ["true", "false"]


# --- As rows of a table -----------------------------------------------------------------------


def read(cells: dict[str, str], before: Draft | None = None) -> tuple[Draft, list[Trouble]]:
    return columns.read({"code": "Q-1", "stem": "なぜ"} | cells, before, "ja")


def test_no_two_columns_share_a_name() -> None:
    names = [fold(name) for column in columns.COLUMNS.values() for name in dict.fromkeys(column)]
    assert len(names) == len(set(names))
    assert sorted(columns.order()) == sorted(columns.COLUMNS)


@given(drafts(), st.sampled_from(["ja", "en"]), st.sampled_from(["ja", "en"]))
def test_an_item_written_as_a_row_reads_back_as_itself(
    draft: Draft, written: str, reading: str
) -> None:
    cells = dict(zip(columns.order(), columns.write(draft, written), strict=True))
    again, troubles = columns.read(cells, None, reading)
    assert troubles == []
    filled = tuple(option for _, option in again.filled())
    assert dataclasses.replace(again, options=filled) == draft


@pytest.mark.parametrize(
    "cell", ["A, C", "Ａ、Ｃ", "ac", "1 3", "１、３", "ア・ウ", "A and C"[:1] + "&C"]
)
def test_right_options_are_read_however_people_name_them(cell: str) -> None:
    options = {"option_A": "a", "option_B": "b", "option_C": "c"}
    draft, troubles = read(options | {"right": cell})
    assert troubles == []
    assert [option.correct for option in draft.options[:3]] == [True, False, True]
    assert draft.kind == "multiple", "the kind follows from the right options where no cell says it"


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("right", "たぶんA", "bad_right"),
        ("weight", "2.5", "bad_weight"),
        ("weight", "⑪", "bad_weight"),
        ("kind", "作文", "bad_kind"),
        ("language", "Klingon", "bad_language"),
        ("archived", "maybe", "bad_flag"),
    ],
)
def test_a_cell_that_can_not_be_understood_is_told(column: str, cell: str, code: str) -> None:
    assert [(t.field, t.code, t.value) for t in read({column: cell})[1]] == [(column, code, cell)]


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("weight", "３", "weight", 3),
        ("weight", "", "weight", 1),
        ("kind", "複数選択", "kind", "multiple"),
        ("kind", "TRUE OR FALSE", "kind", "truefalse"),
        ("language", "英語", "language", "en"),
        ("archived", "はい", "is_archived", True),
        ("archived", "", "is_archived", False),
    ],
)
def test_cells_are_read_in_both_languages_and_any_width(
    column: str, cell: str, field: str, value: Any
) -> None:
    draft, troubles = read({column: cell})
    assert (troubles, getattr(draft, field)) == ([], value)


def test_a_column_that_is_not_there_leaves_the_item_as_it_is() -> None:
    draft, troubles = columns.read({"code": "Q-001", "stem": "新しい文"}, DRAFT, "en")
    assert troubles == []
    filled = tuple(option for _, option in draft.filled())
    assert dataclasses.replace(draft, options=filled) == but(stem="新しい文")


def test_a_field_knows_its_column() -> None:
    assert columns.column_of("options.3.text") == "option_C"
    assert columns.column_of("options.8.explanation") == "why_H"
    assert columns.column_of("stem") == "stem"
    assert Header({}, 0, ()).cells(Row(1, ())) == {}


@pytest.mark.parametrize(
    ("right", "language", "texts", "correct"),
    [
        ("○", "日本語", ("そのとおり", "ちがう"), [True, False]),
        ("×", "", ("そのとおり", "ちがう"), [False, True]),
        ("誤", "", ("そのとおり", "ちがう"), [False, True]),
        ("TRUE", "English", ("That's right", "That's not right"), [True, False]),
        ("F", "en", ("That's right", "That's not right"), [False, True]),
        ("B", "", ("そのとおり", "ちがう"), [False, True]),
    ],
)
def test_true_or_false_needs_no_options_of_its_own(
    right: str, language: str, texts: tuple[str, str], correct: list[bool]
) -> None:
    cells = {"code": "Q-1", "stem": "届きますか", "kind": "正誤", "right": right}
    draft, troubles = columns.read(cells | {"language": language}, None, "ja")
    assert not troubles
    assert draft.kind == "truefalse"
    assert tuple(each.text for each in draft.options[:2]) == texts
    assert [each.correct for each in draft.options[:2]] == correct
    assert not any(each.text or each.correct for each in draft.options[2:])


def test_no_option_moves_up_unasked() -> None:
    before = but(options=tuple(Option(text, correct=text == "ア") for text in "アイウエ"))
    cells = {"code": before.code, "stem": before.stem, "option_A": "ア", "option_B": "イ"}
    _draft, troubles = columns.read(cells | {"option_C": ""}, before, "ja")
    assert [(each.field, each.code, each.value) for each in troubles] == [
        ("options.2.text", "moves_up", "D")
    ]
    both, troubles = columns.read(cells | {"option_C": "", "option_D": ""}, before, "ja")
    assert not troubles
    assert [each.text for each in both.options if each.text] == ["ア", "イ"]
    kept, troubles = columns.read(cells, before, "ja")
    assert not troubles
    assert [each.text for each in kept.options if each.text] == ["ア", "イ", "ウ", "エ"]
