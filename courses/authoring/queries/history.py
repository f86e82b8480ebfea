"""Reads of what a draft said before."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q

from courses.authoring import differences, documents
from courses.authoring.differences import Differences
from courses.authoring.documents import Document
from courses.authoring.models import Draft, Snapshot
from courses.authoring.queries.drafts import names
from courses.catalog.models import Module
from courses.quizzes.models import QuizVersion
from courses.quizzes.queries import as_corrected, corrections_of

A_PAGE = 20


@dataclasses.dataclass(frozen=True)
class Entry:
    """A snapshot in the list, with who wrote it and the version that was published of it."""

    snapshot: Snapshot
    author: str
    number: int | None
    note: str


def entries(module_id: uuid.UUID, number: str | None) -> "tuple[list[Entry], Page[Snapshot]]":
    """Return one page of a module's snapshots, the newest first. Three queries."""
    rows = (
        Snapshot.objects.filter(module_id=module_id)
        .select_related("version")
        .defer("document", "version__document")
        .order_by("-revision")
    )
    page = Paginator(rows, A_PAGE).get_page(number)
    people = names(each.saved_by for each in page)
    found = [
        Entry(
            snapshot=each,
            author=people.get(each.saved_by, ""),
            number=each.version.number if each.version else None,
            note=each.version.note if each.version else "",
        )
        for each in page
    ]
    return found, page


@dataclasses.dataclass(frozen=True)
class Compared:
    """A snapshot with what it changed, against the one before it or against the draft of today."""

    snapshot: Snapshot
    author: str
    document: Document
    before: Snapshot | None
    differences: Differences


def compared(
    module_id: uuid.UUID, revision: int, *, now: Document | None = None
) -> Compared | None:
    """Return one snapshot with what became different: from the one before, or from it to `now`. Three queries."""
    snapshot = (
        Snapshot.objects.filter(module_id=module_id, revision=revision)
        .select_related("version")
        .first()
    )
    if snapshot is None:
        return None
    document = documents.of_json(snapshot.document)
    before = None
    if now is None:
        earlier = Snapshot.objects.filter(module_id=module_id, revision__lt=revision)
        before = earlier.order_by("-revision").first()
        old = documents.of_json(before.document) if before else _nothing(document)
        found = differences.between(old, document)
    else:
        found = differences.between(document, now)
    author = names([snapshot.saved_by]).get(snapshot.saved_by, "")
    return Compared(snapshot, author, document, before, found)


def since_publication(module: Module, document: Document) -> Differences | None:
    """Return what has changed since the newest publication; None where its draft was not kept. Three queries."""
    draft: Draft | None = getattr(module, "draft", None)
    if module.version_id is None or draft is None:
        return None
    kept = published_snapshot(module, draft)
    return differences.between(as_published(module, kept), document) if kept else None


def published_snapshot(module: Module, draft: Draft) -> Snapshot | None:
    """Return the snapshot of the draft that was published last; None where it was not kept. One query."""
    published = Q(version_id=module.version_id) | Q(content_hash=draft.published_hash)
    return Snapshot.objects.filter(published, module=module).order_by("-revision").first()


def as_published(module: Module, snapshot: Snapshot) -> Document:
    """Return what a snapshot says, with the right answers that were corrected since it came out. Two queries."""
    quizzes = QuizVersion.objects.filter(module_version_id=module.version_id)
    corrected = {
        key: corrections_of(pk) for pk, key in quizzes.values_list("pk", "quiz__block_key")
    }
    document = documents.of_json(snapshot.document)
    blocks = (
        dataclasses.replace(block, data={**block.data, "items": as_corrected(items, right)})
        if (right := corrected.get(block.key)) and (items := block.data.get("items"))
        else block
        for block in document.blocks
    )
    return dataclasses.replace(document, blocks=tuple(blocks))


def question(item: Mapping[str, Any] | None) -> Any:
    """Return what is asked: kind, stem and options, without what is right. None for no question. Pure."""
    if item is None:
        return None
    options = [(option["key"], option.get("text")) for option in item.get("options") or []]
    return item.get("kind"), item.get("stem"), sorted(options)


def with_corrections(module: Module, document: Document) -> Document:
    """Return a document with the right answers that were corrected of any version that asked the same. Some queries.

    One for all versions, and one for each of them.
    """
    right: dict[tuple[str, str], tuple[Any, list[str]]] = {}
    versions = QuizVersion.objects.filter(quiz__module=module).order_by("number")
    for version in versions.select_related("quiz"):
        asked = {item["key"]: question(item) for item in version.document["items"]}
        for key, correct in corrections_of(version.pk).items():
            right[version.quiz.block_key, key] = asked.get(key), correct
    if not right:
        return document
    blocks = []
    for block in document.blocks:
        items = block.data.get("items") or []
        corrected = {
            item["key"]: known[1]
            for item in items
            if (known := right.get((block.key, item.get("key", "")))) and known[0] == question(item)
        }
        data = {**block.data, "items": as_corrected(items, corrected)} if corrected else block.data
        blocks.append(dataclasses.replace(block, data=data))
    return dataclasses.replace(document, blocks=tuple(blocks))


def _nothing(document: Document) -> Document:
    """Return an empty draft in the same language: what the first snapshot is compared with."""
    return dataclasses.replace(document, title="", summary="", picture_id=None, blocks=())
