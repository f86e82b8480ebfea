"""Publishing a module: its draft blocks become an immutable version that reps see.

It stands above catalogue and quizzes because a version freezes both in one transaction.
"""

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import outbox
from core.mediafiles import manifest
from courses.catalog import finding, richtext
from courses.catalog import queries as catalogue
from courses.catalog.blocks import Problem, RawBlock, check
from courses.catalog.models import Block, Module, ModuleVersion, ModuleWords
from courses.progress.events import ModulePublished
from courses.quizzes.models import Quiz, QuizVersion
from courses.quizzes.queries import as_corrected, corrections_of
from courses.scenarios import queries as scenarios
from courses.scenarios import words as scenario_words
from courses.scenarios.actions.publishing import publish_first


class NotPublishableError(Exception):
    """The draft has problems; `problems` says which and how to mend them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.block} {p.field}: {p.message}" for p in problems))
        self.problems = problems


@dataclasses.dataclass(frozen=True)
class Published:
    """What a publication did. `changed` is False where the draft equalled the published version."""

    version: ModuleVersion
    changed: bool


def content_hash(document: Any) -> str:
    """Return the SHA-256 of a document's canonical JSON."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def publish(
    *, module_id: uuid.UUID, by: uuid.UUID | None, note: str = "", without_waiting: bool = False
) -> Published:
    """Freeze the module's draft as its next version and show it to reps.

    An unchanged draft publishes nothing. Attempts that have begun stay with the version they began with.
    `without_waiting`: with a video that is still being prepared, too; its place says so until the module is
    published again. Raises NotPublishableError with every problem of the draft.
    """
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    blocks = list(module.blocks.all())
    raw = [RawBlock(b.key, b.kind, b.data) for b in blocks]
    problems = check(raw)
    problems = problems or _media_problems(blocks, without_waiting=without_waiting)
    problems = problems or _take_scenario_along(module, raw, by)
    if not blocks:
        problems = [Problem("", "blocks", _("A module needs at least one block."))]
    if problems:
        raise NotPublishableError(problems)
    quizzes = {b.key: _quiz_of(module, b) for b in blocks if b.kind == Block.Kind.QUIZ}
    shown, current = as_shown(module, blocks), module.version
    if current is not None and _says(current, shown):
        return Published(current, changed=False)
    version = _freeze(module, blocks, quizzes, content_hash(shown), by, note)
    outbox.publish(
        ModulePublished(
            module_id=module.pk,
            course_id=module.course_id,
            version_id=version.pk,
            number=version.number,
        )
    )
    return Published(version, changed=True)


def _media_problems(blocks: list[Block], *, without_waiting: bool) -> list[Problem]:
    """A picture or video that is gone, or still being prepared, can't be shown to anybody."""
    named = _assets(blocks)
    usable = manifest.ready(named) | (manifest.coming(named) if without_waiting else set())
    return [
        Problem(block.key, field, _("This file is not ready yet. Please wait, or choose another."))
        for block in blocks
        for field in ("asset", "picture")
        if block.data.get(field) and uuid.UUID(block.data[field]) not in usable
    ]


def scenario_problems(module_id: uuid.UUID, blocks: Iterable[RawBlock]) -> list[Problem]:
    """Return why a lesson's scenario can't come out with it. Three queries, none for a lesson without one."""
    block = next((each for each in blocks if each.kind == Block.Kind.SCENARIO), None)
    unready = scenarios.unready(module_id) if block else None
    if block is None or unready is None:
        return []
    return [Problem(block.key, "scenario", _unready_words(unready))]


def _unready_words(unready: scenarios.Unready) -> str:
    if unready.is_taken_back:
        return _(
            "All its versions were taken back. Please publish it on its own page first, or take this block out."
        )
    if unready.document is None:
        return _("It is not written yet. Please write the scenario, or take this block out.")
    message = scenario_words.placed(unready.document, unready.errors[0])
    more = len(unready.errors) - 1
    if not more:
        return message
    return message + ngettext(" (%(n)d more)", " (%(n)d more)", more) % {"n": more}


def _take_scenario_along(
    module: Module, blocks: list[RawBlock], by: uuid.UUID | None
) -> list[Problem]:
    """A lesson takes its scenario along when it first comes out; later versions of it have a way of their own."""
    block = next((each for each in blocks if each.kind == Block.Kind.SCENARIO), None)
    if block is None or publish_first(module_id=module.pk, by=by):
        return []
    message = _("The scenario still has errors. Please mend them on its own page first.")
    return scenario_problems(module.pk, blocks) or [Problem(block.key, "scenario", message)]


def _quiz_of(module: Module, block: Block) -> Quiz:
    return Quiz.objects.get_or_create(module=module, block_key=block.key)[0]


def _freeze(
    module: Module,
    blocks: list[Block],
    quizzes: dict[str, Quiz],
    digest: str,
    by: uuid.UUID | None,
    note: str,
) -> ModuleVersion:
    version = ModuleVersion(
        module=module,
        number=(module.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        content_hash=digest,
        note=note,
        published_by=by,
    )
    quiz_versions = [
        QuizVersion(
            quiz=quizzes[block.key],
            module_version=version,
            number=version.number,
            document={"items": block.data["items"]},
            content_hash=content_hash(block.data["items"]),
        )
        for block in blocks
        if block.kind == Block.Kind.QUIZ
    ]
    by_quiz = {qv.quiz_id: qv for qv in quiz_versions}
    version.document = _document(module, blocks, quizzes, frozen=True)
    for block in version.document["blocks"]:
        if block["kind"] == Block.Kind.QUIZ:
            block["data"]["quiz_version"] = str(by_quiz[quizzes[block["key"]].pk].pk)
    version.save(force_insert=True)
    QuizVersion.objects.bulk_create(quiz_versions)
    module.version = version
    module.save(update_fields=["version"])
    _remember_words(module, version)
    return version


def _remember_words(module: Module, version: ModuleVersion) -> None:
    """Let the module be found by what is published now."""
    words = ModuleWords(
        module=module,
        name=finding.name_of(version.document),
        body=finding.body_of(version.document),
    )
    ModuleWords.objects.bulk_create(
        [words], update_conflicts=True, unique_fields=["module"], update_fields=["name", "body"]
    )


def _document(
    module: Module, blocks: list[Block], quizzes: dict[str, Quiz], *, frozen: bool
) -> dict[str, Any]:
    """Return what reps will see. Frozen, a quiz is named only; unfrozen (for the hash), its questions count."""
    described = manifest.of([*_assets(blocks), module.picture_id])
    terms = _terms(blocks)
    return {
        "title": module.title,
        "summary": module.summary,
        "minutes": module.minutes,
        "language": module.language,
        "picture": described.get(module.picture_id) if module.picture_id else None,
        "blocks": [
            {
                "key": block.key,
                "kind": block.kind,
                "data": (
                    _quiz_reference(block, quizzes[block.key])
                    if frozen and block.kind == Block.Kind.QUIZ
                    else _data(block, described)
                ),
            }
            for block in blocks
        ],
        **({"terms": terms} if terms else {}),
    }


def _terms(blocks: list[Block]) -> dict[str, dict[str, str]]:
    """Return word, reading and meaning of the terms that the texts mark, so that they are frozen too."""
    texts = [block.data["doc"] for block in blocks if block.kind == Block.Kind.TEXT]
    return catalogue.explained({term for doc in texts for term in richtext.terms_of(doc)})


def _quiz_reference(block: Block, quiz: Quiz) -> dict[str, Any]:
    return {"quiz": str(quiz.pk), "items": len(block.data["items"])}


def _assets(blocks: list[Block]) -> list[uuid.UUID]:
    named = [block.data.get(field) for block in blocks for field in ("asset", "picture")]
    return [uuid.UUID(each) for each in named if each]


def _data(block: Block, described: dict[uuid.UUID, dict[str, Any]]) -> dict[str, Any]:
    """Return a block's data with its media described: renditions, sizes and hashes, so that they are frozen too."""
    data = dict(block.data)
    if block.kind in (Block.Kind.VIDEO, Block.Kind.IMAGE):
        data |= described.get(uuid.UUID(data["asset"]), {})
    elif block.kind in (Block.Kind.STORY, Block.Kind.PERSON) and data.get("picture"):
        data["picture"] = described.get(uuid.UUID(data["picture"]))
    return data


def as_shown(module: Module, blocks: list[Block]) -> dict[str, Any]:
    """Return what reps would see of these complete blocks. Nothing is written; a quiz holds its questions."""
    return _document(module, blocks, {}, frozen=False)


def is_published(module: Module, blocks: list[Block]) -> bool:
    """Say whether reps see these complete blocks already, with the words and media as they are now."""
    current = module.version
    return current is not None and _says(current, as_shown(module, blocks))


def _says(version: ModuleVersion, shown: dict[str, Any]) -> bool:
    """Say whether a version says the same, with the right answers that count today. At most three queries."""
    blocks = [
        {**block, "data": {**block["data"], "items": frozen}}
        if block["kind"] == Block.Kind.QUIZ
        and (frozen := _frozen_items(version, block)) is not None
        else block
        for block in shown["blocks"]
    ]
    return content_hash({**shown, "blocks": blocks}) == version.content_hash


def _frozen_items(version: ModuleVersion, block: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the questions that were frozen, where with their corrections they are those of the block.

    None for a quiz without corrections. What was frozen and is wrong by now no longer counts: such a block is
    none of the version.
    """
    found = QuizVersion.objects.filter(module_version=version, quiz__block_key=block["key"]).first()
    corrected = corrections_of(found.pk) if found else {}
    if found is None or not corrected:
        return None
    items: list[dict[str, Any]] = found.document["items"]
    return items if block["data"]["items"] == as_corrected(items, corrected) else []
