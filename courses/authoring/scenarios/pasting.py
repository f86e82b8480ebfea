"""A table that was pasted or brought as a file: what it would make of a draft, cell by cell. No database."""

import csv
import dataclasses
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.tables import delimited, headers, reading
from core.tables.errors import TableError
from core.tables.rows import MIB, Limits, Row, Table
from courses.authoring.scenarios.words import COLUMNS
from courses.scenarios import pasted, refusals
from courses.scenarios.document import Choice, Document, Scene
from courses.scenarios.keys import new_key

LIMITS = Limits(bytes=4 * MIB, rows=20_000, columns=50, unpacked=40 * MIB)
_MOST_SHOWN = 100


@dataclass(frozen=True)
class Wrong:
    """A cell that has to be mended. `column` in the reader's language; `said` is what stands there now."""

    row: int
    column: str
    said: str
    message: str


@dataclass(frozen=True)
class Plan:
    """What taking a table in would do. `document` is None where something has to be mended first."""

    rows: int
    document: Document | None
    wrong: Sequence[Wrong] = ()
    more: int = 0
    unknown: Sequence[str] = ()
    kept: int = 0

    @property
    def scenes(self) -> int:
        """How many scenes there would be, endings aside."""
        return sum(not each.is_ending for each in self.document.scenes) if self.document else 0

    @property
    def endings(self) -> int:
        """How many endings there would be."""
        return sum(each.is_ending for each in self.document.scenes) if self.document else 0

    @property
    def choices(self) -> int:
        """How many choices there would be."""
        return len(self.document.choice) if self.document else 0


def text_of(data: bytes, encoding: str = "") -> str:
    """Return a file's table as text to be pasted, its rows where they stood. Raises TableError."""
    out = io.StringIO()
    write = csv.writer(out, delimiter="\t", lineterminator="\n")
    at = 1
    for row in reading.read(data, LIMITS, encoding).rows:
        out.write("\n" * (row.number - at))
        write.writerow(row.cells)
        at = row.number + 1
    return out.getvalue()


def table_of(text: str) -> Table:
    """Return the rows of a pasted text. Raises TableError."""
    if len(text.encode("utf-8", "replace")) > LIMITS.bytes:
        raise TableError("too_big", most=LIMITS.bytes // MIB)
    lines, delimiter = delimited.parse(text, LIMITS)
    if not lines:
        raise TableError("empty")
    for row in lines:  # no cell of a spreadsheet holds a tab: a quotation mark is open
        if delimiter == "\t" and any("\t" in cell for cell in row.cells):
            raise TableError("cell_too_long", row=row.number)
    return Table(tuple(lines), "", delimiter)


def plan(text: str, draft: Document, known: Mapping[str, str]) -> Plan:
    """Say what a pasted table would make of a draft, changing nothing. Raises TableError.

    Scenes and choices that are called as before keep their keys, so that runs go on; `known` are all keys ever used.
    """
    table = table_of(text)
    taken = {*known, *draft.keys()}
    try:
        found = pasted.read(
            table.rows,
            title=draft.title,
            language=draft.language,
            make_key=partial(_fresh, taken),
        )
    except TableError as error:
        raise headers.in_words(error, COLUMNS.__getitem__) from error
    rows = len(table.rows) - 1
    if found.document is None:
        cells = {row.number: row for row in table.rows}
        heads = _heads(table.rows[0])
        wrong = [_wrong(each, cells, heads) for each in found.problems]
        return Plan(
            rows, None, wrong[:_MOST_SHOWN], max(len(wrong) - _MOST_SHOWN, 0), found.unknown
        )
    kept = _same_keys(found.document, draft)
    document = dataclasses.replace(
        _rekeyed(found.document, kept), summary=draft.summary, settings=draft.settings
    )
    return Plan(
        rows, document, (), 0, found.unknown, sum(old in draft.by_key for old in kept.values())
    )


def _fresh(taken: set[str], made: set[str]) -> str:
    while (key := new_key(made)) in taken:
        pass
    return key


def _heads(row: Row) -> dict[str, tuple[int, str]]:
    """Return where each known column stands, and how the table calls it."""
    known = {headers.fold(name): key for key, names in pasted.COLUMNS.items() for name in names}
    return {
        known[headers.fold(cell)]: (place, cell.strip())
        for place, cell in enumerate(row.cells)
        if headers.fold(cell) in known
    }


def _wrong(
    problem: pasted.Problem, cells: Mapping[int, Row], heads: Mapping[str, tuple[int, str]]
) -> Wrong:
    place, name = heads.get(problem.column, (-1, ""))
    row = cells.get(problem.row)
    said = row.cell(place).strip() if row is not None and place >= 0 else ""
    column = str(COLUMNS[problem.column])
    if name and headers.fold(name) != headers.fold(column):
        column = _("%(column)s (“%(name)s”)") % {"column": column, "name": name}
    return Wrong(problem.row, column, said[:80], refusals.cell(problem))


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _same_keys(new: Document, old: Document) -> dict[str, str]:
    """Return the keys that stay, by the new ones: of scenes of the same name, and of their equal choices."""
    by_name: dict[str, Scene] = {}
    for scene in old.scenes:
        by_name.setdefault(_folded(scene.title), scene)
    kept: dict[str, str] = {}
    for scene in new.scenes:
        before = by_name.get(_folded(scene.title)) if scene.title else None
        if before is None or before.kind != scene.kind:
            continue
        kept[scene.key] = before.key
        words = {_folded(each.text): each.key for each in reversed(before.choices)}
        for choice in scene.choices:
            if key := words.pop(_folded(choice.text), ""):
                kept[choice.key] = key
    return kept


def _rekeyed(document: Document, kept: Mapping[str, str]) -> Document:
    """Return the same scenario under other keys."""

    def named(key: str | None) -> str | None:
        return kept.get(key, key) if key else key

    def choice(each: Choice) -> Choice:
        return dataclasses.replace(each, key=kept.get(each.key, each.key), to=named(each.to))

    scenes = tuple(
        dataclasses.replace(
            each, key=kept.get(each.key, each.key), choices=tuple(map(choice, each.choices))
        )
        for each in document.scenes
    )
    why = {kept.get(key, key): each for key, each in document.explanations.items()}
    return dataclasses.replace(
        document, start=named(document.start), scenes=scenes, explanations=why
    )


def example() -> str:
    """Return a small table that may be taken in as it stands, in the reader's language."""
    return _(_EXAMPLE).replace(" | ", "|").replace("| ", "|").replace(" |", "|").replace("|", "\t")


_EXAMPLE = gettext_noop(
    "scene | speaker | text | choice | goes to | points | best | reaction | why\n"
    "Opening | Ms Sato | That is rather expensive. | Compared with what? | Comparing | 10 | best"
    " | With your competitor. | Whoever asks first learns what matters.\n"
    "|||I can give you a discount. | Lost | 0 | poor | So there is room. | A discount calls for the next one.\n"
    "Comparing | Ms Sato | With our supplier until now. | Shall we look at the whole year? | Won | 10 | best"
    " | Yes, let's. | Over a year the price looks different.\n"
    "Won || Good, send me the contract.\n"
    "Lost || I'll think about it.\n"
)
