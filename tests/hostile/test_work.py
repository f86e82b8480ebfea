"""Texts that ask for work without end: bounded in processor time, or refused before it begins."""

import json
from typing import Any

import pytest

from core.tables.errors import TableError
from core.tables.reading import read
from core.tables.rows import Limits
from sales.imports import columns
from tests.core.tables.samples import SHEET, altered, workbook
from tests.hostile.people import People, ask, bounded, unchanged, wrong_with


def save(people: People, node: str) -> Any:
    """Save a draft with one block of text, which holds this node."""
    doc = f'{{"type": "doc", "content": [{node}]}}'
    block = f'{{"key": "text0001", "kind": "text", "data": {{"doc": {doc}}}}}'
    about = '"title": "x", "summary": "", "minutes": 3, "language": "ja", "picture": null'
    return ask(
        people.browser("author"),
        "PUT",
        f"/api/authoring/modules/{people.ours.ids['module_id']}/draft/",
        data=f'{{"base": 0, "document": {{{about}, "blocks": [{block}]}}}}',
        content_type="application/json",
    )


@pytest.mark.parametrize(
    "sign",
    [
        "[",
        "(",
        "（",
        "*_",
        "![",
        "`",
        "<",
        ">",
        "&",
        "A",
        "A/",
        "〔",
        "ア",
        " ",
        "。",
        "\u202e",
        "「（",
    ],
)
def test_what_asks_for_work_without_end_ends(people: People, sign: str) -> None:
    text = {"type": "text", "text": (sign * 20_000)[:20_000]}
    node = json.dumps({"type": "paragraph", "content": [text] * 5})
    with bounded():
        answer = save(people, node)
        assert answer.status_code == 200, answer.whole
        preview = f"/authoring/modules/{people.ours.ids['module_id']}/preview/phone/"
        assert ask(people.browser("author"), "GET", preview).status_code == 200


@pytest.mark.parametrize("deep", [40, 90, 10_000])
def test_quotes_without_end_are_refused(people: People, deep: int) -> None:
    quotes = '{"type": "blockquote", "content": [' * deep
    node = (
        quotes + '{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}' + "]}" * deep
    )
    with unchanged(), bounded():
        answer = save(people, node)
    assert answer.status_code in {400, 422}
    assert wrong_with(answer) == ""


def test_more_than_a_draft_may_hold_is_refused(people: People) -> None:
    for text, status in (("x" * 20_001, 422), ("[" * 1_100_000, 413)):
        with unchanged(), bounded():
            answer = save(
                people,
                json.dumps({"type": "paragraph", "content": [{"type": "text", "text": text}]}),
            )
        assert (answer.status_code, wrong_with(answer)) == (status, "")


@pytest.mark.parametrize("sign", ["(", "【", "[", "（a）", " ", "'"])
def test_the_name_of_a_column_asks_for_no_work_without_end(sign: str) -> None:
    with bounded():
        assert columns.suggest([(sign * 130_000)[:130_000]] * 3, "opportunity") == {}


@pytest.mark.parametrize(
    "text", ["<c ", "<c t=", "<c " + " t=" * 1000, 'r="', "r ", "<row>", "<c r='A1'>"]
)
def test_the_xml_of_a_sheet_asks_for_no_work_without_end(text: str) -> None:
    book = altered(workbook(), {SHEET: text * (1_000_000 // len(text))})
    with bounded(), pytest.raises(TableError):
        read(book, Limits())
