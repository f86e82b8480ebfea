"""The funnel's figures: phases with their conversion, two win rates, and what is too small to be shown. Pure."""

import dataclasses
from collections.abc import Container, Iterable, Mapping, Sequence

from sales import measures, wilson

LEAST_PEOPLE = 5
"""Figures of others are shown from so many people on."""

LEAST_BASE = 20
"""Rates of others are shown on so many cases at least."""

MOST_OPEN = 40
"""A cohort of which more percent are still open tells nothing yet."""

PHASES = (
    (measures.CALLS, ""),
    (measures.KEY_PERSONS, measures.CALLS),
    (measures.LEADS, measures.CALLS),
    (measures.APPOINTMENTS, measures.LEADS),
    (measures.QUALIFIED, measures.APPOINTMENTS),
    (measures.WON, measures.QUALIFIED),
)
"""What is counted on the way to a win, and of what it is a share."""


@dataclasses.dataclass(frozen=True)
class Rate:
    """So many of so many, with the 95 % interval; `enough` says whether it stands on enough cases to be shown.

    A part may be larger than its whole (meetings of a month come from appointments of the one before): then
    there is no share.
    """

    part: int
    whole: int
    least: int = 1

    @property
    def is_share(self) -> bool:
        """Whether it can be said as a share."""
        return 0 < self.whole >= self.part

    @property
    def enough(self) -> bool:
        """Whether it may be shown."""
        return self.is_share and self.whole >= self.least

    @property
    def percent(self) -> float:
        """The share in percent."""
        return 100 * self.part / self.whole

    @property
    def low(self) -> float:
        """The interval's lower end in percent."""
        return 100 * wilson.interval(self.part, self.whole)[0]

    @property
    def high(self) -> float:
        """The interval's upper end in percent."""
        return 100 * wilson.interval(self.part, self.whole)[1]


@dataclasses.dataclass(frozen=True)
class Phase:
    """One phase: how many, and how many of those of the phase before; `is_told`: whether anybody told of it at all."""

    measure: str
    count: int
    of: str
    rate: Rate
    is_told: bool = True


@dataclasses.dataclass(frozen=True)
class Amount:
    """What was won in one currency, in its smallest unit; `hidden` where one person made more than half of it."""

    currency: str
    units: int
    hidden: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """The figures of one group, or of everybody.

    `own` says whether it is about the viewer's own organisation only; others' figures are held back where they
    would tell about single people. `opened` counts the deals opened in the period by what became of them. `held`
    names currencies that are held back for another group's sake. `untold` are measures of which nobody told
    anything in the period: that there were none isn't known.
    """

    key: str
    people: int
    counts: Mapping[str, int]
    amounts: Mapping[str, int]
    tops: Mapping[str, int]
    opened: Mapping[str, int] = dataclasses.field(default_factory=dict)
    own: bool = False
    held: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()

    @property
    def too_few(self) -> bool:
        """Whether it would tell about too few people."""
        return not self.own and self.people < LEAST_PEOPLE

    def rate(self, measure: str, of: str) -> Rate:
        """Return one count as a share of another; none where either wasn't told."""
        if not self.untold.isdisjoint({measure, of}):
            return self._rate(0, 0)
        return self._rate(self.counts.get(measure, 0), self.counts.get(of, 0))

    def _rate(self, part: int, whole: int) -> Rate:
        return Rate(part, whole, 1 if self.own else LEAST_BASE)

    @property
    def phases(self) -> Sequence[Phase]:
        """The phases in order."""
        return [
            Phase(
                measure,
                self.counts.get(measure, 0),
                of,
                self.rate(measure, of),
                measure not in self.untold,
            )
            for measure, of in PHASES
        ]

    @property
    def not_told(self) -> frozenset[str]:
        """The phases of which these figures tell nothing. Wins are counted from deals, and may well be none."""
        return frozenset(name for name, _of in PHASES if name not in self.counts) - {measures.WON}

    @property
    def closed(self) -> Rate:
        """Won of all that was decided in the period."""
        won, lost = (self.counts.get(name, 0) for name in (measures.WON, measures.LOST))
        return self._rate(won, won + lost)

    @property
    def cohort(self) -> Rate:
        """Won of all that was opened in the period and is decided."""
        won, lost = self.opened.get("won", 0), self.opened.get("lost", 0)
        return self._rate(won, won + lost)

    @property
    def still_open(self) -> Rate:
        """Still open of all that was opened in the period."""
        return Rate(self.opened.get("open", 0), sum(self.opened.values()))

    @property
    def cohort_is_ripe(self) -> bool:
        """Whether enough of the cohort is decided."""
        return self.still_open.is_share and self.still_open.percent <= MOST_OPEN

    @property
    def won_amounts(self) -> Sequence[Amount]:
        """What was won, by currency; others' where one person made more than half of it is held back."""
        return [
            Amount(currency, units, self.is_ones(currency) or currency in self.held)
            for currency, units in sorted(self.amounts.items())
        ]

    def is_ones(self, currency: str) -> bool:
        """Whether others' amount would tell what one person made: more than half of it is theirs."""
        units = self.amounts.get(currency, 0)
        return not self.own and 2 * self.tops.get(currency, 0) > units


def shown(cells: Iterable[Cell], held: Container[str] = ()) -> frozenset[str]:
    """Return the keys of the cells that may be shown side by side; those of `held` may not.

    Where one is held back so are others, the smallest first and one's own last, until those held back are at
    least two and of LEAST_PEOPLE people: none can be found by taking the others from the sum.
    """
    found = list(cells)
    kept_back = {cell.key for cell in found if cell.too_few or cell.key in held}
    everyone = sorted(found, key=lambda c: (c.key not in kept_back, c.own, c.people, c.key))
    hidden = everyone[: len(kept_back)]
    rest = everyone[len(hidden) :]
    while hidden and rest and (len(hidden) < 2 or sum(c.people for c in hidden) < LEAST_PEOPLE):
        hidden.append(rest.pop(0))
    return frozenset(cell.key for cell in rest)


def with_amounts_held(cells: Iterable[Cell], visible: frozenset[str]) -> list[Cell]:
    """Return the cells so that no amount that is held back can be found by taking the others from the sum.

    Where just one is held back in a currency, so is the smallest other one, one's own last.
    """
    found = {cell.key: cell for cell in cells}
    for currency in sorted({name for cell in found.values() for name in cell.amounts}):
        sold = [cell for cell in found.values() if currency in cell.amounts]
        hidden = [cell for cell in sold if cell.key not in visible or cell.is_ones(currency)]
        rest = [cell for cell in sold if cell not in hidden]
        if len(hidden) == 1 and rest:
            least = min(rest, key=lambda cell: (cell.own, cell.amounts[currency], cell.key))
            found[least.key] = dataclasses.replace(least, held=least.held | {currency})
    return list(found.values())
