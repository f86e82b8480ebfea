"""Many dots as few: how many lie in each cell of a honeycomb. Pure."""

import numpy as np

from analytics.associations.engine.correlation import Floats

ACROSS = 36
"""So many cells from the lowest to the highest value."""

_ROW = 3**0.5 / 2


def honeycomb(x: Floats, y: Floats) -> list[tuple[float, float, int]]:
    """Return middle and count of each cell in which something lies, in the units of x and y."""
    (x0, width), (y0, height) = _span(x), _span(y)
    u, v = (x - x0) / width * ACROSS, (y - y0) / height * ACROSS
    even = np.stack([np.rint(u), 2 * np.rint(v / (2 * _ROW))])
    odd = np.stack([np.floor(u) + 0.5, 2 * np.floor(v / (2 * _ROW)) + 1])
    near = [(u - each[0]) ** 2 + (v - each[1] * _ROW) ** 2 for each in (even, odd)]
    chosen = np.where(near[0] <= near[1], even, odd)
    cells, counts = np.unique(chosen, axis=1, return_counts=True)
    return [
        (float(x0 + a / ACROSS * width), float(y0 + b * _ROW / ACROSS * height), int(n))
        for a, b, n in zip(*cells, counts, strict=True)
    ]


def _span(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return low, (high - low) or 1.0
