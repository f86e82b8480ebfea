"""What a launch in waves will be able to tell: the smallest effect that it will probably see. Pure.

Computed from past months of the same companies, in which nothing was launched. The number that the launch view will
tell (Callaway and Sant'Anna's mean over all months from a wave's launch until the last wave launches, beside companies
whose wave is still to come) is a weighted sum of the waves' monthly means; so over all draws of the lot its variance is
exactly Σ c' S c / n: c a wave's weights, n its companies, S the covariance of companies' months within a round of the
lot (Neyman 1923; for waves Athey and Imbens 2022). It is averaged over all past stretches as long as the roll-out.
Seasons, trends and levels fall out; a month's luck of a whole company, and how months hang together, are in it as they
were.
"""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analytics.associations import lot, measures
from analytics.associations.engine import power
from analytics.associations.engine.correlation import Floats
from analytics.associations.launch_rows import Figures, Line
from sales import currencies

VERSION = "rollout-2"
"""Goes up when the same figures would give other numbers."""

LEAST_LAUNCHED = 6
"""So many companies must launch before the last wave, and so many after the first, for a number to be told."""


@dataclasses.dataclass(frozen=True)
class Past:
    """Means of companies (rows) by month (columns), and how many reps they stand on."""

    companies: Sequence[uuid.UUID]
    means: Floats
    reps: Floats


def compare(figures: Figures, gap: int, companies: int) -> dict[str, Any]:
    """Return for every number of waves what a roll-out of so many companies in them would see.

    Those whose past isn't known in every month are not reckoned with: the effect is that of the others alone.
    """
    past = past_of(figures)
    most = min(lot.MOST_WAVES, companies)
    return {
        "companies": len(past.companies),
        "left_out": companies - len(past.companies),
        "months": int(past.means.shape[1]),
        "mean": float(np.average(past.means[:, -1], weights=past.reps[:, -1]))
        if past.means.size
        else None,
        "waves": [_told(past, waves, gap, companies) for waves in range(lot.LEAST_WAVES, most + 1)],
    }


def _told(past: Past, waves: int, gap: int, companies: int) -> dict[str, Any]:
    sizes = sizes_of(companies, waves)
    enough = min(sum(sizes[:-1]), sum(sizes[1:])) >= LEAST_LAUNCHED
    return {
        "waves": waves,
        "least": min(sizes),
        "most": max(sizes),
        "months": (waves - 1) * gap,
        "enough": enough,
        "smallest": smallest(past, waves, gap),
    }


def past_of(figures: Figures) -> Past:
    """Return the past of the companies that have figures in every month; others can't be reckoned with."""
    months = sorted({line.month for line in figures.lines})
    found: dict[uuid.UUID, dict[Any, list[float]]] = {}
    for line in figures.lines:
        if line.base:
            value = _value(figures, line)
            found.setdefault(line.organisation_id, {}).setdefault(line.month, []).append(value)
    whole = sorted(key for key, told in found.items() if len(told) == len(months))
    shape = (len(whole), len(months))
    cells = [[found[key][month] for month in months] for key in whole]
    means = np.array([[np.mean(each) for each in row] for row in cells], dtype=np.float64)
    reps = np.array([[len(each) for each in row] for row in cells], dtype=np.float64)
    return Past(whole, means.reshape(shape), reps.reshape(shape))


def _value(figures: Figures, line: Line) -> float:
    if figures.sales in measures.OF_MONEY:
        return line.part / float(10 ** currencies.digits(figures.currency))
    return 100 * line.part / line.base


def sizes_of(companies: int, waves: int) -> list[int]:
    """Return how many companies each wave has, as the lot draws them."""
    whole, rest = divmod(companies, waves)
    return [whole + (n < rest) for n in range(waves)]


def smallest(past: Past, waves: int, gap: int) -> float | None:
    """Return the smallest effect that would probably be seen; None where the past is too short, or too few."""
    spans = spreads(past, waves, (waves - 1) * gap + 1)
    if not spans:
        return None
    sizes = sizes_of(len(past.companies), waves)
    variance = float(np.mean([spread(each, sizes, gap) for each in spans]))
    needed = power.seen(len(past.companies) - waves)
    return needed * float(np.sqrt(variance)) if variance > 0 else None


def spreads(past: Past, waves: int, length: int) -> list[Floats]:
    """Return the covariance of companies' months within rounds of the lot, for every past stretch of this length."""
    rows, columns = past.means.shape
    if rows <= waves or columns < length:
        return []
    return [
        _within(past.means[:, at : at + length], past.reps[:, at : at + length], past, waves)
        for at in range(columns - length + 1)
    ]


def _within(means: Floats, reps: Floats, past: Past, waves: int) -> Floats:
    """Return the covariance of means weighted by reps, each round of the lot held against itself."""
    size = reps.mean(axis=1)
    middle = (means * size[:, None]).sum(axis=0) / size.sum()
    z = (means - middle) * (size / size.mean())[:, None]
    place = {key: n for n, key in enumerate(past.companies)}
    by_size = {key: round(1000 * float(size[n])) for key, n in place.items()}
    total, freedom = np.zeros((means.shape[1], means.shape[1])), 0
    for each in lot.rounds(by_size, waves):
        own = z[[place[key] for key in each]]
        apart = own - own.mean(axis=0)
        total += apart.T @ apart
        freedom += len(each) - 1
    found: Floats = total / freedom
    return found


def weights(sizes: Sequence[int], gap: int) -> Floats:
    """Return by how much each wave's mean (rows) of each month (columns) counts in the number that will be told.

    Month 0 is the one before the first launch; the last one is that before the last wave launches.
    """
    waves, last = len(sizes), (len(sizes) - 1) * gap
    starts = [1 + n * gap for n in range(waves)]
    found = np.zeros((waves, last + 1))
    every = sum(sizes[n] * (last + 1 - starts[n]) for n in range(waves - 1))
    for n in range(waves - 1):
        base = starts[n] - 1
        for month in range(starts[n], last + 1):
            share = sizes[n] / every
            later = [j for j in range(waves) if starts[j] > month]
            there = sum(sizes[j] for j in later)
            found[n, month] += share
            found[n, base] -= share
            for j in later:
                found[j, month] -= share * sizes[j] / there
                found[j, base] += share * sizes[j] / there
    return found


def spread(covariance: Floats, sizes: Sequence[int], gap: int) -> float:
    """Return the variance of that number over all draws of the lot, of companies with this covariance of months."""
    found = weights(sizes, gap)
    return float(sum(row @ covariance @ row / n for row, n in zip(found, sizes, strict=True)))


def placebo(past: Past, waves: Mapping[uuid.UUID, int], gap: int) -> float:
    """Return the number that would have been told of this draw in the last months of the past: nothing was there."""
    count = max(waves.values())
    length = (count - 1) * gap + 1
    drawn = np.array([waves[key] for key in past.companies])
    means, size = past.means[:, -length:], past.reps[:, -length:].mean(axis=1)
    sizes = [int((drawn == n).sum()) for n in range(1, count + 1)]
    by_wave = np.array(
        [
            np.average(means[drawn == n], axis=0, weights=size[drawn == n])
            for n in range(1, count + 1)
        ]
    )
    return float((weights(sizes, gap) * by_wave).sum())
