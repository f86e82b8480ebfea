"""What each rep's sales rates truly are in a month, as percentage points; shared by truth and learning. Pure."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

from lms.demo.chance import bounded, stream
from lms.demo.knobs import Settings
from lms.demo.population import Partner, Rep

_RAMP_MONTHS = 6
_SEASON = (-0.3, 0.1, 0.9, 0.3, -0.2, 0.1, 0.0, -0.8, 0.4, 0.3, 0.2, -0.4)
"""What January to December add to the appointment rate."""

_BASE = {"key_person": 30.0, "appointment": 9.0, "qualified": 46.0, "won": 24.0}
_WEIGHT = {"key_person": 1.4, "appointment": 1.0, "qualified": 0.9, "won": 0.7}
"""How far a rep's level, in points of the appointment rate, moves each stage."""

Finishes = Mapping[tuple[int, str], int]
"""(rep's number, lesson's key) → the month in which it was finished."""


@dataclasses.dataclass(frozen=True)
class SalesRates:
    """The rates from which a month's sales facts can be drawn, as shares (0 to 1).

    `calls` is the mean of a Poisson; `key_person` and `appointment` are shares of the calls (who makes an
    appointment has reached the key person), `qualified` a share of the appointments, `won` of the
    qualified; `amount` is the median of a lognormal, in yen.
    """

    calls: float
    key_person: float
    appointment: float
    qualified: float
    won: float
    amount: float


class Levels:
    """The sales level of every rep and month without learning: ability, partner, season, luck."""

    def __init__(
        self, settings: Settings, seed: int, partners: Sequence[Partner], reps: Sequence[Rep]
    ) -> None:
        self._settings, self._partners, self._reps = settings, partners, reps
        self._firm_luck = [
            self._luck(seed, "firm-luck", p.number, settings.knobs.partner_noise) for p in partners
        ]
        self._rep_luck = [
            self._luck(seed, "rep-luck", r.number, settings.knobs.rep_noise) for r in reps
        ]

    def _luck(self, seed: int, name: str, number: int, spread: float) -> list[float]:
        rng = stream(seed, name, number)
        return [rng.gauss(0, spread) for _ in range(self._settings.months)]

    def luck(self, rep: int, month: int) -> float:
        """Return by how much this month was better than usual, for no reason that lasts."""
        spell = self._reps[rep].working(month)
        return self._rep_luck[rep][month] + self._firm_luck[spell.firm][month]

    def level(self, rep: int, month: int) -> float:
        """Return the rep's distance from the average rate in this month, before any learning."""
        knobs, someone = self._settings.knobs, self._reps[rep]
        spell = someone.working(month)
        newness = bounded(1 - (month - someone.hired) / _RAMP_MONTHS, 0, 1)
        calendar = (self._settings.first_calendar_month - 1 + month) % 12
        return (
            knobs.ability_to_sales * someone.ability
            + knobs.quality_to_sales * self._partners[spell.firm].quality
            - knobs.ramp * newness
            + knobs.season * _SEASON[calendar]
            + knobs.trend * month
            + self.luck(rep, month)
        )

    def rates(self, rep: int, month: int, finishes: Finishes) -> SalesRates:
        """Return the rates of a month, with what the lessons finished so far add to them."""
        level = self.level(rep, month)
        learnt = self._learnt(rep, month, finishes)
        shares = {
            stage: bounded(_BASE[stage] + _WEIGHT[stage] * level + learnt.get(stage, 0.0), 0.5, 90)
            / 100
            for stage in _BASE
        }
        ability = self._reps[rep].ability
        return SalesRates(
            calls=170 * math.exp(0.06 * ability),
            amount=360_000 * math.exp(0.05 * level / 2),
            **shares,
        )

    def _learnt(self, rep: int, month: int, finishes: Finishes) -> dict[str, float]:
        added: dict[str, float] = {}
        for effect in self._settings.effects:
            done = sum(
                finishes.get((rep, lesson.key), month) + effect.lag <= month
                for lesson in self._settings.lessons
                if lesson.course == effect.course
            )
            added[effect.stage] = added.get(effect.stage, 0.0) + effect.points * done
        return added
