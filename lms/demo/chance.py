"""Seeded chance: the same seed gives the same draws, and a new consumer never shifts those of others."""

import datetime as dt
import math
import random
import uuid


def stream(seed: int, *names: object) -> random.Random:
    """Return a random stream of its own for this seed and purpose."""
    return random.Random(":".join(map(str, (seed, *names))))


def logistic(value: float) -> float:
    """Turn log-odds into a probability."""
    return 1 / (1 + math.exp(-value))


def bounded(value: float, low: float, high: float) -> float:
    """Return the value, or the bound that it passes."""
    return min(max(value, low), high)


def uuid_at(rng: random.Random, moment: dt.datetime) -> uuid.UUID:
    """Return a UUID of version 7 whose random part is drawn from this stream."""
    value = (int(moment.timestamp() * 1000) << 80) | rng.getrandbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def poisson(rng: random.Random, mean: float) -> int:
    """Count how many waits of mean 1 fit into `mean`."""
    count, left, draw = -1, math.exp(-mean), 1.0
    while draw > left:
        draw *= rng.random()
        count += 1
    return max(count, 0)


def binomial(rng: random.Random, n: int, chance: float) -> int:
    """Count successes in `n` tries."""
    draw = rng.random
    return sum(draw() < chance for _ in range(n))
