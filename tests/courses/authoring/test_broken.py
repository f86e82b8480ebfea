"""Documents and bodies that no editor sends: refused with a message and its place, and nothing is stored."""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from courses.catalog.models import Module
from tests.courses.authoring.writing import (
    browser_of,
    check_nothing_changed,
    draft,
    make_author,
    paragraph,
    put,
    quiz_block,
    text_block,
)
from tests.courses.factories import make_course, single

pytestmark = pytest.mark.django_db


@pytest.fixture
def module() -> Module:
    """An empty module."""
    return Module.objects.create(course=make_course(), title="")


@pytest.fixture
def author(module: Module) -> Browser:
    """An author's browser."""
    return browser_of(make_author())


DEEP: Any = paragraph("x")
for _level in range(40):
    DEEP = {"type": "doc", "content": [{"type": "blockquote", "content": DEEP["content"]}]}

BROKEN_DOCUMENTS: list[tuple[Any, str]] = [
    (None, "document"),
    ([], "document"),
    (draft(title=7), "title"),
    (draft(title="x" * 161), "title"),
    (draft(minutes=0), "minutes"),
    (draft(minutes=True), "minutes"),
    (draft(minutes="3"), "minutes"),
    (draft(language="xx"), "language"),
    (draft(language=["ja"]), "language"),
    (draft(picture="../etc"), "picture"),
    (draft(blocks={}), "blocks"),
    (draft(blocks=[text_block(f"text{n:04}") for n in range(61)]), "blocks"),
    (draft(text_block(), text_block()), "blocks.1.key"),
    (draft(text_block(key="A B")), "blocks.0.key"),
    (draft(text_block(key="")), "blocks.0.key"),
    (draft({"key": "text0001", "kind": "script", "data": {}}), "blocks.text0001.kind"),
    (draft({"key": "text0001", "kind": ["text"], "data": {}}), "blocks.text0001.kind"),
    (draft({"key": "text0001", "kind": "text", "data": []}), "blocks.text0001"),
    (draft({"key": "text0001", "kind": "text", "data": {"html": "x"}}), "blocks.text0001.html"),
    (draft({"key": "video001", "kind": "video", "data": {"asset": 7}}), "blocks.video001.asset"),
    (draft(quiz_block("nothing")), "blocks.quiz0001.items.0"),
    (draft(quiz_block(single("q001", weight=11))), "blocks.quiz0001.items.0.weight"),
    (draft(quiz_block(single("q001", kind="essay"))), "blocks.quiz0001.items.0.kind"),
    (
        draft(quiz_block(single("q001") | {"options": [{}]})),
        "blocks.quiz0001.items.0.options.0.key",
    ),
    (draft(unknown=1), "document.unknown"),
]


@pytest.mark.parametrize(("document", "field"), BROKEN_DOCUMENTS)
def test_a_broken_shape_is_refused_with_its_place_and_changes_nothing(
    author: Browser, module: Module, document: Any, field: str
) -> None:
    answer = put(author, module.pk, {"base": 0, "document": document})
    assert answer.status_code == 422, answer.content
    assert answer.json()["field"] == field
    assert answer.json()["message"]
    check_nothing_changed(module)


@pytest.mark.parametrize(
    "node",
    [
        {"type": "script", "content": []},
        {"type": "paragraph", "content": [{"type": "paragraph"}]},
        {"type": "paragraph", "content": "x"},
        {"type": "paragraph", "html": "<script>"},
        {"type": "paragraph", "attrs": {"style": "color:red"}},
        {"type": "paragraph", "content": [{"type": "text", "text": ""}]},
        {"type": "paragraph", "content": [{"type": "text", "text": 7}]},
        {"type": "heading", "attrs": {"level": 1}},
        {"type": "heading", "attrs": {"level": 2.5}},
        {"type": "listItem"},
        {"type": ["paragraph"]},
        "paragraph",
    ],
)
def test_a_text_that_no_editor_makes_is_refused(author: Browser, module: Module, node: Any) -> None:
    doc = {"type": "doc", "content": [node]}
    block = {"key": "text0001", "kind": "text", "data": {"doc": doc}}
    answer = put(author, module.pk, {"base": 0, "document": draft(block)})
    assert answer.status_code == 422, answer.content
    assert answer.json()["field"] == "blocks.text0001.doc"
    check_nothing_changed(module)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,x",
        "VBScript:x",
        "file:///x",
    ],
)
def test_a_link_that_runs_something_is_refused(author: Browser, module: Module, href: str) -> None:
    text = {
        "type": "text",
        "text": "x",
        "marks": [{"type": "link", "attrs": {"href": href}}],
    }
    doc = {"type": "doc", "content": [{"type": "paragraph", "content": [text]}]}
    block = {"key": "text0001", "kind": "text", "data": {"doc": doc}}
    answer = put(author, module.pk, {"base": 0, "document": draft(block)})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_link")
    check_nothing_changed(module)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("[]", 400),
        ('"x"', 400),
        ("{", 400),
        (b"\xff\xfe", 400),
        ('{"base": 0, "document": NaN}', 400),
        ('{"base": 0, "document": {"title": "\\u0000"}}', 400),
        ('{"base": 0, "document": {"title": "\\ud800"}}', 400),
        ('{"base": 99999999999999999999, "document": {}}', 400),
        ("[" * 100_000, 400),
        ('{"base": -1, "document": {}}', 400),
        ('{"base": true, "document": {}}', 400),
        ('{"base": "0", "document": {}}', 400),
        ('{"document": {}}', 400),
        (json.dumps({"base": 0, "document": draft(text_block(text="あ" * 400_000))}), 413),
        (json.dumps({"base": 0, "document": draft(text_block(text="あ" * 30_000))}), 422),
        (json.dumps({"base": 0, "document": draft({"key": "text0001", "kind": "text", "data": {"doc": DEEP}})}), 400),
        (json.dumps({"base": 0, "document": draft(picture=1.5)}), 422),
    ],
)  # fmt: skip
def test_a_hostile_body_is_refused_and_changes_nothing(
    author: Browser, module: Module, body: Any, status: int
) -> None:
    answer = put(author, module.pk, body)
    assert answer.status_code == status, answer.content
    assert answer.json()["message"]
    check_nothing_changed(module)
