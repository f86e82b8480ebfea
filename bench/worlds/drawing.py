"""Draws a world: who learns how much, who takes the course when, and what everybody sells. Vectorised over reps."""

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bench.worlds.knobs import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 10_000
"""The month in which somebody takes the course who never does."""

_SEASON = (-0.2, -1.0, 1.0, 0.4, -0.4, 0.2, 0.1, -1.0, 0.6, 0.4, 0.3, -0.6)


@dataclasses.dataclass(frozen=True)
class Drawn:
    """What came out, each figure reps by months unless said otherwise.

    `partner` is where a rep belongs in a month, `start` (one a rep) the month in which they took the course,
    `told` the month that is told of it; `gain` is what the course truly adds. `there` says who had not left,
    `known` of whom sales are told.
    """

    world: World
    seed: int
    partner: Ints
    hours: Floats
    calls: Ints
    appointments: Ints
    gain: Floats
    start: Ints
    told: Ints
    there: Bools
    known: Bools
    ability: Floats

    @property
    def sales(self) -> Floats:
        """Appointments of a hundred calls; missing where there was no call."""
        told = (self.calls > 0) & self.there & self.known
        found = np.full(self.calls.shape, np.nan)
        found[told] = 100.0 * self.appointments[told] / self.calls[told]
        return found

    @property
    def treated(self) -> Bools:
        """Whose course is behind them in which month, as it happened."""
        return np.arange(self.world.months) >= self.start[:, None]

    @property
    def truth(self) -> float:
        """What the course added on average, over all months since it was taken."""
        return float(self.gain[self.treated & self.there].mean())


def draw(world: World, seed: int) -> Drawn:
    """Draw a world. The same one and seed always give the same."""
    return _Drawing(world, seed).drawn()


class _Drawing:
    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.rng = np.random.default_rng([seed, 7])
        self.seed = seed
        self.shape = world.reps, world.months
        self.home = np.arange(world.reps) % world.partners
        self.ability = self.rng.normal(size=world.reps)
        self.quality = self.rng.normal(size=world.partners)[self.home]
        self.start = self._starts()
        self.gain = np.zeros(self.shape)
        self.hours = self._learning()
        self.there = self._staying()

    def drawn(self) -> Drawn:
        calls = self.rng.poisson(self.world.calls, self.shape)
        appointments, lucky = np.zeros(self.shape, dtype=np.int64), np.zeros(self.shape)
        level = self._level()
        for month in range(self.world.months):
            self._react(month, lucky)
            rate = level[:, month] + self._gained(month) + self._learnt(month)
            appointments[:, month] = self.rng.binomial(calls[:, month], np.clip(rate, 1, 95) / 100)
            made = 100 * appointments[:, month] / np.maximum(calls[:, month], 1)
            lucky[:, month] = made - rate
        return Drawn(
            world=self.world,
            seed=self.seed,
            partner=self._partners(),
            hours=self.hours,
            calls=calls,
            appointments=appointments,
            gain=self.gain,
            start=self.start,
            told=self._mislabelled(),
            there=self.there,
            known=self._known(lucky),
            ability=self.ability,
        )

    def _starts(self) -> Ints:
        """Draw who takes the course when: by lot, by partner, or nobody before a bad month."""
        world, start = self.world, np.full(self.world.reps, NEVER)
        if world.launch is not None:
            start[self.home < world.partners // 2] = world.launch
        order, begin = self.rng.permutation(world.reps), 0
        for cohort in world.cohorts:
            end = begin + round(cohort.share * world.reps)
            start[order[begin:end]] = cohort.month
            begin = end
        return start

    def _learning(self) -> Floats:
        world = self.world
        drawn = self.rng.normal(size=self.shape)
        if world.courses:
            return np.cumsum(self.rng.random(self.shape) < 0.5, axis=1).astype(np.float64)
        people = world.ability_to_learn * self.ability + world.quality_to_learn * self.quality
        return np.maximum(world.hours + people[:, None] + drawn, 0.0)

    def _staying(self) -> Bools:
        if not self.world.attrition:
            return np.ones(self.shape, dtype=np.bool_)
        chance = 1 / (1 + np.exp(2.6 + self.world.attrition * self.ability))
        leaves = self.rng.random(self.shape) < chance[:, None]
        leaves[:, 0] = False
        return ~np.logical_or.accumulate(leaves, axis=1)

    def _level(self) -> Floats:
        """Return what everybody would sell without learning."""
        world, months = self.world, np.arange(self.world.months)
        people = world.ability_to_sales * self.ability + world.quality_to_sales * self.quality
        shared = world.season * np.array(_SEASON)[months % 12] + world.trend * months
        shocks = world.shock * self.rng.normal(size=(world.partners, world.months))
        return world.level + people[:, None] + shared + shocks[self.home]

    def _react(self, month: int, lucky: Floats) -> None:
        """Let this month's learning depend on last month's luck."""
        world = self.world
        if not month:
            return
        if world.busy:
            held = self.hours[:, month] - world.busy * lucky[:, month - 1]
            self.hours[:, month] = np.maximum(held, 0.0)
        if world.dip_cut and month >= 3:
            bad = (lucky[:, month - 1] < -world.dip_cut) & (self.start == NEVER)
            self.start[bad & (self.rng.random(world.reps) < 0.5)] = month

    def _gained(self, month: int) -> Floats:
        since = month - self.start
        added = np.where(since >= 0, self.world.dip_points, 0.0)
        for cohort in self.world.cohorts:
            mine = (self.start == cohort.month) & (since >= 0)
            added[mine] += cohort.points + cohort.growth * since[mine]
        self.gain[:, month] = added
        return added

    def _learnt(self, month: int) -> Floats:
        """Return what the learning of the months before adds; what came before the first is the usual."""
        usual = 0.0 if self.world.courses else self.world.hours
        before = month - self.world.lag
        hours = self.hours[:, before] if before >= 0 else np.full(self.world.reps, usual)
        return self.world.effect * (hours - usual)

    def _partners(self) -> Ints:
        partner = np.repeat(self.home[:, None], self.world.months, axis=1)
        taken = int(self.world.mergers * self.world.partners)
        into = np.arange(self.world.partners)
        into[:taken] += self.world.partners - taken
        half = self.world.months // 2
        partner[:, half:] = into[partner[:, half:]]
        return partner

    def _mislabelled(self) -> Ints:
        """Return the months as they are told: a share of them wrong by some months, and as many of somebody else."""
        told, share = self.start.copy(), self.world.mislabelled
        if not share:
            return told
        done = np.flatnonzero(told != NEVER)
        wrong = self.rng.permutation(done)[: round(share * len(done))]
        off = self.rng.choice([-3, -2, -1, 1, 2, 3], len(wrong))
        told[wrong] = np.clip(told[wrong] + off, 1, self.world.months - 1)
        others = np.flatnonzero(self.start == NEVER)
        named = self.rng.permutation(others)[: len(wrong) // 2]
        told[wrong[: len(named)]] = NEVER
        told[named] = self.rng.integers(1, self.world.months, len(named))
        return told

    def _known(self, lucky: Floats) -> Bools:
        lost = self.rng.random(self.shape)
        bad = (lucky < 0) & (lost < self.world.missing_bad)
        return ~(bad | (lost < self.world.missing))


Estimate = Callable[[Drawn], float]
"""What somebody reads off a world."""
