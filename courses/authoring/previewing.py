"""A draft as a rep would see it: what is finished of it, in the forms that learners' pages draw."""

import dataclasses
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from courses.authoring.queries.drafts import Editing
from courses.catalog import reading
from courses.catalog.blocks import RawBlock, check_item
from courses.catalog.models import Block, Module
from courses.catalog.reading import ShownBlock
from courses.progress import publishing
from courses.quizzes import scoring
from courses.quizzes.queries import Item, ItemResult, Option, OptionResult


@dataclasses.dataclass(frozen=True)
class Preview:
    """A draft as its reader would meet it."""

    document: dict[str, Any]
    top: ShownBlock | None
    rest: Sequence[ShownBlock]
    steps: list[dict[str, str]]
    questions: Sequence[dict[str, Any]]


def preview(editing: Editing, person_id: uuid.UUID, language: str) -> Preview:
    """Return a draft as a rep would see it. Nothing is stored; blocks and questions with problems are left out."""
    rows = [
        Block(module=editing.module, key=block.key, kind=block.kind, data=block.data)
        for block in _finished(editing)
    ]
    document = publishing.as_shown(_with_fields(editing), rows)
    questions = [
        item
        for block in document["blocks"]
        if block["kind"] == Block.Kind.QUIZ
        for item in block["data"]["items"]
    ]
    for block in document["blocks"]:
        if block["kind"] == Block.Kind.QUIZ:
            block["data"] = {"items": len(block["data"]["items"])}
    blocks = reading.blocks(document, person_id, language)
    leads = bool(blocks) and blocks[0].kind == "video"
    return Preview(
        document=document,
        top=blocks[0] if leads else None,
        rest=[block for block in blocks[leads:] if block.kind not in {"quiz", "scenario"}],
        steps=reading.steps(document, watched=False, finished=False),
        questions=questions,
    )


def asks(editing: Editing) -> bool:
    """Say whether a preview of this draft has a question."""
    return any(block.kind == Block.Kind.QUIZ for block in _finished(editing))


def _finished(editing: Editing) -> Iterator[RawBlock]:
    """Return what could be published of a draft: whole blocks, and of a quiz its whole questions."""
    bad = {problem.block for problem in editing.problems}
    for block in editing.current.document.blocks:
        if block.kind == Block.Kind.QUIZ:
            items = [item for item in block.data.get("items") or [] if not check_item(item)]
            if items:
                yield dataclasses.replace(block, data={**block.data, "items": items})
        elif block.key not in bad:
            yield block


def _with_fields(editing: Editing) -> Module:
    """Return the module with the draft's fields; its picture only if it is there."""
    module = editing.module
    if module.picture_id and module.picture_id not in editing.media:
        module.picture_id = None
    return module


def asked(item: dict[str, Any], number: int) -> Item:
    """Return a drafted question as it is asked."""
    options = tuple(Option(option["key"], option["text"]) for option in item["options"])
    return Item(item["key"], number, item["kind"], item["stem"], options)


def answered(item: dict[str, Any], number: int, chosen: Sequence[str]) -> ItemResult:
    """Return a drafted question as its reader sees it after answering."""
    scored = scoring.items_of({"items": [item]})[0]
    options = tuple(
        OptionResult(
            key=option["key"],
            text=option["text"],
            correct=option["key"] in scored.correct_keys,
            chosen=option["key"] in chosen,
            explanation=option.get("explanation", ""),
        )
        for option in item["options"]
    )
    return ItemResult(
        key=item["key"],
        number=number,
        kind=item["kind"],
        stem=item["stem"],
        options=options,
        explanation=item.get("explanation", ""),
        credit=scoring.credit(scored, chosen),
        was_corrected=False,
    )
