"""What keeps a question from being published, before anything is stored."""

from typing import Any

import pytest
from django.utils import translation

from courses.catalog.blocks import RawBlock, check, check_item
from courses.catalog.markdown import to_doc
from courses.quizzes.bank import items, words
from courses.quizzes.bank.items import Draft, Option
from tests.courses.factories import single


def _asked(*texts: str) -> dict[str, Any]:
    """Return a question with these options."""
    item = single("q001", options=len(texts))
    for option, text in zip(item["options"], texts, strict=True):
        option["text"] = text
    return item


@pytest.mark.parametrize("again", ["値引き", " 値引き ", "ＣＲＭ　の 値引き", "crm の  値引き"])
def test_an_option_that_stands_twice_is_told_where_it_stands_again(again: str) -> None:
    first = "CRM の 値引き" if "の" in again else "値引き"
    with translation.override("ja"):
        (problem,) = check_item(_asked("納期", first, again, "品質"))
    assert problem == (
        "options.3.text",
        "選択肢Bと同じです。別の文にするか、どちらかを消してください。",
    )


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_bank_says_the_same_of_it(language: str) -> None:
    draft = Draft(
        "Q-1", "single", "?", tuple(Option(text, text == "a") for text in ("a", "b", "Ｂ"))
    )
    (trouble,) = items.troubles(draft)
    with translation.override(language):
        assert check_item(_asked("a", "b", "Ｂ")) == [(trouble.field, words.message(trouble))]


def test_options_that_a_template_left_alike_are_told_as_left_over() -> None:
    with translation.override("ja"):
        (problem,) = check_item(_asked("正しい答え", "〔ちがう答え〕", "〔ちがう答え〕"))
    assert problem[0] == "options.3.text"
    assert "ひな形のまま" in problem[1]


PERSON = {"name": "三浦", "role": "窓口", "ask_about": "なんでも"}


@pytest.mark.parametrize(
    ("kind", "data", "field", "said"),
    [
        (
            "phrases",
            {"lines": ["〔困りごとを伺う質問〕"]},
            "lines",
            "〔困りごとを伺う質問〕が、ひな形",
        ),
        ("phrases", {"lines": []}, "lines", "ひとつ以上"),
        ("person", PERSON | {"ask_about": "〔何を〕"}, "ask_about", "〔何を〕が、ひな形"),
        ("person", PERSON | {"role": ""}, "role", "ここに文章を"),
        ("person", PERSON | {"name": "〔名前〕"}, "name", "〔名前〕が、ひな形"),
        ("person", PERSON | {"name": ""}, "name", "名前を書いてください"),
        ("text", {"doc": to_doc("〔あとで〕")}, "doc", "〔あとで〕が、ひな形"),
        ("text", {"doc": to_doc("")}, "doc", "ここに文章を"),
    ],
)
def test_what_a_template_left_is_told_as_that_and_what_is_empty_as_empty(
    kind: str, data: dict[str, Any], field: str, said: str
) -> None:
    with translation.override("ja"):
        (problem,) = check([RawBlock("aaaa", kind, data)])
    assert problem.field == field
    assert said in problem.message


def test_a_lesson_holds_one_quiz() -> None:
    blocks = [
        RawBlock(key, "quiz", {"items": [_asked("納期", "品質", "価格")]})
        for key in ("aaaa", "bbbb")
    ]
    with translation.override("ja"):
        (problem,) = check(blocks)
    assert (problem.block, problem.field) == ("bbbb", "kind")
    assert "クイズは1つのレッスンに1つです" in problem.message
    assert not check(blocks[:1])
