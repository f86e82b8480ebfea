"""The plain-words check finds what a newcomer may not know, and leaves in peace what everybody does."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalog import markdown
from courses.catalog.blocks import RawBlock
from courses.catalog.plainwords import warnings
from lms.demo import content, wording


@dataclasses.dataclass(frozen=True)
class Word:
    """A word of the list."""

    pk: str
    word: str


RINGI = Word("0199c0de-0000-7000-8000-000000000001", "稟議")
LEAD = Word("0199c0de-0000-7000-8000-000000000002", "リード")
DEAL = Word("0199c0de-0000-7000-8000-000000000003", "deal")


def text(source: str, key: str = "aaaa") -> RawBlock:
    """A text block of this Markdown, in which `[word](term:ringi)` marks a word."""
    doc = wording.marked(markdown.to_doc(source), lambda _key: RINGI.pk)
    return RawBlock(key, "text", {"doc": doc})


def found(*blocks: RawBlock, terms: tuple[Word, ...] = ()) -> list[str]:
    """The words that are found, in order."""
    return [each.word for each in warnings(blocks, terms)]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("次の訪問で SFA に記録します。", ["SFA"]),
        ("ＳＦＡに記録します。", ["SFA"]),
        ("Ask for the KPIs.", ["KPI"]),
        ("P&Lを見ます。", ["P&L"]),
        ("リードが増えました。", ["リード"]),
        ("ﾘｰﾄﾞが増えました。", ["リード"]),
        ("リードタイムは2日です。", []),
        ("The pipeline is full of prospects.", ["pipeline", "prospect"]),
        ("PDFとURLをメールで送ります。OKです。", []),
        ("インターネットでアンケートに答えます。", []),
        ("エンタープライズアーキテクチャの話です。", ["エンタープライズアーキテクチャ"]),
        ("PoCの後、SaaSとAIoTをBANTで見ます。", ["PoC", "SaaS", "AIoT", "BANT"]),
        ("Two PoCs.", ["PoC"]),
        (
            "YouTube, LinkedIn, McDonald, GitHub, iPhone, iOS, MacOS, WiFi, DeNA, PhD, It IS so.",
            ["IS"],
        ),
        ("PoC（試しに使うこと）", []),
        ("MISAKI", ["MISAKI"]),
        ("ATTENTIONS", []),
        ("稟議（社内の承認）と営業支援システム（SFA）", []),
        ("A ringi, and sales force automation (SFA). SFA helps.", []),
        ("〔リードの会社名〕の〔役職〕", []),
    ],
)
def test_what_is_found(source: str, words: list[str]) -> None:
    assert found(text(source)) == words


def test_a_word_of_the_list_that_is_not_marked_can_be_marked_with_one_press() -> None:
    (told,) = warnings([text("稟議書を書きます。", "bbbb")], [RINGI])
    assert (told.block, told.word, told.term) == ("bbbb", "稟議", RINGI.pk)
    assert told.hint


@pytest.mark.parametrize(
    "words", ["稟議", "SFA", "リード", "prospect", "エンタープライズアーキテクチャ"]
)
def test_nobody_is_told_to_mark_a_word_where_none_can_be_marked(words: str) -> None:
    story = RawBlock("aaaa", "story", {"before": f"まず{words}です。"})
    (plain,) = warnings([story], [RINGI])
    (rich,) = warnings([text(f"まず{words}です。")], [RINGI])
    assert "印をつけると" not in plain.hint
    assert "用語集に加えて" not in plain.hint
    assert "用語集で" not in plain.hint
    assert "かっこ" in plain.hint
    assert "かっこ" not in rich.hint


def test_a_word_that_is_marked_once_is_explained_for_the_whole_module() -> None:
    blocks = [text("[稟議](term:ringi)が通ります。"), text("稟議のあとで。", "bbbb")]
    assert found(*blocks, terms=(RINGI,)) == []


def test_the_word_list_wins_over_the_jargon_and_a_word_is_told_once() -> None:
    told = warnings([text("リードと、またリード。")], [LEAD])
    assert [(each.word, each.term) for each in told] == [("リード", LEAD.pk)]


def test_a_word_of_the_list_is_found_whole() -> None:
    assert found(text("Deals, and an ideal dealer"), terms=(DEAL,)) == ["deal"]
    assert found(text("an ideal dealer"), terms=(DEAL,)) == []


def test_a_bold_letter_does_not_hide_a_word() -> None:
    assert found(text("**稟**議です。"), terms=(RINGI,)) == ["稟議"]


def test_every_line_that_a_rep_reads_is_read() -> None:
    item = {
        "stem": "AAA?",
        "explanation": "BBB",
        "options": [{"text": "CCC", "explanation": "DDD"}],
    }
    blocks = [
        RawBlock("aaaa", "story", {"before": "EEE", "turning_point": "FFF", "after": "GGG"}),
        RawBlock("bbbb", "phrases", {"title": "HHH", "lines": ["III", "JJJ"]}),
        RawBlock("cccc", "person", {"name": "KKK", "role": "LLL", "ask_about": "MMM"}),
        RawBlock("dddd", "quiz", {"items": [item]}),
    ]
    assert found(*blocks) == [
        "EEE", "FFF", "GGG", "HHH", "III", "JJJ", "LLL", "MMM", "AAA", "BBB", "CCC", "DDD",
    ]  # fmt: skip


values = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["doc", "content", "type", "text", "marks", "items", "lines", "options"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@given(st.sampled_from(["text", "quiz", "phrases", "story", "nothing"]), values)
def test_a_half_written_draft_is_checked_without_a_crash(kind: str, value: Any) -> None:
    data = value if isinstance(value, dict) else {"doc": value, "items": value, "lines": value}
    warnings([RawBlock("aaaa", kind, data)], [RINGI])


@pytest.mark.parametrize("language", content.LANGUAGES)
def test_our_own_modules_have_few_hard_words(language: str) -> None:
    for path in sorted((Path(content.FOLDER) / language).glob("[0-9]*.json")):
        module = json.loads(path.read_text(encoding="utf-8"))
        blocks = [
            text(block["data"]["markdown"], block["key"])
            if block["kind"] == "text"
            else RawBlock(block["key"], block["kind"], block["data"])
            for block in module["blocks"]
        ]
        assert len(found(*blocks)) <= 1, (path.name, found(*blocks))
