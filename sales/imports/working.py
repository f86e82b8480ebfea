"""The worker at a file: reads it, looks at every row, takes them in or takes them back; each in one transaction.

It holds the lock on the import's row meanwhile: so whatever is to be done and not locked is waiting, or was left by
a worker that died, whose transaction is gone. A file is started five times at most.
"""

import uuid
from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import outbox
from core.scope import CLIENT, scoped
from core.tables.errors import TableError
from partners.queries import people
from sales import actions as sales_actions
from sales.imports import columns, files, queries
from sales.imports.actions import let_go
from sales.imports.events import ImportFinished
from sales.imports.models import Import, Name, Trouble, takes_in
from sales.imports.running import CHANGED, LEFT, NEW, SAME, Run
from sales.imports.showing import shown
from sales.models import Source
from sales.queries import glance

log = structlog.get_logger(__name__)

MOST_TRIES = 5
State = Import.State


def work() -> int:
    """Do all that waits, one file after another. Returns how many were done."""
    done = 0
    with scoped(CLIENT):
        waiting = queries.waiting()
    for import_id in waiting:
        done += _attempt(import_id)
    return done


def _attempt(import_id: uuid.UUID) -> bool:
    """Do what is to be done with a file, unless somebody is at it. Returns whether it was done."""
    with scoped(CLIENT):
        if not _begin(import_id):
            return False
        try:
            with transaction.atomic():
                return _do(import_id)
        except TableError as error:
            _fail(import_id, error.code, error.values)
        except Exception as error:  # a fault of ours: tried again by the clock
            log.exception("import_failed", file=str(import_id))
            if not isinstance(error, DatabaseError | OSError):
                _fail(import_id, "fault", {})
    return True


def _lock(import_id: uuid.UUID) -> Import | None:
    """Lock an import that waits, and its source; None where somebody is at either."""
    rows = Import.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    file = rows.filter(pk=import_id, state__in=Import.WORKING).first()
    if file is None:
        return None
    if file.state in {State.APPLYING, State.UNDOING}:
        free = Source.objects.select_for_update(skip_locked=True, no_key=True)
        if not free.filter(pk=file.source_id).exists():
            return None
    return file


@transaction.atomic
def _begin(import_id: uuid.UUID) -> bool:
    """Count the start, so that a file which kills its workers is given up in the end."""
    file = _lock(import_id)
    if file is None:
        return False
    if file.tries >= MOST_TRIES:
        file.state, file.error = _before(file), {"code": "gave_up", "values": {}}
        file.save(update_fields=["state", "error"])
        return False
    file.tries += 1
    file.save(update_fields=["tries"])
    return True


def _before(file: Import) -> str:
    """Return the state to which a file goes back that can't be worked at: what was taken in, or back, stays so."""
    if file.undone_at is not None:
        return State.UNDONE
    return State.APPLIED if file.finished_at is not None else State.FAILED


def _do(import_id: uuid.UUID) -> bool:
    file = _lock(import_id)
    if file is None:
        return False
    if not _may_still(file):
        raise TableError("left")
    _DEEDS[file.state](file)
    return True


def _may_still(file: Import) -> bool:
    """Say whether whoever had the rows taken in, or taken back, may still do so. To look at a file changes nothing."""
    by = {State.APPLYING: file.started_by, State.UNDOING: file.undone_by}
    asked_by = by.get(State(file.state))
    if asked_by is None:
        return True
    person = people.acting(asked_by)
    return person is not None and takes_in(person)


@transaction.atomic
def _fail(import_id: uuid.UUID, code: str, values: dict[str, object]) -> None:
    """Say why a file can't be worked at."""
    file = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=import_id)
    file.state, file.error = _before(file), {"code": code, "values": values}
    file.save(update_fields=["state", "error"])


def _read(file: Import) -> None:
    """Find out how the file is read and what its columns are called."""
    if not file.is_lines:
        file.path, file.is_lines = files.make_readable(file)
    remembered = queries.layout(file)
    known = remembered.columns if remembered else None
    found = files.measure(file, lambda cells: columns.is_header(cells, file.grain, known))
    file.encoding, file.delimiter, file.rows = found.encoding, found.delimiter, found.rows
    file.head = [line.cells for line in found.head]
    if any("\x00" in cell for cells in file.head for cell in cells):
        raise TableError("other_format")
    file.mapping = {
        "columns": columns.suggest(file.header, file.grain, known),
        "currency": remembered.currency if remembered else "JPY",
        "product": str(remembered.product_id) if remembered and remembered.product_id else None,
    }
    file.state, file.tries = State.MAPPING, 0
    file.save()


def _check(file: Import) -> None:
    """Look at every row and write nothing but what was found."""
    run = _run(file, write=False)
    file.examples, file.companies = shown(run), queries.companies_of(run.people)
    file.state, file.tries = State.CHECKED, 0
    file.save(update_fields=["counts", "examples", "companies", "state", "tries"])


def _apply(file: Import) -> None:
    """Take in all rows without problems; the news of it goes out with them."""
    run = _run(file, write=True)
    file.state, file.tries, file.finished_at = State.APPLIED, 0, timezone.now()
    file.save(update_fields=["counts", "state", "tries", "finished_at"])
    outbox.publish(
        ImportFinished(
            import_id=file.pk,
            source_id=file.source_id,
            grain=file.grain,
            organisation_id=file.organisation_id,
            brought_by=file.brought_by,
            finished_at=file.finished_at,
            new=run.counts[NEW],
            changed=run.counts[CHANGED],
            unchanged=run.counts[SAME],
            left_out=run.counts[LEFT],
        )
    )
    let_go(file)
    _show_at_once(file)


def _show_at_once(file: Import) -> None:
    """Have first pages count anew, which keep their figures for some minutes."""
    transaction.on_commit(lambda: glance.forget(file.companies), robust=True)


def _undo(file: Import) -> None:
    """Take back what the file wrote, where nothing was written since."""
    found = sales_actions.take_back(source_id=file.source_id, cause=file.pk)
    before = file.undone
    file.undone = {
        "removed": before.get("removed", 0) + found.removed,
        "restored": before.get("restored", 0) + found.restored,
        "kept": found.kept,
    }
    file.state, file.tries, file.undone_at = State.UNDONE, 0, timezone.now()
    file.save(update_fields=["undone", "state", "tries", "undone_at"])
    _show_at_once(file)


_DEEDS: dict[str, Callable[[Import], None]] = {
    State.READING: _read,
    State.CHECKING: _check,
    State.APPLYING: _apply,
    State.UNDOING: _undo,
}


def _run(file: Import, *, write: bool) -> Run:
    queries.note_progress(file, 0)
    run = Run(file, write=write, tick=lambda rows: queries.note_progress(file, rows)).go()
    file.counts = run.counts
    _keep_troubles(file, run)
    _keep_names(file, run)
    return run


_ADD_TROUBLES = """
INSERT INTO imports_trouble (organisation_id, file_id, row, "column", value, code, more)
SELECT %(organisation)s, %(file)s, u.* FROM unnest(%(row)s::integer[], %(column)s::text[], %(value)s::text[],
       %(code)s::text[], %(more)s::text[]) AS u
"""


def _keep_troubles(file: Import, run: Run) -> None:
    Trouble.objects.filter(file=file).delete()
    values = {
        name: [_clean(getattr(each, name)) for each in run.troubles]
        for name in ("row", "column", "value", "code", "more")
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_TROUBLES, {**values, "organisation": file.organisation_id, "file": file.pk}
        )


def _clean(value: str | int) -> str | int:
    """Return a text as the database can hold it."""
    return value.replace("\x00", "␀") if isinstance(value, str) else value


def _keep_names(file: Import, run: Run) -> None:
    Name.objects.filter(file=file).delete()
    Name.objects.bulk_create(
        [
            Name(
                organisation_id=file.organisation_id,
                file=file,
                kind=kind,
                text=text[:200],
                rows=seen.rows,
                first_row=seen.first_row,
                several=seen.several,
                word=seen.word,
            )
            for (kind, text), seen in run.names.seen.items()
            if len(text) <= 200
        ],
        batch_size=500,
    )
