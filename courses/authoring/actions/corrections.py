"""Correcting the right answer of a question that is published: what was scored is scored again."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from courses.authoring.actions.drafts import lock, write
from courses.authoring.documents import Document
from courses.authoring.models import Draft, Snapshot
from courses.authoring.queries import history
from courses.catalog.blocks import RawBlock
from courses.catalog.models import Module
from courses.quizzes.actions import correct_key
from courses.quizzes.models import KeyCorrection, QuizVersion


@dataclasses.dataclass(frozen=True)
class Correction:
    """What was wrong with which published question, and what is right."""

    quiz_version_id: uuid.UUID
    item_key: str
    correct_keys: Sequence[str]
    note: str


@transaction.atomic
def correct_published_key(
    *, module_id: uuid.UUID, correction: Correction, by: uuid.UUID
) -> list[KeyCorrection]:
    """Correct a question's right answer in every version that asks the same, and in the draft.

    Attempts that were scored are scored again by a worker; differences are booked and told. The draft is
    corrected too, so that the next publication does not bring the wrong answer back; that alone leaves nothing
    to publish. Raises MisfitError where the answer does not fit the question; nothing has changed then.
    """
    module, blocks, current = lock(module_id)
    chosen = QuizVersion.objects.get(pk=correction.quiz_version_id, quiz__module=module)
    asked = history.question(_item(chosen.document["items"], correction.item_key))
    alike = [
        version
        for version in QuizVersion.objects.filter(quiz_id=chosen.quiz_id).order_by("number")
        if version.pk == chosen.pk
        or history.question(_item(version.document["items"], correction.item_key)) == asked
    ]
    made = [
        correct_key(
            quiz_version_id=version.pk,
            item_key=correction.item_key,
            correct_keys=correction.correct_keys,
            note=correction.note,
            by=by,
        )
        for version in alike
    ]
    mended = _mended(current.document, correction, asked)
    if mended != current.document:
        write(module, blocks, current, mended, by)
    _follow(module)
    return made


def _follow(module: Module) -> None:
    """Let the published draft count with what was corrected, so that a draft that says the same is published."""
    draft = Draft.objects.filter(module=module).first()
    kept = history.published_snapshot(module, draft) if draft else None
    if draft is None or kept is None:
        return
    if not Snapshot.objects.filter(version_id=module.version_id).exists():
        # Another door has published it; its hash moves away from it, so it is found by its version.
        kept.version_id = module.version_id
        kept.save(update_fields=["version"])
    draft.published_hash = history.as_published(module, kept).digest
    draft.save(update_fields=["published_hash"])


def _item(items: Sequence[Mapping[str, Any]], key: str) -> Mapping[str, Any] | None:
    return next((item for item in items if item.get("key") == key), None)


def _mended(document: Document, correction: Correction, asked: Any) -> Document:
    """Return the draft with the corrected answer, where it still asks the same."""
    blocks = []
    for block in document.blocks:
        items = block.data.get("items") if block.kind == "quiz" else None
        if (
            items
            and asked is not None
            and history.question(_item(items, correction.item_key)) == asked
        ):
            data = {"items": [_with_key(item, correction) for item in items]}
            blocks.append(RawBlock(block.key, block.kind, {**block.data, **data}))
        else:
            blocks.append(block)
    return dataclasses.replace(document, blocks=tuple(blocks))


def _with_key(item: Mapping[str, Any], correction: Correction) -> dict[str, Any]:
    if item.get("key") != correction.item_key:
        return dict(item)
    options = [
        {**option, "correct": option["key"] in correction.correct_keys}
        for option in item["options"]
    ]
    return {**item, "options": options}
