"""A half goes up, whatever stands before it."""

from decimal import Decimal

import pytest

from core import rounding


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(Decimal("0.625"), 63), (Decimal("0.615"), 62), (0.145, 15), (0.005, 1), (0, 0), (1, 100)],
)
def test_a_half_of_a_percent_goes_up(fraction: rounding.Real, said: int) -> None:
    assert rounding.percent(fraction) == said


@pytest.mark.parametrize(("value", "said"), [(0.5, 1), (1.5, 2), (2.5, 3), (2.49, 2), (-2.5, -3)])
def test_a_half_goes_up_to_the_whole_number(value: float, said: int) -> None:
    assert rounding.whole(value) == said


def test_a_half_of_the_last_decimal_goes_up() -> None:
    assert str(rounding.rounded(6.25, 1)) == "6.3"
    assert str(rounding.rounded(100, 1)) == "100.0"


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(1000, 16, 63), (5, 2, 3), (7, 3, 2), (0, 4, 0)]
)
def test_whole_numbers_divide_to_the_nearest_one(part: int, whole: int, said: int) -> None:
    assert rounding.divided(part, whole) == said
