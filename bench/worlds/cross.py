"""Worlds of one moment: each rep once, several figures beside each other."""

import dataclasses

import numpy as np
from scipy import stats

from bench.worlds.drawing import Floats, Ints


@dataclasses.dataclass(frozen=True)
class Moment:
    """Everybody's partner and figures; `truth` is what a faultless reader would find."""

    partner: Ints
    learning: dict[str, Floats]
    sales: dict[str, Floats]
    truth: float = 0.0


def luck(seed: int, *, reps: int = 300, learning: int = 20, sales: int = 10) -> Moment:
    """Draw many figures of learning and of sales, none of which has to do with any other."""
    rng = np.random.default_rng([seed, 107])
    return Moment(
        partner=np.arange(reps) % 30,
        learning={f"course{n}": rng.normal(size=reps) for n in range(learning)},
        sales={f"sales{n}": rng.normal(size=reps) for n in range(sales)},
    )


CORRELATION = 0.495
_MEAN, _SPREAD, _MOST = 92.0, 10.0, 100.0


def ceiling(seed: int, *, reps: int = 600) -> Moment:
    """Draw a quiz that is too easy: a fifth of all have everything right, and what sales have to do with skill."""
    rng = np.random.default_rng([seed, 108])
    skill = rng.normal(size=reps)
    sales = CORRELATION * skill + np.sqrt(1 - CORRELATION**2) * rng.normal(size=reps)
    score = np.minimum(_MEAN + _SPREAD * skill, _MOST)
    return Moment(np.arange(reps) % 30, {"score": score}, {"sales": sales}, CORRELATION)


def whale(seed: int, *, reps: int = 300, caught: bool = True) -> Moment:
    """Draw amounts that go with learning, and one a thousand times the usual one of somebody who learned little.

    The truth is the rank correlation of the same people without that deal.
    """
    rng = np.random.default_rng([seed, 114])
    hours = rng.normal(10, 2, reps)
    amount: Floats = np.rint(np.exp(12 + 0.15 * (hours - 10) + 0.6 * rng.normal(size=reps)))
    truth = float(stats.spearmanr(hours, amount).statistic)
    if caught:
        amount[np.argmin(hours)] = 1000 * np.median(amount)
    return Moment(np.arange(reps) % 30, {"hours": hours}, {"amount": amount}, truth)


def leniency(seed: int, *, reps: int = 600, partners: int = 30) -> Moment:
    """Draw role-plays that each partner's own trainer rates: the mild ones sit where little is sold."""
    rng = np.random.default_rng([seed, 116])
    partner = np.arange(reps) % partners
    mild = rng.normal(size=partners)
    skill = rng.normal(size=reps)
    sales = 20 + skill - 2.5 * mild[partner] + 2 * rng.normal(size=reps)
    score = 60 + skill + 1.5 * mild[partner]
    return Moment(partner, {"score": score}, {"sales": sales}, 1.0)
