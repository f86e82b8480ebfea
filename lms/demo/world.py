"""The world of the demo: who learns what when, and what it truly does to sales. Pure, and known exactly.

Ability makes people learn *and* sell, partners differ in both, some courses help and some don't: what a
naive comparison finds is wrong in a known way, and an honest one can be held against `truth()`. Sales
facts are drawn from `sales_rates()` of the same world.
"""

import dataclasses
import random
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lms.demo.chance import logistic, stream
from lms.demo.knobs import Lesson, Settings
from lms.demo.population import Partner, Rep, Spell, draw_partners, draw_reps
from lms.demo.sales import Finishes, Levels, SalesRates

_NEW_FOR = 2
"""Months in which a lesson is news."""


@dataclasses.dataclass(frozen=True)
class World:
    """A drawn world: its settings and seed say everything; the rest is what came out."""

    settings: Settings
    seed: int
    partners: tuple[Partner, ...]
    reps: tuple[Rep, ...]
    finishes: Finishes

    @cached_property
    def _levels(self) -> Levels:
        return Levels(self.settings, self.seed, self.partners, self.reps)

    def sales_rates(self, rep: int, month: int) -> SalesRates:
        """Return the true rates of a rep in a month of their employment.

        Raises LookupError where the rep was not there.
        """
        if not 0 <= month < self.settings.months:
            raise LookupError(f"there is no month {month}")
        return self._levels.rates(rep, month, self.finishes)

    def rep_months(self) -> Iterator[tuple[Rep, int, Spell]]:
        """Walk through every rep and month of employment, by rep and then by month."""
        for rep in self.reps:
            for month in range(self.settings.months):
                spell = rep.spell(month)
                if spell is not None:
                    yield rep, month, spell

    def finished(self, rep: int, month: int, course: str | None = None) -> int:
        """Return how many lessons (of a course) a rep had finished by the end of a month."""
        return sum(
            self.finishes.get((rep, lesson.key), month + 1) <= month
            for lesson in self.settings.lessons
            if course in {None, lesson.course}
        )

    def truth(self) -> dict[str, Any]:
        """Return all that is hidden, ready for JSON: what a report is judged by, and never shown."""
        return {
            "seed": self.seed,
            "months": self.settings.months,
            "knobs": dataclasses.asdict(self.settings.knobs),
            "effects": [dataclasses.asdict(each) for each in self.settings.effects],
            "lessons": [dataclasses.asdict(each) for each in self.settings.lessons],
            "partners": [dataclasses.asdict(each) for each in self.partners],
            "reps": [dataclasses.asdict(each) for each in self.reps],
        }


def draw(settings: Settings, seed: int) -> World:
    """Draw a world. The same settings and seed always give the same one."""
    partners, reps = draw_partners(settings, seed), draw_reps(settings, seed)
    levels = Levels(settings, seed, partners, reps)
    finishes: dict[tuple[int, str], int] = {}
    for rep in reps:
        rng = stream(seed, "learning", rep.number)
        for month in range(settings.months):
            spell = rep.spell(month)
            if spell is not None:
                learner = _Learner(settings, partners[spell.firm], rep, levels)
                for key in learner.learns(month, finishes, rng):
                    finishes[rep.number, key] = month
    return World(settings, seed, partners, reps, finishes)


@dataclasses.dataclass(frozen=True)
class _Learner:
    """One rep's decisions of one month."""

    settings: Settings
    partner: Partner
    rep: Rep
    levels: Levels

    def learns(self, month: int, finishes: Finishes, rng: random.Random) -> list[str]:
        """Return the lessons that the rep finishes in this month."""
        willingness = self._willingness(month)
        current = month == self.settings.months - 1
        done = []
        for lesson in self.settings.lessons:
            chance, drawn = logistic(willingness + self._pull(lesson, month)), rng.random()
            chance *= self.settings.elapsed if current else 1
            forced = self.settings.script.get((self.rep.key or "", lesson.key), -1)
            by_chance = lesson.opens <= month and drawn < chance
            happens = by_chance if forced == -1 else forced == month
            if happens and (self.rep.number, lesson.key) not in finishes:
                done.append(lesson.key)
        return done

    def _willingness(self, month: int) -> float:
        knobs = self.settings.knobs
        value = (
            knobs.finishing
            + knobs.ability_to_learn * self.rep.ability
            + knobs.partner_learn * self.partner.quality
            + knobs.culture * self.partner.culture
        )
        if month > 0 and self.rep.spell(month - 1) is not None:
            luck = self.levels.luck(self.rep.number, month - 1)
            value += knobs.dip_rule * (luck < -knobs.rep_noise) - knobs.busy * luck
        return value

    def _pull(self, lesson: Lesson, month: int) -> float:
        knobs = self.settings.knobs
        is_news = month - max(lesson.opens, self.rep.hired) < _NEW_FOR
        return knobs.novelty * is_news + knobs.mandate * (lesson.required and self.partner.mandate)
