"""What everybody sold: calls and deals of 18 months, drawn from the world's true rates, with their exact totals. Pure.

Counts are drawn as the funnel goes: calls by Poisson, then who is reached, is interested, makes an appointment
and qualifies by binomials. Each qualified meeting is a deal, decided by the true win rate of whoever has it
then. The totals are kept while drawing: what the product counts from the rows must equal them.
"""

import dataclasses
import datetime as dt
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from lms.demo.calendar import Calendar
from lms.demo.chance import binomial, bounded, poisson, stream
from lms.demo.population import Rep, Spell
from lms.demo.sales import SalesRates
from lms.demo.world import World

CHECK, CARE = 0, 1
"""The numbers of the products."""

REASONS = ("price", "timing", "competitor", "approval", "no-need")

OURS = 0.4
"""How much of their time people sell for this client; partners have others too."""

_CARE = 0.3
"""How much of the time goes to the second product."""
_INTERESTED = 0.35
"""How many of those reached without an appointment are leads all the same."""
_DAYS_TO_DECIDE = 24
_HANDED_OVER, _AT_THE_EDGE, _REOPENED, _REFUNDED, _IN_DOLLARS = 0.04, 0.1, 0.04, 0.03, 0.08
_YEN_FOR_A_DOLLAR = 150
_DAILY, _WEEKLY = 10, 70
"""For so many days back there is a count for each day, or week; before that for each half of a month."""

Key = tuple[int, int, int, int, int, str]
"""Rep, firm, team, product, month, and a measure or the currency of an amount."""


@dataclasses.dataclass(frozen=True)
class Counted:
    """A count of one rep, product and day."""

    rep: int
    product: int
    day: dt.date
    measure: str
    count: int


@dataclasses.dataclass(frozen=True)
class Deal:
    """A deal as it is known at the end: who had it since when, and what became of it.

    `earlier` is a decision that was taken back: the deal was opened again.
    """

    number: int
    product: int
    owners: tuple[tuple[dt.datetime, int], ...]
    opened: dt.datetime
    appointment: dt.datetime | None
    qualified: dt.datetime
    amount: int
    currency: str
    outcome: str = "open"
    closed: dt.datetime | None = None
    reason: str = ""
    earlier: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Sold:
    """Everything that was sold."""

    counts: Sequence[Counted]
    deals: Sequence[Deal]
    totals: "Counter[Key]"


def sell(world: World, calendar: Calendar) -> Sold:
    """Draw what was sold in this world until the calendar's now."""
    return _Market(world, calendar).sold()


@dataclasses.dataclass(frozen=True)
class _Stretch:
    """Days of one month that are counted together, dated on the last of them."""

    first: dt.date
    last: dt.date
    share: float


class _Market:
    def __init__(self, world: World, calendar: Calendar) -> None:
        self._world, self._calendar = world, calendar
        self._counts: list[Counted] = []
        self._deals: list[Deal] = []
        self._totals: Counter[Key] = Counter()
        self._rates: dict[tuple[int, int], SalesRates] = {}

    def sold(self) -> Sold:
        for rep, month, spell in self._world.rep_months():
            rng = stream(self._world.seed, "selling", rep.number, month)
            for stretch in self._stretches[month]:
                product = CARE if rng.random() < _CARE else CHECK
                self._work(rep, month, spell, stretch, product, rng)
        return Sold(self._counts, self._deals, self._totals)

    @cached_property
    def _stretches(self) -> list[list[_Stretch]]:
        return [list(self._stretches_of(month)) for month in range(self._world.settings.months)]

    def _stretches_of(self, month: int) -> Iterator[_Stretch]:
        """Cut a month into stretches, the finer the later; what is still to come is left out."""
        first, last = self._calendar.first_day(month), self._calendar.last_day(month)
        working = sum(_day(first, n).weekday() < 5 for n in range((last - first).days + 1))
        yesterday = self._calendar.today - dt.timedelta(days=1)
        begin = first
        while begin <= min(last, yesterday):
            end = min(self._end(begin), last, yesterday)
            days = sum(_day(begin, n).weekday() < 5 for n in range((end - begin).days + 1))
            if days:
                yield _Stretch(begin, _last_working_day(end), days / working)
            begin = end + dt.timedelta(days=1)

    def _end(self, begin: dt.date) -> dt.date:
        ago = (self._calendar.today - begin).days
        if ago <= _DAILY:
            return begin
        if ago <= _WEEKLY:
            return begin + dt.timedelta(days=6 - begin.weekday())
        return begin.replace(day=15) if begin.day <= 15 else begin + dt.timedelta(days=31)

    def _rates_of(self, rep: int, month: int) -> SalesRates:
        found = self._rates.get((rep, month))
        if found is None:
            found = self._rates[rep, month] = self._world.sales_rates(rep, month)
        return found

    def _work(
        self,
        rep: Rep,
        month: int,
        spell: Spell,
        stretch: _Stretch,
        product: int,
        rng: random.Random,
    ) -> None:
        """Draw one stretch of work, and the deals that come of it."""
        rates = self._rates_of(rep.number, month)
        calls = poisson(rng, rates.calls * stretch.share * OURS)
        reached = binomial(rng, calls, rates.key_person)
        made = binomial(rng, reached, bounded(rates.appointment / rates.key_person, 0, 1))
        leads = made + binomial(rng, reached - made, _INTERESTED)
        told = {"calls": calls, "key_persons": reached, "leads": leads, "appointments": made}
        for measure, count in told.items():
            self._counts.append(Counted(rep.number, product, stretch.last, measure, count))
            self._totals[rep.number, spell.firm, spell.team, product, month, measure] += count
        for _ in range(binomial(rng, made, rates.qualified)):
            self._totals[rep.number, spell.firm, spell.team, product, month, "qualified"] += 1
            day = stretch.first + (stretch.last - stretch.first) * rng.random()
            self._deals.append(self._deal(rep, month, day, product, rng))

    def _deal(self, rep: Rep, month: int, day: dt.date, product: int, rng: random.Random) -> Deal:
        """Draw a deal from its qualified meeting on."""
        qualified = self._calendar.at(day, _hour(rng))
        opened = qualified - dt.timedelta(days=rng.uniform(0, 9))
        deal = Deal(
            number=len(self._deals) + 1,
            product=product,
            owners=((opened, rep.number),),
            opened=opened,
            appointment=opened if month >= self._world.settings.months - 2 else None,
            qualified=qualified,
            amount=0,
            currency="USD" if rng.random() < _IN_DOLLARS else "JPY",
        )
        waits = rng.lognormvariate(math.log(_DAYS_TO_DECIDE), 0.6)
        decided = min(day + dt.timedelta(days=1 + int(waits)), dt.date.max)
        deal = self._handed_over(deal, rep, day, decided, rng)
        deal = dataclasses.replace(deal, amount=self._amount(deal, month, rng))
        return self._decided(deal, decided, rng) if decided < self._calendar.today else deal

    def _handed_over(
        self, deal: Deal, rep: Rep, day: dt.date, decided: dt.date, rng: random.Random
    ) -> Deal:
        """Hand a deal on: now and then, and always where its owner leaves before it is decided."""
        leaves = next(
            (
                each.last
                for each in rep.spells
                if each.last is not None
                and rep.spell(each.last + 1) is None
                and day <= self._calendar.last_day(each.last) < decided
            ),
            None,
        )
        wanted = rng.random() < _HANDED_OVER
        if leaves is None and not wanted:
            return deal
        on = day + (decided - day) * 0.5 if leaves is None else self._calendar.first_day(leaves + 1)
        if on >= self._calendar.today:
            return deal
        month = self._calendar.month(on)
        firm = rep.working(self._calendar.month(day)).firm
        colleagues = self._colleagues.get((month, firm), [])
        able = [
            each
            for each in colleagues
            if each.number != rep.number and self._stays(each, on, decided)
        ]
        if not able:
            return deal
        since = self._calendar.at(on, 0 if leaves is not None else 9)
        if since <= deal.qualified:
            return deal
        return dataclasses.replace(deal, owners=(*deal.owners, (since, rng.choice(able).number)))

    def _stays(self, rep: Rep, since: dt.date, until: dt.date) -> bool:
        last = min(self._calendar.month(until), self._world.settings.months - 1)
        return all(rep.spell(month) for month in range(self._calendar.month(since), last + 1))

    @cached_property
    def _colleagues(self) -> dict[tuple[int, int], list[Rep]]:
        found: dict[tuple[int, int], list[Rep]] = {}
        for rep, month, spell in self._world.rep_months():
            found.setdefault((month, spell.firm), []).append(rep)
        return found

    def _decided(self, deal: Deal, day: dt.date, rng: random.Random) -> Deal:
        """Decide a deal on a day, by the true rate of whoever has it then; the credit is theirs."""
        owner, month = deal.owners[-1][1], self._calendar.month(day)
        spell = self._world.reps[owner].spell(month)
        if spell is None:
            return deal  # nobody is left to decide it
        closed = self._moment(day, rng)
        won = rng.random() < self._rates_of(owner, month).won
        earlier = None
        if rng.random() < _REOPENED and deal.qualified < closed - dt.timedelta(days=2):
            earlier = closed - dt.timedelta(days=1)
        outcome = "won" if won else "lost"
        whose = owner, spell.firm, spell.team, deal.product, month
        if won and rng.random() < _REFUNDED:
            outcome = "refunded"
        else:
            self._totals[*whose, outcome] += 1
        if outcome == "won":
            self._totals[*whose, deal.currency] += deal.amount
        return dataclasses.replace(
            deal,
            outcome=outcome,
            closed=closed,
            reason=rng.choice(REASONS) if outcome == "lost" else "",
            earlier=earlier,
        )

    def _amount(self, deal: Deal, month: int, rng: random.Random) -> int:
        """Draw an amount in the smallest unit: whole hundreds of yen, or cents."""
        median = self._rates_of(deal.owners[0][1], month).amount
        yen = rng.lognormvariate(math.log(median), 0.45)
        in_dollars = deal.currency == "USD"
        return round(yen / _YEN_FOR_A_DOLLAR) * 100 if in_dollars else round(yen / 100) * 100

    def _moment(self, day: dt.date, rng: random.Random) -> dt.datetime:
        """Draw a moment of this day; on the edges of a month some are a second away from the other one."""
        if rng.random() < _AT_THE_EDGE:
            if day.day == 1:
                return self._calendar.at(day)
            if day == self._calendar.last_day(self._calendar.month(day)):
                return self._calendar.at(day + dt.timedelta(days=1)) - dt.timedelta(seconds=1)
        return self._calendar.at(day, _hour(rng))


def _day(first: dt.date, number: int) -> dt.date:
    return first + dt.timedelta(days=number)


def _last_working_day(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _hour(rng: random.Random) -> float:
    return rng.uniform(9, 19)
