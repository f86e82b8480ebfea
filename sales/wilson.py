"""Wilson's interval: what a share can be, given how often it was seen. Pure."""

import math

_Z = 1.959963984540054
"""The normal distribution's 97.5 % point."""


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, as shares. Raises ValueError for shares that can't be."""
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} of {whole}")
    share, z2 = part / whole, _Z * _Z
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z / (1 + z2 / whole) * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2))
    return max(0.0, middle - half), min(1.0, middle + half)
