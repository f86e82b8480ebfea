"""Scoring is a pure function: these are its promises."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.scoring import Item, credit, items_of, score

LETTERS = "abcdef"


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Any question that may be published."""
    options = LETTERS[: draw(st.integers(2, 6))]
    kind = draw(st.sampled_from(["single", "multiple", "truefalse"]))
    right = draw(st.sets(st.sampled_from(options), min_size=1))
    if kind != "multiple":
        right = {min(right)}
    return Item("q001", kind, draw(st.integers(1, 10)), frozenset(options), frozenset(right))


choices = st.sets(st.sampled_from(LETTERS))


@given(items(), choices)
def test_a_credit_lies_between_nothing_and_all(item: Item, chosen: set[str]) -> None:
    assert 0 <= credit(item, chosen) <= 1


@given(items(), choices)
def test_full_credit_is_exactly_the_right_options(item: Item, chosen: set[str]) -> None:
    assert (credit(item, chosen) == 1) == (chosen == item.correct_keys)


@given(items(), choices, st.sampled_from(LETTERS))
def test_a_wrong_option_more_never_pays(item: Item, chosen: set[str], extra: str) -> None:
    if extra not in item.correct_keys:
        assert credit(item, chosen | {extra}) <= credit(item, chosen)


@given(items(), choices)
def test_a_right_option_more_never_costs_in_multiple_choice(item: Item, chosen: set[str]) -> None:
    if item.kind == "multiple":
        for right in item.correct_keys:
            assert credit(item, chosen | {right}) >= credit(item, chosen)


@given(st.lists(items(), min_size=1, max_size=8), st.data())
def test_a_score_is_the_weighted_sum_and_its_fraction_a_part(
    questions: list[Item], data: st.DataObject
) -> None:
    asked = [
        Item(f"q{i:03}", q.kind, q.weight, q.option_keys, q.correct_keys)
        for i, q in enumerate(questions)
    ]
    answers = {item.key: data.draw(choices) for item in asked if data.draw(st.booleans())}
    result = score(asked, answers)
    assert result.score == sum(result.credits[i.key] * i.weight for i in asked)
    assert 0 <= result.fraction <= 1
    assert result.max_score == sum(i.weight for i in asked)


def test_partial_credit_takes_back_a_right_one_for_each_wrong_one() -> None:
    item = Item("q001", "multiple", 1, frozenset("abcd"), frozenset("abc"))
    assert credit(item, "ab") == Decimal("0.667")
    assert credit(item, "abd") == Decimal("0.333")
    assert credit(item, "abcd") == Decimal("0.667")


@pytest.mark.parametrize("kind", ["single", "truefalse", "multiple"])
def test_no_answer_earns_nothing(kind: str) -> None:
    assert credit(Item("q001", kind, 1, frozenset("ab"), frozenset("a")), ()) == 0


def test_a_corrected_key_takes_the_place_of_the_published_one() -> None:
    option = {"text": "", "explanation": ""}
    document = {
        "items": [
            {
                "key": "q001",
                "kind": "single",
                "options": [
                    {"key": "a", "correct": True, **option},
                    {"key": "b", "correct": False, **option},
                ],
            }
        ]
    }
    assert items_of(document)[0].correct_keys == {"a"}
    assert items_of(document, {"q001": ["b"]})[0].correct_keys == {"b"}
