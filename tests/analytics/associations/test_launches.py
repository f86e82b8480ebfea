"""The engine of launches: what is told of a known world, and what is held back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from analytics.associations.engine import launched as engine
from analytics.associations.launch_rows import Figures, Line, Start
from core.months import after

SINCE = dt.date(2025, 5, 1)
UNTIL = dt.date(2026, 11, 1)
MONTHS = [after(SINCE, n) for n in range(18)]
NEVER = None
STAGGERED = [7, 7, 7, 7, 10, 10, 10, 10, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER]
AT_ONE_TIME = [9] * 8 + [NEVER] * 8


def figures(
    starts: list[int | None],
    *,
    points: float = 0.0,
    reps: Mapping[int, int] | None = None,
    seed: int = 1,
    sales: str = "appointments",
) -> Figures:
    """Draw companies that launch in these months; from then on their reps make so many points more of 300 calls."""
    rng = np.random.default_rng(seed)
    lines = []
    for place, begin in enumerate(starts):
        home = uuid.UUID(int=10_000 + place)
        good, shocks = rng.normal(0, 0.02), rng.normal(0, 0.004, len(MONTHS))
        for rep in range((reps or {}).get(place, 8)):
            able = rng.normal(0, 0.01)
            for n, month in enumerate(MONTHS):
                gain = points / 100 if begin is not None and n >= begin else 0.0
                rate = 0.2 + good + able + 0.004 * n + shocks[n] + gain
                person = uuid.UUID(int=100 * place + rep)
                lines.append(Line(person, home, month, int(rng.binomial(300, rate)), 300))
    return Figures(
        sales=sales,
        currency="JPY" if sales == "amount" else "",
        since=SINCE,
        until=UNTIL,
        starts=[
            Start(uuid.UUID(int=10_000 + place), MONTHS[begin], None)
            for place, begin in enumerate(starts)
            if begin is not None
        ],
        lines=lines,
    )


@pytest.mark.parametrize(("starts", "method"), [(STAGGERED, "event_study"), (AT_ONE_TIME, "did")])
def test_a_planted_effect_is_told_beside_who_had_not_launched(
    starts: list[int | None], method: str
) -> None:
    told = engine.study(figures(starts, points=4.0))
    found = next(each for each in told["estimates"] if each["method"] == method)
    assert found["low"] <= 4.0 <= found["high"]
    assert found["low"] > 0
    assert told["grade"] == "B"


def test_a_rising_season_is_no_effect() -> None:
    told = engine.study(figures(STAGGERED, points=0.0))
    headline = told["answer"]["headline"]
    assert headline["low"] <= 0.0 <= headline["high"]


def test_by_lot_a_launch_has_the_highest_grade() -> None:
    told = engine.study(figures(STAGGERED, points=4.0), 0)
    assert told["grade"] == "A"


def test_where_everybody_launched_at_once_only_before_and_after_is_left() -> None:
    told = engine.study(figures([9] * 9))
    assert (told["grade"], told["answer"]["headline"]["method"]) == ("D", "before_after")
    assert "no_comparison" in {each["code"] for each in told["answer"]["findings"]}
    assert told["answer"]["headline"]["low"] > 0, "the season is in it"


def test_few_launched_companies_are_told_and_nothing_is_drawn() -> None:
    told = engine.study(figures([9] * 5 + [NEVER] * 9, points=4.0))
    assert (told["grade"], told["drawn"], told["estimates"]) == ("E", None, [])
    assert told["answer"]["headline"] is None


def test_few_companies_that_had_not_launched_lower_the_grade() -> None:
    told = engine.study(figures([9] * 9 + [NEVER] * 3, points=4.0))
    assert told["grade"] == "D"
    assert told["others"] == 3
    assert "few_others" in {each["code"] for each in told["answer"]["findings"]}


def test_who_had_launched_before_is_left_out_and_counted() -> None:
    told = engine.study(figures([0, 0, *STAGGERED], points=4.0))
    assert told["before"] == 2
    assert told["facts"]["groups"] == len(STAGGERED)


def by_month(told: dict[str, Any], side: str) -> list[Any]:
    return [each[side] for each in told["drawn"]["months"]]


def test_lines_are_means_of_who_may_be_drawn() -> None:
    made = figures(AT_ONE_TIME, points=4.0)
    told = engine.study(made)
    launched = set(made.launched)
    wanted = [
        100 * line.part / line.base
        for line in made.lines
        if line.month == MONTHS[12] and line.organisation_id in launched
    ]
    mean, reps, companies = by_month(told, "launched")[12]
    assert mean == pytest.approx(sum(wanted) / len(wanted))
    assert (reps, companies) == (64, 8)
    assert told["drawn"]["marks"] == [{"month": "2026-02", "companies": 8}]
    assert len(by_month(told, "others")) == 18


def test_with_several_launches_the_lines_are_by_who_had_launched_by_then() -> None:
    told = engine.study(figures(STAGGERED))
    counts = [each[2] if each else 0 for each in by_month(told, "launched")]
    assert counts == [0] * 7 + [4] * 3 + [8] * 8


@pytest.mark.parametrize("small", [{0: 3}, {0: 3, 8: 1}, {0: 1, 1: 1, 8: 4}])
def test_no_line_and_no_difference_of_lines_tells_about_fewer_than_five(
    small: dict[int, int],
) -> None:
    made = figures(AT_ONE_TIME, reps=small)
    told = engine.study(made)
    assert told["drawn"]["left_out"] >= 2
    for n, month in enumerate(MONTHS):
        there = {line.person_id for line in made.lines if line.month == month}
        drawn = sum(by_month(told, side)[n][1] for side in ("launched", "others"))
        assert len(there) - drawn >= 5


def test_an_amount_that_one_rep_made_is_drawn_on_neither_side() -> None:
    made = figures(AT_ONE_TIME, sales="amount")
    whale = made.lines[5]
    lines = [changed(line, part=10**9) if line is whale else line for line in made.lines]
    told = engine.study(changed(made, lines=lines))
    held = [n for n, each in enumerate(by_month(told, "others")) if each is None]
    assert held == [MONTHS.index(whale.month)]
    assert by_month(told, "launched")[held[0]] is None


def changed(one: Any, **changes: Any) -> Any:
    return dataclasses.replace(one, **changes)


def test_the_same_figures_have_the_same_print_and_others_another() -> None:
    one, same, other = figures(STAGGERED), figures(STAGGERED), figures(STAGGERED, seed=2)
    assert one.print == same.print != other.print
