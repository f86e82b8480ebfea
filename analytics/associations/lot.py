"""Drawing by lot which companies launch in which wave. Pure: the same seed always draws the same.

Companies are put in order of size and taken in rounds of as many as there are waves: within a round each goes to
another wave, so that waves are alike in size. In the last round, if it is shorter, waves are drawn as well.
Whoever has the seed can do it again: in a round the company whose SHA-256 of "seed company" is lowest goes first.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence

LEAST_WAVES, MOST_WAVES = 2, 6


def draw(seed: str, sizes: Mapping[uuid.UUID, int], waves: int) -> dict[uuid.UUID, int]:
    """Return the wave, 1 to `waves`, of each company; waves differ by one company at most.

    Raises ValueError where there are fewer companies than waves.
    """
    if not LEAST_WAVES <= waves <= len(sizes):
        raise ValueError(f"{len(sizes)} companies can't be drawn into {waves} waves.")
    found: dict[uuid.UUID, int] = {}
    for each in rounds(sizes, waves):
        drawn = sorted(each, key=lambda company: _ticket(seed, str(company)))
        numbers = list(range(1, waves + 1))
        if len(each) < waves:
            numbers.sort(key=lambda number: _ticket(seed, f"wave {number}"))
        found |= dict(zip(drawn, numbers, strict=False))
    return found


def rounds(sizes: Mapping[uuid.UUID, int], waves: int) -> list[Sequence[uuid.UUID]]:
    """Return companies in rounds of as many as there are waves, the largest first."""
    ordered = sorted(sizes, key=lambda company: (-sizes[company], str(company)))
    return [ordered[n : n + waves] for n in range(0, len(ordered), waves)]


def _ticket(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()
