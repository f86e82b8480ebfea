"""Turns a drawn world into what a CRM and lessons tell of it, untidily, and keeps the exact monthly totals meanwhile.

Calls are counted by day; each appointment is a deal that may be qualified, handed on, decided, opened again and
refunded. Whose a fact is and in which month it lies is chosen first; its moment follows, often a second from the
edge of the month where the client is. Then it is told: twice, late, first wrong and then mended.
"""

import calendar
import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import numpy as np

from bench.worlds.drawing import Drawn

Month = tuple[int, int]
Key = tuple[int, int, int, Month, str]
"""Rep, partner, product, month, and a measure or currency."""

PRODUCTS = 2
CURRENCIES = ("JPY", "USD", "KWD")
"""Smallest units of a whole, of a hundredth and of a thousandth."""


@dataclasses.dataclass(frozen=True)
class Mess:
    """How untidy it is: shares of facts that are told twice, told wrong first, at an edge, handed on, and so on."""

    zone: str = "Asia/Tokyo"
    first: Month = (2026, 2)
    duplicate_rate: float = 0.3
    late_edit_rate: float = 0.3
    owner_change_rate: float = 0.3
    edge_rate: float = 0.4
    move_rate: float = 0.5
    reopened: float = 0.2
    refunded: float = 0.3


@dataclasses.dataclass(frozen=True)
class Counted:
    """A count of one rep, product, day and measure. The last one that is told holds."""

    rep: int
    product: int
    day: dt.date
    measure: str
    count: int


@dataclasses.dataclass(frozen=True)
class Said:
    """One thing that is told of a deal; None says nothing of it."""

    number: int
    product: int | None = None
    opened: dt.datetime | None = None
    owners: Sequence[tuple[dt.datetime, int]] = ()
    stages: Sequence[tuple[str, dt.datetime]] = ()
    outcome: str | None = None
    closed: dt.datetime | None = None
    amount: int | None = None
    currency: str | None = None


@dataclasses.dataclass(frozen=True)
class Finish:
    """A lesson that a rep finished, in their so-manieth minute of it."""

    rep: int
    lesson: int
    at: dt.datetime
    seconds: int


@dataclasses.dataclass(frozen=True)
class Events:
    """What is told, in order, and what it must come to. `spells`: rep → since when they belong to which partner."""

    spells: dict[int, list[tuple[dt.date, int]]]
    counts: list[Counted]
    deals: list[Said]
    finishes: list[Finish]
    totals: "Counter[Key]"
    learnt: "Counter[tuple[int, Month, str]]"


def events(drawn: Drawn, mess: Mess) -> Events:
    """Tell of a world."""
    return _Telling(drawn, mess).told()


class _Telling:
    def __init__(self, drawn: Drawn, mess: Mess) -> None:
        self.drawn, self.mess = drawn, mess
        self.rng = np.random.default_rng([drawn.seed, 11])
        self.zone = ZoneInfo(mess.zone)
        self.months = [_month_after(mess.first, n) for n in range(drawn.world.months)]
        self.totals: Counter[Key] = Counter()
        self.learnt: Counter[tuple[int, Month, str]] = Counter()
        self.counts: list[Counted] = []
        self.deals: list[list[Said]] = []
        self.finishes: list[Finish] = []
        self.spells = {rep: self._spells(rep) for rep in range(drawn.world.reps)}

    def told(self) -> Events:
        for rep, month in np.ndindex(self.drawn.calls.shape):
            self._calls(rep, month, int(self.drawn.calls[rep, month]))
            for _ in range(int(self.drawn.appointments[rep, month])):
                self.deals.append(list(self._deal(rep, month)))
            self._lessons(rep, month, round(float(self.drawn.hours[rep, month]) * 3600))
        return Events(
            self.spells,
            self._untidy_counts(),
            self._untidy_deals(),
            self.finishes,
            self.totals,
            self.learnt,
        )

    def _chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def _spells(self, rep: int) -> list[tuple[dt.date, int]]:
        """Let a rep begin somewhere, and perhaps move in the middle of a month."""
        home = int(self.drawn.partner[rep, 0])
        found = [(dt.date(2020, 1, 1), home)]
        if self._chance(self.mess.move_rate):
            on = dt.date(*self.months[self.drawn.world.months // 2], int(self.rng.integers(10, 20)))
            found.append((on, (home + 1) % self.drawn.world.partners))
        return found

    def _add(self, rep: int, product: int, day: dt.date, measure: str, n: int) -> None:
        place = [where for since, where in self.spells[rep] if since <= day][-1]
        if n:
            self.totals[rep, place, product, (day.year, day.month), measure] += n

    def _day(self, month: int) -> dt.date:
        year, number = self.months[month]
        last = calendar.monthrange(year, number)[1]
        if self._chance(self.mess.edge_rate):
            return dt.date(year, number, 1 if self._chance(0.5) else last)
        return dt.date(year, number, int(self.rng.integers(1, last + 1)))

    def _moment(self, month: int) -> dt.datetime:
        """Draw a moment of a month; many are the first or the last second of it."""
        first = dt.datetime(*self.months[month], 1, tzinfo=self.zone)
        if self._chance(self.mess.edge_rate):
            if self._chance(0.5):
                return first.astimezone(dt.UTC)
            after = _month_after(self.months[month], 1)
            end = dt.datetime(*after, 1, tzinfo=self.zone).astimezone(dt.UTC)
            return end - dt.timedelta(seconds=1)
        day, minute = self._day(month), int(self.rng.integers(0, 24 * 60))
        at = dt.datetime.combine(day, dt.time(12), tzinfo=self.zone)
        return at.replace(hour=minute // 60, minute=minute % 60).astimezone(dt.UTC)

    def _calls(self, rep: int, month: int, calls: int) -> None:
        """Lay a month's calls on some of its days."""
        product = int(self.rng.integers(PRODUCTS))
        parts = self.rng.multinomial(calls, [0.25] * 4)
        sums: Counter[dt.date] = Counter()
        for part in parts.tolist():
            sums[self._day(month)] += part
        for day, count in sums.items():
            self.counts.append(Counted(rep, product, day, "calls", count))
            self._add(rep, product, day, "calls", count)

    def _deal(self, rep: int, month: int) -> Iterator[Said]:
        """Yield what is told of one deal, from its appointment on."""
        number, product = len(self.deals), int(self.rng.integers(PRODUCTS))
        at = self._moment(month)
        opened = at - dt.timedelta(days=int(self.rng.integers(0, 40)))
        currency = CURRENCIES[int(self.rng.integers(len(CURRENCIES)))]
        amount = int(self.rng.lognormal(9, 1))
        self._add(rep, product, self._local(at), "appointments", 1)
        yield Said(number, product, opened, [(opened, rep)], amount=amount + 3, currency=currency)
        yield Said(number, stages=[("appointment", at)])
        if month + 1 >= self.drawn.world.months or self._chance(0.3):
            return
        closed, owner = self._moment(month + 1), rep
        if self._chance(self.mess.owner_change_rate) and at < closed - dt.timedelta(seconds=2):
            owner = int(self.rng.integers(self.drawn.world.reps))
            yield Said(number, owners=[(at + (closed - at) / 2, owner)])
        if self._chance(0.7):
            self._add(owner, product, self._local(closed), "qualified", 1)
            yield Said(number, stages=[("qualified", closed)])
        yield from self._decided(
            Said(number, closed=closed, amount=amount), owner, product, currency
        )

    def _decided(self, told: Said, owner: int, product: int, currency: str) -> Iterator[Said]:
        assert told.closed
        assert told.amount is not None
        day = self._local(told.closed)
        if self._chance(self.mess.reopened):
            yield dataclasses.replace(told, outcome="lost", amount=None)
            yield Said(told.number, outcome="open")
        if self._chance(0.5):
            self._add(owner, product, day, "lost", 1)
            yield dataclasses.replace(told, outcome="lost", amount=None)
            return
        yield dataclasses.replace(told, outcome="won")
        if self._chance(self.mess.refunded):
            yield Said(told.number, outcome="refunded")
            return
        self._add(owner, product, day, "won", 1)
        self._add(owner, product, day, currency, told.amount)

    def _lessons(self, rep: int, month: int, seconds: int) -> None:
        """Let the month's hours of learning be three lessons."""
        for part in self.rng.multinomial(seconds, [1 / 3] * 3).tolist():
            at = self._moment(month)
            self.finishes.append(Finish(rep, len(self.finishes), at, part))
            self.learnt[rep, self.months[month], "finished"] += 1
            self.learnt[rep, self.months[month], "seconds"] += part

    def _local(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.zone).date()

    def _untidy_counts(self) -> list[Counted]:
        """Tell counts wrong first, and some again; what is told last of each is right."""
        wrong, right = [], list[Counted]()
        for each in self.counts:
            if self._chance(self.mess.late_edit_rate):
                wrong.append(dataclasses.replace(each, count=each.count + 5))
            right += [each] * (2 if self._chance(self.mess.duplicate_rate) else 1)
        return [*self._shuffled(wrong), *self._shuffled(right)]

    def _untidy_deals(self) -> list[Said]:
        """Mix the deals with each other and tell some things again; the order of each deal stays."""
        told: list[Said] = []
        waiting = [each for each in self.deals if each]
        while waiting:
            deal = waiting[int(self.rng.integers(len(waiting)))]
            told += [deal.pop(0)] * (2 if self._chance(self.mess.duplicate_rate) else 1)
            waiting = [each for each in waiting if each]
        return told

    def _shuffled(self, told: list[Counted]) -> list[Counted]:
        return [told[n] for n in self.rng.permutation(len(told))]


def _month_after(month: Month, n: int) -> Month:
    year, number = month
    after = year * 12 + number - 1 + n
    return after // 12, after % 12 + 1
