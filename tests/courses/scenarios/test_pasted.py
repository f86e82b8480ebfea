"""A table becomes a scenario, or each thing that keeps it from being one is named by row and column."""

import pytest

from core.tables import reading as tables
from core.tables.errors import TableError
from core.tables.rows import Limits
from courses.scenarios import pasted, writing
from courses.scenarios.pasted import Pasted
from courses.scenarios.validator import validate

_GOOD = """場面\t話し手\t本文\t選択肢\t行き先\t点\t評価\t理由\t結果
入口\t佐藤部長\t高いですね。\t何と比べて?\t決断\t10\t○\t比べる相手が分かる。\t
\t\t\t5%引きます。\t失注\t−5\t×\t\t
決断\t佐藤部長\tでは?\t契約書です。\t成約\t１０\t◎\t\t
\t\t\t引き下がる。\t失注\t\t\t\t
成約\t\tお願いします。\t\t\t\t\t\t成功
失注\t\tまた今度。\t\t\t\t\t急がない。\t失敗
"""


def _read(text: str) -> Pasted:
    return pasted.read(tables.read(text.encode(), Limits()).rows, title="値引き")


def test_a_japanese_table_is_a_scenario_that_may_be_published() -> None:
    made = _read(_GOOD)
    assert made.problems == ()
    document = made.document
    assert document is not None
    assert not validate(document).errors
    assert [scene.title for scene in document.scenes] == ["入口", "決断", "成約", "失注"]
    first, ending = document.scenes[0], document.scenes[3]
    assert [(c.quality, c.points) for c in first.choices] == [("best", 10), ("poor", -5)]
    assert first.choices[1].to == ending.key
    assert (ending.kind, ending.outcome) == ("ending", "fail")
    assert document.explanations[ending.key].why == "急がない。"
    assert writing.take_in(writing.export(document)) == document


def test_english_headers_and_formats_of_excel_are_read_too() -> None:
    made = _read(
        "Scene,Speaker,Text,Choice,Goes to,Points,Best,Why\nA,,Hi,Yes,B,5,yes,\nB,,Bye,,,,,\n"
    )
    assert made.document is not None
    assert made.document.scenes[0].choices[0].quality == "best"


@pytest.mark.parametrize("cross", ["×", "✕", "x", "X", "ｘ"])
def test_a_cross_is_a_poor_choice_in_any_width(cross: str) -> None:
    made = _read(
        f"場面\tせりふ\t選択肢\t進む先\tよさ\n入口\t高い\t何と?\t終\t◎\n\t\t引きます\t終\t{cross}\n終\tでは\n"
    )
    assert made.document is not None
    assert [each.quality for each in made.document.scenes[0].choices] == ["best", "poor"]


def _problems(*rows: str) -> list[tuple[int, str, str]]:
    made = _read(
        "\n".join(["scene|speaker|text|choice|goes to|points|best|why".replace("|", "\t"), *rows])
    )
    assert made.document is None
    return [(each.row, each.column, each.code) for each in made.problems]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (["A\t\tHi\tYes\tZ"], [(2, "to", "unknown_target")]),
        (["A\t\tHi\tYes\tB", "B\t\tBye", "A\t\tHi again"], [(4, "scene", "scene_twice")]),
        (["A\t\tHi\tYes\tA\tmany"], [(2, "points", "bad_points")]),
        (["A\t\tHi\tYes\tA\t9999"], [(2, "points", "bad_points")]),
        (["A\t\tHi\tYes\tA\t1\tperhaps"], [(2, "best", "unknown_quality")]),
        (["A\t\tHi\tYes"], [(2, "to", "no_target")]),
        (["A\t\tHi\t\tA"], [(2, "to", "without_choice")]),
        (["\t\tHi\tYes\tA"], [(2, "scene", "no_scene_yet")]),
        (["A\t\t\tYes\tA"], [(2, "text", "no_text")]),
        ([f"A\t\t{'x' * 4_001}"], [(2, "text", "too_long")]),
        (["A\t\tHi\t1\tA"] + ["\t\t\t2\tA"] * 8, [(10, "choice", "too_many_choices")]),
        ([f"S{n}\t\tHi" for n in range(2_001)], [(2_002, "scene", "too_many_scenes")]),
    ],
    ids=lambda value: value[0][-1] if isinstance(value[0], tuple) else "",
)
def test_each_problem_is_named_by_row_and_column(
    rows: list[str], problems: list[tuple[int, str, str]]
) -> None:
    assert _problems(*rows) == problems


@pytest.mark.parametrize(
    "head",
    [
        "場面|話す人|せりふ|選択肢|進む先|点|よさ|理由|結果",
        "場面|話し手|本文|選択|行き先|点|評価|理由|結果",
        "Scene|Who speaks|Line|Choices|Goes to|Points|How good it is|Why|Outcome",
    ],
)
def test_the_words_of_the_form_name_columns_and_so_do_those_of_before(head: str) -> None:
    made = _read(_GOOD.replace(_GOOD.splitlines()[0], head.replace("|", "\t"), 1))
    assert (made.problems, made.unknown) == ((), ())
    assert made.document is not None
    first = made.document.scenes[0]
    assert (first.choices[0].quality, bool(first.speaker)) == ("best", True)


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(TableError):
        _read("speaker\ttext\nA\tHi\n")


def test_script_in_a_text_stays_a_text() -> None:
    made = _read("scene\ttext\nA\t<script>alert(1)</script>\n")
    assert made.document is not None
    assert made.document.scenes[0].text == "<script>alert(1)</script>"
