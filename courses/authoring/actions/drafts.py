"""Writes of drafts: saving with a revision, so that nobody's work is overwritten unseen, and taking back."""

import dataclasses
import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from courses.authoring import documents
from courses.authoring.documents import Document
from courses.authoring.models import Draft, Snapshot
from courses.authoring.queries import drafts, history
from courses.authoring.queries.drafts import Current
from courses.catalog.blocks import RawBlock
from courses.catalog.models import Block, Module

_TOGETHER = dt.timedelta(minutes=5)
"""Saves of one author that follow one another within this time share a snapshot …"""

_AT_MOST = dt.timedelta(minutes=30)
"""… which holds no more than this much of their work."""


class ConflictError(Exception):
    """Somebody else has saved meanwhile: nothing was written. `current` is what stands there now."""

    def __init__(self, current: Current) -> None:
        super().__init__(f"revision {current.revision}")
        self.current = current


@dataclasses.dataclass(frozen=True)
class Saved:
    """What a save did. `changed` is False where the draft said the same before."""

    current: Current
    changed: bool


@transaction.atomic
def save_draft(
    *, module_id: uuid.UUID, base: int, document: Document, by: uuid.UUID | None
) -> Saved:
    """Make the draft say this, if it still stands at the revision `base` from which the author began.

    The same document again changes nothing, whatever the base: a save whose answer was lost may be sent
    again. Only blocks that changed are written. Raises ConflictError; nothing is written then.
    """
    module, blocks, current = lock(module_id)
    if current.document == document:
        return Saved(current, changed=False)
    if current.revision != base:
        raise ConflictError(current)
    return Saved(write(module, blocks, current, document, by), changed=True)


@transaction.atomic
def restore(*, module_id: uuid.UUID, base: int, revision: int, by: uuid.UUID | None) -> Saved:
    """Make the draft say again what it said at an earlier revision, as a new revision of its own.

    A right answer that was corrected since it came out stays corrected.

    Raises ConflictError if it no longer stands at `base`, Snapshot.DoesNotExist for an unknown revision.
    """
    module, blocks, current = lock(module_id)
    kept = Snapshot.objects.get(module_id=module.pk, revision=revision)
    document = history.with_corrections(module, documents.of_json(kept.document))
    if current.document == document:
        return Saved(current, changed=False)
    if current.revision != base:
        raise ConflictError(current)
    saved = write(module, blocks, current, document, by, restored_from=revision)
    return Saved(saved, changed=True)


def lock(module_id: uuid.UUID) -> tuple[Module, list[Block], Current]:
    """Lock a module's draft until the transaction ends, as publishing does, and return it as it stands."""
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    blocks = list(module.blocks.all())
    return module, blocks, drafts.current_of(module, blocks)


def write(
    module: Module,
    blocks: list[Block],
    current: Current,
    document: Document,
    by: uuid.UUID | None,
    *,
    origin: str = Snapshot.Origin.SAVED,
    restored_from: int | None = None,
) -> Current:
    """Write a new revision of a locked draft: its fields, the blocks that changed, and its snapshot."""
    saved = Current(current.revision + 1, timezone.now(), by, document)
    _keep_what_was_found(module, current)
    _write_fields(module, document)
    _write_blocks(module, blocks, document.blocks)
    values = {
        "revision": saved.revision,
        "content_hash": document.digest,
        "saved_at": saved.saved_at,
        "saved_by": by,
    }
    # A module that came out before it was ever edited here was published as it stood.
    published = current.document.digest if module.version_id else ""
    Draft.objects.update_or_create(
        module=module, defaults=values, create_defaults=values | {"published_hash": published}
    )
    origin = Snapshot.Origin.RESTORED if restored_from is not None else origin
    _keep(module, saved, origin, restored_from)
    return saved


def _keep_what_was_found(module: Module, current: Current) -> None:
    """Keep what the draft said before, where no snapshot has it: it was written by another door."""
    if current.revision == 0 and not current.document.blocks:
        return
    Snapshot.objects.bulk_create(
        [
            Snapshot(
                module=module,
                revision=current.revision,
                document=current.document.to_json(),
                content_hash=current.document.digest,
                origin=Snapshot.Origin.FOUND,
                began_at=current.saved_at,
                saved_at=current.saved_at,
            )
        ],
        ignore_conflicts=True,
    )


def _write_fields(module: Module, document: Document) -> None:
    changed = [
        name for name in documents.FIELDS if getattr(module, name) != getattr(document, name)
    ]
    for name in changed:
        setattr(module, name, getattr(document, name))
    if changed:
        module.save(update_fields=changed)


def _write_blocks(module: Module, rows: list[Block], wanted: tuple[RawBlock, ...]) -> None:
    """Bring the rows to what is wanted; a block that stays as it is, is not written."""
    by_key = {row.key: row for row in rows}
    gone = by_key.keys() - {block.key for block in wanted}
    if gone:
        Block.objects.filter(module=module, key__in=gone).delete()
    made, changed = [], []
    for position, block in enumerate(wanted):
        row = by_key.get(block.key)
        if row is None:
            made.append(_row(module, block, position))
        elif (row.kind, row.data, row.position) != (block.kind, block.data, position):
            row.kind, row.data, row.position = block.kind, block.data, position
            changed.append(row)
    Block.objects.bulk_create(made)
    if changed:
        Block.objects.bulk_update(changed, ["kind", "data", "position"])


def _row(module: Module, block: RawBlock, position: int) -> Block:
    return Block(module=module, key=block.key, kind=block.kind, data=block.data, position=position)


def _keep(module: Module, saved: Current, origin: str, restored_from: int | None) -> None:
    """Keep the new state: in the author's snapshot of a moment ago, or in one of its own."""
    newest = Snapshot.objects.filter(module=module).order_by("-revision").first()
    document, digest = saved.document.to_json(), saved.document.digest
    if newest is not None and origin == Snapshot.Origin.SAVED and _continues(newest, saved):
        newest.revision, newest.saved_at = saved.revision, saved.saved_at
        newest.document, newest.content_hash = document, digest
        newest.save(update_fields=["revision", "saved_at", "document", "content_hash"])
        return
    Snapshot.objects.create(
        module=module,
        revision=saved.revision,
        document=document,
        content_hash=digest,
        origin=origin,
        restored_from=restored_from,
        saved_by=saved.saved_by,
        began_at=saved.saved_at,
        saved_at=saved.saved_at,
    )


def _continues(newest: Snapshot, saved: Current) -> bool:
    """Say whether a save goes on with the work that the newest snapshot holds."""
    return (
        newest.origin == Snapshot.Origin.SAVED
        and newest.version_id is None
        and newest.saved_by == saved.saved_by
        and saved.saved_at - newest.saved_at < _TOGETHER
        and saved.saved_at - newest.began_at < _AT_MOST
    )
