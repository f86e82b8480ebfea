"""Files of items: first only looked at, then entered, all rows or none."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from core.tables import headers, reading
from core.tables.errors import TableError
from core.tables.headers import Header
from core.tables.packages import is_excel
from core.tables.rows import MIB, Limits, Row, Table, bad_letters, good_letters
from courses.quizzes.bank import columns, items
from courses.quizzes.bank.actions import TroublesError, keeper_only, put, without_gaps
from courses.quizzes.bank.items import Draft, Trouble
from courses.quizzes.bank.models import BankFile, BankItem
from partners.models import Organisation, Person

LIMITS = Limits(bytes=10 * MIB, rows=5_000, columns=100, unpacked=50 * MIB)
_KEPT = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Planned:
    """What will become of one row: it is new, changes an item, is the same, or has troubles to mend."""

    row: Row
    draft: Draft
    troubles: tuple[Trouble, ...] = ()
    known: BankItem | None = None

    @property
    def outcome(self) -> str:
        """Return new, changed, same or trouble."""
        if self.troubles:
            return "trouble"
        if self.known is None:
            return "new"
        return "same" if without_gaps(self.draft) == self.known.draft else "changed"

    def changes(self, language: str) -> list[tuple[str, str, str]]:
        """Return what changes: column, what stands there now, and what will, in this language's words."""
        if self.known is None:
            return []
        before = columns.write(self.known.draft, language)
        after = columns.write(without_gaps(self.draft), language)
        rows = zip(columns.order(), before, after, strict=True)
        return [(column, old, new) for column, old, new in rows if old != new]


@dataclasses.dataclass(frozen=True)
class Plan:
    """What entering the whole file would do. Nothing has happened yet."""

    table: Table
    header: Header
    rows: tuple[Planned, ...]

    def having(self, outcome: str) -> list[Planned]:
        """Return the rows with this outcome."""
        return [row for row in self.rows if row.outcome == outcome]

    def counts(self) -> dict[str, int]:
        """Return how many rows have each outcome."""
        found = [row.outcome for row in self.rows]
        return {name: found.count(name) for name in ("new", "changed", "same", "trouble")}


@transaction.atomic
def bring_file(*, actor: Person, name: str, content: bytes) -> BankFile:
    """Keep a file for a day, so that it can be looked at and then entered.

    Raises TableError for a file that is no table; one whose letters can't be told is kept, to be asked about.
    """
    keeper_only(actor)
    try:
        reading.read(content, LIMITS)
    except TableError as error:
        if error.code != "encoding":
            raise
        _is_no_text(name, content, error)
    mine = BankFile.objects.filter(organisation_id=actor.organisation_id)
    mine.filter(entered_at=None, brought_at__lt=timezone.now() - _KEPT).delete()
    return BankFile.objects.create(
        organisation_id=actor.organisation_id,
        brought_by=actor.pk,
        name=name[:200],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def plan(
    *, actor: Person, file: BankFile, encoding: str, language: str, lock: bool = False
) -> Plan:
    """Say what entering this file would do, changing nothing. One query. Raises TableError.

    `language` is that of new items whose row names none; `lock` keeps the known items as they are meanwhile.
    """
    content = bytes(file.content or b"")
    table = reading.read(content, LIMITS, encoding)
    try:
        header = headers.match(table.rows[0], columns.COLUMNS, columns.REQUIRED)
    except TableError as error:
        _is_no_text(file.name, content, error)
        raise headers.in_words(error, partial(columns.label, language=language)) from error
    if len(table.rows) == 1:
        raise TableError("only_header")
    body = table.rows[1:]
    wanted = {items.same_code(header.cells(row)["code"]) for row in body}
    rows = BankItem.objects.visible_to(actor).annotate(folded=Lower("code"))
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    known = {item.code.lower(): item for item in rows.filter(folded__in=wanted)}
    seen: dict[str, int] = {}
    return Plan(table, header, tuple(_planned(row, header, known, seen, language) for row in body))


def _is_no_text(name: str, content: bytes, error: TableError) -> None:
    """Raise TableError for a file that is called an Excel file and is none: there are no letters to be mended."""
    is_called = name.lower().endswith((".xlsx", ".xlsm"))
    if is_called and error.code in {"encoding", "header_missing"} and not is_excel(content):
        raise TableError("broken") from error


def is_text(file: BankFile) -> bool:
    """Say whether a file's letters may have been read wrongly; those of Excel files can't."""
    return not is_excel(bytes(file.content or b""))


def _planned(
    row: Row, header: Header, known: dict[str, BankItem], seen: dict[str, int], language: str
) -> Planned:
    cells = {column: good_letters(cell) for column, cell in header.cells(row).items()}
    key = items.same_code(cells["code"])
    item = known.get(key)
    draft, found = columns.read(cells, item.draft if item else None, language)
    bad = [
        Trouble(column, "bad_letters", repr(cell)[1:-1])
        for column, cell in header.cells(row).items()
        if bad_letters(cell)
    ]
    if extra := header.surplus(row):
        bad.insert(0, Trouble("", "too_many_cells", extra[0]))
    known_fields = {columns.column_of(trouble.field) for trouble in [*bad, *found]}
    if key in seen:
        bad.append(Trouble("code", "code_twice", cells["code"], str(seen[key])))
    elif key:
        seen[key] = row.number
    more = [t for t in items.troubles(draft) if columns.column_of(t.field) not in known_fields]
    told = [_with_value(trouble, header.cells(row)) for trouble in [*bad, *found, *more]]
    return Planned(row, draft, tuple(sorted(told, key=_place)), item)


def _with_value(trouble: Trouble, cells: dict[str, str]) -> Trouble:
    """Return a trouble with what stands in its cell, where it doesn't say that itself."""
    if trouble.value:
        return trouble
    return dataclasses.replace(trouble, value=cells.get(columns.column_of(trouble.field), ""))


def _place(trouble: Trouble) -> int:
    """Return where a trouble's column stands, as people go through a row; the whole row comes first."""
    column = columns.column_of(trouble.field)
    return columns.order().index(column) if column else -1


@transaction.atomic
def enter_file(*, actor: Person, file: BankFile, encoding: str, language: str) -> BankFile:
    """Enter the file's new and changed items; all or none, and once: a second time changes nothing.

    Raises TroublesError where a row has a trouble by now, and TableError: the caller looks again with `plan`.
    """
    keeper_only(actor)
    # One file at a time for a bank, so that what is new is made once.
    Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation_id)
    file = BankFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if file.entered_at is not None:
        return file
    found = plan(actor=actor, file=file, encoding=encoding, language=language, lock=True)
    if troubles := [trouble for row in found.having("trouble") for trouble in row.troubles]:
        raise TroublesError(troubles)
    _write(actor, found)
    file.entered_at, file.content, file.encoding = timezone.now(), None, found.table.encoding
    file.outcome = found.counts()
    file.save(update_fields=["entered_at", "content", "encoding", "outcome"])
    return file


def _write(actor: Person, found: Plan) -> None:
    fresh = [
        put(BankItem(organisation_id=actor.organisation_id), without_gaps(row.draft))
        for row in found.having("new")
    ]
    changed = [put(row.known, row.draft) for row in found.having("changed") if row.known]
    try:
        with transaction.atomic():
            BankItem.objects.bulk_create(fresh, batch_size=500)
            BankItem.objects.bulk_update(changed, _FIELDS, batch_size=200)
    except IntegrityError:
        raise TroublesError([Trouble("code", "code_taken")]) from None


_FIELDS = (
    *("code", "kind", "stem", "options", "explanation", "weight", "skills", "products"),
    *("language", "is_archived", "search", "changed_at"),
)


def problems(found: Plan) -> Sequence[tuple[Row, Trouble]]:
    """Return every trouble of a plan with its row, in the order of the file."""
    return [(row.row, trouble) for row in found.rows for trouble in row.troubles]
