"""Differences that a person can read: pure functions over two drafts."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.authoring import differences
from courses.authoring.differences import ADDED, CHANGED, MOVED, REMOVED, SAME, Piece
from courses.authoring.documents import Document
from courses.catalog import markdown
from courses.catalog.blocks import RawBlock
from tests.courses.authoring.writing import draft, quiz_block, read, text_block
from tests.courses.factories import single


def _with(*blocks: dict[str, Any], **fields: Any) -> Document:
    return read(draft(*blocks, **fields))


def _states(old: Document, new: Document) -> dict[str, tuple[str, ...]]:
    return {each.key: each.states for each in differences.between(old, new).blocks}


A, B, C, D = (text_block(key=f"{letter}block01", text=f"文{letter}") for letter in "abcd")


def test_nothing_differs_between_a_draft_and_itself() -> None:
    assert not differences.between(_with(A, B), _with(A, B))


def test_added_removed_changed_and_moved_blocks_are_told_apart() -> None:
    changed = text_block(key="bblock01", text="文b、書き直し")
    states = _states(_with(A, B, C), _with(C, A, changed, D))
    assert states == {"cblock01": (MOVED,), "bblock01": (CHANGED,), "dblock01": (ADDED,)}
    assert _states(_with(A, B), _with(B)) == {"ablock01": (REMOVED,)}


def test_as_few_blocks_as_possible_count_as_moved() -> None:
    assert _states(_with(A, B, C, D), _with(D, A, B, C)) == {"dblock01": (MOVED,)}


def test_a_removed_block_stands_where_it_was() -> None:
    found = differences.between(_with(A, B, C), _with(A, D, C)).blocks
    assert [(each.key, each.was, each.now) for each in found] == [
        ("bblock01", 2, None),
        ("dblock01", None, 2),
    ]


def test_japanese_is_compared_where_its_script_changes() -> None:
    pieces = differences.words_compared("月3万円は高いですね", "月2万円は安いですね")
    assert [piece for piece in pieces if piece.kind != SAME] == [
        Piece(REMOVED, "3"),
        Piece(ADDED, "2"),
        Piece(REMOVED, "高"),
        Piece(ADDED, "安"),
    ]


def test_english_is_compared_word_by_word() -> None:
    pieces = differences.words_compared("It costs too much", "It costs very much")
    assert Piece(REMOVED, "too") in pieces
    assert Piece(ADDED, "very") in pieces


def test_fields_of_the_module_are_compared_too() -> None:
    found = differences.between(_with(A), _with(A, title="別の題", minutes=5))
    assert len(found.fields) == 2
    assert not found.blocks


def test_a_quiz_tells_which_question_and_which_answer() -> None:
    old = _with(quiz_block(single("q001"), single("q002")))
    new = _with(quiz_block(single("q001", right="b"), single("q003")))
    (quiz,) = differences.between(old, new).blocks
    texts = {part.label: [line.kind for line in part.lines] for part in quiz.parts}
    assert len(texts) == 2
    first = "".join(piece.text for line in quiz.parts[0].lines for piece in line.pieces)
    assert "✓" in first


def test_bold_alone_is_told_as_a_change_of_look() -> None:
    plain = {"key": "look0001", "kind": "text", "data": {"doc": markdown.to_doc("強い")}}
    bold = {"key": "look0001", "kind": "text", "data": {"doc": markdown.to_doc("**強い**")}}
    (change,) = differences.between(_with(plain), _with(bold)).blocks
    assert change.parts[0].lines[0].kind == SAME


def test_a_changed_link_and_table_are_seen() -> None:
    def block(source: str) -> dict[str, Any]:
        return {"key": "rich0001", "kind": "text", "data": {"doc": markdown.to_doc(source)}}

    link = _states(_with(block("[a](https://a.example)")), _with(block("[a](https://b.example)")))
    assert link == {"rich0001": (CHANGED,)}
    old, new = "| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 3 |"
    (change,) = differences.between(_with(block(old)), _with(block(new))).blocks
    assert [line.kind for line in change.parts[0].lines] == [SAME, CHANGED]


def test_every_kind_of_block_can_be_compared_unfinished() -> None:
    kinds = ("text", "image", "video", "story", "phrases", "person", "quiz")
    empty = [{"key": f"{kind[:4]}0000", "kind": kind, "data": {}} for kind in kinds]
    assert len(differences.between(_with(A), _with(*empty)).blocks) == len(kinds) + 1


_lines = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30))


@settings(max_examples=200, deadline=None)
@given(_lines, _lines)
def test_what_stayed_and_came_is_the_new_text_and_what_stayed_and_went_the_old(
    old: list[str], new: list[str]
) -> None:
    lines = differences.compared(old, new)
    kept: dict[str, list[str]] = {ADDED: [], REMOVED: []}
    for side, left_out in ((ADDED, REMOVED), (REMOVED, ADDED)):
        for line in lines:
            if line.kind != left_out:
                pieces = [piece.text for piece in line.pieces if piece.kind != left_out]
                kept[side].append("".join(pieces))
    assert kept[ADDED] == new
    assert kept[REMOVED] == old


@settings(max_examples=100, deadline=None)
@given(st.permutations([A, B, C, D]), st.permutations([A, B, C, D]))
def test_a_new_order_is_told_by_moves_alone(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    states = _states(_with(*old), _with(*new))
    assert set(states.values()) <= {(MOVED,)}
    assert bool(states) is (json.dumps(old) != json.dumps(new))
    assert all(isinstance(block, RawBlock) for block in _with(*old).blocks)
