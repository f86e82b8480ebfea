"""One run through a file: what each row does, or would do, and all that is wrong. Looking and taking in are the same.

A file is read as a stream, a thousand rows at a time: memory doesn't grow with it. A run is one transaction.
"""

import dataclasses
import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from core.tables import streaming
from core.tables.streaming import Line
from partners.queries.client import client, zone
from sales import actions, deals, measures
from sales.actions import Count
from sales.deals import Known, RefusedError, Told
from sales.imports import files, rows
from sales.imports.models import Import
from sales.imports.names import Directory
from sales.imports.rows import Reader, Setting, Trouble
from sales.queries import known

BATCH = 1000
EXAMPLES = 20
MOST_TROUBLES = 50_000
"""So many problems are kept of a file; all are counted."""

NEW, CHANGED, SAME, LEFT = "new", "changed", "same", "left"

Fact = Told | Sequence[Count]
Change = tuple[str, Any, Any]


@dataclasses.dataclass(frozen=True)
class Telling:
    """A row without problems: by what it is known again, and what it tells."""

    line: Line
    key: str
    fact: Any

    @property
    def number(self) -> int:
        """Its number in the file."""
        return self.line.number


@dataclasses.dataclass(frozen=True)
class Example:
    """A row of the file that is new or changes something: what of it, from what to what."""

    row: int
    key: str
    changes: Sequence[Change]


class Run:
    """What a run has found so far."""

    def __init__(self, file: Import, *, write: bool, tick: Callable[[int], None]) -> None:
        self.file, self.write, self._tick = file, write, tick
        self.zone, self.now = zone(client()), timezone.now()
        self.names = Directory(file.source_id)
        self.counts = {NEW: 0, CHANGED: 0, SAME: 0, LEFT: 0, "troubles": 0}
        self.examples: dict[str, list[Example]] = {NEW: [], CHANGED: []}
        self.troubles: list[Trouble] = []
        self.done = 0
        self._seen = _SeenKeys()

    def go(self) -> "Run":
        """Run through the whole file. Raises TableError where it can't be read any more."""
        lines = files.lines(self.file)
        reader = Reader(self._setting(next(lines)), self.names)
        while batch := list(itertools.islice(lines, BATCH)):
            self._batch(reader, batch)
            self.done += len(batch)
            self._tick(self.done)
        return self

    def _setting(self, header: Line) -> Setting:
        mapping = self.file.mapping
        product = mapping.get("product")
        return Setting(
            columns=mapping["columns"],
            width=len(header.cells),
            zone=self.zone,
            today=self.now.astimezone(self.zone).date(),
            currency=mapping.get("currency") or "JPY",
            product=uuid.UUID(product) if product else None,
            ragged=self.file.delimiter != streaming.LINES,
        )

    def _batch(self, reader: Reader, batch: Sequence[Line]) -> None:
        reader.troubles = []
        told = list(self._told(reader, batch))
        fresh = self._first_of_each(told, reader)
        if self.file.grain == measures.OPPORTUNITY:
            self._deals(fresh, reader)
        else:
            self._counts(fresh)
        wrong = {trouble.row for trouble in reader.troubles}
        self.counts[LEFT] += len(wrong)
        self.counts["troubles"] += len(reader.troubles)
        room = MOST_TROUBLES - len(self.troubles)
        self.troubles += sorted(reader.troubles)[:room]

    def _told(self, reader: Reader, batch: Sequence[Line]) -> Iterator[Telling]:
        """Yield what the rows tell, by what it is known again."""
        of_deals = self.file.grain == measures.OPPORTUNITY
        for line in batch:
            if not reader.begin(line):
                continue
            if of_deals:
                told = rows.deal(reader)
                if told is not None:
                    yield Telling(line, told.external_id, told)
                continue
            found = rows.counts(reader)
            if found:
                one = found[0]
                long = "measure" in reader.setting.columns
                key = f"{one.person_id} {one.product_id} {one.day} {one.measure if long else ''}"
                yield Telling(line, key, found)
            elif not reader.is_wrong:
                self.counts[SAME] += 1  # it says nothing

    def _first_of_each(self, told: Sequence[Telling], reader: Reader) -> list[Telling]:
        """Leave out, and tell of, rows about something that an earlier row was about."""
        twice = self._seen.twice(told)
        column = "external_id" if self.file.grain == measures.OPPORTUNITY else ""
        for each in told:
            if each.number in twice:
                value = each.key if column else ""
                reader.troubles.append(
                    Trouble(each.number, column, value, "twice", str(twice[each.number]))
                )
        return [each for each in told if each.number not in twice]

    def _deals(self, told: Sequence[Telling], reader: Reader) -> None:
        by_key = {each.key: each for each in told}
        if self.write:
            facts = [each.fact for each in told]
            outcome = actions.upsert_opportunities(
                source_id=self.file.source_id, told=facts, cause=self.file.pk
            )
            self._count(outcome.new, outcome.changed, outcome.unchanged)
            refused: Mapping[str, str] = outcome.refused
        else:
            refused = self._compare_deals(by_key)
        for key, field in refused.items():
            each, column = by_key[key], _COLUMN[field]
            index = reader.setting.columns.get(column)
            value = "" if index is None else each.line.cells[index].strip()[: rows.SHOWN]
            reader.troubles.append(Trouble(each.number, column, value, f"deal_{field}"))

    def _compare_deals(self, told: Mapping[str, Telling]) -> dict[str, str]:
        there = known.deals(self.file.source_id, told.keys())
        refused: dict[str, str] = {}
        for key, each in told.items():
            before = there[key].state if key in there else None
            try:
                after = deals.merged(before, each.fact, self.now)
            except RefusedError as refusal:
                refused[key] = refusal.field
                continue
            if before == after:
                self.counts[SAME] += 1
            else:
                self._compared(each, before, after)
        return refused

    def _compared(self, each: Telling, before: Known | None, after: Known) -> None:
        kind = CHANGED if before else NEW
        self.counts[kind] += 1
        if len(self.examples[kind]) < EXAMPLES:
            old, new = (_fields(before) if before else {}), _fields(after)
            changes = [
                (name, old.get(name), value)
                for name, value in new.items()
                if old.get(name) != value
            ]
            self.examples[kind].append(Example(each.number, each.key, changes))

    def _counts(self, told: Sequence[Telling]) -> None:
        facts = [count for each in told for count in each.fact]
        keys = [(c.person_id, c.day, c.product_id, c.measure) for c in facts]
        there = known.counts(self.file.source_id, keys) if facts else {}
        differing = []
        for each in told:
            changes = []
            for count in each.fact:
                old = there.get((count.person_id, count.day, count.product_id, count.measure))
                if old != count.count:
                    changes.append((count.measure, old, count.count))
                    differing.append(count)
            if not changes:
                self.counts[SAME] += 1
                continue
            kind = CHANGED if any(old is not None for _m, old, _n in changes) else NEW
            self.counts[kind] += 1
            if len(self.examples[kind]) < EXAMPLES:
                first = each.fact[0]
                whose = (("day", None, first.day), ("person", None, first.person_id))
                self.examples[kind].append(Example(each.number, "", (*whose, *changes)))
        if self.write and differing:
            actions.record_activities(
                source_id=self.file.source_id, counts=differing, cause=self.file.pk
            )

    def _count(self, new: int, changed: int, same: int) -> None:
        for name, n in ((NEW, new), (CHANGED, changed), (SAME, same)):
            self.counts[name] += n


_COLUMN = {
    "product": "product",
    "opened_at": "opened_at",
    "owner": "person",
    "outcome": "stage",
    "closed_at": "closed_at",
    "amount": "amount",
    "currency": "currency",
}
"""Which column is to be mended where a deal can't be as told."""


def _fields(state: Known) -> dict[str, Any]:
    """Return what is known of a deal by the columns that tell it."""
    return {
        "person": state.owners[max(state.owners)],
        "product": state.product_id,
        "opened_at": state.opened_at,
        "stage": state.outcome,
        **{f"{stage}_at": at for stage, at in state.stages.items()},
        "closed_at": state.closed_at,
        "amount": None if state.amount is None else (state.amount, state.currency),
        "reason": state.reason or None,
    }


class _SeenKeys:
    """By which keys a file's rows went so far, in a table of the transaction's own: a million need no memory."""

    _TABLE = """
CREATE TEMPORARY TABLE imports_seen (key uuid PRIMARY KEY, number integer NOT NULL) ON COMMIT DROP
"""
    _ADD = """
WITH told AS (SELECT * FROM unnest(%(keys)s::uuid[], %(numbers)s::integer[]) AS u (key, number)), added AS (
  INSERT INTO imports_seen SELECT key, number FROM told ON CONFLICT DO NOTHING RETURNING key
)
SELECT told.number, s.number FROM told JOIN imports_seen s USING (key) WHERE NOT EXISTS (
  SELECT FROM added WHERE added.key = told.key)
"""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.imports_seen")
            cursor.execute(self._TABLE)

    def twice(self, told: Sequence[Telling]) -> dict[int, int]:
        """Return, of these rows, those whose key stood in an earlier one, with that one. One statement."""
        first: dict[str, int] = {}
        found: dict[int, int] = {}
        for each in told:
            digest = hashlib.blake2b(each.key.encode(), digest_size=16).hexdigest()
            there = first.setdefault(digest, each.number)
            if there != each.number:
                found[each.number] = there
        if first:
            with connection.cursor() as cursor:
                cursor.execute(self._ADD, {"keys": list(first), "numbers": list(first.values())})
                earlier = dict(cursor.fetchall())
            found = {number: earlier.get(there, there) for number, there in found.items()} | earlier
        return found
