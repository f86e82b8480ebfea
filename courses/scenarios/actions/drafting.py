"""Writes of drafts: edits over a revision, so that nobody's work is overwritten unseen; taking back, doing again."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.catalog.models import Block, Module
from courses.scenarios import editing, parts, queries, reading, writing
from courses.scenarios.document import Document
from courses.scenarios.editing import Edit, Edited, Link
from courses.scenarios.keys import new_key
from courses.scenarios.models import Scenario, ScenarioDraft, ScenarioEdit, ScenarioVersion
from courses.scenarios.validator import Report

TYPED_WITHIN = dt.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True)
class Current:
    """A draft as it stands."""

    scenario_id: uuid.UUID
    revision: int
    saved_at: dt.datetime
    saved_by: uuid.UUID | None
    document: Document


class ConflictError(Exception):
    """Somebody else has changed the same parts meanwhile: nothing was written. `current` is what stands there."""

    def __init__(self, current: Current, met: frozenset[str]) -> None:
        super().__init__(f"revision {current.revision}: {', '.join(sorted(met))}")
        self.current = current
        self.met = met


class NothingToDoError(Exception):
    """There is no edit of this author to take back, or to do again."""


@dataclasses.dataclass(frozen=True)
class Saved:
    """What a save did. `made` are new keys, `cut` the ways that were cut, `report` what the validator says now."""

    current: Current
    changed: bool
    report: Report
    made: tuple[str, ...] = ()
    cut: tuple[Link, ...] = ()
    op: str = ""


@transaction.atomic
def create_scenario(*, module_id: uuid.UUID, by: uuid.UUID | None) -> Scenario:
    """Give a module a scenario, and the block that shows it, where it has none. Returns it either way."""
    module = Module.objects.select_for_update(no_key=True).get(pk=module_id)
    scenario, made = Scenario.objects.get_or_create(module=module, defaults={"made_by": by})
    if made:
        document = Document(title=module.title, language=module.language)
        ScenarioDraft.objects.create(
            scenario=scenario,
            document=writing.dump(document),
            doc_sha256=writing.doc_sha256(document),
            saved_by=by,
        )
    if not module.blocks.filter(kind=Block.Kind.SCENARIO).exists():
        last = module.blocks.aggregate(last=Max("position"))["last"]
        taken = set(module.blocks.values_list("key", flat=True))
        Block.objects.create(
            module=module,
            key=new_key(taken),
            kind=Block.Kind.SCENARIO,
            data={},
            position=0 if last is None else last + 1,
        )
    return scenario


def edit(
    *, scenario_id: uuid.UUID, base: int, change: Edit, by: uuid.UUID | None, op: str
) -> Saved:
    """Do an edit to the draft as it stands, if nobody changed what it is about since the revision `base`.

    `change` is a function of `editing` with its arguments given. The same again changes nothing, whatever the base.
    Raises ConflictError, and FaultError where it makes no scenario; nothing is written then.
    """
    with transaction.atomic():
        draft, document = lock(scenario_id)
        edited = change(document)
        changed = parts.changes(document, edited.document)
        if not changed:
            return _saved(draft, document, edited, op, changed=False)
        _refuse_stale(draft, document, base, edited.targets)
        _write(draft, edited.document, changed, by, op)
        return _saved(draft, edited.document, edited, op)


def save_whole(
    *, scenario_id: uuid.UUID, base: int, document: Document, by: uuid.UUID | None, op: str
) -> Saved:
    """Put a whole scenario in the draft's place: an import, a pasted table. Only over the newest revision."""
    return edit(
        scenario_id=scenario_id,
        base=base,
        change=lambda before: editing.replace_all(before, document),
        by=by,
        op=op,
    )


def restore(*, scenario_id: uuid.UUID, base: int, number: int, by: uuid.UUID | None) -> Saved:
    """Make the draft say what was published as version `number`, as an edit of its own."""
    raw = ScenarioVersion.objects.values_list("document", flat=True).get(
        scenario_id=scenario_id, number=number
    )
    document = reading.parse(raw)
    return save_whole(scenario_id=scenario_id, base=base, document=document, by=by, op="restore")


@transaction.atomic
def undo(*, scenario_id: uuid.UUID, by: uuid.UUID) -> Saved:
    """Take back this author's newest edit that stands. Raises NothingToDoError, and ConflictError where somebody
    has changed the same parts since.
    """
    draft, document = lock(scenario_id)
    mine = _own(scenario_id, by).filter(state=ScenarioEdit.State.DONE).order_by("-revision")
    return _again(draft, document, mine.first(), by, back=True)


@transaction.atomic
def redo(*, scenario_id: uuid.UUID, by: uuid.UUID) -> Saved:
    """Do again what this author took back last, unless they went on otherwise. Raises as `undo` does."""
    draft, document = lock(scenario_id)
    mine = _own(scenario_id, by).filter(state=ScenarioEdit.State.UNDONE).order_by("revision")
    return _again(draft, document, mine.first(), by, back=False)


def _own(scenario_id: uuid.UUID, by: uuid.UUID) -> Any:
    return ScenarioEdit.objects.filter(scenario_id=scenario_id, by=by, of__isnull=True)


def _again(
    draft: ScenarioDraft,
    document: Document,
    told: ScenarioEdit | None,
    by: uuid.UUID,
    *,
    back: bool,
) -> Saved:
    if told is None:
        raise NothingToDoError
    stands, wanted = (told.after, told.before) if back else (told.before, told.after)
    now = parts.of(document)
    met = frozenset(name for name in stands if name != "order" and now.get(name) != stands[name])
    if met:
        raise ConflictError(current_of(draft, document), met)
    after = parts.patched(document, wanted)
    told.state = ScenarioEdit.State.UNDONE if back else ScenarioEdit.State.DONE
    told.save(update_fields=["state"])
    op = "undo" if back else "redo"
    _write(draft, after, parts.changes(document, after), by, op, of=told.revision)
    return _saved(draft, after, Edited(after), told.op)


def lock(scenario_id: uuid.UUID) -> tuple[ScenarioDraft, Document]:
    """Lock a draft until the transaction ends, as publishing does, and return it with what it says."""
    draft = (
        ScenarioDraft.objects.select_for_update(no_key=True, of=("self",))
        .select_related("scenario")
        .get(scenario_id=scenario_id)
    )
    return draft, reading.parse(draft.document)


def current_of(draft: ScenarioDraft, document: Document) -> Current:
    """Return a draft as it stands."""
    return Current(draft.scenario_id, draft.revision, draft.saved_at, draft.saved_by, document)


def _refuse_stale(
    draft: ScenarioDraft, document: Document, base: int, targets: frozenset[str]
) -> None:
    if "order" in targets:  # the whole scenario is replaced
        met = frozenset({"order"}) if draft.revision != base else frozenset()
    else:
        met = frozenset(name for name in targets if draft.touched.get(name, 0) > base)
    if met:
        raise ConflictError(current_of(draft, document), met)


def _write(
    draft: ScenarioDraft,
    document: Document,
    changed: Mapping[str, tuple[Any, Any]],
    by: uuid.UUID | None,
    op: str,
    *,
    of: int | None = None,
) -> None:
    """Write a new revision of a locked draft, and what it changed into the log."""
    known = _written_on(draft, changed, by, op) if of is None and by is not None else None
    draft.revision += 1
    draft.document = writing.dump(document)
    draft.doc_sha256 = writing.doc_sha256(document)
    draft.touched = {**draft.touched, **dict.fromkeys(changed, draft.revision)}
    draft.saved_at, draft.saved_by = timezone.now(), by
    draft.save()
    if of is None and by is not None:
        _own(draft.scenario_id, by).filter(state=ScenarioEdit.State.UNDONE).update(
            state=ScenarioEdit.State.DROPPED
        )
    if known is not None:
        known.revision, known.after = draft.revision, {n: pair[1] for n, pair in changed.items()}
        known.save(update_fields=["revision", "after"])
        return
    ScenarioEdit.objects.create(
        scenario_id=draft.scenario_id,
        revision=draft.revision,
        op=op,
        of=of,
        before={name: pair[0] for name, pair in changed.items()},
        after={name: pair[1] for name, pair in changed.items()},
        by=by,
        at=draft.saved_at,
    )


def _written_on(
    draft: ScenarioDraft, changed: Mapping[str, tuple[Any, Any]], by: uuid.UUID, op: str
) -> ScenarioEdit | None:
    """Return the edit that this one goes on with: the same author's last, of the same text, begun less than a minute
    ago. So what was typed with pauses is taken back in one step.
    """
    if op != "save":
        return None
    last = _own(draft.scenario_id, by).filter(
        revision=draft.revision,
        op=op,
        state=ScenarioEdit.State.DONE,
        at__gt=timezone.now() - TYPED_WITHIN,
    )
    known: ScenarioEdit | None = last.first()
    if known is None:
        return None
    after = {name: pair[1] for name, pair in changed.items()}
    place = parts.only_text({name: pair[0] for name, pair in changed.items()}, after)
    is_same = place is not None and place == parts.only_text(known.before, known.after)
    return known if is_same and known.before != after else None


def _saved(
    draft: ScenarioDraft, document: Document, edited: Edited, op: str, *, changed: bool = True
) -> Saved:
    report = queries.report(document, draft.scenario.keys)
    return Saved(current_of(draft, document), changed, report, edited.made, edited.cut, op)
