"""From a row's cells to what its source tells, or to what is wrong with it. Pure but for the names it asks for."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from core.tables.rows import bad_letters
from core.tables.streaming import Line
from sales import deals, measures
from sales.actions import Count
from sales.deals import Told
from sales.imports import columns, values
from sales.imports.values import UnreadableError

LONGEST_ID = 80
LONGEST_REASON = 120
SHOWN = 200


class Trouble(NamedTuple):
    """What is wrong in a row: the column (empty: the whole row), what stands there, and why."""

    row: int
    column: str
    value: str
    code: str
    more: str = ""


class Names(Protocol):
    """Who and what words mean; remembers those it doesn't know, with their rows."""

    def find(self, kind: str, text: str, row: int) -> Any:
        """Return what a word means, a person's or product's id, a stage or measure. Raises UnreadableError."""


@dataclasses.dataclass(frozen=True)
class Setting:
    """How a file is read: which column means what, and what holds for all its rows.

    `until`: the end of the year in which days without a year lie; None where nobody said.
    """

    columns: Mapping[str, int]
    width: int
    zone: dt.tzinfo
    today: dt.date
    currency: str = "JPY"
    product: uuid.UUID | None = None
    until: dt.date | None = None
    ragged: bool = True


class Reader:
    """Reads rows one by one; what is wrong with one goes to `troubles`."""

    def __init__(self, setting: Setting, names: Names) -> None:
        self.setting, self.names = setting, names
        self.troubles: list[Trouble] = []
        self._row = 0
        self._wrong: frozenset[str] = frozenset()
        self._cells: list[str] = []

    def begin(self, line: Line) -> bool:
        """Take a row up. Returns whether it has as many cells as the header; of others no cell can be trusted."""
        self._row, self._cells, self._wrong = line.number, line.cells, frozenset()
        if not self.setting.ragged or len(line.cells) == self.setting.width:
            return True
        if len(line.cells) < self.setting.width:
            self._tell("", "", "too_few_cells", f"{len(line.cells)}/{self.setting.width}")
            return False
        # Also where the surplus is empty: 100,000, without quotation marks is an amount of 100.
        surplus = self._cells[self.setting.width :]
        self._tell(
            "", ", ".join(surplus), "too_many_cells", f"{len(line.cells)}/{self.setting.width}"
        )
        return False

    @property
    def wrong(self) -> frozenset[str]:
        """In which columns of the row something is wrong; empty for a good row."""
        return self._wrong

    def cell(self, key: str) -> str:
        """Return what stands in a column, empty where there is none."""
        index = self.setting.columns.get(key)
        if index is None or index >= len(self._cells):
            return ""
        return self._cells[index].strip()

    def value(self, key: str, read: Callable[[str], Any]) -> Any:
        """Return a cell as a value; None where nothing stands there, or nothing that can be read."""
        text = self.cell(key)
        if not text:
            return None
        try:
            if bad_letters(text):
                raise UnreadableError("bad_letters")
            return read(text)
        except UnreadableError as error:
            self._tell(key, text, error.code)
            return None

    def moment(self, key: str, *, past: bool = False) -> dt.datetime | None:
        """Return a moment; `past` for what can't lie in the future."""
        at: dt.datetime | None = self.value(
            key, lambda text: values.moment(text, self.setting.zone, self.setting.until)
        )
        if past and at is not None and self._is_future(at.astimezone(self.setting.zone).date()):
            self._tell(key, self.cell(key), "future")
        return at

    def is_day(self, at: dt.datetime) -> bool:
        """Say whether a moment is the beginning of a day, as one that was read from a day alone."""
        return at.astimezone(self.setting.zone).time() == dt.time()

    def day(self, key: str) -> dt.date | None:
        """Return a day that has come."""
        found: dt.date | None = self.value(
            key, lambda text: values.day(text, self.setting.zone, self.setting.until)
        )
        if found is not None and self._is_future(found):
            self._tell(key, self.cell(key), "future")
        return found

    def _is_future(self, day: dt.date) -> bool:
        return day > self.setting.today

    def named(self, kind: str) -> Any:
        """Return what a cell names."""
        return self.meant(kind, kind)

    def meant(self, key: str, kind: str) -> Any:
        """Return what a cell of another column names among words of a kind."""
        return self.value(key, lambda text: self._find(kind, text))

    def _find(self, kind: str, text: str) -> Any:
        values.plain(text)  # an error cell names nobody
        return self.names.find(kind, text, self._row)

    def short(self, key: str, most: int) -> str | None:
        """Return a text that may not be longer than this."""

        def read(text: str) -> str:
            values.plain(text)
            if len(text) > most:
                raise UnreadableError("too_long")
            return text

        found: str | None = self.value(key, read)
        return found

    def lacks(self, key: str) -> None:
        """Say that something must stand in a column, if nothing does: what can't be read was told before."""
        if not self.cell(key):
            self._tell(key, "", "missing")

    def _tell(self, column: str, value: str, code: str, more: str = "") -> None:
        self._wrong |= {column}
        self.troubles.append(Trouble(self._row, column, value[:SHOWN], code, more))


def deal(reader: Reader) -> Told:
    """Return what the row tells of a deal, as far as it can be read: the reader knows whether something is wrong.

    A stage that means a decision is the outcome; another one means that the deal is open, and has a moment where a
    column says it. Where a column of its own says what was decided, the stage is how far the deal had come. Many
    systems give open deals a day on which they should close: it is not told.
    """
    external_id = reader.short("external_id", LONGEST_ID)
    if external_id is None:
        reader.lacks("external_id")
    stage, result = reader.named(columns.STAGE), reader.meant(columns.OUTCOME, columns.STAGE)
    outcome = next((word for word in (result, stage) if word in _DECIDED), None)
    if stage is None or stage in _DECIDED:
        stage = result
    if outcome is None and stage is not None:
        outcome = deals.OPEN
    closed_at = None if outcome == deals.OPEN else reader.moment("closed_at", past=True)
    units, code = _money(reader)
    return Told(
        external_id=external_id or "",
        product_id=reader.named(columns.PRODUCT) or reader.setting.product,
        opened_at=reader.moment("opened_at", past=True),
        closed_at=closed_at,
        closed_on_day=closed_at is not None and reader.is_day(closed_at),
        outcome=outcome,
        reason=reader.short("reason", LONGEST_REASON),
        amount=units,
        currency=code,
        owner=reader.named(columns.PERSON),
        stages=_stages(reader, stage),
    )


_DECIDED = {deals.WON, deals.LOST, deals.REFUNDED}
_STAGES = ("appointment", "qualified", "proposal")


def _stages(reader: Reader, stage: str | None) -> Mapping[str, dt.datetime]:
    found = {key: at for key in _STAGES if (at := reader.moment(f"{key}_at")) is not None}
    if stage in _STAGES and stage not in found and (at := reader.moment("stage_at")) is not None:
        found[stage] = at
    return found


def _money(reader: Reader) -> tuple[int | None, str | None]:
    """Return amount and currency; a currency without an amount tells nothing."""
    code = reader.value("currency", values.currency)
    usual = code or reader.setting.currency
    found: tuple[int, str] | None = reader.value("amount", lambda text: values.amount(text, usual))
    if found is None:
        return None, None
    if code and found[1] != code:
        reader.value("amount", _two_currencies)
    return found


def _two_currencies(_text: str) -> None:
    raise UnreadableError("amount_two_currencies")


def counts(reader: Reader) -> Sequence[Count]:
    """Return what the row counts of a day: one measure, or one for each column of a measure."""
    day, person = reader.day("day"), reader.named(columns.PERSON)
    product: Any = reader.named(columns.PRODUCT) or reader.setting.product
    for key, value in (("day", day), (columns.PERSON, person), (columns.PRODUCT, product)):
        if value is None:
            reader.lacks(key)
    told = {
        key: n
        for key in measures.COUNTED
        if key in reader.setting.columns and (n := reader.value(key, values.count)) is not None
    }
    if columns.MEASURE in reader.setting.columns:
        measure, n = reader.named(columns.MEASURE), reader.value("count", values.count)
        if measure is None:
            reader.lacks(columns.MEASURE)
        elif n is not None:
            told[measure] = n
    if reader.wrong or day is None:
        return ()
    return [
        Count(person_id=person, product_id=product, day=day, measure=measure, count=n)
        for measure, n in told.items()
    ]
