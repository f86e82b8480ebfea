"""Templates: each begins with a structure worth following, and none can be published untouched."""

import pytest
from django.utils import translation

from courses.catalog import plainwords
from courses.catalog.blocks import RawBlock, check, left_overs
from courses.catalog.markdown import to_doc
from courses.catalog.starting import TEMPLATES, blocks_for

KEYS = [template.value for template in TEMPLATES]
WRITTEN = [key for key in KEYS if key != "empty"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_no_template_can_be_published_untouched(key: str, language: str) -> None:
    assert check(blocks_for(key, language))


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_have_the_same_blocks(key: str) -> None:
    ja, en = blocks_for(key, "ja"), blocks_for(key, "en")
    assert [(block.kind, sorted(block.data)) for block in ja] == [
        (block.kind, sorted(block.data)) for block in en
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", WRITTEN)
def test_what_is_left_to_fill_in_is_named_field_by_field(key: str, language: str) -> None:
    blocks = blocks_for(key, language)
    fields = {(problem.block, problem.field) for problem in check(blocks)}
    quiz = blocks[-1]
    assert quiz.kind == "quiz"
    assert (quiz.key, "items.1.options") in fields
    for block in blocks:
        if block.kind in {"story", "person"}:
            assert (block.key, "name") in fields
        if block.kind == "phrases":
            assert (block.key, "lines") in fields


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", WRITTEN)
def test_whatever_is_left_of_a_template_keeps_it_back(key: str, language: str) -> None:
    blocks = blocks_for(key, language)
    found = left_overs(blocks)
    assert {"text", "quiz"} <= {
        each.kind for each in blocks if each.key in {p.block for p in found}
    }
    assert all("〔" in problem.message for problem in found)
    assert not [each for each in plainwords.warnings(blocks, []) if "〔" in each.word]


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("text", {"doc": to_doc("〔発売日〕からは、**〔新しいやり方〕**になります。")}, "doc"),
        ("phrases", {"title": "〔題〕", "lines": ["いまは、どうされていますか。"]}, "title"),
        ("phrases", {"title": "", "lines": ["書いた。", "〔30秒で〕"]}, "lines"),
        ("person", {"name": "三浦", "role": "〔役割〕の人", "ask_about": "値段"}, "role"),
        ("story", {"name": "a", "before": "b", "turning_point": "c", "after": "d", "quote": "〔e〕"}, "quote"),
    ],
)  # fmt: skip
def test_a_placeholder_that_was_forgotten_in_a_field_keeps_it_back(
    kind: str, data: dict, field: str
) -> None:
    assert check([RawBlock("aaaa", kind, data)]) == []
    (problem,) = left_overs([RawBlock("aaaa", kind, data)])
    assert problem.field == field
    assert "〔" in problem.message


def test_a_placeholder_in_a_question_is_named_where_it_stands() -> None:
    item = {
        "key": "q001", "kind": "single", "stem": "「〔よく聞かれること〕」と聞かれました。", "explanation": "〔なぜ〕",
        "options": [
            {"key": "a", "text": "はい", "correct": True, "explanation": ""},
            {"key": "b", "text": "〔別の答え〕", "correct": False, "explanation": ""},
        ],
    }  # fmt: skip
    found = left_overs([RawBlock("aaaa", "quiz", {"items": [item]})])
    assert [each.field for each in found] == [
        "items.1.stem", "items.1.explanation", "items.1.options.2.text",
    ]  # fmt: skip


def test_each_module_gets_keys_of_its_own() -> None:
    one, two = blocks_for("news", "ja"), blocks_for("news", "ja")
    assert not {block.key for block in one} & {block.key for block in two}
    one[1].data["lines"].append("もうひとこと")
    assert len(blocks_for("news", "ja")[1].data["lines"]) == len(two[1].data["lines"])


def test_an_unknown_template_is_refused_and_an_unknown_language_reads_japanese() -> None:
    with pytest.raises(KeyError):
        blocks_for("nothing", "ja")
    assert blocks_for("news", "fr")[1].data == blocks_for("news", "ja")[1].data


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_template_says_what_it_is_for(language: str) -> None:
    with translation.override(language):
        told = [(str(template.label), template.purpose) for template in TEMPLATES]
    assert len(set(told)) == len(TEMPLATES)
    assert all(title.isascii() == (language == "en") for title, _purpose in told)


def test_a_template_that_was_filled_in_can_be_published() -> None:
    quiz = blocks_for("culture", "ja")[-1].data["items"][0]
    quiz |= {"stem": "どれが近いですか。", "explanation": "点検表から始まったからです。"}
    for number, option in enumerate(quiz["options"]):
        option |= {"text": f"答え{number}", "correct": number == 1}
    blocks = [
        RawBlock("aaaa", "text", {"doc": to_doc("## 台所の机で\n\n父の点検表。")}),
        RawBlock("bbbb", "phrases", {"title": "ひとこと", "lines": ["始まりは、点検表でした。"]}),
        RawBlock("cccc", "person", {"name": "三浦", "role": "窓口", "ask_about": "なんでも"}),
        RawBlock("dddd", "quiz", {"items": [quiz]}),
    ]
    assert check(blocks) == left_overs(blocks) == []


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("text", {"doc": {"type": "doc"}}, "doc"),
        ("text", {"doc": to_doc("〔あとで書く〕")}, "doc"),
        ("person", {"name": "三浦", "role": "窓口", "ask_about": "〔何を〕"}, "ask_about"),
        ("person", {"name": "三浦", "role": "窓口", "ask_about": "a", "picture": "x"}, "picture"),
        ("image", {"asset": "no-id", "alt": "a"}, "asset"),
        ("video", {"asset": "no-id"}, "asset"),
    ],
)
def test_what_only_looks_written_is_asked_for(kind: str, data: dict, field: str) -> None:
    assert [problem.field for problem in check([RawBlock("aaaa", kind, data)])] == [field]
