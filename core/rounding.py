"""How figures that people read are rounded: a half goes up, on every page and in every file. Pure.

Python's own `round` takes a half to the even neighbour: 62.5 % would be 62 on one page and 63 on the next.
"""

from decimal import ROUND_HALF_UP, Decimal

Real = int | float | Decimal


def rounded(value: Real, digits: int = 0) -> Decimal:
    """Return a figure to so many decimals, as it is written: 0.145 is no less than it looks."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def whole(value: Real) -> int:
    """Return a figure as a whole number."""
    return int(rounded(value))


def percent(fraction: Real) -> int:
    """Return a fraction, 0 to 1, in whole percent."""
    return int(rounded(100 * Decimal(str(fraction))))


def divided(value: int, by: int) -> int:
    """Return a division of whole numbers, none negative, as a whole number."""
    return (2 * value + by) // (2 * by)
