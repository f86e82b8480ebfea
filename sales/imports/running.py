"""One run through a file: what each row does, or would do, and all that is wrong. Looking and taking in are the same.

A file is read as a stream, a thousand rows at a time: memory doesn't grow with it. A run is one transaction.
"""

import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from core.beside import beside
from core.tables import streaming
from core.tables.streaming import Line
from partners.queries.client import client, zone
from sales import actions, deals, measures
from sales.actions import Count
from sales.deals import Known, RefusedError, Told
from sales.imports import columns, files, rows
from sales.imports.belt import Belt
from sales.imports.models import Import
from sales.imports.names import Directory
from sales.imports.rows import Reader, Setting, Trouble
from sales.imports.seen import SeenKeys
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
    """A row: by what it is known again, what it tells, and in which columns something is wrong: then it is left out."""

    line: Line
    key: str
    fact: Any
    wrong: frozenset[str] = frozenset()

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
        self.people: set[uuid.UUID] = set()
        self.done = 0
        self._seen = SeenKeys()
        self._belt: Belt | None = None
        self._put: Mapping[str, Telling] = {}

    def go(self) -> "Run":
        """Run through the whole file. Raises TableError where it can't be read any more."""
        lines = files.lines(self.file)
        reader = Reader(self._setting(next(lines)), self.names)
        if self.write:
            _check_at_once()
        if not self.write or self.file.grain == measures.ACTIVITY:
            self._go(reader, lines)
            return self
        self.names.learn()
        self._writer = actions.begin_upserts(self.file.source_id)
        with beside() as thread:
            self._belt = Belt(thread)
            self._go(reader, lines)
            for _ in range(2):
                self._batch(reader, ())
        return self

    def _go(self, reader: Reader, lines: Iterator[Line]) -> None:
        while batch := list(itertools.islice(lines, BATCH)):
            self._batch(reader, batch)
            self.done += len(batch)
            self._tick(self.done)

    def _setting(self, header: Line) -> Setting:
        mapping = self.file.mapping
        product, until = mapping.get("product"), mapping.get("until")
        return Setting(
            columns=mapping["columns"],
            width=len(header.cells),
            zone=self.zone,
            today=self.now.astimezone(self.zone).date(),
            currency=mapping.get("currency") or "JPY",
            product=uuid.UUID(product) if product else None,
            until=dt.date.fromisoformat(until) if until else None,
            ragged=self.file.delimiter != streaming.LINES,
        )

    def _batch(self, reader: Reader, batch: Sequence[Line]) -> None:
        reader.troubles = []
        told = list(self._told(reader, batch))
        if self._belt:
            self._wait(self._belt, reader)
        fresh = self._first_of_each([each for each in told if not each.wrong], reader)
        if self.file.grain == measures.OPPORTUNITY:
            self._look_on([each for each in told if each.wrong], reader)
            self._deals(fresh, reader)
        else:
            self._counts(fresh)
        wrong = {trouble.row for trouble in reader.troubles}
        self.counts[LEFT] += len(wrong)
        self.counts["troubles"] += len(reader.troubles)
        room = MOST_TROUBLES - len(self.troubles)
        self.troubles += sorted(reader.troubles)[:room]

    def _told(self, reader: Reader, batch: Sequence[Line]) -> Iterator[Telling]:
        """Yield what the rows tell, by what it is known again; deals also of rows with problems."""
        of_deals = self.file.grain == measures.OPPORTUNITY
        for line in batch:
            if not reader.begin(line):
                continue
            if of_deals:
                told = rows.deal(reader)
                if told.external_id:
                    yield Telling(line, told.external_id, told, reader.wrong)
                continue
            found = rows.counts(reader)
            if found:
                one = found[0]
                long = "measure" in reader.setting.columns
                key = f"{one.person_id} {one.product_id} {one.day} {one.measure if long else ''}"
                yield Telling(line, key, found)
            elif not reader.wrong:
                self.counts[SAME] += 1  # it says nothing

    def _first_of_each(self, told: Sequence[Telling], reader: Reader) -> list[Telling]:
        """Leave out, and tell of, rows about something that an earlier row was about."""
        return self._without(self._seen.twice(told), told, reader)

    def _without(
        self, twice: Mapping[int, int], told: Sequence[Telling], reader: Reader
    ) -> list[Telling]:
        column = "external_id" if self.file.grain == measures.OPPORTUNITY else ""
        for each in told:
            if each.number in twice:
                value = each.key if column else ""
                reader.troubles.append(
                    Trouble(each.number, column, value, "twice", str(twice[each.number]))
                )
        return [each for each in told if each.number not in twice]

    def _look_on(self, wrong: Sequence[Telling], reader: Reader) -> None:
        """Tell what else is wrong with deals that are left out, so that their rows are mended in one go.

        What rests on a cell that can't be read isn't known yet.
        """
        if not wrong:
            return
        fresh = self._without(self._seen.earlier(wrong), wrong, reader)
        self._without(self._seen.twice(fresh, left=True), fresh, reader)
        there = known.deals(self.file.source_id, {each.key for each in fresh})
        for each in fresh:
            before = there[each.key].state if each.key in there else None
            try:
                deals.merged(before, each.fact, self.now)
            except RefusedError as refusal:
                self._refuse(each, refusal.fields, reader)

    def _deals(self, told: Sequence[Telling], reader: Reader) -> None:
        by_key = {each.key: each for each in told}
        if self._belt is None:
            self._compare_deals(by_key, reader)
            return
        facts = [each.fact for each in told]
        batch = actions.Upsert(self._writer, facts, self.file.pk) if facts else None
        self._belt.put(batch)
        self._put = by_key

    def _wait(self, belt: Belt, reader: Reader) -> None:
        """Note what was written meanwhile, and what of the batch before this one can't be."""
        outcome, before = belt.wait()
        self._count(outcome.new, outcome.changed, outcome.unchanged)
        if before:
            for key, fields in before.refused.items():
                self._refuse(self._put[key], fields, reader)

    @staticmethod
    def _refuse(each: Telling, fields: Iterable[str], reader: Reader) -> None:
        for field in fields:
            column = _COLUMN[field]
            if field == columns.OUTCOME and columns.OUTCOME in reader.setting.columns:
                column = columns.OUTCOME
            if not each.wrong.isdisjoint({column, *_RESTS_ON.get(field, ())}):
                continue
            index = reader.setting.columns.get(column)
            value = "" if index is None else each.line.cells[index].strip()[: rows.SHOWN]
            reader.troubles.append(Trouble(each.number, column, value, f"deal_{field}"))

    def _compare_deals(self, told: Mapping[str, Telling], reader: Reader) -> None:
        there = known.deals(self.file.source_id, told.keys())
        for key, each in told.items():
            before = there[key].state if key in there else None
            try:
                after = deals.merged(before, each.fact, self.now)
            except RefusedError as refusal:
                self._refuse(each, refusal.fields, reader)
                continue
            self.people.update(after.owners.values())
            if before == after:
                self.counts[SAME] += 1
            else:
                self._compared(each, before, after)

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
        self.people.update(count.person_id for count in facts)
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
                whose = ("day", "person", "product")
                about = zip(whose, (first.day, first.person_id, first.product_id), strict=True)
                told_of = [(name, None, value) for name, value in about]
                self.examples[kind].append(Example(each.number, "", [*told_of, *changes]))
        if self.write and differing:
            actions.record_activities(
                source_id=self.file.source_id, counts=differing, cause=self.file.pk
            )

    def _count(self, new: int, changed: int, same: int) -> None:
        for name, n in ((NEW, new), (CHANGED, changed), (SAME, same)):
            self.counts[name] += n


def _check_at_once() -> None:
    """Let foreign keys be looked at with each statement: a million rows leave nothing to look at in the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


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

_RESTS_ON = {"closed_at": ("stage", "outcome", "opened_at"), "outcome": ("stage", "outcome")}
"""Which other columns decide whether it is to be mended."""


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
