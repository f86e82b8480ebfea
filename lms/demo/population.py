"""Who is there: firms of different quality, and reps who are hired, move, leave and come back. Pure."""

import dataclasses
import math
import random
from collections.abc import Iterator

from lms.demo.chance import stream
from lms.demo.knobs import Firm, Role, Settings

_TENURE = 26
"""Months that a rep who is there at the beginning has been there, on average."""


@dataclasses.dataclass(frozen=True)
class Partner:
    """A firm with its hidden level of quality (sales) and culture (learning), in standard deviations."""

    number: int
    quality: float
    culture: float
    launch: int
    mandate: bool


@dataclasses.dataclass(frozen=True)
class Spell:
    """That a rep belongs to a firm's team from one month to another, both included; None is until now."""

    firm: int
    team: int
    first: int
    last: int | None = None

    def covers(self, month: int) -> bool:
        """Say whether the month lies in it."""
        return self.first <= month and (self.last is None or month <= self.last)


@dataclasses.dataclass(frozen=True)
class Rep:
    """Somebody who sells. `key` names a known person of the cast; `ability` is hidden from everybody."""

    number: int
    key: str | None
    ability: float
    spells: tuple[Spell, ...]

    @property
    def hired(self) -> int:
        """The month in which they began."""
        return self.spells[0].first

    @property
    def left(self) -> int | None:
        """Their last month, or None for those who are here."""
        return self.spells[-1].last

    def spell(self, month: int) -> Spell | None:
        """Return where they belong in this month, if anywhere."""
        return next((each for each in self.spells if each.covers(month)), None)

    def working(self, month: int) -> Spell:
        """Return where they belong in this month. Raises LookupError where they weren't there."""
        spell = self.spell(month)
        if spell is None:
            raise LookupError(f"rep {self.number} was not there in month {month}")
        return spell


@dataclasses.dataclass
class _Someone:
    """A rep in the making."""

    key: str | None
    ability: float
    spells: list[Spell]

    def end(self, month: int) -> None:
        self.spells[-1] = dataclasses.replace(self.spells[-1], last=month)


@dataclasses.dataclass
class _Seat:
    firm: int
    team: int
    holder: _Someone | None = None


def draw_partners(settings: Settings, seed: int) -> tuple[Partner, ...]:
    """Draw the hidden levels of each firm."""
    partners = []
    for number, firm in enumerate(settings.firms):
        rng = stream(seed, "firm", number)
        quality, culture = rng.gauss(0, 1), rng.gauss(0, 1)
        partners.append(
            Partner(
                number=number,
                quality=quality if firm.quality is None else firm.quality,
                culture=culture if firm.culture is None else firm.culture,
                launch=firm.launch,
                mandate=firm.mandate,
            )
        )
    return tuple(partners)


def draw_reps(settings: Settings, seed: int) -> tuple[Rep, ...]:
    """Draw everybody who was there in these months. Every seat is taken in the current month."""
    rng = stream(seed, "reps")
    everybody: list[_Someone] = []
    seats = [seat for n, firm in enumerate(settings.firms) for seat in _seats(settings, n, firm)]
    for seat in seats:
        first = _first_month(settings.firms[seat.firm], rng)
        everybody.append(seat.holder or _sit_down(seat, _new(rng), first))
    leavers: list[_Someone] = []
    for month in range(1, settings.months):
        for seat in seats:
            if seat.holder is None:
                _fill(seat, month, rng, settings, leavers, everybody)
            else:
                _pass_month(seat, seat.holder, month, rng, settings, leavers)
    return tuple(
        Rep(number, each.key, each.ability, tuple(each.spells))
        for number, each in enumerate(everybody)
    )


def _seats(settings: Settings, number: int, firm: Firm) -> Iterator[_Seat]:
    """Seat the cast first, then spread the empty seats so that teams get the same size."""
    sizes = [0] * firm.teams
    roles = [role for role in settings.cast if role.firm == number]
    for role in roles:
        sizes[role.team] += 1
        yield _taken(number, role)
    for _ in range(firm.size - len(roles)):
        team = sizes.index(min(sizes))
        sizes[team] += 1
        yield _Seat(number, team)


def _taken(firm: int, role: Role) -> _Seat:
    spell = Spell(firm, role.team, role.hired)
    return _Seat(firm, role.team, _Someone(role.key, role.ability, [spell]))


def _new(rng: random.Random) -> _Someone:
    return _Someone(None, rng.gauss(0, 1), [])


def _sit_down(seat: _Seat, someone: _Someone, month: int) -> _Someone:
    someone.spells.append(Spell(seat.firm, seat.team, month))
    seat.holder = someone
    return someone


def _first_month(firm: Firm, rng: random.Random) -> int:
    tenure = int(rng.expovariate(1 / _TENURE))
    return max(firm.launch, -tenure)


def _pass_month(
    seat: _Seat,
    holder: _Someone,
    month: int,
    rng: random.Random,
    settings: Settings,
    leavers: list[_Someone],
) -> None:
    """Let a month go by for one seat: its holder may leave at the end of it, or change the team."""
    leaves, moves = rng.random(), rng.random()
    teams, here = settings.firms[seat.firm].teams, holder.spells[-1]
    if holder.key is not None or month - here.first < 2 or month >= settings.months - 1:
        return
    if leaves < settings.knobs.attrition * math.exp(-0.4 * holder.ability):
        holder.end(month)
        leavers.append(holder)
        seat.holder = None
    elif teams > 1 and moves < settings.knobs.team_moves:
        holder.end(month - 1)
        seat.team = (seat.team + 1) % teams
        holder.spells.append(Spell(seat.firm, seat.team, month))


def _is_free(leaver: _Someone, firm: int, month: int) -> bool:
    last = leaver.spells[-1]
    return last.firm != firm and last.last is not None and last.last < month


def _fill(
    seat: _Seat,
    month: int,
    rng: random.Random,
    settings: Settings,
    leavers: list[_Someone],
    everybody: list[_Someone],
) -> None:
    """Hire for an empty seat: somebody new, or somebody who has left another firm."""
    known = [each for each in leavers if _is_free(each, seat.firm, month)]
    if known and rng.random() < settings.knobs.rehired:
        someone = rng.choice(known)
        leavers.remove(someone)
    else:
        someone = _new(rng)
        everybody.append(someone)
    _sit_down(seat, someone, month)
