"""Columns by their names: what is suggested, and what is asked for."""

import pytest

from sales.imports import columns, exporting, words


def test_headers_of_japanese_and_english_systems_are_known() -> None:
    header = [
        "案件名",
        "商談ＩＤ",
        "担当者",
        "金額（税抜）",
        "受注日",
        "フェーズ",
        "商品名",
        "作成日",
    ]
    assert columns.suggest(header, "opportunity") == {
        "external_id": 1,
        "person": 2,
        "amount": 3,
        "closed_at": 4,
        "stage": 5,
        "product": 6,
        "opened_at": 7,
    }
    english = ["Opportunity ID", "Owner", "Amount", "Close Date", "Stage", "Created Date"]
    assert set(columns.suggest(english, "opportunity")) == {
        *("external_id", "person", "amount", "closed_at", "stage", "opened_at"),
    }


def test_of_two_columns_with_one_meaning_the_more_telling_one_is_taken() -> None:
    assert columns.suggest(["担当者名", "担当者ID"], "opportunity") == {"person": 1}


def test_what_only_new_deals_need_is_named_but_not_asked_for() -> None:
    assert columns.suggest(["商談ID", "担当営業"], "opportunity")["person"] == 1
    needed = ["person", "product", "opened_at"]
    assert columns.lacking_for_new(["external_id"], "opportunity", product=False) == needed
    assert columns.lacking_for_new(needed[:1], "opportunity", product=True) == needed[2:]
    assert columns.lacking_for_new(["day"], "activity", product=False) == []


def test_what_is_remembered_goes_before_names() -> None:
    known = {"メモ": "amount", "金額": ""}
    assert columns.suggest(["金額", "メモ"], "opportunity", known) == {"amount": 1}


def test_columns_without_which_nothing_can_be_told_are_asked_for() -> None:
    assert columns.missing(["amount"], "opportunity", product=False) == ["external_id"]
    assert columns.missing(["day", "person", "calls"], "activity", product=False) == ["product"]
    assert columns.missing(["day", "person", "measure"], "activity", product=True) == ["count"]


@pytest.mark.parametrize("grain", ["opportunity", "activity"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_export_is_known_by_itself(grain: str, language: str) -> None:
    header = exporting.heads(grain, language)
    found = columns.suggest(header, grain)
    assert header[found["person"]] in {"担当者ID", "Rep ID"}
    assert len(found) == len(header) - 1  # the rep's name is for people


def test_everything_has_words() -> None:
    for grain in columns.OF_GRAIN:
        assert set(columns.OF_GRAIN[grain]) <= set(words.COLUMNS)
    assert set(columns.STAGES) == set(words.STAGES)
