"""Shares of people's choices, as figures and in words."""

import pytest

from analytics.scenarios.findings import Rate
from analytics.scenarios.words import interval, percent, roughly


@pytest.mark.parametrize(
    ("part", "n", "said"),
    [(15, 24, "63%"), (3, 24, "13%"), (10, 16, "63%"), (1, 3, "33%"), (0, 9, "0%"), (9, 9, "100%")],
)
def test_halves_are_rounded_up_as_on_all_pages(part: int, n: int, said: str) -> None:
    assert percent(part / n) == said


@pytest.mark.parametrize(
    ("part", "n", "said"),
    [
        (8, 20, "およそ5回に2回"),
        (6, 19, "およそ3回に1回"),
        (12, 20, "およそ5回に3回"),
        (0, 20, "0回"),
        (20, 20, "すべて"),
    ],
)
def test_what_differs_by_a_step_is_said_differently(part: int, n: int, said: str) -> None:
    assert roughly(Rate(part, n)) == said


def test_an_interval_holds_its_share() -> None:
    low, high = interval(Rate(15, 24)).rstrip("%").split("〜")
    assert int(low) < 63 < int(high)
